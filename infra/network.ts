import { setTimeout as wait } from "node:timers/promises";
import { type Patience, Question, usualPatience, wasCutOff } from "./patience.ts";

/** One request to a service. */
export interface NetworkRequest {
  /** Default: GET. */
  readonly method?: "GET" | "POST" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it may be sent twice although it is a POST. Default: false. */
  readonly isRepeatable?: boolean;
  /** Whether what it asks for is there, so that 404 means that it does not show yet. Default: false. */
  readonly isExpected?: boolean;
  readonly signal?: AbortSignal;
}

/** What a service answers. */
export interface NetworkAnswer {
  readonly status: number;
  /** By their names in lower case. */
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

type Fetch = (url: string, options?: object) => Promise<Response>;

const fetches = new Map<string, Promise<Fetch>>();

/**
 * A fetch that goes where the machine's proxy settings say: Node's own does not look at them before Node 24. All questions
 * share its connections.
 */
export async function proxiedFetch(url: string, options?: object): Promise<Response> {
  const { HTTP_PROXY, http_proxy, HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy } = process.env;
  const key = JSON.stringify([HTTP_PROXY, http_proxy, HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy]);
  const made = fetches.get(key) ?? makeFetch();
  fetches.set(key, made);
  return (await made)(url, options);
}

async function makeFetch(): Promise<Fetch> {
  // Loaded only where something is asked.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent();
  return (url, options = {}) => fetch(url, { ...options, dispatcher }) as unknown as Promise<Response>;
}

/** The network as the machine's proxy settings say. Asks again what may be answered then. */
export function machineNetwork(patience = usualPatience): Network {
  return patient(async (url, options) => {
    const response = await proxiedFetch(url, options);
    const { status, headers } = response;
    return { status, headers: Object.fromEntries(headers), body: parsed(await response.text()) };
  }, patience);
}

/** Asks again as the service says, within what one question may take. @param network may throw whatever broke it */
function patient(network: Network, patience: Patience): Network {
  return async (url, request = {}) => {
    const { method = "GET", isRepeatable, isExpected } = request;
    const { host } = new URL(url);
    const question = new Question(host, patience);
    for (;;) {
      const answer = await network(url, { ...request, signal: question.signal }).catch((error: unknown) => ({ error }));
      const isAnswer = !("error" in answer);
      if (isAnswer && answer.status < 400) return answer;
      const refusal = isAnswer ? answer : { status: undefined, headers: {} };
      const pause =
        isAnswer || wasCutOff(answer.error)
          ? question.pause({ ...refusal, method, isRepeatable, isExpected })
          : undefined;
      if (pause !== undefined) {
        await wait(pause * patience.second);
        continue;
      }
      if (!isAnswer) {
        throw new Unanswered(`${host} cannot be reached: ${whyUnreached(answer.error)}${question.ending}`);
      }
      if (!question.wasInsisted) return answer;
      const words = wordsOf(answer.body);
      throw new Unanswered(`${host} answered ${answer.status}${words && ` (${words})`}${question.ending}`);
    }
  };
}

/** Why there was no answer, without an address or anything that was sent. */
export function whyUnreached(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return whyUnreached(error.cause);
  return error.name === "TimeoutError" ? "no answer in time" : error.message || "no connection";
}

/** A service's own words for a refusal; empty where it has none. Graph puts them one level deeper than the others. */
function wordsOf(body: unknown): string {
  const { error, message } = Object(body) as { error?: { message?: unknown }; message?: unknown };
  const words = message ?? error?.message;
  return typeof words === "string" ? words.replaceAll(/\s+/g, " ").trim().replace(/\.$/, "") : "";
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
