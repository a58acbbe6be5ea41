import { STATUS_CODES } from "node:http";
import type { TokenSource } from "../../entra-token.ts";
import {
  HttpError,
  type HttpRequest,
  type HttpResponse,
  pause,
  retryAfter,
  type RetryPolicy,
  sendRequest,
} from "../../http.ts";
import { ProviderError, type ProviderHost } from "../definition.ts";

/** An object of Microsoft Graph as it comes over the wire. */
export type GraphObject = Readonly<Record<string, unknown>>;

/** The address that requests go to and that references to objects begin with. */
export const graphUrl = "https://graph.microsoft.com";

/** One request to Microsoft Graph. */
export interface GraphRequest {
  readonly method: HttpRequest["method"];
  /** With the version, e.g. `/v1.0/applications`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** Further answers that are asked for again, e.g. "not found" where the directory may not have replicated yet. */
  readonly retries?: (response: HttpResponse) => boolean;
}

/** A signed-in client of Microsoft Graph. Each call says first, for its errors, what it is about. */
export interface Graph {
  /** The object id of the service principal that is signed in. */
  readonly callerId: string;
  /** Ends every wait. */
  readonly cancelled: AbortSignal | undefined;
  /** @returns the body. @throws HttpError where the status is not of the method's good ones */
  send(purpose: string, request: GraphRequest): Promise<GraphObject>;
  /** @returns the object; undefined where there is none */
  find(purpose: string, path: string, query?: GraphRequest["query"]): Promise<GraphObject | undefined>;
  /** @returns the items of all pages */
  list(purpose: string, path: string, query?: GraphRequest["query"]): Promise<readonly GraphObject[]>;
}

const headers = {
  Accept: "application/json; charset=utf-8; IEEE754Compatible=false",
  "Content-Type": "application/json; charset=utf-8",
  "OData-Version": "4.0",
  "OData-MaxVersion": "4.0",
  "User-Agent": "feedpass sandbox (offline azuread provider)",
};

/** What the official client takes for success: DELETE and PATCH answer without a body. */
const goodStatuses = [200, 201, 202, 204];

/**
 * What the official client asks for again, and when: 1, 2, 4 and up to 61 seconds apart, for about ten minutes, or as
 * Retry-After says; after a broken connection only what changes nothing. One thing is not imitated: it gives up where a
 * connection that was never used before ends without an answer.
 * https://github.com/hashicorp/terraform-provider-azuread/blob/v3.8.0/vendor/github.com/hashicorp/go-azure-sdk/sdk/client/client.go#L668
 */
export const graphRetries: RetryPolicy = {
  retries: ({ status }) => [408, 424, 429].includes(status) || (status >= 500 && status !== 501),
  retriesBroken: ({ method }) => ["GET", "HEAD", "OPTIONS"].includes(method),
  maximum: 16,
  delay: (attempt, headers) => retryAfter(headers) ?? Math.min(2 ** (attempt - 1), 61) * 1000,
};

/** @param callerId the object id in the token's claims */
export function createGraph(host: ProviderHost, token: TokenSource, callerId: string): Graph {
  async function ask(request: GraphRequest, absoluteUrl?: string): Promise<HttpResponse> {
    const query = request.query ? `?${new URLSearchParams(request.query)}` : "";
    const further = request.retries ?? (() => false);
    return sendRequest(
      host,
      {
        method: request.method,
        url: absoluteUrl ?? `${graphUrl}${request.path}${query}`,
        headers: { ...headers, Authorization: `Bearer ${await token()}` },
        ...(request.json !== undefined && { json: request.json }),
      },
      { ...graphRetries, retries: (response) => graphRetries.retries(response) || further(response) },
    );
  }

  return {
    callerId,
    cancelled: host.cancelled,
    async send(purpose, request) {
      return goodBody(purpose, await ask(request));
    },
    async find(purpose, path, query) {
      const response = await ask({ method: "GET", path, ...(query && { query }) });
      return response.status === 404 ? undefined : goodBody(purpose, response);
    },
    async list(purpose, path, query) {
      const items: GraphObject[] = [];
      let next: string | undefined;
      do {
        const body = goodBody(purpose, await ask({ method: "GET", path, ...(query && { query }) }, next));
        items.push(...((body.value as readonly GraphObject[] | undefined) ?? []));
        next = body["@odata.nextLink"] as string | undefined;
      } while (next);
      return items;
    },
  };
}

/** Whether the directory says that there is no such object, as it does until a new one has replicated. */
export function isNotFound(response: HttpResponse): boolean {
  return response.status === 404;
}

/** The message in Graph's error body: https://learn.microsoft.com/graph/errors */
export function graphMessage(response: HttpResponse): string {
  const { error } = (response.body ?? {}) as { readonly error?: { readonly code?: string; readonly message?: string } };
  return error ? `${error.code}: ${error.message}` : "no message";
}

/**
 * Asks until the answer was yes five times in a row, as the official provider does after a change: the directory's
 * replicas answer in turn.
 * @throws ProviderError where that does not come about
 */
export async function untilSteady(
  purpose: string,
  { cancelled }: Pick<Graph, "cancelled">,
  ask: () => Promise<boolean>,
): Promise<void> {
  const wanted = 5;
  const pauses = [100, 200, 400, 800, ...Array<number>(60).fill(1000)];
  let inARow = 0;
  while (inARow < wanted) {
    inARow = (await ask()) ? inARow + 1 : 0;
    if (inARow > 0) continue;
    const milliseconds = pauses.shift();
    if (milliseconds === undefined)
      throw new ProviderError(`waiting for ${purpose}: the directory still answers otherwise`);
    await pause(milliseconds, cancelled);
  }
}

function goodBody(purpose: string, response: HttpResponse): GraphObject {
  if (goodStatuses.includes(response.status)) return (response.body ?? {}) as GraphObject;
  const status = `${response.status} (${STATUS_CODES[response.status] ?? "unknown"})`;
  throw new HttpError(`${purpose}: unexpected status ${status} with error: ${graphMessage(response)}`, response);
}
