import { type FeedLocation, feedPath } from "../../src/feed.ts";
import type { FeedSettings, Settings } from "../../src/settings/schema.ts";
import { azureDevOpsData, type Organization } from "../cloud/azure-devops/entities.ts";
import { createFeed, feedsIn, isCalled, pypiUpstream } from "../cloud/azure-devops/feeds.ts";
import { derivedGuid } from "../cloud/azure-devops/identifiers.ts";
import { defaultProcessId } from "../cloud/azure-devops/projects.ts";
import { createProject } from "../cloud/azure-devops/provision.ts";
import { seedAzureDevOps } from "../cloud/azure-devops/seed.ts";
import { directory } from "../cloud/entra/directory.ts";
import type { Store } from "../cloud/store.ts";

/**
 * Makes what a stack file takes for granted of its feeds: the organization, the projects, and the feeds themselves with
 * their views, unless the stack makes one. What is there stays.
 * @param clientId the platform team's
 * @param made a feed that is not there yet all the same
 */
export function seedFeeds(store: Store, settings: Settings, clientId: string, made?: FeedLocation): void {
  const platform = directory(store).servicePrincipals.find(({ appId }) => appId === clientId);
  if (!platform) throw new Error("the platform team has a service principal");
  const feeds = Object.values(settings.feeds);
  const others = feeds.filter((feed) => made === undefined || !same(feedPath(feed), feedPath(made)));
  for (const feed of others) {
    const organization = openOrganization(store, feed.organization, settings.tenantId, platform.id);
    seedFeed(store, organization, feed, { ownerId: platform.id, isOnlyOne: feeds.length === 1 });
  }
}

function openOrganization(store: Store, name: string, tenantId: string, administrator: string): Organization {
  const data = azureDevOpsData(store);
  const find = () => data.organizations.find((organization) => same(organization.name, name));
  if (!find()) seedAzureDevOps(store, { organizations: [{ name, tenantId, administrators: [administrator] }] });
  const found = find();
  if (!found) throw new Error(`the seed makes the organization ${name}`);
  return found;
}

interface Surroundings {
  /** The object id of the platform team's service principal. */
  readonly ownerId: string;
  readonly isOnlyOne: boolean;
}

function seedFeed(store: Store, organization: Organization, feed: FeedSettings, { ownerId, isOnlyOne }: Surroundings) {
  const data = azureDevOpsData(store);
  const project = feed.project === undefined ? undefined : openProject(store, organization, feed.project);
  const scope = { organization, project };
  const found = feedsIn(store, scope).find((one) => isCalled(one, feed.name));
  if (feed.create || found) return;
  const creator = data.subjects.find(
    (subject) =>
      subject.kind === "servicePrincipal" && subject.organizationId === organization.id && subject.originId === ownerId,
  );
  if (!creator) throw new Error("the platform team is in the organization");
  const id = derivedGuid(4, "feed", organization.id, project?.name ?? "", feed.name);
  // Among several, one with public packages would be refused.
  const hasUpstreams = feed.upstreams ?? isOnlyOne;
  const wanted = { name: feed.name, upstreamSources: hasUpstreams ? [pypiUpstream(id)] : [] };
  createFeed(store, scope, id, wanted, creator, {
    Local: "collection",
    Prerelease: "collection",
    Release: "collection",
  });
}

function openProject(store: Store, organization: Organization, name: string) {
  const found = azureDevOpsData(store).projects.find(
    (project) => project.organizationId === organization.id && same(project.name, name),
  );
  if (found) return found;
  const project = {
    id: derivedGuid(4, "project", organization.id, name),
    organizationId: organization.id,
    name,
    description: "",
    visibility: "private",
    templateTypeId: defaultProcessId,
    lastUpdateTime: new Date().toISOString(),
  } as const;
  createProject(store, organization, project);
  return project;
}

const same = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();
