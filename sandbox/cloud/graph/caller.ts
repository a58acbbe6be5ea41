import { type TokenProblem, verifyAccessToken } from "../entra/access-token.ts";
import { directory } from "../entra/directory.ts";
import { audiencesOf, microsoftGraph } from "../entra/resources.ts";
import type { CloudContext } from "../service.ts";
import { refusals } from "./errors.ts";

/** Who asks: a service principal, with the application permissions of its token. */
export interface Caller {
  readonly objectId: string;
  readonly tenantId: string;
  readonly roles: readonly string[];
}

const words: Readonly<Record<TokenProblem, string>> = {
  malformed:
    "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EndcodedPayload.EncodedSignature'. (JWE): 'EncodedProtectedHeader.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'.",
  signature: "Signing key is invalid.",
  issuer: "Signing key is invalid.",
  audience: "Access token validation failure. Invalid audience.",
  expired: "Lifetime validation failed, the token is expired.",
  notYetValid: "Lifetime validation failed, the token is not yet valid.",
};

/**
 * The caller by its bearer token, whose keys are asked of Entra, and by the directory, which has to know it still.
 * @throws GraphError 401
 */
export async function authenticate(context: CloudContext, request: Request): Promise<Caller> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
  if (token === undefined) throw refusals.invalidToken("Access token is empty.");
  const verified = await verifyAccessToken(context, token, { audience: audiencesOf(microsoftGraph) });
  if (!verified.valid) throw refusals.invalidToken(words[verified.problem]);
  const { oid, tid, roles = [] } = verified.claims;
  const known = directory(context.store).servicePrincipals.get(oid);
  if (known?.deletedDateTime !== null) throw refusals.identityNotFound();
  return { objectId: oid, tenantId: tid, roles };
}
