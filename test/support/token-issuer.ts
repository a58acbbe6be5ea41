import { Hono } from "hono";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import type { CloudContext, CloudService } from "../../sandbox/cloud/service.ts";

/** An identity provider with keys of its own, as GitHub's for Actions is. */
export interface TokenIssuer {
  /** e.g. `https://token.actions.githubusercontent.com` */
  readonly issuer: string;
  readonly service: (context: CloudContext) => CloudService;
  /** Signs claims; `iss` and times are the caller's. `kid: null` leaves the key's id out of the header. */
  sign(claims: JWTPayload, header?: { readonly kid?: string | null }): Promise<string>;
}

export async function createTokenIssuer(host: string, kid = "issuer-key"): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const issuer = `https://${host}`;
  const published = { ...(await exportJWK(publicKey)), kid, alg: "RS256", use: "sig" };
  const app = new Hono();
  app.get("/.well-known/openid-configuration", (c) => c.json({ issuer, jwks_uri: `${issuer}/.well-known/jwks` }));
  app.get("/.well-known/jwks", (c) => c.json({ keys: [published] }));
  return {
    issuer,
    service: () => ({
      name: `issuer ${host}`,
      hosts: { [host]: app },
      coverage: [],
      errorResponse: (status, code, message) => Response.json({ code, message }, { status }),
    }),
    sign: (claims, header = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", typ: "JWT", ...(header.kid === null ? {} : { kid: header.kid ?? kid }) })
        .sign(privateKey),
  };
}
