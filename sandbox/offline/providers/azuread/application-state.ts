import type { Properties } from "../definition.ts";
import { claimsList, listOf, objectOf, textOf } from "./conversions.ts";
import type { GraphObject } from "./graph.ts";
import { featureBlock } from "./tags.ts";

/** What an application consists of beside its directory object. */
export interface ApplicationExtras {
  /** Only the beta API gives it: https://github.com/microsoftgraph/msgraph-metadata/issues/273 */
  readonly postResponseRequired: unknown;
  /** Object ids. */
  readonly owners: readonly string[];
}

/** An application's properties as the official provider keeps them in the state. */
export function applicationState(application: GraphObject, extras: ApplicationExtras): Properties {
  const [api, info, web] = [objectOf(application.api), objectOf(application.info), objectOf(application.web)];
  const grant = objectOf(web.implicitGrantSettings);
  const claims = objectOf(application.optionalClaims);
  return {
    api: {
      knownClientApplications: listOf(api.knownClientApplications),
      mappedClaimsEnabled: api.acceptMappedClaims ?? false,
      oauth2PermissionScopes: scopesState(api.oauth2PermissionScopes),
      requestedAccessTokenVersion: api.requestedAccessTokenVersion ?? 1,
    },
    appRoleIds: idsByValue(application.appRoles),
    appRoles: appRolesState(application.appRoles),
    clientId: textOf(application.appId),
    description: textOf(application.description),
    deviceOnlyAuthEnabled: application.isDeviceOnlyAuthSupported ?? false,
    disabledByMicrosoft: textOf(application.disabledByMicrosoftStatus),
    displayName: textOf(application.displayName),
    fallbackPublicClientEnabled: application.isFallbackPublicClient ?? false,
    featureTags: [featureBlock(listOf(application.tags))],
    groupMembershipClaims: claimsList(application.groupMembershipClaims),
    identifierUris: listOf(application.identifierUris),
    logoUrl: textOf(info.logoUrl),
    marketingUrl: textOf(info.marketingUrl),
    notes: textOf(application.notes),
    oauth2PermissionScopeIds: idsByValue(api.oauth2PermissionScopes),
    oauth2PostResponseRequired: extras.postResponseRequired ?? false,
    objectId: application.id,
    optionalClaims: {
      accessTokens: optionalClaimState(claims.accessToken),
      idTokens: optionalClaimState(claims.idToken),
      saml2Tokens: optionalClaimState(claims.saml2Token),
    },
    owners: extras.owners,
    privacyStatementUrl: textOf(info.privacyStatementUrl),
    publicClient: { redirectUris: listOf(objectOf(application.publicClient).redirectUris) },
    publisherDomain: textOf(application.publisherDomain),
    requiredResourceAccesses: listOf<GraphObject>(application.requiredResourceAccess).map((access) => ({
      resourceAppId: access.resourceAppId,
      resourceAccesses: listOf<GraphObject>(access.resourceAccess).map(({ id, type }) => ({ id, type })),
    })),
    serviceManagementReference: textOf(application.serviceManagementReference),
    signInAudience: textOf(application.signInAudience),
    singlePageApplication: { redirectUris: listOf(objectOf(application.spa).redirectUris) },
    supportUrl: textOf(info.supportUrl),
    tags: listOf(application.tags),
    templateId: textOf(application.applicationTemplateId),
    termsOfServiceUrl: textOf(info.termsOfServiceUrl),
    web: {
      homepageUrl: textOf(web.homePageUrl),
      implicitGrant: {
        accessTokenIssuanceEnabled: grant.enableAccessTokenIssuance ?? false,
        idTokenIssuanceEnabled: grant.enableIdTokenIssuance ?? false,
      },
      logoutUrl: textOf(web.logoutUrl),
      redirectUris: listOf(web.redirectUris),
    },
  };
}

/** Roles as the provider shows them. */
export function appRolesState(roles: unknown): readonly Properties[] {
  return listOf<GraphObject>(roles).map((role) => ({
    id: role.id,
    allowedMemberTypes: listOf(role.allowedMemberTypes),
    description: textOf(role.description),
    displayName: textOf(role.displayName),
    enabled: role.isEnabled ?? false,
    value: textOf(role.value),
  }));
}

/** Delegated permissions as the provider shows them. */
export function scopesState(scopes: unknown): readonly Properties[] {
  return listOf<GraphObject>(scopes).map((scope) => ({
    adminConsentDescription: textOf(scope.adminConsentDescription),
    adminConsentDisplayName: textOf(scope.adminConsentDisplayName),
    enabled: scope.isEnabled ?? false,
    id: scope.id,
    type: textOf(scope.type),
    userConsentDescription: textOf(scope.userConsentDescription),
    userConsentDisplayName: textOf(scope.userConsentDisplayName),
    value: textOf(scope.value),
  }));
}

/** The ids of roles or permissions by their value, as a program looks them up. */
export function idsByValue(items: unknown): Properties {
  const named = listOf<GraphObject>(items).filter(({ value }) => textOf(value) !== "");
  return Object.fromEntries(named.map(({ value, id }) => [textOf(value), id]));
}

function optionalClaimState(claims: unknown): readonly Properties[] {
  return listOf<GraphObject>(claims).map((claim) => ({
    name: claim.name,
    essential: claim.essential ?? false,
    source: textOf(claim.source),
    additionalProperties: listOf(claim.additionalProperties),
  }));
}
