import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from "jose";
import type { CloudContext } from "../service.ts";
import type { Store } from "../store.ts";

/**
 * The claims of a version 1.0 access token of an application
 * (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference).
 */
interface AccessTokenClaims {
  /** The resource, as the client wrote it: `https://graph.microsoft.com`, or an application id. */
  readonly aud: string;
  /** `https://sts.windows.net/{tenant}/` */
  readonly iss: string;
  readonly appid: string;
  /** The object id of the service principal. */
  readonly oid: string;
  readonly sub: string;
  /** The tenant id. */
  readonly tid: string;
  /** Application permissions on the resource; absent where there are none. */
  readonly roles?: readonly string[];
  readonly idtyp: "app";
  readonly ver: "1.0";
  readonly uti: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
}

/** Why a token is refused. */
export type TokenProblem = "malformed" | "signature" | "issuer" | "audience" | "expired" | "notYetValid";

export type TokenVerification =
  | { readonly valid: true; readonly claims: AccessTokenClaims }
  | { readonly valid: false; readonly problem: TokenProblem };

/** The issuer of a tenant's version 1.0 tokens. */
export const issuerOf = (tenantId: string): string => `https://sts.windows.net/${tenantId}/`;

/**
 * Verifies an access token as a resource does: signature by the keys that the tenant publishes (asked over the wire,
 * remembered until a token names a key that is not among them), issuer, audience and lifetime.
 * @param audience the resource's names, any of which will do; a trailing slash makes no difference
 */
export async function verifyAccessToken(
  context: CloudContext,
  token: string,
  { audience }: { readonly audience: string | readonly string[] },
): Promise<TokenVerification> {
  const tenantId = claimedTenant(token);
  if (tenantId === undefined) return { valid: false, problem: "malformed" };
  const accepted = [audience].flat().flatMap((name) => [trimSlash(name), `${trimSlash(name)}/`]);
  const options = {
    algorithms: ["RS256"],
    issuer: issuerOf(tenantId),
    audience: accepted,
    currentDate: new Date(context.now()),
    requiredClaims: ["oid", "appid", "exp", "nbf"],
  };
  try {
    const known = keysOf(context.store).get(tenantId);
    const keys = known ?? (await fetchKeys(context, tenantId));
    const { payload } = await jwtVerify<AccessTokenClaims>(token, createLocalJWKSet(keys), options).catch(
      async (error) => {
        if (!known || !(error instanceof errors.JWKSNoMatchingKey)) throw error;
        return await jwtVerify<AccessTokenClaims>(
          token,
          createLocalJWKSet(await fetchKeys(context, tenantId)),
          options,
        );
      },
    );
    return { valid: true, claims: payload };
  } catch (error) {
    return { valid: false, problem: problemOf(error) };
  }
}

const knownKeys = new WeakMap<Store, Map<string, JSONWebKeySet>>();

function keysOf(store: Store): Map<string, JSONWebKeySet> {
  const known = knownKeys.get(store) ?? new Map<string, JSONWebKeySet>();
  knownKeys.set(store, known);
  return known;
}

async function fetchKeys(context: CloudContext, tenantId: string): Promise<JSONWebKeySet> {
  const url = `https://login.microsoftonline.com/${tenantId}/discovery/v2.0/keys`;
  const response = await context.fetch(new Request(url));
  if (!response.ok) throw new errors.JWKSNoMatchingKey();
  const keys = (await response.json()) as JSONWebKeySet;
  keysOf(context.store).set(tenantId, keys);
  return keys;
}

function claimedTenant(token: string): string | undefined {
  try {
    const { tid } = decodeJwt(token);
    return typeof tid === "string" && /^[0-9a-f-]{36}$/.test(tid) ? tid : undefined;
  } catch {
    return undefined;
  }
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "aud") return "audience";
    if (error.claim === "iss") return "issuer";
    return error.claim === "nbf" ? "notYetValid" : "malformed";
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return "signature";
  if (error instanceof errors.JOSEError) return "malformed";
  throw error;
}

const trimSlash = (name: string): string => name.replace(/\/+$/, "");
