import { createEntraToken, readEntraCredentials } from "../../entra-token.ts";
import { retryAfter, type RetryPolicy } from "../../http.ts";
import { type Properties, type ProviderDefinition, ProviderError, type ProviderHost } from "../definition.ts";
import { text } from "../properties.ts";
import { messageOf, openConnection } from "./connection.ts";
import { feedResource } from "./feed.ts";
import { feedPermissionResource } from "./feed-permission.ts";
import { createFunctions } from "./functions.ts";
import { groupMembershipResource } from "./group-membership.ts";
import { servicePrincipalEntitlementResource } from "./service-principal-entitlement.ts";

/** Azure DevOps as a resource of Entra: https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity */
const azureDevOpsScope = "499b84ac-1321-427f-aa17-267ca6975798/.default";

/** The stand-in for the official Azure DevOps provider 3.15.0 (Terraform provider 1.15.1). */
export const azuredevops: ProviderDefinition = {
  name: "azuredevops",
  version: "3.15.0",
  async configure(config, host) {
    const organizationUrl = text(config, "orgServiceUrl") ?? host.environment.AZDO_ORG_SERVICE_URL;
    if (!organizationUrl) throw new ProviderError("the url of the Azure DevOps is required");
    const connection = await openConnection(host, organizationUrl, await createAuthorization(config, host));
    return {
      resources: [
        feedResource(connection),
        feedPermissionResource(connection),
        servicePrincipalEntitlementResource(connection),
        groupMembershipResource(connection),
      ],
      functions: createFunctions(connection),
    };
  },
};

/** The Authorization header: of a personal access token where there is one, else of a token from Entra. */
async function createAuthorization(config: Properties, host: ProviderHost): Promise<() => Promise<string>> {
  const personal = text(config, "personalAccessToken") ?? host.environment.AZDO_PERSONAL_ACCESS_TOKEN;
  if (personal) {
    const value = `Basic ${Buffer.from(`_:${personal}`).toString("base64")}`;
    return async () => value;
  }
  const credentials = await readEntraCredentials(config, host, "oidc");
  const token = createEntraToken(host, credentials, azureDevOpsScope, { msal: true, retry: tokenRetries });
  return async () => {
    try {
      return `Bearer ${await token()}`;
    } catch (error) {
      // Entra's refusal is not the organization's: it keeps no status that could be taken for one.
      throw new ProviderError(`failed to get AAD token: ${messageOf(error)}`);
    }
  };
}

/**
 * Its sign-in, unlike its client, asks again: as azidentity does.
 * https://github.com/Azure/azure-sdk-for-go/blob/sdk/azcore/v1.18.1/sdk/azcore/runtime/policy_retry.go
 */
const tokenRetries: RetryPolicy = {
  retries: ({ status }) => [408, 429, 500, 502, 503, 504].includes(status),
  retriesBroken: () => true,
  maximum: 3,
  delay: (attempt, headers) => retryAfter(headers) ?? (2 ** attempt - 1) * 800,
};
