import type { Entity, Store } from "../store.ts";

/** An organization's directory. Its id is the tenant id, in lower case. */
export interface Tenant extends Entity {
  /** The initial domain, e.g. `contoso.onmicrosoft.com`; sign-in takes it in place of the id. */
  readonly domain: string;
}

/** A client secret of an application. Only its SHA-256 is kept, as hexadecimal digits. */
export interface StoredPassword {
  readonly keyId: string;
  readonly displayName: string | null;
  /** ISO 8601, UTC. */
  readonly startDateTime: string;
  /** ISO 8601, UTC. From here on the secret is refused. */
  readonly endDateTime: string;
  /** The first three characters of the secret, which the directory shows. */
  readonly hint: string;
  readonly sha256: string;
}

/** What the directory keeps of Microsoft Graph's open properties: plain JSON. */
export type DirectoryProperties = Readonly<Record<string, unknown>>;

/** An application registration. Its id is the object id, not the client id. */
export interface Application extends Entity {
  readonly tenantId: string;
  /** The client id. */
  readonly appId: string;
  readonly displayName: string;
  /** ISO 8601, UTC. */
  readonly createdDateTime: string;
  /** When it was put into the recycle bin, ISO 8601; null while it is in use. */
  readonly deletedDateTime: string | null;
  readonly passwordCredentials: readonly StoredPassword[];
  /** Everything else that Microsoft Graph shows of it. */
  readonly properties: DirectoryProperties;
}

/** An application's identity in a tenant. Its id is the object id that Azure DevOps and the `oid` claim know. */
export interface ServicePrincipal extends Entity {
  readonly tenantId: string;
  readonly appId: string;
  readonly displayName: string;
  readonly accountEnabled: boolean;
  /** The tenant of the application. */
  readonly appOwnerOrganizationId: string;
  /** ISO 8601, UTC. */
  readonly createdDateTime: string;
  /** When it was put into the recycle bin together with its application; null while it is in use. */
  readonly deletedDateTime: string | null;
  /** The application permissions that an administrator granted it on Microsoft Graph: the `roles` claim. */
  readonly graphRoles: readonly string[];
  /** Everything else that Microsoft Graph shows of it. */
  readonly properties: DirectoryProperties;
}

/** A person of a tenant. */
export interface User extends Entity {
  readonly tenantId: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
}

/** That a user or service principal owns an application or service principal. */
export interface Ownership extends Entity {
  readonly ownedId: string;
  readonly ownerId: string;
}

/** A flexible credential's rule. */
export interface ClaimsMatchingExpression {
  readonly value: string;
  readonly languageVersion: number;
}

/** Whose tokens sign an application in without a secret. Either a subject or an expression, never both. */
export interface FederatedCredential extends Entity {
  /** The application's object id. */
  readonly applicationId: string;
  /** Unique per application, and unchangeable. */
  readonly name: string;
  readonly issuer: string;
  readonly subject: string | null;
  readonly claimsMatchingExpression: ClaimsMatchingExpression | null;
  readonly audiences: readonly string[];
  readonly description: string | null;
}

/** The directory's collections, for Entra, Microsoft Graph and whoever else is of the same cloud. */
export function directory(store: Store) {
  return {
    tenants: store.collection<Tenant>("directory.tenants"),
    applications: store.collection<Application>("directory.applications"),
    servicePrincipals: store.collection<ServicePrincipal>("directory.servicePrincipals"),
    users: store.collection<User>("directory.users"),
    owners: store.collection<Ownership>("directory.owners"),
    federatedCredentials: store.collection<FederatedCredential>("directory.federatedCredentials"),
  };
}

/** What a service of the same cloud may know of a service principal. */
export interface KnownServicePrincipal {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
  readonly tenantId: string;
}

/** The service principal with this object id in any tenant; undefined where there is none, or it was deleted. */
export function findServicePrincipal(store: Store, objectId: string): KnownServicePrincipal | undefined {
  const found = directory(store).servicePrincipals.get(objectId.toLowerCase());
  if (!found || found.deletedDateTime !== null) return undefined;
  const { id, appId, displayName, tenantId } = found;
  return { objectId: id, appId, displayName, tenantId };
}

/** The tenant with this id or domain, in any case. */
export function findTenant(store: Store, idOrDomain: string): Tenant | undefined {
  const wanted = idOrDomain.toLowerCase();
  return directory(store).tenants.find((tenant) => tenant.id === wanted || tenant.domain.toLowerCase() === wanted);
}
