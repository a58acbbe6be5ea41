import { findServicePrincipal, type KnownServicePrincipal } from "../entra/directory.ts";
import type { Store } from "../store.ts";
import {
  azureDevOpsData,
  type BuildServiceSubject,
  type Entitlement,
  type GroupSubject,
  type Organization,
  type Project,
  type ServicePrincipalSubject,
  type Subject,
} from "./entities.ts";
import {
  derivedGuid,
  groupSid,
  storageKeyOf,
  subjectDescriptor,
  wellKnownGroups,
  wellKnownSid,
} from "./identifiers.ts";
import { addMembership, groupsIn } from "./memberships.ts";

/**
 * The groups that a new organization and a new project come with.
 * https://learn.microsoft.com/azure/devops/organizations/security/permissions
 */
const organizationGroups: Readonly<Record<string, string>> = {
  "Project Collection Administrators":
    "Members of this application group can perform all privileged operations on the Team Project Collection.",
  "Project Collection Valid Users":
    "This application group contains all users and groups that have access to the Team Project Collection.",
  "Project Collection Build Administrators":
    "Members of this group should include accounts for people who should be able to administer the build resources.",
  "Project Collection Build Service Accounts":
    "Members of this group should include the service accounts used by the build services set up for this project collection.",
  "Project Collection Proxy Service Accounts":
    "This group should only include service accounts used by proxies set up for this team project collection.",
  "Project Collection Service Accounts": "This application group contains Team Project Collection service accounts.",
  "Project Collection Test Service Accounts":
    "Members of this group should include the service accounts used by the test controllers set up for this project collection.",
  "Security Service Group":
    "Identities which are granted explicit permission to a resource will be automatically added to this group if they were not previously a member of any other group.",
};

const projectGroups: Readonly<Record<string, string>> = {
  "Project Administrators": "Members of this group can perform all operations in the team project.",
  "Project Valid Users": "Members of this group have access to the team project.",
  "Build Administrators":
    "Members of this group can create, modify and delete build definitions and manage queued and completed builds.",
  Contributors: "Members of this group can add, modify, and delete items within the team project.",
  "Endpoint Administrators":
    "Members of this group should include accounts for people who should be able to manage all the service connections.",
  "Endpoint Creators":
    "Members of this group should include accounts for people who should be able to create service connections.",
  Readers: "Members of this group have access to the team project.",
  "Release Administrators": "Members of this group can perform all operations on Release Management.",
};

/** Makes an organization with its groups and its build service. */
export function createOrganization(store: Store, organization: Organization): void {
  const data = azureDevOpsData(store);
  data.organizations.insert(organization);
  for (const [name, description] of Object.entries(organizationGroups)) {
    data.subjects.insert(newGroup(organization.id, null, name, description));
  }
  const buildService = newBuildService(organization, undefined);
  data.subjects.insert(buildService);
  addMembership(
    store,
    buildService,
    groupNamed(store, organization.id, null, "Project Collection Build Service Accounts"),
  );
}

/** Makes a project with its groups, its team and its build service. */
export function createProject(store: Store, organization: Organization, project: Project): void {
  const data = azureDevOpsData(store);
  data.projects.insert(project);
  for (const [name, description] of Object.entries(projectGroups)) {
    data.subjects.insert(newGroup(organization.id, project.id, name, description));
  }
  const team = newGroup(organization.id, project.id, teamOf(project), "The default project team.");
  data.subjects.insert(team);
  addMembership(store, team, groupNamed(store, organization.id, project.id, "Contributors"));
  data.subjects.insert(newBuildService(organization, project));
}

/** The name of a project's default team. */
export const teamOf = (project: Project): string => `${project.name} Team`;

/**
 * Adds a service principal to the organization with a licence; changes the licence of one that was added before.
 * Undefined where the organization's tenant has no such service principal.
 * @param licence its `dateCreated` counts for a new member only
 */
