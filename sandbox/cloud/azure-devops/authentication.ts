import { createHash } from "node:crypto";
import { verifyAccessToken } from "../entra/access-token.ts";
import type { CloudContext } from "../service.ts";
import type { Store } from "../store.ts";
import { azureDevOpsData, type Organization, type Subject } from "./entities.ts";
import { errorResponse, ServiceError } from "./errors.ts";
import { storageKeyOf } from "./identifiers.ts";

/**
 * The application id of Azure DevOps in every tenant: the audience of its access tokens.
 * https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity
 */
const azureDevOpsAudience = "499b84ac-1321-427f-aa17-267ca6975798";

const anonymous = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";

/**
 * Who asks, or the 401 that the service answers. Accepts
 * - an Entra access token for Azure DevOps, of the organization's tenant, as bearer or as the password of any user name,
 *   if its principal was added to the organization;
 * - a personal access token as the password of any user name.
 */
export async function authenticate(
  context: CloudContext,
  organization: Organization,
  request: Request,
): Promise<Subject | Response> {
  const credential = presentedCredential(request.headers.get("Authorization") ?? "");
  if (!credential) return unauthorized(organization, anonymous);
  if (credential.password) {
    const owner = ownerOfToken(context.store, organization, credential.token);
    if (owner) return owner;
  }
  const verified = await verifyAccessToken(context, credential.token, { audience: azureDevOpsAudience });
  if (!verified.valid || verified.claims.tid !== organization.tenantId) return unauthorized(organization, anonymous);
  const { subjects, entitlements } = azureDevOpsData(context.store);
  const id = storageKeyOf(organization.id, verified.claims.oid);
  const subject = subjects.get(id);
  return subject && entitlements.get(id) ? subject : unauthorized(organization, id);
}

/** What is kept of a personal access token. */
export const hashOfToken = (token: string): string => createHash("sha256").update(token).digest("hex");

function presentedCredential(header: string): { readonly token: string; readonly password: boolean } | undefined {
  const [, scheme, value] = /^(\S+)\s+(\S+)$/.exec(header.trim()) ?? [];
  if (!scheme || !value) return undefined;
  if (scheme.toLowerCase() === "bearer") return { token: value, password: false };
  if (scheme.toLowerCase() !== "basic") return undefined;
  const pair = Buffer.from(value, "base64").toString();
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : { token: pair.slice(colon + 1), password: true };
}

function ownerOfToken(store: Store, organization: Organization, token: string): Subject | undefined {
  const { personalAccessTokens, subjects } = azureDevOpsData(store);
  const found = personalAccessTokens.get(hashOfToken(token));
  return found?.organizationId === organization.id ? subjects.get(found.subjectId) : undefined;
}

/**
 * The service's 401, with the headers that credential helpers read
 * (https://github.com/microsoft/azure-pipelines-agent/issues/4826,
 * https://github.com/Azure/azure-cli/issues/29250).
 * @param userId whom the credential is for; anonymous where there is none or it is not valid
 */
function unauthorized(organization: Organization, userId: string): Response {
  const error = new ServiceError(
    401,
    "UnauthorizedRequestException",
    `TF400813: The user '${userId}' is not authorized to access this resource.`,
    "Microsoft.TeamFoundation.Framework.Server",
  );
  const authority = `https://login.microsoftonline.com/${organization.tenantId}`;
  return errorResponse(error, {
    "WWW-Authenticate": `Bearer authorization_uri=${authority}, Basic realm="https://tfsprodweu1.app.visualstudio.com/", TFS-Federated`,
    "X-TFS-FedAuthRealm": "https://tfsprodweu1.app.visualstudio.com/",
    "X-VSS-ResourceTenant": organization.tenantId,
    "X-TFS-ServiceError": encodeURIComponent(error.message),
  });
}
