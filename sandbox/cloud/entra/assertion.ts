import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify } from "jose";
import type { CloudContext } from "../service.ts";
import { type Application, directory } from "./directory.ts";
import { refusals } from "./errors.ts";
import { federationRefusal, type PresentedClaims } from "./federation.ts";

const algorithms = ["RS256", "RS384", "RS512"];

/**
 * Accepts a token of another issuer in place of a secret, or throws Entra's refusal: one of the application's federated
 * credentials has to trust it, and the issuer's published keys, asked over the wire, have to verify it.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 * @throws EntraError
 */
export async function acceptAssertion(
  context: CloudContext,
  application: Application,
  assertion: string,
): Promise<void> {
  const { keyId, claims } = readAssertion(assertion);
  if (claims.iss === application.appId) throw refusals.certificateUnknown();
  const credentials = directory(context.store).federatedCredentials.where("applicationId", application.id);
  if (credentials.length === 0) throw refusals.federationMissing(application.appId, application.displayName);
  const refusal = federationRefusal(credentials, claims);
  if (refusal) throw refusal;
  await verify(context, assertion, claims, keyId);
}

function readAssertion(assertion: string): { readonly keyId: string; readonly claims: PresentedClaims } {
  try {
    const { alg, kid, x5t } = decodeProtectedHeader(assertion);
    const payload = decodeJwt(assertion);
    const keyId = kid ?? x5t;
    if (typeof keyId !== "string") throw refusals.assertionWithoutKey();
    if (typeof alg !== "string" || !algorithms.includes(alg)) throw refusals.assertionAlgorithm(String(alg));
    const { iss, sub, aud } = payload;
    if (typeof iss !== "string" || typeof sub !== "string" || aud === undefined) throw refusals.assertionMalformed();
    return { keyId, claims: { ...payload, iss, sub, aud: [aud].flat() } };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw refusals.assertionMalformed();
    throw error;
  }
}

async function verify(context: CloudContext, assertion: string, claims: PresentedClaims, keyId: string): Promise<void> {
  const keys = await issuerKeys(context, claims.iss);
  if (!keys.keys.some((key) => key.kid === keyId || key.x5t === keyId)) {
    throw refusals.issuerKeyUnknown(keyId, claims.iss);
  }
  try {
    await jwtVerify(assertion, createLocalJWKSet(keys), {
      algorithms,
      currentDate: new Date(context.now()),
      requiredClaims: ["exp"],
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired || error instanceof errors.JWTClaimValidationFailed) {
      const time = (seconds: unknown): string =>
        typeof seconds === "number" ? new Date(seconds * 1000).toISOString() : "(none)";
      throw refusals.assertionLifetime(
        new Date(context.now()).toISOString(),
        time(claims.nbf ?? claims.iat),
        time(claims.exp),
      );
    }
    if (error instanceof errors.JOSEError) throw refusals.assertionSignature();
    throw error;
  }
}

/** The issuer's signing keys, found by its OpenID configuration. */
async function issuerKeys(context: CloudContext, issuer: string): Promise<JSONWebKeySet> {
  const configuration = await getJson(context, `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (typeof configuration !== "object" || configuration === null) throw refusals.issuerUnreachable();
  const { issuer: named, jwks_uri: address } = configuration as {
    readonly issuer?: unknown;
    readonly jwks_uri?: unknown;
  };
  if (named !== issuer || typeof address !== "string") throw refusals.issuerUnreachable();
  const keys = await getJson(context, address);
  if (!isKeySet(keys)) throw refusals.issuerKeysUnreadable();
  return keys;
}

async function getJson(context: CloudContext, url: string): Promise<unknown> {
  try {
    const response = await context.fetch(new Request(url, { headers: { Accept: "application/json" } }));
    if (!response.ok) throw refusals.issuerUnreachable();
    return (await response.json()) as unknown;
  } catch {
    // An unknown host, a closed connection, a body that is no JSON: to Entra they are one.
    throw refusals.issuerUnreachable();
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  if (typeof value !== "object" || value === null || !("keys" in value) || !Array.isArray(value.keys)) return false;
  return value.keys.every((key) => typeof key === "object" && key !== null);
}
