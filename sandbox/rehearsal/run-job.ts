import { findRepository } from "../cloud/github/accounts.ts";
import { findEnvironment } from "../cloud/github/environments.ts";
import { commitId } from "../cloud/github/identifiers.ts";
import { endJob, type JobRequest, JobRefusedError, type StartedJob, startJob } from "../cloud/github/oidc/start-job.ts";
import type { PythonTools } from "../toolchain/python.ts";
import type { CompositeAction, Step } from "./definitions.ts";
import type { Contexts } from "./expressions.ts";
import { JobLog } from "./log.ts";
import { createMachine, type Machine } from "./machine.ts";
import { type PlayAction, runSteps, type StepRun } from "./run-steps.ts";
import { actor, type World } from "./world.ts";

/** A job to run. */
export interface JobOrder {
  readonly request: Omit<JobRequest, "site" | "actor" | "approvedBy" | "workflow">;
  /** Whether a reviewer lets the deployment pass. */
  readonly approved: boolean;
  readonly steps: readonly Step[];
  /** The workflow's and the job's `env`. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Puts files where the job finds them. Default: none. */
  readonly prepare?: (machine: Machine) => void;
  /** What is done for actions that do not run here. Default: there are none. */
  readonly play?: (machine: Machine) => PlayAction;
}

/** How a job went: refused by GitHub before it began, or step by step. */
export type JobRun =
  | { readonly started: false; readonly reason: string }
  | {
      readonly started: true;
      readonly steps: readonly StepRun[];
      /** How often something was printed that GitHub has to hide. */
      readonly revealed: number;
    };

/** Where jobs run. */
export interface Stage {
  readonly world: World;
  readonly tools: PythonTools;
  /** This project's own action. */
  readonly action: CompositeAction;
}

const workflowFile = ".github/workflows/package.yml";

/** Starts a job as GitHub would, with what the stack wrote there for it, and runs its steps. */
export async function runJob(stage: Stage, order: JobOrder): Promise<JobRun> {
  const { world, tools, action } = stage;
  const started = tryToStart(world, order);
  if ("reason" in started) return { started: false, reason: started.reason };
  const machine = await createMachine(tools, world.network);
  try {
    order.prepare?.(machine);
    const log = new JobLog(Object.values(started.secrets));
    const github = githubContext(world, order.request.repository, started);
    const steps = await runSteps(
      {
        machine,
        log,
        contexts: { github, vars: started.variables, secrets: started.secrets },
        environment: { ...githubVariables(github), ...tokenVariables(started), ...order.environment },
        findAction: (uses) => (/(^|\/)actions\/azure-artifacts(@|$)/.test(uses) ? action : undefined),
        play: order.play?.(machine) ?? playNothing,
      },
      order.steps,
    );
    return { started: true, steps, revealed: log.revealed };
  } finally {
    endJob(world.context, started.job);
    machine.remove();
  }
}

/** What a job of the repository finds in `vars`; undefined where GitHub would not start it. */
export function variablesOf(world: World, order: Pick<JobOrder, "request" | "approved">) {
  const started = tryToStart(world, order);
  if ("reason" in started) return undefined;
  endJob(world.context, started.job);
  return started.variables;
}

function tryToStart(
  world: World,
  { request, approved }: Pick<JobOrder, "request" | "approved">,
): StartedJob | { readonly reason: string } {
  const approvedBy = approved ? reviewerOf(world, request) : undefined;
  if (request.event !== "push") makeRef(world, request);
  try {
    return startJob(world.context, {
      ...request,
      site: world.github.site.host,
      workflow: workflowFile,
      actor,
      ...(approvedBy === undefined ? {} : { approvedBy }),
    });
  } catch (error) {
    if (!(error instanceof JobRefusedError)) throw error;
    return { reason: error.message };
  }
}

/** Somebody who may approve deployments to the job's environment. */
function reviewerOf(world: World, { repository: name, environment }: JobOrder["request"]): string | undefined {
  const { users, teams } = world.github;
  const repository = repositoryOf(world, name);
  const found =
    repository && environment !== undefined ? findEnvironment(world.github, repository, environment) : undefined;
  const userIds = (found?.reviewers ?? []).flatMap(({ type, id }) =>
    type === "User" ? [id] : (teams.get(id)?.memberIds ?? []),
  );
  return userIds.map((id) => users.get(id)?.login).find((login) => login !== undefined);
}

/** Only a push makes the branch that its jobs run on. */
function makeRef(world: World, { repository: name, ref }: JobOrder["request"]): void {
  const { refs } = world.github;
  const repository = repositoryOf(world, name);
  const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
  if (!repository || branch === undefined) return;
  const id = `${repository.id} ${ref}`;
  if (refs.get(id)) return;
  refs.insert({ id, repositoryId: repository.id, kind: "branch", name: branch, sha: commitId(repository.id, ref) });
}

function repositoryOf(world: World, name: string) {
  const [owner = "", repository = ""] = name.split("/");
  return findRepository(world.github, owner, repository);
}

const playNothing: PlayAction = (name) => {
  throw new Error(`the rehearsal has nothing to do in place of the action ${name}`);
};

/** https://docs.github.com/actions/reference/workflows-and-actions/contexts#github-context */
function githubContext({ github: { site } }: World, repository: string, { job, claims }: StartedJob) {
  const [owner = ""] = repository.split("/");
  return {
    repository,
    repository_owner: owner,
    event_name: job.event,
    ref: job.ref,
    ref_name: job.ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    ref_type: claims.ref_type ?? "branch",
    head_ref: job.headRef,
    base_ref: job.baseRef,
    sha: job.sha,
    actor,
    workflow: job.workflow.name,
    run_id: job.runId,
    server_url: `https://${site.host}`,
    api_url: `https://${site.apiHost}`,
  } satisfies Contexts;
}

function githubVariables(github: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(github).map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, value]));
}

function tokenVariables({ requestUrl, requestToken }: StartedJob): Record<string, string> {
  if (requestUrl === undefined || requestToken === undefined) return {};
  return { ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken };
}
