import { refusals } from "./errors.ts";

/** An API that tokens can be asked for. */
export interface Resource {
  /** Its application id, which names it too. */
  readonly appId: string;
  /** The name of its service principal, which every tenant has. */
  readonly displayName: string;
  /** Its identifier URIs, without a slash at the end. */
  readonly uris: readonly string[];
}

/** Microsoft Graph. Its application roles go into the tokens made for it. */
export const microsoftGraph: Resource = {
  appId: "00000003-0000-0000-c000-000000000000",
  displayName: "Microsoft Graph",
  uris: ["https://graph.microsoft.com"],
};

/** Azure DevOps: https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity */
const azureDevOpsResource: Resource = {
  appId: "499b84ac-1321-427f-aa17-267ca6975798",
  displayName: "Azure DevOps",
  uris: ["https://app.vssps.visualstudio.com"],
};

/** Azure Resource Manager, under its present name and the older one that the Azure CLI asks for. */
export const resourceManagerResource: Resource = {
  appId: "797f4846-ba00-4fd7-ba43-dac1f8f63013",
  displayName: "Windows Azure Service Management API",
  uris: ["https://management.azure.com", "https://management.core.windows.net"],
};

/** All of them: they are first-party applications, with a service principal in every tenant. */
export const resources: readonly Resource[] = [microsoftGraph, azureDevOpsResource, resourceManagerResource];

/** The tenant of Microsoft's own applications: https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
export const firstPartyTenantId = "f8cdef31-a31e-4b4a-93e4-5f571e91255a";

/** Every name of a resource, for the audience check. */
export const audiencesOf = (resource: Resource): readonly string[] => [resource.appId, ...resource.uris];

const suffix = "/.default";
// Clients of the OpenID kind add these; a client credentials grant has no use for them.
const openIdScopes = new Set(["openid", "profile", "offline_access", "email"]);

/**
 * The audience that a scope asks for, as the client wrote it: `https://graph.microsoft.com/.default` asks for
 * `https://graph.microsoft.com`, and `https://management.core.windows.net//.default` for the name with its slash.
 * https://learn.microsoft.com/entra/identity-platform/scopes-oidc#trailing-slash-and-default
 * @throws EntraError where the scope is not one resource's `/.default`
 */
export function audienceOfScope(scope: string): string {
  const asked = scope.split(" ").filter((word) => word !== "" && !openIdScopes.has(word));
  const [only] = asked;
  if (only === undefined || asked.length > 1) throw refusals.scopeInvalid(scope);
  if (!only.endsWith(suffix) || only.length === suffix.length) throw refusals.scopeNotDefault(only);
  return only.slice(0, -suffix.length);
}

/** The resource with this audience; undefined where no resource of the sandbox has that name. */
export function findResource(audience: string): Resource | undefined {
  const name = audience.replace(/\/$/, "").toLowerCase();
  return resources.find((resource) => audiencesOf(resource).includes(name));
}
