import { claimsSatisfy, parseClaimsExpression } from "./claims-expression.ts";
import type { FederatedCredential } from "./directory.ts";
import { type EntraError, refusals } from "./errors.ts";

/** What an external token says of itself, before its signature is checked. */
export interface PresentedClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: readonly string[];
  readonly [claim: string]: unknown;
}

/**
 * The refusal when none of an application's credentials trusts the token; undefined when one does. Issuer and subject
 * compare exactly, with case (https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes#august-2024).
 * The refusal is about the first thing that no credential has: issuer, then subject or expression, then audience.
 */
export function federationRefusal(
  credentials: readonly FederatedCredential[],
  claims: PresentedClaims,
): EntraError | undefined {
  const ofIssuer = credentials.filter((credential) => credential.issuer === claims.iss);
  if (ofIssuer.length === 0) return refusals.issuerUnmatched(claims.iss);

  const ofSubject = ofIssuer.filter((credential) => trustsSubject(credential, claims));
  if (ofSubject.length === 0) {
    const lower = claims.sub.toLowerCase();
    if (ofIssuer.some(({ subject }) => subject?.toLowerCase() === lower)) return refusals.subjectCase(claims.sub);
    const flexible = ofIssuer.some(({ claimsMatchingExpression }) => claimsMatchingExpression !== null);
    return flexible ? refusals.expressionUnmatched(claims.sub) : refusals.subjectUnmatched(claims.sub);
  }

  const trusted = ofSubject.some(({ audiences }) => audiences.some((audience) => claims.aud.includes(audience)));
  return trusted ? undefined : refusals.audienceUnmatched(claims.aud.join(","));
}

function trustsSubject(credential: FederatedCredential, claims: PresentedClaims): boolean {
  if (credential.claimsMatchingExpression === null) return credential.subject === claims.sub;
  const parsed = parseClaimsExpression(credential.claimsMatchingExpression.value);
  return parsed.valid && claimsSatisfy(parsed.conditions, claims);
}
