import type { Context, Hono } from "hono";
import type { CloudContext } from "../service.ts";
import { authenticate, type Caller } from "./caller.ts";
import { refusals } from "./errors.ts";
import { createLookup, type Lookup } from "./lookup.ts";
import type { Page, Shape } from "./odata.ts";
import type { Version } from "./shapes.ts";

/** A request of a caller that is known. */
export interface GraphRequest {
  readonly caller: Caller;
  readonly lookup: Lookup;
  readonly version: Version;
  readonly url: URL;
  readonly headers: Headers;
  /** A part of the path, e.g. `id`. */
  param(name: string): string;
  /**
   * The body.
   * @throws GraphError 400 where it is no JSON object
   */
  body(): Promise<Shape>;
}

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** Adds a route for both versions; its path starts after the version. */
export type Register = (
  method: Method,
  path: string,
  handler: (request: GraphRequest) => Response | Promise<Response>,
) => void;

/** The part of a route's pattern that stands for the version. */
export const versionPattern = "/:version{v1\\.0|beta}";

export function createRegister(app: Hono, context: CloudContext): Register {
  return (method, path, handler) => {
    app.on(method, `${versionPattern}${path}`, async (c) => {
      const caller = await authenticate(context, c.req.raw);
      const param = (name: string): string => c.req.param(name) ?? "";
      return await handler({
        caller,
        lookup: createLookup(context.store, caller),
        version: param("version") as Version,
        url: new URL(c.req.url),
        headers: c.req.raw.headers,
        param,
        body: () => readBody(c),
      });
    });
  };
}

async function readBody(c: Context): Promise<Shape> {
  const body: unknown = await c.req.json().catch(() => undefined);
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Shape;
  throw refusals.query(
    "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
  );
}

const contentType =
  "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

/** The headers of every answer with a body. */
export const answerHeaders = (): Record<string, string> => ({
  "Content-Type": contentType,
  "OData-Version": "4.0",
  "request-id": crypto.randomUUID(),
});

/** The URL that says what a body holds, e.g. for `applications/$entity`. */
export const metadataContext = (version: Version, what: string): string =>
  `https://graph.microsoft.com/${version}/$metadata#${what}`;

/** One entity. */
export function entity(version: Version, what: string, shape: Shape, status = 200): Response {
  const body = { "@odata.context": metadataContext(version, what), ...shape };
  return new Response(JSON.stringify(body), { status, headers: answerHeaders() });
}

/** A page of a list. */
export function list(version: Version, what: string, { items, nextLink }: Page): Response {
  const body = {
    "@odata.context": metadataContext(version, what),
    ...(nextLink === undefined ? {} : { "@odata.nextLink": nextLink }),
    value: items,
  };
  return new Response(JSON.stringify(body), { headers: answerHeaders() });
}

/** Done, and nothing to show. */
export const noContent = (): Response => new Response(null, { status: 204 });
