import type { Properties } from "../definition.ts";
import { appRolesState, idsByValue, scopesState } from "./application-state.ts";
import { listOf, objectOf, textOf } from "./conversions.ts";
import type { GraphObject } from "./graph.ts";
import { deprecatedFeatureBlock, featureBlock } from "./tags.ts";

/**
 * A service principal's properties as the official provider keeps them in the state, without its owners.
 * @param samlMetadataUrl only the beta API gives it
 */
export function servicePrincipalState(principal: GraphObject, samlMetadataUrl: unknown): Properties {
  return {
    ...servicePrincipalSummary(principal, samlMetadataUrl),
    alternativeNames: listOf(principal.alternativeNames),
    appRoleIds: idsByValue(principal.appRoles),
    appRoles: appRolesState(principal.appRoles),
    description: textOf(principal.description),
    featureTags: [featureBlock(listOf(principal.tags))],
    features: [deprecatedFeatureBlock(listOf(principal.tags))],
    homepageUrl: textOf(principal.homepage),
    loginUrl: textOf(principal.loginUrl),
    logoutUrl: textOf(principal.logoutUrl),
    notes: textOf(principal.notes),
    notificationEmailAddresses: listOf(principal.notificationEmailAddresses),
    oauth2PermissionScopeIds: idsByValue(principal.oauth2PermissionScopes),
    oauth2PermissionScopes: scopesState(principal.oauth2PermissionScopes),
    redirectUris: listOf(principal.replyUrls),
    samlSingleSignOn: { relayState: textOf(objectOf(principal.samlSingleSignOnSettings).relayState) },
  };
}

/** What a list of service principals tells of each. */
export function servicePrincipalSummary(principal: GraphObject, samlMetadataUrl: unknown): Properties {
  const clientId = textOf(principal.appId);
  const names = listOf<string>(principal.servicePrincipalNames);
  return {
    accountEnabled: principal.accountEnabled ?? false,
    appRoleAssignmentRequired: principal.appRoleAssignmentRequired ?? false,
    applicationTenantId: textOf(principal.appOwnerOrganizationId),
    clientId,
    displayName: textOf(principal.displayName),
    objectId: principal.id,
    preferredSingleSignOnMode: textOf(principal.preferredSingleSignOnMode),
    samlMetadataUrl: textOf(samlMetadataUrl),
    servicePrincipalNames: names.filter((name) => name.toLowerCase() !== clientId.toLowerCase()),
    signInAudience: textOf(principal.signInAudience),
    tags: listOf(principal.tags),
    type: textOf(principal.servicePrincipalType),
  };
}