export function entitle(
  store: Store,
  organization: Organization,
  objectId: string,
  licence: Pick<Entitlement, "accountLicenseType" | "licensingSource" | "dateCreated">,
): Entitlement | undefined {
  const { subjects, entitlements } = azureDevOpsData(store);
  const origin = findServicePrincipal(store, objectId);
  if (!origin || origin.tenantId !== organization.tenantId) return undefined;
  const subject = newServicePrincipal(organization, origin);
  if (!subjects.get(subject.id)) subjects.insert(subject);
  const { accountLicenseType, licensingSource } = licence;
  return entitlements.get(subject.id)
    ? entitlements.update(subject.id, { accountLicenseType, licensingSource })
    : entitlements.insert({ id: subject.id, organizationId: organization.id, ...licence });
}

/** Whether one more Basic licence can be assigned. The subject's own licence does not count. */
export function hasBasicLicence(store: Store, organization: Organization, subjectId: string): boolean {
  const taken = azureDevOpsData(store).entitlements.filter(
    (entitlement) =>
      entitlement.organizationId === organization.id &&
      entitlement.accountLicenseType === "express" &&
      entitlement.id !== subjectId,
  );
  return taken.length < organization.expressLicences;
}

/** Takes a subject out of the organization: its licence, memberships and feed roles go with it. */
export function removeSubject(store: Store, id: string): void {
  const data = azureDevOpsData(store);
  data.entitlements.delete(id);
  data.memberships.deleteWhere(({ memberId, containerId }) => memberId === id || containerId === id);
  data.feedRoles.deleteWhere(({ subjectId }) => subjectId === id);
  data.personalAccessTokens.deleteWhere(({ subjectId }) => subjectId === id);
  data.subjects.delete(id);
}

/** A group by its name; one that every organization or project has. */
export function groupNamed(store: Store, organizationId: string, projectId: string | null, name: string): GroupSubject {
  const found = groupsIn(store, organizationId).find(
    (group) => group.projectId === projectId && group.displayName === name,
  );
  if (!found) throw new Error(`there is no group ${name}`);
  return found;
}

/** The build services that a new feed of this scope admits. */
export function buildServicesOf(store: Store, organizationId: string, projectId: string | null): readonly Subject[] {
  return azureDevOpsData(store).subjects.filter(
    (subject) =>
      subject.kind === "buildService" &&
      subject.organizationId === organizationId &&
      (subject.projectId === null || subject.projectId === projectId),
  );
}

function newGroup(organizationId: string, projectId: string | null, name: string, description: string): GroupSubject {
  const scopeId = projectId ?? organizationId;
  const id = derivedGuid(4, "group", organizationId, scopeId, name);
  const wellKnown = wellKnownKind(name);
  const sid = wellKnown ? wellKnownSid(scopeId, wellKnownGroups[wellKnown]) : groupSid(scopeId, id);
  return {
    id,
    kind: "group",
    organizationId,
    projectId,
    displayName: name,
    description,
    wellKnown,
    descriptor: subjectDescriptor("vssgp", sid),
    legacyDescriptor: `Microsoft.TeamFoundation.Identity;${sid}`,
  };
}

function wellKnownKind(name: string): GroupSubject["wellKnown"] {
  if (name === "Project Collection Administrators" || name === "Project Administrators") return "administrators";
  return name.endsWith(" Valid Users") ? "validUsers" : null;
}

function newBuildService(organization: Organization, project: Project | undefined): BuildServiceSubject {
  const scopeId = project?.id ?? organization.id;
  const identifier = `${organization.id}:Build:${scopeId}`;
  const name = project ? `${project.name} Build Service` : "Project Collection Build Service";
  return {
    id: derivedGuid(4, "build service", identifier),
    kind: "buildService",
    organizationId: organization.id,
    projectId: project?.id ?? null,
    displayName: `${name} (${organization.name})`,
    descriptor: subjectDescriptor("svc", identifier),
    legacyDescriptor: `Microsoft.TeamFoundation.ServiceIdentity;${identifier}`,
  };
}

function newServicePrincipal(organization: Organization, origin: KnownServicePrincipal): ServicePrincipalSubject {
  return {
    id: storageKeyOf(organization.id, origin.objectId),
    kind: "servicePrincipal",
    organizationId: organization.id,
    tenantId: origin.tenantId,
    originId: origin.objectId,
    applicationId: origin.appId,
    displayName: origin.displayName,
    descriptor: subjectDescriptor("aadsp", derivedGuid(7, "cuid", origin.tenantId, origin.objectId)),
    legacyDescriptor: `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${origin.tenantId}\\${origin.objectId}`,
  };
}
