import type { Hono } from "hono";
import type { Evidence } from "./evidence.ts";
import type { Store } from "./store.ts";

/** One row of a service's coverage table: a route, what it is modelled on, and the test that exercises it. */
export interface CoveredRoute extends Evidence {
  /** e.g. `graph.microsoft.com` */
  readonly host: string;
  /** e.g. `GET` */
  readonly method: string;
  /** The route's pattern as the service registers it, e.g. `/v1.0/applications/:id`. */
  readonly path: string;
  /** The test file that calls it, from the repository's root. A test checks that it does. */
  readonly testedBy: string;
}

/** A host that each customer of a service has to itself. Its routes have no rows: they are those of another host. */
export interface CoveredHost extends Evidence, Pick<CoveredRoute, "testedBy"> {
  /** e.g. `api.SUBDOMAIN.ghe.com` */
  readonly host: string;
  /** The service's host that it answers as, e.g. `api.github.com`. */
  readonly answersAs: string;
}

/** The hosts that customers of a service have to themselves. */
export interface CustomerHosts {
  readonly coverage: readonly CoveredHost[];
  /** An app per host name, for the customers that the store has now. */
  apps(): Readonly<Record<string, Hono>>;
}

/** One emulated cloud service: which hosts it answers for, and with what. */
export interface CloudService {
  /** Short, as in request counts and fault rules: `entra`, `graph`, `azure-devops`, `github`. */
  readonly name: string;
  /** An app per host name. What an app has no route for is a loud failure, made by the internet, not by the service. */
  readonly hosts: Readonly<Record<string, Hono>>;
  /** Default: it has none. */
  readonly customerHosts?: CustomerHosts;
  readonly coverage: readonly CoveredRoute[];
  /**
   * The service's own error body, for faults and for what the internet must refuse on its behalf.
   * The words are the service's; clients parse the shape.
   */
  errorResponse(status: number, code: string, message: string): Response;
}

/** What every service is given when it is made. */
export interface CloudContext {
  readonly store: Store;
  /** The present, in milliseconds. Tests move it. */
  now(): number;
  /** Asks another service, by its real URL: the only way for one cloud to learn something of another. */
  fetch(request: Request): Promise<Response>;
}
