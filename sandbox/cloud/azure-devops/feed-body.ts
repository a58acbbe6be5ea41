import type { Store } from "../store.ts";
import { azureDevOpsData, type Feed, type Organization } from "./entities.ts";
import { derivedGuid } from "./identifiers.ts";

/** The views that every feed has. All packages are in the first, and the others show what was promoted to them. */
const viewKinds = [
  { name: "Local", type: "implicit" },
  { name: "Prerelease", type: "release" },
  { name: "Release", type: "release" },
] as const;

/** A feed as the service shows it (https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management/get-feed). */
export function feedBody(store: Store, organization: Organization, feed: Feed): object {
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
    defaultViewId: viewId(feed, viewKinds[0].name),
    ...(feed.deletedDate !== null && deletionDates(feed.deletedDate)),
    viewId: null,
    viewName: null,
    fullyQualifiedName: feed.name,
    fullyQualifiedId: feed.id,
    view: null,
    id: feed.id,
    name: feed.name,
    isReadOnly: false,
    upstreamEnabled: feed.upstreamEnabled,
    upstreamSources: feed.upstreamSources,
    capabilities: "defaultCapabilities",
    ...projectOf(store, feed),
  };
}

/** A feed's views, as the service shows them. */
export function feedViews(organization: Organization, feed: Feed) {
  return viewKinds.map(({ name, type }) => {
    const id = viewId(feed, name);
    const url = `${feedUrl(organization, feed)}/Views/${id}`;
    return { id, name, url, _links: { self: { href: url } }, type, visibility: "private" };
  });
}

const viewId = (feed: Feed, name: string): string => derivedGuid(4, "view", feed.id, name);

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
