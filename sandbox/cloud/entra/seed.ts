import type { Store } from "../store.ts";
import { type ClaimsMatchingExpression, directory } from "./directory.ts";
import { addApplication, addOwner, addServicePrincipal, storePassword, timestamp } from "./directory-objects.ts";
import { firstPartyTenantId, resources } from "./resources.ts";

/** An application permission on Microsoft Graph that the sandbox knows: https://learn.microsoft.com/graph/permissions-reference */
type GraphRole =
  | "Application.ReadWrite.OwnedBy"
  | "Application.ReadWrite.All"
  | "Application.Read.All"
  | "Directory.Read.All"
  | "Directory.ReadWrite.All";

interface TenantSeed {
  /** The tenant id, a GUID. */
  readonly id: string;
  /** e.g. `contoso.onmicrosoft.com` */
  readonly domain: string;
}

interface UserSeed {
  readonly tenantId: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** Default: a new one. */
  readonly id?: string;
}

/** Exactly one of `subject` and `claimsMatchingExpression`. The directory's rules are not applied to a seed. */
interface FederatedCredentialSeed {
  readonly name: string;
  readonly issuer: string;
  readonly subject?: string;
  readonly claimsMatchingExpression?: ClaimsMatchingExpression;
  /** Default: `["api://AzureADTokenExchange"]`. */
  readonly audiences?: readonly string[];
}

/** An application together with its service principal in the same tenant. */
export interface ApplicationSeed {
  readonly tenantId: string;
  readonly displayName: string;
  /** The application's object id. Default: a new one. */
  readonly id?: string;
  /** The client id. Default: a new one. */
  readonly appId?: string;
  /** The service principal's object id. Default: a new one. */
  readonly servicePrincipalId?: string;
  /** A client secret in clear, valid for two years; only its hash is kept. Default: none. */
  readonly password?: string;
  /** What an administrator granted it on Microsoft Graph. Default: nothing. */
  readonly graphRoles?: readonly GraphRole[];
  /** Default: none. */
  readonly federatedCredentials?: readonly FederatedCredentialSeed[];
  /** Object ids of users or service principals that own application and service principal. Default: none. */
  readonly owners?: readonly string[];
}

/** What a directory holds at the start. */
export interface DirectorySeed {
  readonly tenants: readonly TenantSeed[];
  readonly users?: readonly UserSeed[];
  readonly applications?: readonly ApplicationSeed[];
}

/** The ids of a seeded application. */
export interface SeededApplication {
  readonly id: string;
  readonly appId: string;
  readonly servicePrincipalId: string;
}

/** The ids of what was seeded, in the order of the seed. */
export interface SeededDirectory {
  readonly users: readonly string[];
  readonly applications: readonly SeededApplication[];
}

/**
 * Puts tenants, users and applications into the directory. A tenant has the service principals of Microsoft's own
 * applications from its beginning.
 * @param now milliseconds; the time of creation. Default: the machine's clock
 */
export function seedDirectory(store: Store, seed: DirectorySeed, now: number = Date.now()): SeededDirectory {
  const { tenants, users } = directory(store);
  for (const { id, domain } of seed.tenants) {
    const tenant = tenants.insert({ id: id.toLowerCase(), domain });
    for (const { appId, displayName } of resources) {
      const application = { appId, displayName, tenantId: firstPartyTenantId };
      addServicePrincipal(store, { tenantId: tenant.id, application, now });
    }
  }
  return {
    users: (seed.users ?? []).map((user) => users.insert({ id: crypto.randomUUID(), ...user }).id),
    applications: (seed.applications ?? []).map((application) => seedApplication(store, application, now)),
  };
}

function seedApplication(store: Store, seed: ApplicationSeed, now: number): SeededApplication {
  const { tenants, federatedCredentials } = directory(store);
  const tenantId = seed.tenantId.toLowerCase();
  const tenant = tenants.get(tenantId);
  if (!tenant) throw new Error(`seed of ${seed.displayName}: there is no tenant ${tenantId}`);
  const password = seed.password === undefined ? [] : [seedPassword(seed.password, now)];
  const application = addApplication(store, {
    tenantId,
    displayName: seed.displayName,
    now,
    ...(seed.id === undefined ? {} : { id: seed.id.toLowerCase() }),
    ...(seed.appId === undefined ? {} : { appId: seed.appId.toLowerCase() }),
    passwordCredentials: password,
    properties: { publisherDomain: tenant.domain },
  });
  const servicePrincipal = addServicePrincipal(store, {
    tenantId,
    application,
    now,
    ...(seed.servicePrincipalId === undefined ? {} : { id: seed.servicePrincipalId.toLowerCase() }),
    ...(seed.graphRoles === undefined ? {} : { graphRoles: seed.graphRoles }),
  });
  for (const owner of seed.owners ?? []) {
    addOwner(store, application.id, owner.toLowerCase());
    addOwner(store, servicePrincipal.id, owner.toLowerCase());
  }
  for (const credential of seed.federatedCredentials ?? []) {
    federatedCredentials.insert({
      id: crypto.randomUUID(),
      applicationId: application.id,
      name: credential.name,
      issuer: credential.issuer,
      subject: credential.subject ?? null,
      claimsMatchingExpression: credential.claimsMatchingExpression ?? null,
      audiences: credential.audiences ?? ["api://AzureADTokenExchange"],
      description: null,
    });
  }
  return { id: application.id, appId: application.appId, servicePrincipalId: servicePrincipal.id };
}

function seedPassword(secret: string, now: number) {
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + 2);
  return storePassword(secret, {
    keyId: crypto.randomUUID(),
    displayName: null,
    startDateTime: timestamp(now),
    endDateTime: timestamp(end.getTime()),
  });
}
