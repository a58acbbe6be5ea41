import { setTimeout } from "node:timers/promises";
import { ProviderError, type ProviderHost } from "./providers/definition.ts";

/** One request to a service. At most one of `json` and `form` is given. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS" | "HEAD";
  /** The whole URL, the query included. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, as `application/json` where `headers` name no other content type. */
  readonly json?: unknown;
  /** Sent as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>;
}

/** An answer, read to its end. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON body; the text where it is no JSON; undefined where there is none. */
  readonly body: unknown;
}

/** Which answers are asked for again, and when. */
export interface RetryPolicy {
  /** Whether this answer is worth another attempt. */
  readonly retries: (response: HttpResponse) => boolean;
  /** Whether this request is worth another attempt when the connection broke before its answer. */
  readonly retriesBroken: (request: HttpRequest) => boolean;
  /**
   * Milliseconds that a limit asks to wait, which is done as often as it takes; undefined for an answer that is of none.
   * Default: no answer is.
   */
  readonly limit?: (response: HttpResponse) => number | undefined;
  /** Attempts after the first one, without those that a limit refused. */
  readonly maximum: number;
  /** Milliseconds to wait before attempt `attempt` (1 is the first repetition). `headers` are of the answer, if any. */
  readonly delay: (attempt: number, headers: Headers | undefined) => number;
}

/** Sends once, whatever comes back. */
export const noRetries: RetryPolicy = {
  retries: () => false,
  retriesBroken: () => false,
  maximum: 0,
  delay: () => 0,
};

/**
 * Sends once, whatever comes back. Where the connection broke Go's own transport sends again what changes nothing: the
 * official clients keep their connections, and one that was used before may have ended in between.
 * https://github.com/golang/go/blob/go1.25.0/src/net/http/transport.go#L860
 */
export const goTransport: RetryPolicy = {
  ...noRetries,
  retriesBroken: ({ method }) => ["GET", "HEAD", "OPTIONS"].includes(method),
  maximum: 1,
};

/** The service answered with a status that the caller cannot use. */
export class HttpError extends ProviderError {
  readonly status: number;
  readonly body: unknown;

  /** @param message what was asked and what came back, for the user */
  constructor(message: string, response: HttpResponse) {
    super(message);
    this.status = response.status;
    this.body = response.body;
  }
}

/**
 * Sends a request and reads its answer, whatever its status. Waits as the policy says, and no longer than until the
 * engine cancels: a request under way is not broken off, since its service may act upon it.
 * @throws ProviderError where no answer could be had; it names the host, never a header or a body
 */
export async function sendRequest(
  { fetch, cancelled }: Pick<ProviderHost, "fetch" | "cancelled">,
  request: HttpRequest,
  retry: RetryPolicy = noRetries,
): Promise<HttpResponse> {
  for (let attempt = 1; ; ) {
    const last = attempt > retry.maximum;
    try {
      const response = await sendOnce(fetch, request);
      const limited = retry.limit?.(response);
      if (limited !== undefined) {
        await pause(limited, cancelled);
        continue;
      }
      if (last || !retry.retries(response)) return response;
      await pause(retry.delay(attempt++, response.headers), cancelled);
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      if (last || !retry.retriesBroken(request)) throw brokenConnection(request, error);
      await pause(retry.delay(attempt++, undefined), cancelled);
    }
  }
}

async function sendOnce(fetch: typeof globalThis.fetch, request: HttpRequest): Promise<HttpResponse> {
  const headers = new Headers(request.headers);
  const body = requestBody(request, headers);
  const response = await fetch(request.url, { method: request.method, headers, ...(body !== undefined && { body }) });
  return { status: response.status, headers: response.headers, body: parseBody(await response.text()) };
}

function requestBody(request: HttpRequest, headers: Headers): string | undefined {
  if (request.form) {
    if (!headers.has("Content-Type")) headers.set("Content-Type", "application/x-www-form-urlencoded");
    return new URLSearchParams(request.form).toString();
  }
  if (request.json === undefined) return undefined;
  if (!headers.has("Content-Type")) headers.set("Content-Type", "application/json");
  return JSON.stringify(request.json);
}

function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Milliseconds that the answer asks to wait, in whole seconds: the official clients read no dates. */
export function retryAfter(headers: Headers | undefined): number | undefined {
  const value = headers?.get("Retry-After");
  return value && /^\d+$/.test(value) ? Number(value) * 1000 : undefined;
}

function brokenConnection(request: HttpRequest, error: unknown): ProviderError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ProviderError(`${request.method} https://${new URL(request.url).host}: no answer: ${reason}`);
}

/** Waits. @throws ProviderError as soon as the engine cancels, and at once where it has */
export async function pause(milliseconds: number, cancelled: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(milliseconds, undefined, { ...(cancelled && { signal: cancelled }) });
  } catch {
    throw new ProviderError("cancelled while it waited");
  }
}
