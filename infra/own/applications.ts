import { z } from "zod";
import { applicationDisplayName, applicationNotes, credentialName, identityName } from "../../src/names.ts";
import { federate } from "../../src/jobs/credentials.ts";
import type { RepositorySubjects } from "../../src/jobs/repository-subjects.ts";
import { githubIssuer } from "../../src/jobs/trust.ts";
import type { Repository } from "../../src/repository.ts";
import { pathText, type Problem } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { federationOf } from "../../src/settings/subject-rules.ts";
import type { Graph } from "../graph.ts";
import { listCredentials } from "./credentials.ts";
import { type State, stateKey } from "./state.ts";

/**
 * What an up that failed, or a state that was lost, has left at Entra and the state does not have. An application is found
 * by a marker that is unique to tenant, repository and identity: its display name with our notes. Anybody in a tenant may
 * give an application that name, so it is taken as ours only where nobody else could sign in as it or change it: its one
 * owner is whoever applies the stack, and it has no credential that the file does not name.
 */

export const applicationType = "azuread:index/applicationRegistration:ApplicationRegistration";
export const servicePrincipalType = "azuread:index/servicePrincipal:ServicePrincipal";

/** What is taken into the state instead of being made, by type and logical name: the ids by which providers import. */
export interface Own {
  readonly imports: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

const application = z.object({
  id: z.string(),
  appId: z.string(),
  displayName: z.string(),
  notes: z.string().nullish(),
  keyCredentials: z.array(z.unknown()).default([]),
  passwordCredentials: z.array(z.object({ keyId: z.string() })).default([]),
});
type Application = z.output<typeof application>;
const identified = z.object({ id: z.string() });

export interface OwnQuestion {
  readonly root: string;
  readonly repository: Repository;
  readonly settings: Settings;
  /** How the repository's subjects are made: waited for only where an application has to be judged. */
  readonly subjects: Promise<RepositorySubjects>;
  readonly state: State;
  readonly graph: Graph;
}

/**
 * Asks Entra only for what the state lacks; a stack whose identities are all there asks nothing.
 * @throws Unanswered where something is lacking and Entra cannot be asked: a second application would be made unseen
 */
export async function findOwnApplications(question: OwnQuestion): Promise<Own> {
  const { root, settings, state } = question;
  const found = await Promise.all(
    Object.keys(settings.identities).map(async (identity): Promise<Own> => {
      const name = identityName(root, identity);
      const known = state.get(stateKey(applicationType, name));
      if (known === undefined) return findApplication(question, identity, name);
      if (state.has(stateKey(servicePrincipalType, name))) return nothing;
      return { imports: await findServicePrincipal(question.graph, name, String(known.clientId)), problems: [] };
    }),
  );
  return {
    imports: new Map(found.flatMap(({ imports }) => [...imports])),
    problems: found.flatMap(({ problems }) => problems),
  };
}

const nothing: Own = { imports: new Map(), problems: [] };

async function findApplication(question: OwnQuestion, identity: string, name: string): Promise<Own> {
  const { repository, graph } = question;
  const displayName = applicationDisplayName(repository, identity);
  const marked = (await listApplications(graph, displayName)).filter((one) => one.notes === applicationNotes);
  const [first, ...others] = marked;
  if (first === undefined) return nothing;
  const path = pathText(["identities", identity]);
  if (others.length > 0) {
    const ids = marked.map(({ appId }) => appId).join(", ");
    const text =
      `Entra has ${marked.length} applications called "${displayName}" that the state does not know (client ids ${ids}); ` +
      "one was made by an up whose answer was lost: delete all but the one that the repository uses, and run it again";
    return { imports: new Map(), problems: [{ path, text }] };
  }
  const doubt = await doubtOf(question, identity, first);
  if (doubt !== undefined) {
    const text =
      `Entra has the application "${displayName}" (client id ${first.appId}), which the state does not know, and ${doubt}; ` +
      `if it is yours, take that away and run it again, otherwise delete it: az ad app delete --id ${first.appId}`;
    return { imports: new Map(), problems: [{ path, text }] };
  }
  const principal = await findServicePrincipal(graph, name, first.appId);
  const key = stateKey(applicationType, name);
  return { imports: new Map([[key, `/applications/${first.id}`], ...principal]), problems: [] };
}

/** Why somebody else could sign in as the application, or change it; undefined where nobody could. */
async function doubtOf(
  { graph, settings, subjects }: OwnQuestion,
  identity: string,
  { id, keyCredentials, passwordCredentials }: Application,
): Promise<string | undefined> {
  const [made, isOwn, credentials] = await Promise.all([subjects, isOnlyOwner(graph, id), listCredentials(graph, id)]);
  const { trust = [], signIn } = settings.identities[identity] ?? {};
  const { issuer = githubIssuer } = settings;
  if (!isOwn) return "whoever signs in here is not its only owner";
  const wanted = new Set(
    trust.flatMap((entry) => {
      const trusts = federate(made, entry, federationOf(settings));
      return "reason" in trusts
        ? []
        : trusts.map(({ form, by, value }) => JSON.stringify([credentialName(entry, { form, by }), issuer, value]));
    }),
  );
  const strange = credentials
    .filter(({ name, issuer, value }) => !wanted.has(JSON.stringify([name, issuer, value])))
    .map(({ name }) => name);
  if (strange.length > 0) return `it has federated credentials that the file does not name: ${strange.join(", ")}`;
  if (keyCredentials.length > 0) return "it has certificates";
  // What the state does not know of nobody can tell from a stranger's: with a secret of its own it gets a new one.
  if (passwordCredentials.length > 0 && signIn === "oidc") return "it has client secrets";
  return undefined;
}

async function findServicePrincipal(graph: Graph, name: string, appId: string): Promise<Map<string, string>> {
  const id = await servicePrincipalOf(graph, appId);
  return new Map(id === undefined ? [] : [[stateKey(servicePrincipalType, name), id]]);
}

/** The id by which an application's service principal is imported; undefined where it has none. @throws Unanswered */
export async function servicePrincipalOf(graph: Graph, appId: string): Promise<string | undefined> {
  const filter = encodeURIComponent(`appId eq '${appId}'`);
  const [found] = await graph.list(`/v1.0/servicePrincipals?$filter=${filter}`, identified);
  return found && `/servicePrincipals/${found.id}`;
}

/**
 * The id by which an application is imported that was being made when an engine was killed: it is the only one with our
 * marker, and has nothing yet by which anybody could sign in as it. @throws Unanswered
 */
export async function freshApplication(graph: Graph, displayName: string, notes: string): Promise<string | undefined> {
  const marked = (await listApplications(graph, displayName)).filter((one) => one.notes === notes);
  const [first, ...others] = marked;
  if (first === undefined || others.length > 0) return undefined;
  const { id, keyCredentials, passwordCredentials } = first;
  const [isOwn, credentials] = await Promise.all([isOnlyOwner(graph, id), listCredentials(graph, id)]);
  const ways = keyCredentials.length + passwordCredentials.length + credentials.length;
  return isOwn && ways === 0 ? `/applications/${id}` : undefined;
}

async function listApplications(graph: Graph, displayName: string): Promise<Application[]> {
  const filter = encodeURIComponent(`displayName eq '${displayName.replaceAll("'", "''")}'`);
  const all = await graph.list(`/v1.0/applications?$filter=${filter}`, application);
  return all.filter((one) => one.displayName === displayName);
}

/** Whether whoever signs in here owns an application, and nobody else does. */
async function isOnlyOwner(graph: Graph, id: string): Promise<boolean> {
  const [caller, owners] = await Promise.all([
    graph.caller(),
    graph.list(`/v1.0/applications/${id}/owners?$select=id`, identified),
  ]);
  return owners.length === 1 && owners[0]?.id === caller;
}
