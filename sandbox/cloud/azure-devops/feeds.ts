import type { Store } from "../store.ts";
import {
  azureDevOpsData,
  type Feed,
  type FeedRole,
  type Organization,
  type Project,
  type Subject,
  type UpstreamSource,
} from "./entities.ts";
import { failures } from "./errors.ts";
import { addStandardViews, type ViewVisibilities } from "./feed-views.ts";
import { derivedGuid } from "./identifiers.ts";
import { forgetPackages } from "./packages/feed-packages.ts";
import { buildServicesOf } from "./provision.ts";

/** Where to look for a feed. The wrong scope finds nothing: a project's feed is not there without its project. */
export interface FeedScope {
  readonly organization: Organization;
  readonly project: Project | undefined;
}

/** The feeds of a scope, those in the recycle bin among them. */
export function feedsIn(store: Store, { organization, project }: FeedScope): readonly Feed[] {
  return azureDevOpsData(store).feeds.filter(
    (feed) => feed.organizationId === organization.id && feed.projectId === (project?.id ?? null),
  );
}

/**
 * The feed in use with this id or name.
 * @throws ServiceError 404
 */
export function demandFeed(store: Store, scope: FeedScope, idOrName: string): Feed {
  const found = feedsIn(store, scope).find((feed) => feed.deletedDate === null && isCalled(feed, idOrName));
  if (!found) throw failures.feedUnknown(idOrName);
  return found;
}

/**
 * The feed in the recycle bin with this id or name.
 * @throws ServiceError 404
 */
export function demandDeletedFeed(store: Store, scope: FeedScope, idOrName: string): Feed {
  const found = feedsIn(store, scope).find((feed) => feed.deletedDate !== null && isCalled(feed, idOrName));
  if (!found) throw failures.feedUnknown(idOrName);
  return found;
}

export const isCalled = (feed: Feed, idOrName: string): boolean =>
  feed.id === idOrName.toLowerCase() || feed.name.toLowerCase() === idOrName.toLowerCase();

export type NewFeed = Pick<Feed, "name"> &
  Partial<
    Pick<Feed, "description" | "upstreamEnabled" | "upstreamSources" | "hideDeletedPackageVersions" | "badgesEnabled">
  >;

/**
 * Makes a feed. Its creator administers it, and the build services of its scope may read it and save from upstreams
 * (https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions).
 * @param visibilities of the views that it comes with
 * @throws ServiceError 400 for a name that no feed can have, 409 for one that is taken or reserved
 */
export function createFeed(
  store: Store,
  scope: FeedScope,
  id: string,
  wanted: NewFeed,
  creator: Subject,
  visibilities: ViewVisibilities = {},
): Feed {
  demandFreeName(store, scope, wanted.name, undefined);
  const { organization, project } = scope;
  const feed = azureDevOpsData(store).feeds.insert({
    id,
    organizationId: organization.id,
    projectId: project?.id ?? null,
    description: null,
    upstreamEnabled: true,
    upstreamSources: [],
    hideDeletedPackageVersions: true,
    badgesEnabled: false,
    ...wanted,
    deletedDate: null,
    change: nextChange(store, organization),
  });
  addStandardViews(store, feed, visibilities);
  for (const service of buildServicesOf(store, organization.id, feed.projectId)) {
    setFeedRole(store, feed, service, "collaborator");
  }
  setFeedRole(store, feed, creator, "administrator");
  return feed;
}

/** Changes a feed and counts the change. */
export function changeFeed(store: Store, scope: FeedScope, feed: Feed, changes: Partial<Omit<Feed, "id">>): Feed {
  if (changes.name !== undefined) demandFreeName(store, scope, changes.name, feed);
  return azureDevOpsData(store).feeds.update(feed.id, { ...changes, change: nextChange(store, scope.organization) });
}

/** Sets a subject's role on a feed, or takes it away. */
export function setFeedRole(store: Store, feed: Feed, subject: Subject, role: FeedRole | undefined): void {
  const { feedRoles } = azureDevOpsData(store);
  const id = `${feed.id}/${subject.id}`;
  if (role === undefined) feedRoles.delete(id);
  else if (feedRoles.get(id)) feedRoles.update(id, { role });
  else feedRoles.insert({ id, feedId: feed.id, subjectId: subject.id, role });
}

/** Removes a feed and its packages for good; its name is free again. */
export function purgeFeed(store: Store, feed: Feed): void {
  const data = azureDevOpsData(store);
  data.feeds.delete(feed.id);
  data.feedViews.deleteWhere(({ feedId }) => feedId === feed.id);
  data.feedRoles.deleteWhere(({ feedId }) => feedId === feed.id);
  forgetPackages(store, feed);
}

/** PyPI as an upstream source of a feed. */
export const pypiUpstream = (feedId: string): UpstreamSource => ({
  id: derivedGuid(4, "upstream", feedId, "pypi"),
  name: "PyPI",
  protocol: "pypi",
  location: "https://pypi.org/",
  displayLocation: "https://pypi.org/",
  upstreamSourceType: "public",
  status: "ok",
});

function demandFreeName(store: Store, scope: FeedScope, name: string, self: Feed | undefined): void {
  if (!isFeedName(name)) throw failures.feedNameInvalid(name);
  const taken = feedsIn(store, scope).find((feed) => feed.id !== self?.id && isCalled(feed, name));
  if (taken) throw taken.deletedDate === null ? failures.feedNameTaken(name) : failures.feedNameReserved(name);
}

/**
 * The rule for the names of feeds: https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management/create-feed
 * Views have none in the documentation; they are part of the same addresses and are held to it, too.
 */
export function isFeedName(name: string): boolean {
  const illegal = /[\s@~;{}'+=<>|/\\?:&$*"#[\]%]/;
  return name.length > 0 && name.length <= 64 && !illegal.test(name) && !/^[_.]|\.$/.test(name);
}

function nextChange(store: Store, organization: Organization): number {
  const feeds = azureDevOpsData(store).feeds.filter((feed) => feed.organizationId === organization.id);
  return Math.max(0, ...feeds.map(({ change }) => change)) + 1;
}
