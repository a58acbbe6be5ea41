import { ProviderError } from "./providers/definition.ts";

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
  /** Attempts after the first one. */
  readonly maximum: number;
  /** Milliseconds to wait before attempt `attempt` (1 is the first repetition), where no `Retry-After` says it. */
  readonly delay: (attempt: number) => number;
}

/** Sends once, whatever comes back. */
export const noRetries: RetryPolicy = {
  retries: () => false,
  retriesBroken: () => false,
  maximum: 0,
  delay: () => 0,
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
 * Sends a request and reads its answer, whatever its status. Waits as long as `Retry-After` says, else as the policy does.
 * @throws ProviderError where no answer could be had; it names the host, never a header or a body
 */
export async function sendRequest(
  fetch: typeof globalThis.fetch,
  request: HttpRequest,
  retry: RetryPolicy = noRetries,
): Promise<HttpResponse> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt > retry.maximum;
    try {
      const response = await sendOnce(fetch, request);
      if (last || !retry.retries(response)) return response;
      await sleep(retryAfter(response.headers) ?? retry.delay(attempt));
    } catch (error) {
      if (last || !retry.retriesBroken(request)) throw brokenConnection(request, error);
      await sleep(retry.delay(attempt));
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

/** Milliseconds that the answer asks to wait: seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("Retry-After");
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function brokenConnection(request: HttpRequest, error: unknown): ProviderError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ProviderError(`${request.method} https://${new URL(request.url).host}: no answer: ${reason}`);
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
