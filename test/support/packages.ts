import { azureDevOpsData, type FeedRole, feedRoles } from "../../sandbox/cloud/azure-devops/entities.ts";
import { setFeedRole } from "../../sandbox/cloud/azure-devops/feeds.ts";
import { addMembership } from "../../sandbox/cloud/azure-devops/memberships.ts";
import { groupNamed } from "../../sandbox/cloud/azure-devops/provision.ts";
import { seedAzureDevOps } from "../../sandbox/cloud/azure-devops/seed.ts";
import { azureDevOps } from "../../sandbox/cloud/azure-devops/service.ts";
import type { Cloud } from "../../sandbox/cloud/cloud.ts";
import { pypi } from "../../sandbox/cloud/pypi/service.ts";
import { createMicrosoftCloud, tenant } from "./directory.ts";

/** A member with this role on every feed, or with none. */
export type Member = FeedRole | "nobody";

/** An organization `contoso` with the feeds `data/python` and `shared`, which have PyPI upstream, and `internal`. */
export interface PackageCloud {
  readonly cloud: Cloud;
  readonly projectId: string;
  /** By name: `python`, `shared`, `internal`. */
  readonly feedIds: Readonly<Record<string, string>>;
  /** Storage keys, as refusals name members. */
  readonly keys: Readonly<Record<Member, string>>;
  /** An access token for Azure DevOps. */
  token(member: Member | "stranger"): Promise<string>;
}

/** The Microsoft cloud with feeds, and the public index beside it. */
export function createPackageCloud(): PackageCloud {
  const { cloud, addClient, token } = createMicrosoftCloud(azureDevOps, pypi);
  const members = [...feedRoles, "nobody"] as const;
  const clients = new Map([...members, "stranger" as const].map((name) => [name, addClient({ displayName: name })]));
  const client = (name: Member | "stranger") => {
    const found = clients.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };
  const { contoso } = seedAzureDevOps(cloud.store, {
    organizations: [
      {
        name: "contoso",
        tenantId: tenant.id,
        projects: [{ name: "data" }, { name: "web" }],
        feeds: [
          { name: "python", project: "data", upstreamSources: ["pypi"] },
          { name: "shared", upstreamSources: ["pypi"] },
          { name: "internal" },
        ],
        administrators: [client("administrator").servicePrincipalId],
        members: members.filter((name) => name !== "administrator").map((name) => client(name).servicePrincipalId),
      },
    ],
  });
  const projectId = contoso?.projects.data;
  if (!contoso || projectId === undefined) throw new Error("the seed has no project");

  const { feeds, subjects } = azureDevOpsData(cloud.store);
  const readers = groupNamed(cloud.store, contoso.id, projectId, "Readers");
  const keys = Object.fromEntries(
    members.map((name) => [name, contoso.members[client(name).servicePrincipalId]?.id ?? ""]),
  ) as Record<Member, string>;
  for (const name of members) {
    const subject = subjects.get(keys[name]);
    if (!subject) throw new Error(`${name} is no member`);
    addMembership(cloud.store, subject, readers);
    if (name !== "nobody") for (const feed of feeds.all()) setFeedRole(cloud.store, feed, subject, name);
  }
  return {
    cloud,
    projectId,
    feedIds: Object.fromEntries(feeds.all().map(({ id, name }) => [name, id])),
    keys,
    token: (name) => token(client(name), "499b84ac-1321-427f-aa17-267ca6975798/.default"),
  };
}
