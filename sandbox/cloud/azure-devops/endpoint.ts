import { type Context, Hono } from "hono";
import type { ZodType } from "zod";
import type { CloudContext } from "../service.ts";
import type { Store } from "../store.ts";
import { authenticate } from "./authentication.ts";
import { azureDevOpsData, type Organization, type Project, type Subject } from "./entities.ts";
import { errorResponse, failures, ServiceError } from "./errors.ts";
import { demandProject } from "./projects.ts";
import { type ApiLocation, negotiateVersion, requestedVersion } from "./versions.ts";

/** A request that was let in: who asks what of which organization. */
export interface Call {
  readonly store: Store;
  readonly organization: Organization;
  readonly caller: Subject;
  /** The project in the URL, which the caller may see; undefined where the URL names none. */
  readonly project: Project | undefined;
  /** The present, ISO 8601. */
  readonly now: string;
  /** A path parameter of the endpoint, decoded. */
  param(name: string): string;
  /** The request itself, for what is not the REST API. */
  readonly request: Request;
  /** A query parameter; the case of its name makes no difference. */
  query(name: string): string | undefined;
  /**
   * The body, as the schema has it.
   * @throws ServiceError 400 where it is something else
   */
  body<T>(schema: ZodType<T>): Promise<T>;
}

export interface Reply {
  readonly status: number;
  /** JSON; nothing where it is absent. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the service answers at some paths of a host. */
export interface Endpoint {
  readonly methods: readonly string[];
  /** Patterns that start with `/:organization`, then perhaps `/:project`. */
  readonly paths: readonly string[];
  /** Which versions there are. Discovery by OPTIONS has none. */
  readonly location?: ApiLocation;
  handle(call: Call): Reply | Response | Promise<Reply | Response>;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const noContent: Reply = { status: 204 };

/** A list, in the service's wrapper. */
export const collection = (value: readonly unknown[], headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 200,
  body: { count: value.length, value },
  headers,
});

/**
 * The app of one host. Paths are matched without regard to case, values keep theirs.
 * @param refuse how the host words a refusal
 */
export function hostApp(
  context: CloudContext,
  endpoints: readonly Endpoint[],
  refuse: (error: ServiceError) => Response = errorResponse,
): Hono {
  const literals = (pattern: readonly string[]): number => pattern.filter((part) => !part.startsWith(":")).length;
  const patterns = endpoints
    .flatMap(({ paths }) => paths.map((path) => path.split("/")))
    .sort((a, b) => literals(b) - literals(a));
  const app = new Hono({ getPath: (request) => canonicalPath(patterns, new URL(request.url).pathname) });
  for (const endpoint of endpoints) {
    app.on([...endpoint.methods], [...endpoint.paths], (c) => answer(context, endpoint, refuse, c));
  }
  return app;
}

/**
 * The path with the literal segments spelled as in the first pattern that it fits; unchanged where it fits none.
 * Feed names, descriptors and the like are never touched.
 */
function canonicalPath(patterns: ReadonlyArray<readonly string[]>, path: string): string {
  const segments = path.replace(/\/+$/, "").split("/");
  const fits = (pattern: readonly string[]): boolean =>
    pattern.length === segments.length &&
    pattern.every((part, index) => part.startsWith(":") || part.toLowerCase() === segments[index]?.toLowerCase());
  const pattern = patterns.find(fits);
  if (!pattern) return path;
  return pattern.map((part, index) => (part.startsWith(":") ? segments[index] : part)).join("/");
}

async function answer(
  context: CloudContext,
  endpoint: Endpoint,
  refuse: (error: ServiceError) => Response,
  c: Context,
): Promise<Response> {
  try {
    const organization = organizationNamed(context.store, c.req.param("organization") ?? "");
    if (!organization) return new Response("The resource cannot be found.", { status: 404 });
    const caller = await authenticate(context, organization, c.req.raw);
    if (caller instanceof Response) return caller;
    const version = endpoint.location && negotiateVersion(endpoint.location, c.req.method, requestedVersion(c.req.raw));
    const reply = await endpoint.handle(callOf(context, organization, caller, c));
    return reply instanceof Response ? reply : toResponse(reply, version);
  } catch (error) {
    if (error instanceof ServiceError) return refuse(error);
    throw error;
  }
}

function callOf(context: CloudContext, organization: Organization, caller: Subject, c: Context): Call {
  const { store } = context;
  const queries = new Map(
    [...new URL(c.req.url).searchParams].map(([name, value]) => [name.toLowerCase(), value] as const),
  );
  const project = c.req.param("project");
  return {
    store,
    organization,
    caller,
    project: project === undefined ? undefined : demandProject(store, organization, caller, project),
    now: new Date(context.now()).toISOString(),
    request: c.req.raw,
    param: (name) => c.req.param(name) ?? "",
    query: (name) => queries.get(name.toLowerCase()),
    async body(schema) {
      return parsed(schema, await readJson(c.req.raw));
    },
  };
}

/** @throws ServiceError 400 where the value is not what the schema wants */
export function parsed<T>(schema: ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
  throw failures.badRequest(problems.join("; "));
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (error) {
    if (error instanceof SyntaxError) throw failures.badRequest("The request body is not valid JSON.");
    throw error;
  }
}

function organizationNamed(store: Store, name: string): Organization | undefined {
  return azureDevOpsData(store).organizations.find((found) => found.name.toLowerCase() === name.toLowerCase());
}

function toResponse(reply: Reply, version: string | undefined): Response {
  const headers = { ActivityId: crypto.randomUUID(), ...reply.headers };
  if (reply.body === undefined) return new Response(null, { status: reply.status, headers });
  const suffix = version === undefined ? "" : `; api-version=${version}`;
  return Response.json(reply.body, {
    status: reply.status,
    headers: { "Content-Type": `application/json; charset=utf-8${suffix}`, ...headers },
  });
}
