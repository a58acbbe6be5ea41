import { type Context, Hono, type MiddlewareHandler } from "hono";
import { etag } from "hono/etag";
import { matchedRoutes } from "hono/route";
import type { CloudContext } from "../service.ts";
import { authenticate, type Caller } from "./authentication.ts";
import { documentationOf } from "./coverage.ts";
import { type GitHubData, gitHubData } from "./data.ts";
import { badCredentials, errorBody, GitHubError, MovedError, requestId, requiresAuthentication } from "./errors.ts";
import { hourlyLimits, type RateLimit, RateLimits } from "./rate-limit.ts";
import type { Site } from "./site.ts";

/** What every handler of the API finds in its call. */
interface CallState {
  readonly Variables: {
    readonly data: GitHubData;
    readonly caller: Caller;
    readonly rateLimit: RateLimit;
    /** The present, in milliseconds. */
    readonly now: number;
  };
}
export type Api = Hono<CallState>;
export type Call = Context<CallState>;

/** A site's API without its routes: authentication, limits, headers and errors. */
export function createApi(context: CloudContext, site: Site): Api {
  const data = gitHubData(context.store, site);
  const api: Api = new Hono<CallState>();
  api.use(commonHeaders(), identifyCaller(context, data), etag({ weak: true }));
  api.onError(shapeError);
  return api;
}

/** https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#headers */
function commonHeaders(): MiddlewareHandler<CallState> {
  return async (call, next) => {
    await next();
    const headers = call.res.headers;
    headers.set("X-GitHub-Request-Id", requestId());
    headers.set("X-GitHub-Media-Type", "github.v3; format=json");
    headers.set("X-GitHub-Api-Version-Selected", call.req.header("X-GitHub-Api-Version") ?? "2022-11-28");
    if (call.res.body !== null) headers.set("Content-Type", "application/json; charset=utf-8");
  };
}

function identifyCaller(context: CloudContext, data: GitHubData): MiddlewareHandler<CallState> {
  const limits = new RateLimits();
  return async (call, next) => {
    const now = context.now();
    const known = authenticate(data, call.req.header("Authorization"), now);
    const caller: Caller = known ?? { kind: "anonymous" };
    const name = callerName(caller);
    const limit = hourlyLimits[caller.kind];
    const taken = limits.take(name, limit, now);
    writeRateLimit(call, taken);
    if (!known) throw badCredentials();
    if (taken.exceeded) throw rateLimitExceeded(caller);
    // https://docs.github.com/enterprise-cloud@latest/admin/data-residency/feature-overview-for-github-enterprise-cloud-with-data-residency#api-access
    if (caller.kind === "anonymous" && data.site.subdomain !== undefined) throw requiresAuthentication();
    if (caller.kind === "user" && caller.token.kind === "classic") {
      call.header("X-OAuth-Scopes", caller.token.scopes.join(", "));
    }
    call.set("data", data);
    call.set("now", now);
    call.set("caller", caller);
    call.set("rateLimit", taken);
    await next();
    writeRateLimit(call, call.res.status === 304 ? limits.giveBack(name, limit, now) : taken);
  };
}

/** Rate limits are counted per user, not per token; anonymous callers share one address. */
function callerName(caller: Caller): string {
  if (caller.kind === "user") return `user ${caller.user.id}`;
  return caller.kind === "installation" ? `installation ${caller.token.accountId}` : "anonymous";
}

function writeRateLimit(call: Call, { limit, used, reset }: RateLimit): void {
  call.header("X-RateLimit-Limit", String(limit));
  call.header("X-RateLimit-Remaining", String(limit - used));
  call.header("X-RateLimit-Used", String(used));
  call.header("X-RateLimit-Reset", String(reset));
  call.header("X-RateLimit-Resource", "core");
}

function rateLimitExceeded(caller: Caller): GitHubError {
  const whose =
    caller.kind === "user"
      ? `user ID ${caller.user.id}`
      : caller.kind === "installation"
        ? `installation ID ${caller.token.accountId}`
        : "127.0.0.1";
  const page = "https://docs.github.com/rest/overview/rate-limits-for-the-rest-api";
  return new GitHubError(403, `API rate limit exceeded for ${whose}.`, page);
}

function shapeError(error: Error, call: Call): Response {
  if (error instanceof MovedError) {
    const guide = "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects";
    const body = { message: error.message, url: error.location, documentation_url: guide };
    return call.json(body, error.status, { Location: error.location });
  }
  if (!(error instanceof GitHubError)) throw error;
  const operation = matchedRoutes(call).find((route) => route.method !== "ALL");
  const page = error.documentationUrl ?? documentationOf(call.req.method, operation?.path ?? "");
  return call.json(errorBody(error.status, error.message, page, error.errors), error.status);
}
