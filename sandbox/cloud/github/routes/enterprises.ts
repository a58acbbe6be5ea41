import { findEnterprise } from "../accounts.ts";
import { requireEnterpriseOwner } from "../access.ts";
import type { Api } from "../api.ts";
import { optionalBoolean, readBody } from "../bodies.ts";

/** Enterprises: who signs their ID tokens. GitHub has no operation that reads it. */
export function enterpriseRoutes(api: Api): void {
  api.put("/enterprises/:enterprise/actions/oidc/customization/issuer", async (call) => {
    const { data } = call.var;
    const enterprise = findEnterprise(data, call.req.param("enterprise"));
    requireEnterpriseOwner(call, enterprise);
    const wish = optionalBoolean(await readBody(call), "include_enterprise_slug");
    data.enterprises.update(enterprise.id, { includesSlugInIssuer: wish ?? enterprise.includesSlugInIssuer });
    return call.body(null, 204);
  });
}
