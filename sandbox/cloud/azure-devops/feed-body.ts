import type { Store } from "../store.ts";
import { azureDevOpsData, type Feed, type FeedView, type Organization } from "./entities.ts";
import { localViewId } from "./feed-views.ts";

/**
 * A feed as the service shows it (https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management/get-feed).
 * @param view the view that it is looked at through: it is in the qualified name and id, and makes the feed read-only
 */
export function feedBody(store: Store, organization: Organization, feed: Feed, view?: FeedView): object {
  const url = feedUrl(organization, feed);
  return {
    description: feed.description,
    url,
    _links: {
      self: { href: url },
      packages: { href: `${url}/Packages` },
      permissions: { href: `${url}/Permissions` },
    },
    hideDeletedPackageVersions: feed.hideDeletedPackageVersions,
    badgesEnabled: feed.badgesEnabled,
    defaultViewId: localViewId(feed),
    ...(feed.deletedDate !== null && deletionDates(feed.deletedDate)),
    viewId: view?.id ?? null,
    viewName: view?.name ?? null,
    fullyQualifiedName: view ? `${feed.name}@${view.name}` : feed.name,
    fullyQualifiedId: view ? `${feed.id}@${view.id}` : feed.id,
    view: view ? viewBody(organization, feed, view) : null,
    id: feed.id,
    name: feed.name,
    isReadOnly: view !== undefined,
    upstreamEnabled: feed.upstreamEnabled,
    upstreamSources: feed.upstreamSources,
    capabilities: "defaultCapabilities",
    ...projectOf(store, feed),
  };
}

/** A feed's view as the service shows it. */
export function viewBody(organization: Organization, feed: Feed, view: FeedView): object {
  const { id, name, type, visibility } = view;
  const url = `${feedUrl(organization, feed)}/Views/${id}`;
  return { id, name, url, _links: { self: { href: url } }, type, visibility };
}

function feedUrl(organization: Organization, feed: Feed): string {
  const scope = feed.projectId === null ? organization.name : `${organization.name}/${feed.projectId}`;
  return `https://feeds.dev.azure.com/${scope}/_apis/Packaging/Feeds/${feed.id}`;
}

/** A feed stays in the recycle bin for 30 days (https://learn.microsoft.com/azure/devops/artifacts/artifacts-key-concepts). */
function deletionDates(deletedDate: string): object {
  const purge = new Date(Date.parse(deletedDate) + 30 * 24 * 60 * 60 * 1000);
  return { deletedDate, scheduledPermanentDeleteDate: purge.toISOString() };
}

function projectOf(store: Store, feed: Feed): object {
  if (feed.projectId === null) return {};
  const project = azureDevOpsData(store).projects.get(feed.projectId);
  return project ? { project: { id: project.id, name: project.name, visibility: project.visibility } } : {};
}
