/** One request to a service. */
export interface NetworkRequest {
  /** Default: GET. */
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a service answers. */
export interface NetworkAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The answer's JSON; undefined where it is none. */
  readonly body: unknown;
}

/** Asks a service. @throws Unanswered where it cannot be reached */
export type Network = (url: string, request?: NetworkRequest) => Promise<NetworkAnswer>;

/** Why a service gave no answer to go by. The message is a sentence for the user, without a secret. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

/** A fetch that goes where the machine's proxy settings say. Node's own does not look at them before Node 24. */
export async function proxiedFetch() {
  // Loaded only where something is asked.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent();
  return (url: string, options: object = {}) => fetch(url, { ...options, dispatcher });
}

/** The network as the machine's proxy settings say. */
export async function machineNetwork(): Promise<Network> {
  const fetch = await proxiedFetch();
  return async (url, options) => {
    try {
      const response = await fetch(url, options);
      const { status, headers } = response;
      return { status, headers: Object.fromEntries(headers), body: parsed(await response.text()) };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new Unanswered(`${new URL(url).host} cannot be reached: ${words || "no connection"}`);
    }
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
