import type { Hono } from "hono";
import { type Effect, Faults } from "./faults.ts";
import { RequestLog } from "./request-log.ts";
import type { CloudContext, CloudService } from "./service.ts";
import { Store } from "./store.ts";

/** The request's host belongs to no emulated service. Nothing is sent anywhere. */
class UnknownHostError extends Error {
  constructor(host: string) {
    super(`the sandbox has no service at ${host}, and nothing outside of it can be reached`);
  }
}

/** A fault closed the connection instead of answering. */
export class ConnectionResetError extends Error {
  constructor() {
    super("connection reset by a fault");
  }
}

/** The emulated services together: one store, one log, one set of faults. */
export interface Cloud {
  readonly store: Store;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly services: readonly CloudService[];
  /** Every host name that a service answers for, customers' own as the store has them now. */
  readonly hosts: readonly string[];
  /**
   * Answers a request at its production URL.
   * @throws UnknownHostError where no service has that host
   * @throws ConnectionResetError where a fault says so
   */
  fetch(request: Request): Promise<Response>;
  /** Which service's route answers a request; undefined where none does. */
  routeOf(request: Request): { readonly service: string; readonly route: string } | undefined;
}

export interface CloudOptions {
  readonly services: ReadonlyArray<(context: CloudContext) => CloudService>;
  /** The present, in milliseconds. Default: the machine's clock. */
  readonly now?: () => number;
  /** Told of each request that no route answered, as `METHOD https://host/path`. Default: standard error. */
  readonly onUncovered?: (request: string) => void;
}

export function createCloud(options: CloudOptions): Cloud {
  const store = new Store();
  const faults = new Faults();
  const requests = new RequestLog();
  const onUncovered =
    options.onUncovered ?? ((request) => process.stderr.write(`sandbox: no service emulates ${request}\n`));
  const byHost = new Map<string, { service: CloudService; app: Hono }>();

  async function fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const found = answering(url.hostname);
    if (!found) throw new UnknownHostError(url.hostname);
    const { service, app } = found;
    const route = matchedRoute(app, request);
    const response = await answer(service, app, request, route);
    requests.add({
      service: service.name,
      host: url.hostname,
      method: request.method,
      path: url.pathname,
      status: response.status,
      route,
    });
    return response;
  }

  function routeOf(request: Request) {
    const found = answering(new URL(request.url).hostname);
    if (!found) return undefined;
    const route = matchedRoute(found.app, request);
    return route === undefined ? undefined : { service: found.service.name, route };
  }

  function answering(host: string) {
    return byHost.get(host) ?? customerApp(host);
  }

  function customerApp(host: string) {
    for (const service of services) {
      const app = service.customerHosts?.apps()[host];
      if (app) return { service, app };
    }
    return undefined;
  }

  async function answer(service: CloudService, app: Hono, request: Request, route: string | undefined) {
    const url = new URL(request.url);
    if (route === undefined) {
      const what = `${request.method} https://${url.hostname}${url.pathname}`;
      onUncovered(what);
      return service.errorResponse(501, "NotEmulated", `the sandbox does not emulate ${what}`);
    }
    const effects = faults.strike({ service: service.name, method: request.method, path: url.pathname });
    for (const effect of effects) {
      const instead = await beforeAnswer(effect, service);
      if (instead) return instead;
    }
    if (request.method === "GET" && faults.isHidden(url.href)) {
      return service.errorResponse(404, "Request_ResourceNotFound", `Resource '${url.pathname}' does not exist.`);
    }
    const response = await app.fetch(request);
    const lag = effects.find((effect) => effect.kind === "lag");
    if (lag && request.method === "POST" && response.status === 201) {
      const body = (await response.clone().json()) as { id?: string };
      if (body.id) faults.hide(`${url.origin}${url.pathname}/${body.id}`, lag.reads);
    }
    return response;
  }

  const services = options.services.map((create) => create({ store, now: options.now ?? Date.now, fetch }));
  for (const service of services) {
    for (const [host, app] of Object.entries(service.hosts)) byHost.set(host, { service, app });
  }
  return {
    ...{ store, faults, requests, services, fetch, routeOf },
    get hosts() {
      return [...byHost.keys(), ...services.flatMap(({ customerHosts }) => Object.keys(customerHosts?.apps() ?? {}))];
    },
  };
}

async function beforeAnswer(effect: Effect, service: CloudService): Promise<Response | undefined> {
  switch (effect.kind) {
    case "status": {
      const response = service.errorResponse(effect.status, "Fault", `a fault of the sandbox: ${effect.status}`);
      if (effect.retryAfterSeconds !== undefined) response.headers.set("Retry-After", String(effect.retryAfterSeconds));
      return response;
    }
    case "reset":
      throw new ConnectionResetError();
    case "latency":
      await new Promise((resolve) => setTimeout(resolve, effect.milliseconds));
      return undefined;
    case "lag":
      return undefined;
  }
}

/** The pattern of the route that will answer: the first that matches, without the middleware on the way to it. */
function matchedRoute(app: Hono, request: Request): string | undefined {
  // Hono answers HEAD with the route for GET.
  const method = request.method === "HEAD" ? "GET" : request.method;
  const [handlers] = app.router.match(method, app.getPath(request));
  return handlers.map(([[, route]]) => route).find((route) => route.method !== "ALL")?.path;
}
