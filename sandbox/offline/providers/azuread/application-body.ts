import type { Properties } from "../definition.ts";
import { claimsText, listOf, objectOf, orNull, textOf } from "./conversions.ts";
import type { GraphObject } from "./graph.ts";
import { featureTagNames } from "./tags.ts";

/** The body that creates an application, without its owners. Every property is sent, so that each is as the inputs say. */
export function applicationBody(inputs: Properties): GraphObject {
  return {
    api: apiBody(inputs.api),
    appRoles: appRolesBody(inputs.appRoles),
    ...alwaysUpdated(inputs),
    identifierUris: listOf(inputs.identifierUris),
    optionalClaims: optionalClaimsBody(inputs.optionalClaims),
    requiredResourceAccess: resourceAccessBody(inputs.requiredResourceAccesses),
    tags: wantedTags(inputs, {}),
  };
}

/** The body that updates an application: what is always sent, and of the rest what changed. */
export function applicationUpdate(
  inputs: Properties,
  outputs: Properties,
  changed: (name: string) => boolean,
): GraphObject {
  const { oauth2PermissionScopes, ...api } = apiBody(inputs.api);
  return {
    ...alwaysUpdated(inputs),
    api: { ...api, ...(changed("api") && { oauth2PermissionScopes }) },
    ...(changed("appRoles") && { appRoles: appRolesBody(inputs.appRoles) }),
    ...(changed("identifierUris") && { identifierUris: listOf(inputs.identifierUris) }),
    ...(changed("optionalClaims") && { optionalClaims: optionalClaimsBody(inputs.optionalClaims) }),
    ...(changed("requiredResourceAccesses") && {
      requiredResourceAccess: resourceAccessBody(inputs.requiredResourceAccesses),
    }),
    tags: wantedTags(inputs, outputs),
  };
}

/** Tags stay as they are where the program names neither tags nor features. */
export function wantedTags(inputs: Properties, outputs: Properties): readonly string[] {
  const features = objectOf(listOf(inputs.featureTags)[0] ?? listOf(inputs.features)[0]);
  if (Object.keys(features).length > 0) return featureTagNames(features);
  return listOf(inputs.tags ?? outputs.tags);
}

/** Roles as Graph takes them. */
export function appRolesBody(roles: unknown): readonly GraphObject[] {
  return listOf<Properties>(roles).map((role) => ({
    id: role.id,
    allowedMemberTypes: role.allowedMemberTypes,
    description: role.description,
    displayName: role.displayName,
    isEnabled: role.enabled ?? true,
    value: textOf(role.value),
  }));
}

/** Delegated permissions as Graph takes them. */
export function scopesBody(scopes: unknown): readonly GraphObject[] {
  return listOf<Properties>(scopes).map((scope) => ({
    adminConsentDescription: textOf(scope.adminConsentDescription),
    adminConsentDisplayName: textOf(scope.adminConsentDisplayName),
    id: scope.id,
    isEnabled: scope.enabled ?? true,
    type: scope.type ?? "User",
    userConsentDescription: textOf(scope.userConsentDescription),
    userConsentDisplayName: textOf(scope.userConsentDisplayName),
    value: textOf(scope.value),
  }));
}

/** What of an application comes from its API block. */
export function apiBody(input: unknown) {
  const api = objectOf(input);
  return {
    acceptMappedClaims: api.mappedClaimsEnabled ?? false,
    knownClientApplications: listOf(api.knownClientApplications),
    oauth2PermissionScopes: scopesBody(api.oauth2PermissionScopes),
    requestedAccessTokenVersion: api.requestedAccessTokenVersion ?? 1,
  };
}

function alwaysUpdated(inputs: Properties): GraphObject {
  return {
    description: orNull(inputs.description),
    displayName: inputs.displayName,
    groupMembershipClaims: claimsText(inputs.groupMembershipClaims),
    info: {
      marketingUrl: orNull(inputs.marketingUrl),
      privacyStatementUrl: orNull(inputs.privacyStatementUrl),
      supportUrl: orNull(inputs.supportUrl),
      termsOfServiceUrl: orNull(inputs.termsOfServiceUrl),
    },
    isDeviceOnlyAuthSupported: inputs.deviceOnlyAuthEnabled ?? false,
    isFallbackPublicClient: inputs.fallbackPublicClientEnabled ?? false,
    notes: orNull(inputs.notes),
    publicClient: { redirectUris: listOf(objectOf(inputs.publicClient).redirectUris) },
    serviceManagementReference: orNull(inputs.serviceManagementReference),
    signInAudience: inputs.signInAudience,
    spa: { redirectUris: listOf(objectOf(inputs.singlePageApplication).redirectUris) },
    web: webBody(objectOf(inputs.web)),
  };
}

function webBody(web: Properties): GraphObject {
  const grant = objectOf(web.implicitGrant);
  return {
    homePageUrl: orNull(web.homepageUrl),
    implicitGrantSettings: {
      enableAccessTokenIssuance: grant.accessTokenIssuanceEnabled ?? false,
      enableIdTokenIssuance: grant.idTokenIssuanceEnabled ?? false,
    },
    logoutUrl: orNull(web.logoutUrl),
    redirectUris: listOf(web.redirectUris),
  };
}

function optionalClaimsBody(input: unknown): GraphObject {
  const claims = objectOf(input);
  if (Object.keys(claims).length === 0) return {};
  return {
    accessToken: optionalClaimBody(claims.accessTokens),
    idToken: optionalClaimBody(claims.idTokens),
    saml2Token: optionalClaimBody(claims.saml2Tokens),
  };
}

function optionalClaimBody(claims: unknown): readonly GraphObject[] {
  return listOf<Properties>(claims).map((claim) => ({
    name: claim.name,
    essential: claim.essential ?? false,
    additionalProperties: listOf(claim.additionalProperties),
    ...(textOf(claim.source) !== "" && { source: claim.source }),
  }));
}

function resourceAccessBody(accesses: unknown): readonly GraphObject[] {
  return listOf<Properties>(accesses).map((access) => ({
    resourceAppId: access.resourceAppId,
    resourceAccess: listOf<Properties>(access.resourceAccesses).map(({ id, type }) => ({ id, type })),
  }));
}
