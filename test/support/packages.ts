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
  /** Access tokens for Azure DevOps, of the members and of a principal that is none. */
  readonly tokens: Readonly<Record<Member | "stranger", string>>;
  /** Sends a request with a member's token as the password of some user. */
  send(method: string, url: string, as: Member | "stranger", body?: string | FormData): Promise<Response>;
}

/** The Microsoft cloud with feeds, and the public index beside it. */
export async function createPackageCloud(): Promise<PackageCloud> {
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
  const scope = "499b84ac-1321-427f-aa17-267ca6975798/.default";
  const signedIn = [...clients].map(async ([name, each]) => [name, await token(each, scope)] as const);
  const tokens = Object.fromEntries(await Promise.all(signedIn)) as PackageCloud["tokens"];
  return {
    cloud,
    projectId,
    feedIds: Object.fromEntries(feeds.all().map(({ id, name }) => [name, id])),
    keys,
    tokens,
    send: (method, url, as, body) => {
      const headers = { Authorization: `Basic ${btoa(`whoever:${tokens[as]}`)}` };
      return cloud.fetch(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }));
    },
  };
}
