import { feedOf } from "../../src/feed.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { azureDevOpsData, type Organization } from "../cloud/azure-devops/entities.ts";
import { createFeed, feedsIn, isCalled, pypiUpstream } from "../cloud/azure-devops/feeds.ts";
import { derivedGuid } from "../cloud/azure-devops/identifiers.ts";
import { defaultProcessId } from "../cloud/azure-devops/projects.ts";
import { createProject } from "../cloud/azure-devops/provision.ts";
import { seedAzureDevOps } from "../cloud/azure-devops/seed.ts";
import { directory } from "../cloud/entra/directory.ts";
import type { Store } from "../cloud/store.ts";

/**
 * Makes what a stack file takes for granted of its feed: the organization, the project, and the feed itself with PyPI
 * upstream, unless the stack makes it. What is there stays.
 * @param clientId the platform team's
 */
export function seedFeed(store: Store, settings: Settings, clientId: string): void {
  const data = azureDevOpsData(store);
  const location = feedOf(settings);
  const platform = directory(store).servicePrincipals.find(({ appId }) => appId === clientId);
  if (!platform) throw new Error("the platform team has a service principal");
  const findOurs = () => data.organizations.find(({ name }) => same(name, location.organization));
  if (!findOurs()) {
    const { tenantId } = settings;
    seedAzureDevOps(store, {
      organizations: [{ name: location.organization, tenantId, administrators: [platform.id] }],
    });
  }
  const organization = findOurs();
  if (!organization) throw new Error(`the seed makes the organization ${location.organization}`);
  const project = location.project === undefined ? undefined : openProject(store, organization, location.project);
  const scope = { organization, project };
  if (settings.feed.create || feedsIn(store, scope).some((feed) => isCalled(feed, location.name))) return;
  const creator = data.subjects.find(
    (subject) =>
      subject.kind === "servicePrincipal" &&
      subject.organizationId === organization.id &&
      subject.originId === platform.id,
  );
  if (!creator) throw new Error("the platform team is in the organization");
  const id = derivedGuid(4, "feed", organization.id, project?.name ?? "", location.name);
  createFeed(store, scope, id, { name: location.name, upstreamSources: [pypiUpstream(id)] }, creator);
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
