import type { Store } from "../store.ts";
import { azureDevOpsData, type GroupSubject, type Project, type Subject } from "./entities.ts";

/**
 * The ids of the groups that contain the subject, through whatever groups. The Valid Users groups have no members of
 * their own: everyone in the organization is in its group, and everyone in a project's groups is in the project's
 * (https://learn.microsoft.com/azure/devops/organizations/security/about-permissions#valid-user-groups).
 */
export function groupsOf(store: Store, subject: Subject): ReadonlySet<string> {
  const data = azureDevOpsData(store);
  const memberships = data.memberships.all();
  const found = new Set<string>();
  let outermost: readonly string[] = [subject.id];
  while (outermost.length > 0) {
    const containers = memberships.filter(({ memberId }) => outermost.includes(memberId)).map((m) => m.containerId);
    outermost = containers.filter((id) => !found.has(id));
    for (const id of outermost) found.add(id);
  }
  const groups = groupsIn(store, subject.organizationId);
  const projects = new Set(groups.filter((group) => found.has(group.id)).map((group) => group.projectId));
  if (subject.kind !== "group") projects.add(null);
  for (const group of groups) {
    if (group.wellKnown === "validUsers" && projects.has(group.projectId)) found.add(group.id);
  }
  return found;
}

/** The subjects that are in the group without another group between. */
export function membersOf(store: Store, group: GroupSubject): readonly Subject[] {
  const { memberships, subjects } = azureDevOpsData(store);
  if (group.wellKnown === "validUsers") {
    return subjects.filter(
      (subject) =>
        subject.organizationId === group.organizationId &&
        subject.kind !== "group" &&
        groupsOf(store, subject).has(group.id),
    );
  }
  const members = new Set(memberships.filter(({ containerId }) => containerId === group.id).map((m) => m.memberId));
  return subjects.filter((subject) => members.has(subject.id));
}

/** The groups that the subject is in without another group between. */
export function directGroupsOf(store: Store, subject: Subject): readonly Subject[] {
  const { memberships, subjects } = azureDevOpsData(store);
  const containers = new Set(memberships.filter(({ memberId }) => memberId === subject.id).map((m) => m.containerId));
  return subjects.filter(({ id }) => containers.has(id));
}

/** All groups of an organization, its projects' groups among them. */
export function groupsIn(store: Store, organizationId: string): readonly GroupSubject[] {
  return azureDevOpsData(store)
    .subjects.filter((subject) => subject.organizationId === organizationId)
    .filter((subject) => subject.kind === "group");
}

/** Puts a subject into a group; nothing changes where it is in it. */
export function addMembership(store: Store, member: Subject, group: GroupSubject): void {
  const { memberships } = azureDevOpsData(store);
  const id = `${member.id}/${group.id}`;
  if (!memberships.get(id)) memberships.insert({ id, memberId: member.id, containerId: group.id });
}

/** Whether the subject is in Project Collection Administrators. */
export const isCollectionAdministrator = (store: Store, subject: Subject): boolean =>
  isIn(store, subject, null, "administrators");

/** Whether the subject may change who is in the project's groups. */
export const isProjectAdministrator = (store: Store, projectId: string, subject: Subject): boolean =>
  isCollectionAdministrator(store, subject) || isIn(store, subject, projectId, "administrators");

/**
 * Whether the subject sees the project: all members see one that is not private; a private one only who is in one of
 * its groups, who administers the organization, and what builds in it.
 * https://learn.microsoft.com/azure/devops/organizations/projects/project-visibility
 */
export function canReadProject(store: Store, project: Project, subject: Subject): boolean {
  if (project.visibility !== "private") return true;
  if (subject.kind === "buildService") return subject.projectId === null || subject.projectId === project.id;
  return isIn(store, subject, project.id, "validUsers") || isCollectionAdministrator(store, subject);
}

function isIn(store: Store, subject: Subject, projectId: string | null, wellKnown: GroupSubject["wellKnown"]): boolean {
  const group = groupsIn(store, subject.organizationId).find(
    (candidate) => candidate.projectId === projectId && candidate.wellKnown === wellKnown,
  );
  return group !== undefined && groupsOf(store, subject).has(group.id);
}
