import { type Context, Hono } from "hono";
import { verifyAccessToken } from "../entra/access-token.ts";
import { findTenant } from "../entra/directory.ts";
import { audiencesOf, resourceManagerResource } from "../entra/resources.ts";
import type { CloudContext, CloudService } from "../service.ts";
import { resourceManagerCoverage } from "./coverage.ts";

/**
 * Azure Resource Manager, as far as `az login --allow-no-subscriptions` asks it: the identities of this sandbox have no
 * role on any subscription, so the lists show none.
 */
export function resourceManager(context: CloudContext): CloudService {
  const app = new Hono();
  app.get("/subscriptions", (c) => answer(c, () => []));
  app.get("/tenants", (c) =>
    answer(c, (tenantId) => {
      const tenant = findTenant(context.store, tenantId);
      if (!tenant) return [];
      const { id, domain } = tenant;
      return [{ id: `/tenants/${id}`, tenantId: id, tenantCategory: "Home", domains: [domain], defaultDomain: domain }];
    }),
  );

  async function answer(c: Context, list: (tenantId: string) => readonly unknown[]): Promise<Response> {
    const token = /^Bearer (\S+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
    if (token === undefined) {
      return armError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
    }
    const verified = await verifyAccessToken(context, token, { audience: audiencesOf(resourceManagerResource) });
    if (!verified.valid) return invalidToken(verified.problem);
    if (!c.req.query("api-version")) {
      return armError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
      );
    }
    const value = list(verified.claims.tid);
    return c.json({ value, count: { type: "Total", value: value.length } });
  }

  return {
    name: "resource-manager",
    hosts: { "management.azure.com": app },
    coverage: resourceManagerCoverage,
    errorResponse: armError,
  };
}

function invalidToken(problem: string): Response {
  if (problem === "expired") {
    return armError(401, "ExpiredAuthenticationToken", "The access token expiry time is in the past.");
  }
  if (problem === "audience") {
    return armError(
      401,
      "InvalidAuthenticationTokenAudience",
      "The access token has been obtained for wrong audience or resource. It should exactly match with one of the allowed audiences 'https://management.core.windows.net/','https://management.azure.com/'.",
    );
  }
  return armError(401, "InvalidAuthenticationToken", "The access token is invalid.");
}

/** https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors */
function armError(status: number, code: string, message: string): Response {
  const headers = status === 401 ? { "WWW-Authenticate": `Bearer error="invalid_token"` } : {};
  return Response.json({ error: { code, message } }, { status, headers });
}
