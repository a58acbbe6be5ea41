import { azureDevOpsData, feedRoles } from "../../../sandbox/cloud/azure-devops/entities.ts";
import { feedRoleOf } from "../../../sandbox/cloud/azure-devops/feed-roles.ts";
import { createCloud } from "../../../sandbox/cloud/cloud.ts";
import { directory } from "../../../sandbox/cloud/entra/directory.ts";
import {
  JobRefusedError,
  type JobRequest,
  type StartedJob,
  startJob,
} from "../../../sandbox/cloud/github/oidc/start-job.ts";
import { allServices } from "../../../sandbox/cloud/services.ts";
import type { CloudContext } from "../../../sandbox/cloud/service.ts";
import type { Snapshot } from "../../../sandbox/cloud/store.ts";

/**
 * Who may do what at some moment: the emulated services say so, each by its own code. GitHub starts the jobs and signs
 * their tokens, Entra takes them or not, and Azure DevOps says which role there is behind it. Nothing here knows what
 * feedpass believes.
 */

/** The rank of the highest role that each job comes to. Jobs that come to none are not in it. */
export type Reach = ReadonlyMap<string, number>;

const cloud = createCloud({ services: allServices });
const context: CloudContext = { store: cloud.store, now: Date.now, fetch: (request) => cloud.fetch(request) };

const audience = "api://AzureADTokenExchange";
const azureDevOpsScope = "499b84ac-1321-427f-aa17-267ca6975798/.default";

const refs = [
  { event: "push", ref: "refs/heads/main" },
  { event: "push", ref: "refs/heads/develop" },
  { event: "push", ref: "refs/tags/v9" },
  { event: "push", ref: "refs/tags/other" },
  { event: "pull_request", ref: "refs/pull/1/merge", headRef: "develop", baseRef: "main" },
] as const;

/** Every job that somebody in contoso/widgets can think of, with an approval and without. */
function jobsOf(environments: readonly string[]): Record<string, JobRequest> {
  const common = {
    repository: "contoso/widgets",
    workflow: ".github/workflows/any.yml",
    permissions: { "id-token": "write" },
    actor: "grace",
  } as const;
  const places = [{}, ...environments.flatMap((environment) => [{ environment }, { environment, approvedBy: "ada" }])];
  return Object.fromEntries(
    refs.flatMap((ref) =>
      places.map((place): [string, JobRequest] => [
        [ref.ref, ...Object.values(place)].join(" "),
        { ...common, ...ref, ...place },
      ]),
    ),
  );
}

/** @param environments that jobs name, whether they are there or not */
export async function reachOf(snapshot: Snapshot, environments: readonly string[]): Promise<Reach> {
  const reach = new Map<string, number>();
  for (const [name, request] of Object.entries(jobsOf(environments))) {
    // A job makes the environment that it names: each begins with the world as it is.
    cloud.store.restore(snapshot);
    const ranks = await ranksOf(request);
    if (ranks.length > 0) reach.set(name, Math.max(...ranks));
  }
  return reach;
}

/** What reach has that neither of the others allows. */
export function beyond(reach: Reach, ...allowed: readonly Reach[]): string[] {
  return [...reach].flatMap(([job, rank]) => {
    const most = Math.max(...allowed.map((one) => one.get(job) ?? -1));
    return rank > most ? [`${job}: ${feedRoles[rank]}, allowed: ${feedRoles[most] ?? "nothing"}`] : [];
  });
}

async function ranksOf(request: JobRequest): Promise<number[]> {
  const started = start(request);
  if (started === undefined) return [];
  const idToken = await askIdToken(started);
  const ranks: number[] = [];
  const { applications, servicePrincipals } = directory(cloud.store);
  for (const { appId } of applications.filter(({ displayName }) => displayName.startsWith("feedpass "))) {
    const proofs: Record<string, string>[] = [
      {
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        client_assertion: idToken,
      },
      ...Object.values(started.secrets).map((secret) => ({ client_secret: secretOf(secret) })),
    ];
    for (const proof of proofs) {
      if (!(await signsIn(appId, proof))) continue;
      const principal = servicePrincipals.find((one) => one.appId === appId && one.deletedDateTime === null);
      ranks.push(rankOf(principal?.id ?? ""));
    }
  }
  return ranks.filter((rank) => rank >= 0);
}

function start(request: JobRequest): StartedJob | undefined {
  try {
    return startJob(context, request);
  } catch (error) {
    if (error instanceof JobRefusedError) return undefined;
    throw error;
  }
}

async function askIdToken({ requestUrl, requestToken }: StartedJob): Promise<string> {
  const url = `${requestUrl}&audience=${encodeURIComponent(audience)}`;
  const response = await cloud.fetch(new Request(url, { headers: { Authorization: `Bearer ${requestToken}` } }));
  return ((await response.json()) as { value: string }).value;
}

function secretOf(credentials: string): string {
  return (JSON.parse(credentials) as { clientSecret: string }).clientSecret;
}

async function signsIn(clientId: string, proof: Readonly<Record<string, string>>): Promise<boolean> {
  const [tenant] = directory(cloud.store).tenants.all();
  const form = { grant_type: "client_credentials", client_id: clientId, scope: azureDevOpsScope, ...proof };
  const response = await cloud.fetch(
    new Request(`https://login.microsoftonline.com/${tenant?.id}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams(form),
    }),
  );
  return response.status === 200;
}

/** The highest role of a service principal on any feed; -1 for none. */
function rankOf(objectId: string): number {
  const { subjects, feeds } = azureDevOpsData(cloud.store);
  const subject = subjects.find((one) => one.kind === "servicePrincipal" && one.originId === objectId);
  if (subject === undefined) return -1;
  const roles = feeds.all().map((feed) => feedRoleOf(cloud.store, feed, subject));
  return Math.max(-1, ...roles.map((role) => (role === undefined ? -1 : feedRoles.indexOf(role))));
}
