import { HttpError, type HttpRequest, type HttpResponse, type RetryPolicy, sendRequest, pause } from "../../http.ts";
import type { ProviderHost } from "../definition.ts";

/** A client of the REST API, bound to one owner. */
export interface GitHubClient {
  /** The organization or user whose repositories are meant. */
  readonly owner: string;
  /**
   * @param path from the API's root, e.g. `/repos/contoso/widgets`
   * @throws HttpError in the words of the official provider where the status is no success
   */
  send(method: HttpRequest["method"], path: string, body?: unknown): Promise<HttpResponse>;
  get<Body>(path: string): Promise<Body>;
  /** As `get`; undefined where GitHub knows no such thing. */
  find<Body>(path: string): Promise<Body | undefined>;
  /** As `find`, asked again while there is no such thing: for what was just made. Any failure gives undefined. */
  findNew<Body>(path: string): Promise<Body | undefined>;
  /** All pages of a list. */
  list<Item>(path: string, perPage: number): Promise<readonly Item[]>;
}

/** How to reach the API. */
export interface ClientOptions {
  /** The API's root without a slash at its end, e.g. `https://api.github.com`. */
  readonly root: string;
  readonly owner: string;
  /** Undefined for an anonymous client. */
  readonly token: string | undefined;
  readonly retry: RetryPolicy;
}

/** How often, and how many milliseconds apart, what was just made is looked for. */
const newAttempts = 5;
const newDelay = 100;

export function createGitHubClient(host: ProviderHost, options: ClientOptions): GitHubClient {
  const headers = {
    Accept: "application/vnd.github.v3+json,application/vnd.github.stone-crop-preview+json",
    "User-Agent": "feedpass-sandbox",
    "X-GitHub-Api-Version": "2022-11-28",
    ...(options.token !== undefined && { Authorization: `Bearer ${options.token}` }),
  };

  async function send(method: HttpRequest["method"], path: string, body?: unknown): Promise<HttpResponse> {
    const request = { method, url: options.root + path, headers, ...(body !== undefined && { json: body }) };
    const response = await sendRequest(host, request, options.retry);
    if (response.status < 200 || response.status > 299) throw new HttpError(messageIn(request, response), response);
    return response;
  }

  async function find<Body>(path: string): Promise<Body | undefined> {
    try {
      return (await send("GET", path)).body as Body;
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  return {
    owner: options.owner,
    send,
    get: async <Body>(path: string) => (await send("GET", path)).body as Body,
    find,

    async findNew<Body>(path: string) {
      for (let attempt = 1; ; attempt++) {
        const found = await find<Body>(path).catch(() => null);
        if (found === null) return undefined;
        if (found !== undefined || attempt === newAttempts) return found;
        await pause(newDelay, host.cancelled);
      }
    },

    async list<Item>(path: string, perPage: number) {
      const items: Item[] = [];
      for (let page: string | undefined; ; ) {
        const query = new URLSearchParams({ ...(page !== undefined && { page }), per_page: String(perPage) });
        const { body, headers: answered } = await send("GET", `${path}?${query}`);
        items.push(...(body as readonly Item[]));
        page = nextPage(answered.get("Link"));
        if (page === undefined) return items;
      }
    },
  };
}

/** Whether the error is an answer of this status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof HttpError && error.status === status;
}

function messageIn(request: HttpRequest, response: HttpResponse): string {
  const body = typeof response.body === "object" && response.body !== null ? response.body : {};
  const { message = "", errors = [] } = body as { readonly message?: string; readonly errors?: readonly unknown[] };
  const details = (Array.isArray(errors) ? errors : [errors]).map((error) =>
    typeof error === "string" ? error : JSON.stringify(error),
  );
  return `${request.method} ${request.url}: ${response.status} ${message} [${details.join(" ")}]`;
}

/** The number of the next page: https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function nextPage(link: string | null): string | undefined {
  const next = link?.split(",").find((part) => /;\s*rel="next"/.test(part));
  const url = next && /<([^>]+)>/.exec(next)?.[1];
  return (url && new URL(url).searchParams.get("page")) || undefined;
}
