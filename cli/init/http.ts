import { Failure } from "../failure.ts";

/** An answer: its status, and its JSON, undefined where it is none. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface HttpRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form, by POST. */
  readonly form?: Readonly<Record<string, string>>;
}

/** Asks a service, the way that the machine's proxy settings say. Node's own fetch does not before Node 24. */
export type Http = (url: string, request?: HttpRequest) => Promise<HttpAnswer>;

/** @throws Failure (by the function) where the service cannot be reached */
export async function createHttp(): Promise<Http> {
  // Loaded only by the command that needs it.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent();
  return async (url, { headers = {}, form } = {}) => {
    const body = form === undefined ? {} : { method: "POST", body: new URLSearchParams(form) };
    try {
      const response = await fetch(url, { ...body, headers, dispatcher, redirect: "follow" });
      const text = await response.text();
      return { status: response.status, body: parsed(text) };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new Failure(`${new URL(url).host} cannot be reached: ${words}`);
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
