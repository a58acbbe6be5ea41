import { createHash } from "node:crypto";
import type { Store } from "../store.ts";
import {
  type Application,
  type DirectoryProperties,
  directory,
  type ServicePrincipal,
  type StoredPassword,
} from "./directory.ts";

/** What Microsoft Graph shows of an application that nothing else was said of. */
export const applicationDefaults: DirectoryProperties = {
  addIns: [],
  api: {
    acceptMappedClaims: null,
    knownClientApplications: [],
    oauth2PermissionScopes: [],
    preAuthorizedApplications: [],
    requestedAccessTokenVersion: null,
  },
  appRoles: [],
  applicationTemplateId: null,
  certification: null,
  defaultRedirectUri: null,
  description: null,
  disabledByMicrosoftStatus: null,
  groupMembershipClaims: null,
  identifierUris: [],
  info: { logoUrl: null, marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
  isDeviceOnlyAuthSupported: null,
  isFallbackPublicClient: null,
  keyCredentials: [],
  nativeAuthenticationApisEnabled: null,
  notes: null,
  optionalClaims: null,
  parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: "Allow" },
  publicClient: { redirectUris: [] },
  requestSignatureVerification: null,
  requiredResourceAccess: [],
  samlMetadataUrl: null,
  serviceManagementReference: null,
  servicePrincipalLockConfiguration: null,
  signInAudience: "AzureADMyOrg",
  spa: { redirectUris: [] },
  tags: [],
  tokenEncryptionKeyId: null,
  uniqueName: null,
  verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
  web: {
    homePageUrl: null,
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    logoutUrl: null,
    redirectUris: [],
    redirectUriSettings: [],
  },
};

/** What Microsoft Graph shows of a service principal that nothing else was said of, and that its application does not decide. */
export const servicePrincipalDefaults: DirectoryProperties = {
  addIns: [],
  alternativeNames: [],
  appRoleAssignmentRequired: false,
  applicationTemplateId: null,
  description: null,
  disabledByMicrosoftStatus: null,
  keyCredentials: [],
  loginUrl: null,
  notes: null,
  notificationEmailAddresses: [],
  passwordCredentials: [],
  preferredSingleSignOnMode: null,
  preferredTokenSigningKeyThumbprint: null,
  resourceSpecificApplicationPermissions: [],
  samlSingleSignOnSettings: null,
  servicePrincipalType: "Application",
  tags: [],
  tokenEncryptionKeyId: null,
};

export interface NewApplication {
  readonly tenantId: string;
  readonly displayName: string;
  /** Milliseconds. */
  readonly now: number;
  /** The object id. Default: a new one. */
  readonly id?: string;
  /** The client id. Default: a new one. */
  readonly appId?: string;
  readonly passwordCredentials?: readonly StoredPassword[];
  readonly properties?: DirectoryProperties;
}

/** Registers an application. */
export function addApplication(store: Store, application: NewApplication): Application {
  return directory(store).applications.insert({
    id: application.id ?? crypto.randomUUID(),
    tenantId: application.tenantId,
    appId: application.appId ?? crypto.randomUUID(),
    displayName: application.displayName,
    createdDateTime: timestamp(application.now),
    deletedDateTime: null,
    passwordCredentials: application.passwordCredentials ?? [],
    properties: { ...applicationDefaults, ...application.properties },
  });
}

export interface NewServicePrincipal {
  /** The tenant it signs in to; the application may be of another one. */
  readonly tenantId: string;
  readonly application: Pick<Application, "appId" | "displayName" | "tenantId">;
  /** Milliseconds. */
  readonly now: number;
  /** The object id. Default: a new one. */
  readonly id?: string;
  /** Default: true. */
  readonly accountEnabled?: boolean;
  readonly graphRoles?: readonly string[];
  readonly properties?: DirectoryProperties;
}

/** Gives an application an identity in a tenant. */
export function addServicePrincipal(store: Store, servicePrincipal: NewServicePrincipal): ServicePrincipal {
  const { application } = servicePrincipal;
  return directory(store).servicePrincipals.insert({
    id: servicePrincipal.id ?? crypto.randomUUID(),
    tenantId: servicePrincipal.tenantId,
    appId: application.appId,
    displayName: application.displayName,
    accountEnabled: servicePrincipal.accountEnabled ?? true,
    appOwnerOrganizationId: application.tenantId,
    createdDateTime: timestamp(servicePrincipal.now),
    deletedDateTime: null,
    graphRoles: servicePrincipal.graphRoles ?? [],
    properties: { ...servicePrincipalDefaults, ...servicePrincipal.properties },
  });
}

/** Makes a user or service principal an owner; says whether it was none before. */
export function addOwner(store: Store, ownedId: string, ownerId: string): boolean {
  const { owners } = directory(store);
  const id = `${ownedId}/${ownerId}`;
  if (owners.get(id)) return false;
  owners.insert({ id, ownedId, ownerId });
  return true;
}

/** How a client secret is kept: by its SHA-256 and its first three characters. */
export function storePassword(
  secret: string,
  password: Pick<StoredPassword, "keyId" | "displayName" | "startDateTime" | "endDateTime">,
): StoredPassword {
  const { keyId, displayName, startDateTime, endDateTime } = password;
  return { keyId, displayName, startDateTime, endDateTime, hint: secret.slice(0, 3), sha256: hashSecret(secret) };
}

/** The SHA-256 of a client secret, as hexadecimal digits. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** A point in time as the directory writes it: ISO 8601, UTC, whole seconds. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
