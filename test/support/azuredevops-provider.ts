import { azuredevops } from "../../sandbox/offline/providers/azuredevops/definition.ts";
import type { ConfiguredProvider } from "../../sandbox/offline/providers/definition.ts";
import { createDevOps, type DevOps } from "./azure-devops.ts";
import { tenant } from "./directory.ts";
import { hostOf, type RecordingHost, requestsOf } from "./offline-provider.ts";

export const organization = "https://dev.azure.com/contoso";
export const feedType = "azuredevops:index/feed:Feed";
export const permissionType = "azuredevops:index/feedPermission:FeedPermission";
export const entitlementType = "azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement";
export const membershipType = "azuredevops:index/groupMembership:GroupMembership";

/** The Azure DevOps provider's stand-in, signed in as the organization's administrator. */
export interface SignedIn extends DevOps {
  readonly host: RecordingHost;
  readonly provider: ConfiguredProvider;
}

export async function signIn(): Promise<SignedIn> {
  const devOps = createDevOps();
  const host = hostOf(devOps.cloud, {
    AZDO_ORG_SERVICE_URL: organization,
    ARM_TENANT_ID: tenant.id,
    ARM_CLIENT_ID: devOps.admin.appId,
    ARM_CLIENT_SECRET: devOps.admin.secret,
  });
  return { ...devOps, host, provider: await azuredevops.configure({}, host) };
}

/** The requests of an action, without the first look at what each host has: one test of its own shows that. */
export async function callsOf({ cloud }: SignedIn, action: () => Promise<unknown>): Promise<readonly string[]> {
  return (await requestsOf(cloud, action)).filter((request) => !request.startsWith("OPTIONS"));
}

/** The requests of an action, and what it gave. */
export async function outcomeOf<T>(
  world: SignedIn,
  action: () => Promise<T>,
): Promise<readonly [calls: readonly string[], outcome: T]> {
  const outcomes: T[] = [];
  const calls = await callsOf(world, async () => outcomes.push(await action()));
  return [calls, outcomes[0] as T];
}

/** The requests that find an identity by its descriptor. */
export const identitySteps = (descriptor: string, key: string) => [
  `GET vssps.dev.azure.com/contoso/_apis/Graph/StorageKeys/${descriptor}`,
  `GET vssps.dev.azure.com/contoso/_apis/Identities/${key}`,
];
