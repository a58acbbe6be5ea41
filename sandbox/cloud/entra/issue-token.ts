import { importJWK, SignJWT } from "jose";
import type { CloudContext } from "../service.ts";
import { issuerOf } from "./access-token.ts";
import type { ServicePrincipal } from "./directory.ts";
import { microsoftGraph, type Resource } from "./resources.ts";
import { signingKey } from "./signing-key.ts";

/** How long a client may use a token, in seconds. Entra names 60 to 90 minutes for most. */
export const tokenLifetimeSeconds = 3600;

/** Tokens are valid from a little before they are made, so that clocks may differ. */
const backdatedSeconds = 300;

export interface TokenRequest {
  readonly servicePrincipal: ServicePrincipal;
  readonly resource: Resource;
  /** The resource's name as the client wrote it. */
  readonly audience: string;
  /** How the client proved itself. */
  readonly proof: "secret" | "assertion";
}

/**
 * Signs a version 1.0 access token for an application
 * (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
 */
export async function issueToken(context: CloudContext, request: TokenRequest): Promise<string> {
  const { servicePrincipal, resource, audience, proof } = request;
  const issuer = issuerOf(servicePrincipal.tenantId);
  const roles = resource === microsoftGraph ? servicePrincipal.graphRoles : [];
  const now = Math.floor(context.now() / 1000);
  const key = await signingKey(context.store);
  return await new SignJWT({
    aud: audience,
    iss: issuer,
    iat: now - backdatedSeconds,
    nbf: now - backdatedSeconds,
    exp: now + tokenLifetimeSeconds,
    app_displayname: servicePrincipal.displayName,
    appid: servicePrincipal.appId,
    appidacr: proof === "secret" ? "1" : "2",
    idp: issuer,
    idtyp: "app",
    oid: servicePrincipal.id,
    ...(roles.length > 0 ? { roles } : {}),
    sub: servicePrincipal.id,
    tid: servicePrincipal.tenantId,
    uti: crypto.randomUUID().replaceAll("-", "").slice(0, 22),
    ver: "1.0",
  })
    .setProtectedHeader({ typ: "JWT", alg: "RS256", x5t: key.id, kid: key.id })
    .sign(await importJWK(key.privateKey, "RS256"));
}
