import { z } from "zod";
import type { AccessFeed } from "../../src/components/repository-access.ts";
import { feedPath } from "../../src/feed.ts";
import type { AzureDevOps } from "../azure-devops/client.ts";
import { feedsAddress } from "../azure-devops/feed-answer.ts";
import { type Ask, found as foundAt } from "../github/connect.ts";
import { siteOfIssuer } from "../../src/repository.ts";
import type { Graph } from "../graph.ts";
import { credentialTypes } from "../own/credentials.ts";
import { lookUpCredential, lookUpPassword } from "./own-credentials.ts";
import { type AlreadyThere, command, type Inputs } from "./way-out.ts";

/** Whose services are asked. */
export interface Places {
  /** The GitHub owner of the repository. */
  readonly owner: string;
  /** Who signs the tokens of its jobs, where the file says it: it tells which GitHub is meant. */
  readonly issuer?: string | undefined;
  readonly gitHub: Ask;
  /** The Azure DevOps organization of the feeds. */
  readonly organization: string;
  readonly feeds: readonly AccessFeed[];
  readonly azureDevOps: AzureDevOps;
  readonly graph: Graph;
}

/**
 * What a service has already in the place of a resource. Where the service does not tell, the answer is that nothing is
 * there: the provider is about to ask it, and says what is wrong.
 */
export type LookUp = (inputs: Inputs, objectId: string | undefined) => Promise<AlreadyThere | undefined>;

/**
 * By the type of resource: those that a provider refuses to make over what is there.
 * @param registered what the program registers of them: read when a resource is looked up
 */
export function lookUps(places: Places, registered: readonly Inputs[]): Readonly<Record<string, LookUp>> {
  const variables = variableLists(places, registered);
  return {
    "github:index/actionsVariable:ActionsVariable": variables,
    "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable": variables,
    [credentialTypes.classic]: (inputs) => lookUpCredential(places.graph, inputs),
    [credentialTypes.flexible]: (inputs) => lookUpCredential(places.graph, inputs),
    [credentialTypes.password]: (inputs) => lookUpPassword(places.graph, inputs),
    "azuredevops:index/feed:Feed": (inputs) => lookUpFeed(places, inputs),
    "azuredevops:index/feedPermission:FeedPermission": (inputs, objectId) => lookUpRole(places, inputs, objectId),
  };
}

/** Asks for the variables of a place once, whatever the number of those that are to be made there. */
function variableLists({ owner, issuer, gitHub }: Places, registered: readonly Inputs[]): LookUp {
  const lists = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const site = siteOfIssuer(issuer);
  return async ({ repository, environment, variableName, value: wanted }) => {
    const [repo, place, name] = [text(repository), text(environment), text(variableName)];
    if (repo === undefined || name === undefined || (environment !== undefined && place === undefined))
      return undefined;
    const key = JSON.stringify([repo, place]);
    const list =
      lists.get(key) ??
      listVariables(gitHub, { owner, repo, environment: place }).catch(() => new Map<string, string>());
    lists.set(key, list);
    const variables = await list;
    const value = variables.get(name.toUpperCase());
    if (value === undefined) return undefined;
    const beside = registered
      .filter((one) => one.repository === repo && one.environment === place)
      .flatMap(({ variableName }) => text(variableName) ?? [])
      .filter((other) => other !== name && variables.has(other.toUpperCase()));
    const at = place === undefined ? [] : ["--env", place];
    const where = place === undefined ? "" : ` in the environment ${place}`;
    const full = [...(site === undefined ? [] : [site]), owner, repo].join("/");
    // Who reads it reads the same: whoever has written it, this stack may keep it.
    const own =
      value === wanted ? { takeAway: () => deleteVariable(gitHub, { owner, repo, environment: place, name }) } : {};
    return {
      ...own,
      what: `${owner}/${repo} has the variable ${name}${where} already, with the value ${shortened(value)}`,
      importId: [repo, ...(place === undefined ? [] : [place]), name].join(":"),
      beside,
      otherwise: ["to delete it", command(["gh", "variable", "delete", name, "--repo", full, ...at])],
    };
  };
}

/** What is gone is gone, whichever answer was lost. */
async function deleteVariable(
  ask: Ask,
  { owner, repo, environment, name }: { owner: string; repo: string; environment: string | undefined; name: string },
): Promise<void> {
  if (environment === undefined) {
    await foundAt(ask("DELETE /repos/{owner}/{repo}/actions/variables/{name}", { owner, repo, name }));
    return;
  }
  const url = "DELETE /repos/{owner}/{repo}/environments/{environment_name}/variables/{name}";
  await foundAt(ask(url, { owner, repo, environment_name: environment, name }));
}

