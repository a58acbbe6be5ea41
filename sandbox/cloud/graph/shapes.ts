import {
  type Application,
  directory,
  type FederatedCredential,
  type ServicePrincipal,
  type StoredPassword,
} from "../entra/directory.ts";
import type { Store } from "../store.ts";
import type { Shape } from "./odata.ts";

/** Which of Microsoft Graph's versions is asked. They share one directory. */
export type Version = "v1.0" | "beta";

/** Properties of applications and service principals that only beta shows. */
export const betaProperties: ReadonlySet<string> = new Set(["oauth2RequirePostResponse"]);

/** A password without its secret, which is shown once, when it is made. */
export function passwordShape(password: StoredPassword, secretText: string | null = null): Shape {
  const { keyId, displayName, startDateTime, endDateTime, hint } = password;
  return { customKeyIdentifier: null, displayName, endDateTime, hint, keyId, secretText, startDateTime };
}

/** https://learn.microsoft.com/graph/api/resources/application */
export function applicationShape(application: Application, version: Version): Shape {
  const { id, appId, displayName, createdDateTime, deletedDateTime, passwordCredentials, properties } = application;
  return ofVersion(version, {
    id,
    deletedDateTime,
    appId,
    createdDateTime,
    displayName,
    oauth2RequirePostResponse: false,
    ...properties,
    passwordCredentials: passwordCredentials.map((password) => passwordShape(password)),
  });
}

/**
 * A service principal, with what its application decides.
 * https://learn.microsoft.com/graph/api/resources/serviceprincipal
 */
export function servicePrincipalShape(store: Store, servicePrincipal: ServicePrincipal, version: Version): Shape {
  const {
    id,
    appId,
    displayName,
    accountEnabled,
    appOwnerOrganizationId,
    createdDateTime,
    deletedDateTime,
    properties,
  } = servicePrincipal;
  const application = directory(store).applications.where("appId", appId)[0]?.properties ?? {};
  const web = (application.web ?? {}) as Shape;
  const api = (application.api ?? {}) as Shape;
  const identifierUris = (application.identifierUris ?? []) as readonly string[];
  return ofVersion(version, {
    id,
    deletedDateTime,
    accountEnabled,
    appDescription: application.description ?? null,
    appDisplayName: displayName,
    appId,
    appOwnerOrganizationId,
    appRoles: application.appRoles ?? [],
    createdDateTime,
    displayName,
    homepage: web.homePageUrl ?? null,
    info: application.info ?? null,
    logoutUrl: web.logoutUrl ?? null,
    oauth2PermissionScopes: api.oauth2PermissionScopes ?? [],
    replyUrls: web.redirectUris ?? [],
    samlMetadataUrl: null,
    servicePrincipalNames: [appId, ...identifierUris],
    signInAudience: application.signInAudience ?? null,
    ...properties,
  });
}

/** https://learn.microsoft.com/graph/api/resources/federatedidentitycredential */
export function credentialShape(credential: FederatedCredential, version: Version): Shape {
  const { id, name, issuer, subject, description, audiences, claimsMatchingExpression } = credential;
  const common = { id, name, issuer, subject, description, audiences };
  return version === "beta" ? { ...common, claimsMatchingExpression } : common;
}

/** An owner in a list of owners; undefined where the directory knows it no more. */
export function ownerShape(store: Store, id: string): Shape | undefined {
  const { servicePrincipals, users } = directory(store);
  const principal = servicePrincipals.get(id);
  if (principal && principal.deletedDateTime === null) {
    const { appId, displayName } = principal;
    return { "@odata.type": "#microsoft.graph.servicePrincipal", id, appId, displayName };
  }
  const user = users.get(id);
  if (!user) return undefined;
  const { displayName, userPrincipalName } = user;
  return { "@odata.type": "#microsoft.graph.user", id, displayName, userPrincipalName };
}

function ofVersion(version: Version, shape: Shape): Shape {
  if (version === "beta") return shape;
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !betaProperties.has(name)));
}
