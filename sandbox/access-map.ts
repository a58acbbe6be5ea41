import Table from "cli-table3";
import { createEntraToken, readEntraCredentials } from "./offline/entra-token.ts";
import type { SandboxHost } from "./offline/host.ts";
import { sendRequest } from "./offline/http.ts";

/** What one identity may do, and from where, as the services themselves have it. */
export interface AccessRow {
  readonly identity: string;
  /** What it may do on each feed that it has a role on; `none` where no feed knows of it. */
  readonly roles: readonly string[];
  /** The subjects that may sign in as it. */
  readonly subjects: readonly string[];
  /** Where its variables are: `repository`, `environment release`. */
  readonly places: readonly string[];
}

/** What the stack says of itself: its outputs. */
export interface StackOutputs {
  readonly repository: string;
  /** By the stack's names for them. */
  readonly feeds: Readonly<
    Record<string, { readonly path: string; readonly feedId: string; readonly uploadUrl: string }>
  >;
  readonly identities: Readonly<
    Record<
      string,
      { readonly clientId: string; readonly applicationObjectId: string; readonly servicePrincipalObjectId: string }
    >
  >;
}

/** Asks Graph, Azure DevOps and GitHub who may do what: what they answer counts, not what was asked of them. */
export async function readAccess(host: SandboxHost, stack: StackOutputs): Promise<AccessRow[]> {
  const ask = await askServices(host);
  const [roles, places] = await Promise.all([allRoles(ask, stack), variablePlaces(ask, stack.repository)]);
  return Promise.all(
    Object.entries(stack.identities).map(async ([identity, ids]) => ({
      identity,
      roles: rolesOf(roles, ids.servicePrincipalObjectId),
      subjects: await credentialSubjects(ask, ids.applicationObjectId),
      places: places.filter(({ clientId }) => clientId === ids.clientId).map(({ place }) => place),
    })),
  );
}

/** The access as a table for a terminal. */
export function renderAccess(rows: readonly AccessRow[]): string {
  const table = new Table({
    head: ["identity", "may", "who may use it", "where its variables are"],
    style: { head: [], border: [] },
  });
  for (const { identity, roles, subjects, places } of rows) {
    table.push([identity, roles.join("\n"), subjects.join("\n") || "(whoever has its secret)", places.join("\n")]);
  }
  return table.toString();
}

type Ask = (service: "graph" | "azure-devops" | "github", url: string) => Promise<unknown>;

/** Signs in as the platform team does, once for each service. */
async function askServices(host: SandboxHost): Promise<Ask> {
  const credentials = await readEntraCredentials({}, host);
  const tokens = {
    graph: createEntraToken(host, credentials, "https://graph.microsoft.com/.default"),
    "azure-devops": createEntraToken(host, credentials, "499b84ac-1321-427f-aa17-267ca6975798/.default"),
    github: async () => host.environment.GITHUB_TOKEN ?? "",
  };
  return async (service, url) => {
    const headers = { Authorization: `Bearer ${await tokens[service]()}` };
    const { status, body } = await sendRequest(host, { method: "GET", url, headers });
    if (status !== 200) throw new Error(`GET ${url} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  };
}

async function credentialSubjects(ask: Ask, applicationObjectId: string): Promise<string[]> {
  const url = `https://graph.microsoft.com/v1.0/applications/${applicationObjectId}/federatedIdentityCredentials`;
  const { value } = (await ask("graph", url)) as { value: { subject: string }[] };
  return value.map(({ subject }) => subject);
}

interface FeedRoleEntry {
  readonly identityDescriptor: string;
  readonly role: string;
  /** `contoso/data/python`. */
  readonly feed: string;
}

function rolesOf(entries: readonly FeedRoleEntry[], servicePrincipalObjectId: string): string[] {
  const own = entries.filter(({ identityDescriptor }) => identityDescriptor.endsWith(servicePrincipalObjectId));
  return own.length === 0 ? ["none"] : own.map(({ role, feed }) => `${role} on ${feed}`);
}

async function allRoles(ask: Ask, { feeds }: StackOutputs): Promise<FeedRoleEntry[]> {
  const ids = new Map(Object.values(feeds).map((feed) => [feed.feedId, feed]));
  const entries = [...ids.values()].map(async ({ path, feedId, uploadUrl }) => {
    // https://pkgs.dev.azure.com/{organization}[/{project}]/_packaging/…
    const scope = new URL(uploadUrl).pathname.split("/_packaging/")[0] ?? "";
    const url = `https://feeds.dev.azure.com${scope}/_apis/packaging/Feeds/${feedId}/permissions?api-version=7.1-preview.1`;
    const { value } = (await ask("azure-devops", url)) as { value: Omit<FeedRoleEntry, "feed">[] };
    return value.map((entry) => ({ ...entry, feed: path.split("@")[0] ?? path }));
  });
  return (await Promise.all(entries)).flat();
}

/** Every place of the repository at which AZURE_CLIENT_ID is written, under whatever prefix. */
async function variablePlaces(ask: Ask, repository: string): Promise<{ clientId: string; place: string }[]> {
  const base = `https://api.github.com/repos/${repository}`;
  const { environments } = (await ask("github", `${base}/environments?per_page=100`)) as {
    environments: { name: string }[];
  };
  const places = [
    { place: "repository", url: `${base}/actions/variables?per_page=30` },
    ...environments.map(({ name }) => ({
      place: `environment ${name}`,
      url: `${base}/environments/${encodeURIComponent(name)}/variables?per_page=30`,
    })),
  ];
  const found = await Promise.all(
    places.map(async ({ place, url }) => {
      const { variables } = (await ask("github", url)) as { variables: { name: string; value: string }[] };
      return variables
        .filter(({ name }) => name.endsWith("AZURE_CLIENT_ID"))
        .map(({ value }) => ({ clientId: value, place }));
    }),
  );
  return found.flat();
}
