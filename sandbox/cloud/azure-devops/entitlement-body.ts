import type { Store } from "../store.ts";
import {
  type AccountLicenceType,
  azureDevOpsData,
  type Entitlement,
  type Organization,
  type Subject,
} from "./entities.ts";
import { graphSubject } from "./graph-bodies.ts";
import { groupsIn, groupsOf } from "./memberships.ts";

/** The names of licences in messages and filters, e.g. `Account-Express`. */
export const licenceIds = {
  none: "None",
  earlyAdopter: "Account-EarlyAdopter",
  express: "Account-Express",
  professional: "Account-Professional",
  advanced: "Account-Advanced",
  stakeholder: "Account-Stakeholder",
} as const satisfies Record<AccountLicenceType, string>;

const licenceNames = {
  none: "None",
  earlyAdopter: "Early Adopter",
  express: "Basic",
  professional: "Professional",
  advanced: "Basic + Test Plans",
  stakeholder: "Stakeholder",
} as const satisfies Record<AccountLicenceType, string>;

/** What projects call the kinds of their groups here. */
const groupTypes: Readonly<Record<string, string>> = {
  Readers: "projectReader",
  Contributors: "projectContributor",
  "Project Administrators": "projectAdministrator",
};

/**
 * An entitlement without the member, whom each resource names in its own way
 * (https://github.com/MicrosoftDocs/vsts-rest-api-specs/tree/master/specification/memberEntitlementManagement/7.1).
 */
export function entitlementBody(store: Store, subject: Subject, entitlement: Entitlement): object {
  return {
    id: entitlement.id,
    accessLevel: {
      licensingSource: entitlement.licensingSource,
      accountLicenseType: entitlement.accountLicenseType,
      msdnLicenseType: "none",
      licenseDisplayName: licenceNames[entitlement.accountLicenseType],
      status: "active",
      statusMessage: "",
      assignmentSource: "unknown",
    },
    lastAccessedDate: "0001-01-01T00:00:00Z",
    dateCreated: entitlement.dateCreated,
    projectEntitlements: projectEntitlements(store, subject),
    extensions: [],
    groupAssignments: [],
  };
}

/** The entitlement of a service principal. */
export function servicePrincipalEntitlementBody(
  store: Store,
  organization: Organization,
  subject: Subject,
  entitlement: Entitlement,
): object {
  return {
    servicePrincipal: graphSubject(store, organization, subject),
    ...entitlementBody(store, subject, entitlement),
  };
}

function projectEntitlements(store: Store, subject: Subject): readonly object[] {
  const memberships = groupsOf(store, subject);
  return groupsIn(store, subject.organizationId).flatMap((group) => {
    const groupType = groupTypes[group.displayName];
    const project = group.projectId === null ? undefined : azureDevOpsData(store).projects.get(group.projectId);
    if (!groupType || !project || !memberships.has(group.id)) return [];
    return [
      {
        projectRef: { id: project.id, name: project.name },
        group: { groupType, displayName: group.displayName },
        projectPermissionInherited: "notInherited",
        teamRefs: [],
        assignmentSource: "unknown",
      },
    ];
  });
}
