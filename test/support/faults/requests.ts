import type { Cloud } from "../../../sandbox/cloud/cloud.ts";

/** A kind of request: what is asked of which route, whoever asks it. */
export interface RequestKind {
  readonly method: string;
  readonly service: string;
  /** The pattern of the route, e.g. `/v1.0/applications/:id`. */
  readonly route: string;
}

/** `POST graph /v1.0/applications` */
export function requestText({ method, service, route }: RequestKind): string {
  return `${method} ${service} ${route}`;
}

/** Tokens are asked for by POST, and nothing is made of it. */
export function changesSomething({ method, route }: RequestKind): boolean {
  return method !== "GET" && method !== "HEAD" && !route.includes("oauth2");
}

/** Every kind of request that was made since the log was cleared, once, in the order of the first of each. */
export function requestKinds({ requests }: Cloud): readonly RequestKind[] {
  const kinds = new Map<string, RequestKind>();
  for (const { method, service, route } of requests.all()) {
    if (route === undefined) continue;
    const kind = { method, service, route };
    kinds.set(requestText(kind), kind);
  }
  return [...kinds.values()];
}

/** What is done with a request in the place of answering it. */
export type Interceptor = (answer: () => Promise<Response>) => Promise<Response>;

/**
 * Hands requests of a kind to the interceptor: the first, or all of them.
 * @returns takes that back
 */
export function intercept(cloud: Cloud, wanted: RequestKind, often: "once" | "always", interceptor: Interceptor) {
  const { fetch } = cloud;
  const text = requestText(wanted);
  let left = often === "once" ? 1 : Number.POSITIVE_INFINITY;
  const replaced = (request: Request): Promise<Response> => {
    const answer = () => fetch.call(cloud, request);
    if (left === 0 || textOf(cloud, request) !== text) return answer();
    left -= 1;
    return interceptor(answer);
  };
  Object.assign(cloud, { fetch: replaced });
  return () => {
    Object.assign(cloud, { fetch });
  };
}

function textOf(cloud: Cloud, request: Request): string | undefined {
  const matched = cloud.routeOf(request);
  return matched === undefined ? undefined : requestText({ method: request.method, ...matched });
}