/** https://docs.github.com/rest/actions/variables: 30 on a page, and no more than 500 in all. */
async function listVariables(
  ask: Ask,
  { owner, repo, environment }: { owner: string; repo: string; environment: string | undefined },
) {
  const found = new Map<string, string>();
  const place = { owner, repo, per_page: 30 };
  for (let page = 1; ; page += 1) {
    const { data } =
      environment === undefined
        ? await ask("GET /repos/{owner}/{repo}/actions/variables", { ...place, page })
        : await ask("GET /repos/{owner}/{repo}/environments/{environment_name}/variables", {
            ...place,
            page,
            environment_name: environment,
          });
    for (const { name, value } of data.variables) found.set(name.toUpperCase(), value);
    if (data.variables.length < place.per_page) return found;
  }
}

const feedAnswer = z.object({ id: z.string(), project: z.object({ id: z.string() }).nullish() });

async function lookUpFeed(
  { organization, feeds, azureDevOps }: Places,
  { name, projectId }: Inputs,
): Promise<AlreadyThere | undefined> {
  const made = feeds.find(({ location, place }) => place.feedId === undefined && location.name === name);
  if (made === undefined || (made.place.project !== undefined && text(projectId) === undefined)) return undefined;
  const { location } = made;
  const answer = await azureDevOps
    .get(
      `${feedsAddress(organization, text(projectId))}/${encodeURIComponent(location.name)}?api-version=7.1-preview.1`,
    )
    .catch(() => undefined);
  const found = answer?.status === 200 ? feedAnswer.safeParse(answer.body).data : undefined;
  if (found === undefined) return undefined;
  return {
    what: `the feed ${feedPath(location)} is there already`,
    importId: [...(found.project ? [found.project.id] : []), found.id].join("/"),
    otherwise: ["to use it as it is", "take create: true out of feedpass:feed"],
  };
}

const permissionsAnswer = z.object({
  value: z.array(z.object({ role: z.string(), identityDescriptor: z.string() })),
});

/** @param objectId of the service principal: its descriptor on a feed ends with it */
async function lookUpRole(
  { organization, feeds, azureDevOps }: Places,
  { feedId, projectId, identityDescriptor }: Inputs,
  objectId: string | undefined,
): Promise<AlreadyThere | undefined> {
  const [id, descriptor, project] = [text(feedId), text(identityDescriptor), text(projectId)];
  if (id === undefined || descriptor === undefined || objectId === undefined) return undefined;
  const url = `${feedsAddress(organization, project)}/${id}/permissions?api-version=7.1-preview.1`;
  const answer = await azureDevOps.get(url).catch(() => undefined);
  const permissions = answer?.status === 200 ? permissionsAnswer.safeParse(answer.body).data?.value : undefined;
  const found = permissions?.find(({ identityDescriptor }) =>
    identityDescriptor.toLowerCase().endsWith(`\\${objectId.toLowerCase()}`),
  );
  // Without an id it was made by this stack.
  const feed = feeds.find(({ place }) => place.feedId === id) ?? feeds.find(({ place }) => place.feedId === undefined);
  if (found === undefined || feed === undefined) return undefined;
  const { view, ...location } = feed.location;
  return {
    // The principal is this stack's own: whatever role it has there is this stack's to say.
    takeAway: async () => {
      const taken = await azureDevOps.patch(url, [{ identityDescriptor: found.identityDescriptor, role: "none" }]);
      if (taken === undefined || taken.status !== 200)
        throw new Error(`the role cannot be taken away (${taken?.status})`);
    },
    what: `the service principal ${objectId} is ${found.role} of the feed ${feedPath(location)} already`,
    importId: [...(project === undefined ? [] : [project]), id, descriptor].join("/"),
    otherwise: ["to delete it", "take it out of the feed's settings, Permissions"],
  };
}

/** Undefined for what is known only later. */
function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A variable is no secret; yet what somebody put there by mistake need not be shown whole. */
function shortened(value: string): string {
  const plain = value.replaceAll(/\s+/g, " ");
  return JSON.stringify(plain.length > 40 ? `${plain.slice(0, 40)}…` : plain);
}
