import { connectAzureDevOps } from "../../infra/azure-devops/client.ts";
import { type Ask, connect, found } from "../../infra/github/connect.ts";
import { listPolicies } from "../../infra/github/environments.ts";
import { connectGraph, type Graph } from "../../infra/graph.ts";
import { lookUps } from "../../infra/hooks/already-there.ts";
import {
  applicationType,
  freshApplication,
  servicePrincipalOf,
  servicePrincipalType,
} from "../../infra/own/applications.ts";
import { type Repository, parseRepository } from "../../src/repository.ts";
import type { Settings } from "../../src/settings/schema.ts";
import type { StackState, StateResource } from "./state.ts";

/** What became of something that was being made when an engine was killed. */
export type Made =
  /** By which the provider imports it. */
  | { readonly importId: string }
  /** It cannot be imported, as a secret that nobody has seen: it is taken away, and the next up makes another. */
  | { readonly takeAway: () => Promise<void> }
  /** It is not there; or the next up takes it over without a word, or asks for it itself. */
  | undefined;

/** Finds what became of it. @throws Error where a service does not tell */
export type FindMade = (pending: StateResource) => Promise<Made>;

/** Asks the services, signed in as the providers are. */
export function askForMade(settings: Settings, state: StackState): FindMade {
  const { tenantId, issuer } = settings;
  const repository = parseRepository(settings.repository);
  const graph = connectGraph({ tenantId });
  const gitHub = connect(issuer);
  const feeds = Object.values(settings.feeds).map((location) => {
    return { location, place: { feedId: undefined, project: undefined } };
  });
  const organization = feeds[0]?.location.organization ?? "";
  const azureDevOps = connectAzureDevOps({ tenantId });
  const places = { owner: repository.owner, issuer, gitHub, organization, feeds, azureDevOps, graph };
  const asked = lookUps(places, []);
  const own: Readonly<Record<string, FindMade>> = {
    [applicationType]: ({ inputs }) => madeApplication(graph, inputs),
    [servicePrincipalType]: ({ inputs }) => madePrincipal(graph, inputs),
    "github:index/repositoryEnvironment:RepositoryEnvironment": ({ inputs }) =>
      madeEnvironment(gitHub, repository, inputs),
    "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy": ({ inputs }) =>
      madePolicy(gitHub, repository, inputs),
  };
  return async (pending) => {
    const { type, inputs, parent } = pending;
    const find = own[type];
    if (find !== undefined) return find(pending);
    const there = await asked[type]?.(inputs, principalOf(state, parent));
    if (there === undefined) return undefined;
    // Nobody has ever seen a secret's value but the engine that was killed.
    if (type.endsWith(":ApplicationPassword")) return there.takeAway && { takeAway: there.takeAway };
    // What the look-up does not take for this stack's own was put there by somebody else. A feed it always leaves to a
    // person; here it was being made, and was not there a moment before.
    return there.takeAway !== undefined || type.endsWith(":Feed") ? { importId: there.importId } : undefined;
  };
}

/** The object id of the service principal that a component is about: its entitlement, under the same parent, names it. */
function principalOf({ resources }: StackState, parent: string | undefined): string | undefined {
  const entitlement = resources.find((one) => {
    return one.parent === parent && one.type.endsWith(":ServicePrincipalEntitlement");
  });
  return text(entitlement?.inputs.originId);
}

async function madeApplication(graph: Graph, { displayName, notes }: Inputs): Promise<Made> {
  const [name, marker] = [text(displayName), text(notes)];
  if (name === undefined || marker === undefined) return undefined;
  return imported(await freshApplication(graph, name, marker));
}

async function madePrincipal(graph: Graph, { clientId }: Inputs): Promise<Made> {
  const appId = text(clientId);
  return appId === undefined ? undefined : imported(await servicePrincipalOf(graph, appId));
}

const imported = (importId: string | undefined): Made => (importId === undefined ? undefined : { importId });

async function madeEnvironment(ask: Ask, repository: Repository, { environment }: Inputs): Promise<Made> {
  const name = text(environment);
  if (name === undefined) return undefined;
  const { owner, name: repo } = repository;
  const url = "GET /repos/{owner}/{repo}/environments/{environment_name}";
  const there = await found(ask(url, { owner, repo, environment_name: name }));
  return there && { importId: `${repo}:${idPart(name)}` };
}

async function madePolicy(ask: Ask, repository: Repository, inputs: Inputs): Promise<Made> {
  const environment = text(inputs.environment);
  if (environment === undefined) return undefined;
  const policies = (await listPolicies(ask, repository, environment)) ?? [];
  const policy = policies.find(({ name, type }) => name === inputs[type === "tag" ? "tagPattern" : "branchPattern"]);
  return policy && { importId: `${repository.name}:${idPart(environment)}:${policy.id}` };
}

type Inputs = StateResource["inputs"];

/** As the GitHub provider writes a name into an id: https://github.com/integrations/terraform-provider-github, `escapeIDPart` */
const idPart = (name: string): string => name.replaceAll(":", "??");

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
