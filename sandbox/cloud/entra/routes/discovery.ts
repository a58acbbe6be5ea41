import type { Hono } from "hono";
import type { CloudContext } from "../../service.ts";
import { findTenant } from "../directory.ts";
import { refusals } from "../errors.ts";
import { signingKey } from "../signing-key.ts";

const host = "https://login.microsoftonline.com";

/** Names that stand for any tenant. */
const anyTenant = new Set(["common", "organizations", "consumers"]);

/** Every cloud of Microsoft's, as instance discovery names it: https://github.com/AzureAD/microsoft-authentication-library-for-js */
const clouds = [
  {
    preferred_network: "login.microsoftonline.com",
    preferred_cache: "login.windows.net",
    aliases: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  },
  {
    preferred_network: "login.partner.microsoftonline.cn",
    preferred_cache: "login.partner.microsoftonline.cn",
    aliases: ["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
  },
  {
    preferred_network: "login.microsoftonline.us",
    preferred_cache: "login.microsoftonline.us",
    aliases: ["login.microsoftonline.us", "login.usgovcloudapi.net"],
  },
];

/** What clients ask before they sign in: which cloud it is, the tenant's endpoints, its keys. */
export function discoveryRoutes(app: Hono, context: CloudContext): void {
  app.get("/common/discovery/instance", (c) => {
    const named = c.req.query("authorization_endpoint") ?? "";
    const endpoint = URL.canParse(named) ? new URL(named) : undefined;
    if (!endpoint || !clouds.some(({ aliases }) => aliases.includes(endpoint.hostname))) {
      throw refusals.instanceUnknown();
    }
    const tenant = endpoint.pathname.split("/")[1] ?? "common";
    return c.json({
      tenant_discovery_endpoint: `${host}/${tenant}/v2.0/.well-known/openid-configuration`,
      "api-version": c.req.query("api-version") ?? "1.1",
      metadata: clouds,
    });
  });

  app.get("/:tenant/v2.0/.well-known/openid-configuration", (c) => {
    const tenant = tenantSegment(context, c.req.param("tenant"));
    const base = `${host}/${tenant.segment}`;
    return c.json({
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: ["client_secret_post", "private_key_jwt", "client_secret_basic"],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_modes_supported: ["query", "fragment", "form_post"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
      scopes_supported: ["openid", "profile", "email", "offline_access"],
      issuer: `${host}/${tenant.issuer}/v2.0`,
      request_uri_parameter_supported: false,
      userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      http_logout_supported: true,
      frontchannel_logout_supported: true,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      claims_supported: ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "nonce", "name", "tid", "ver", "email"],
      tenant_region_scope: "EU",
      cloud_instance_name: "microsoftonline.com",
      cloud_graph_host_name: "graph.windows.net",
      msgraph_host: "graph.microsoft.com",
      rbac_url: "https://pas.windows.net",
    });
  });

  app.get("/:tenant/discovery/v2.0/keys", async (c) => {
    const tenant = tenantSegment(context, c.req.param("tenant"));
    const { id, publicKey } = await signingKey(context.store);
    const { kty, n, e } = publicKey;
    return c.json({ keys: [{ kty, use: "sig", kid: id, x5t: id, n, e, issuer: `${host}/${tenant.issuer}/v2.0` }] });
  });
}

/** How a tenant shows in its own URLs, and in the issuer; the latter is a placeholder where it may be any tenant. */
function tenantSegment(context: CloudContext, name: string): { readonly segment: string; readonly issuer: string } {
  if (anyTenant.has(name)) return { segment: name, issuer: "{tenantid}" };
  const tenant = requireTenant(context, name, "invalid_tenant");
  return { segment: tenant.id, issuer: tenant.id };
}

/**
 * The tenant with this id or domain.
 * @param error the OAuth error of the refusal
 * @throws EntraError
 */
export function requireTenant(context: CloudContext, name: string, error?: string) {
  const found = findTenant(context.store, name);
  if (found) return found;
  const plausible =
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) || /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name);
  throw plausible ? refusals.tenantNotFound(name, error) : refusals.tenantMalformed(name, error);
}
