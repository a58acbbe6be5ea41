import type { Store } from "../store.ts";
import { azureDevOpsData, type Feed, type FeedRole, feedRoles, type Subject } from "./entities.ts";
import { failures } from "./errors.ts";
import { groupsIn, groupsOf } from "./memberships.ts";

/**
 * The least role for each permission on a feed, by the names that refusals use.
 * https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions
 */
const leastRole = {
  ReadPackages: "reader",
  AddUpstreamPackage: "collaborator",
  AddPackage: "contributor",
  UpdatePackage: "contributor",
  DelistPackage: "contributor",
  DeletePackage: "administrator",
  EditFeed: "administrator",
  DeleteFeed: "administrator",
  AdministerFeed: "administrator",
} as const satisfies Record<string, FeedRole>;

export type FeedPermission = keyof typeof leastRole;

/** One line of a feed's permissions. */
export interface FeedEntry {
  readonly subject: Subject;
  readonly role: FeedRole;
  /** True where it comes from the organization and cannot be changed on the feed. */
  readonly inherited: boolean;
}

/** The roles on a feed: those that were set on it, and Project Collection Administrators, who administer every feed. */
export function feedEntries(store: Store, feed: Feed): readonly FeedEntry[] {
  const { feedRoles: assignments, subjects } = azureDevOpsData(store);
  const direct = assignments
    .filter(({ feedId }) => feedId === feed.id)
    .flatMap(({ subjectId, role }) => {
      const subject = subjects.get(subjectId);
      return subject ? [{ subject, role, inherited: false }] : [];
    });
  const inherited = groupsIn(store, feed.organizationId)
    .filter((group) => group.projectId === null && group.wellKnown === "administrators")
    .filter((group) => !direct.some(({ subject, role }) => subject.id === group.id && role === "administrator"))
    .map((subject) => ({ subject, role: "administrator" as const, inherited: true }));
  return [...direct, ...inherited];
}

/**
 * The subject's role on the feed: the highest of its own and of all groups that it is in, through whatever groups.
 * Undefined where it has none. Access to a project-scoped feed's project is another matter: `canReadProject`.
 */
export function feedRoleOf(store: Store, feed: Feed, identity: Subject): FeedRole | undefined {
  const groups = groupsOf(store, identity);
  const ranks = feedEntries(store, feed)
    .filter(({ subject }) => subject.id === identity.id || groups.has(subject.id))
    .map(({ role }) => feedRoles.indexOf(role));
  return feedRoles[Math.max(-1, ...ranks)];
}

/** Whether the subject may do this on the feed. */
export function hasFeedPermission(store: Store, feed: Feed, identity: Subject, permission: FeedPermission): boolean {
  const role = feedRoleOf(store, feed, identity);
  return role !== undefined && feedRoles.indexOf(role) >= feedRoles.indexOf(leastRole[permission]);
}

/** @throws ServiceError 403 where the subject lacks the permission */
export function demandFeedPermission(store: Store, feed: Feed, identity: Subject, permission: FeedPermission): void {
  if (!hasFeedPermission(store, feed, identity, permission))
    throw failures.feedNeedsPermission(identity.id, permission);
}
