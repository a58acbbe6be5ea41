import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Workflow, WorkflowJob } from "./definitions.ts";
import type { Machine } from "./machine.ts";
import { writeProject } from "./project-files.ts";
import { type JobRun, runJob, type Stage } from "./run-job.ts";
import type { PlayAction } from "./run-steps.ts";
import { startedJobs, type WorkflowEvent } from "./workflow-events.ts";

/** One job of a run: how it went, or that it had nothing to do for this event. */
export interface WorkflowJobRun {
  readonly id: string;
  readonly environment: string | undefined;
  readonly run: JobRun | undefined;
}

export interface WorkflowRunOptions {
  /** `owner/name` */
  readonly repository: string;
  /** The version of the project that this run has checked out. */
  readonly version: string;
  /** Where artifacts are kept. */
  readonly artifacts: string;
}

/** Runs the jobs of a workflow that an event starts, those before others that need them. */
export async function runWorkflow(
  stage: Stage,
  workflow: Workflow,
  started: WorkflowEvent,
  { repository, version, artifacts }: WorkflowRunOptions,
): Promise<WorkflowJobRun[]> {
  const { event, ref } = started;
  const jobs = startedJobs(workflow, started);
  const done = new Map<string, WorkflowJobRun>();
  for (const [id, job] of inOrder(workflow.jobs)) {
    const { environment } = job;
    const needed = (job.needs ?? []).map((need) => done.get(need)?.run);
    const isReady = needed.every((run) => run !== undefined && hasSucceeded(run));
    const wanted = isReady && jobs.includes(id);
    const run = wanted
      ? await runJob(stage, {
          request: {
            repository,
            event,
            ref,
            permissions: job.permissions ?? workflow.permissions ?? {},
            ...(event === "pull_request" ? { headRef: "feedpass-rehearsal", baseRef: "main" } : {}),
            ...(environment === undefined ? {} : { environment }),
            ...(workflow.name === undefined ? {} : { workflowName: workflow.name }),
          },
          approved: true,
          steps: job.steps,
          environment: { ...workflow.env, ...job.env },
          play: (machine) => playActions(machine, version, artifacts),
        })
      : undefined;
    done.set(id, { id, environment, run });
  }
  return [...done.values()];
}

export function hasSucceeded(run: JobRun): boolean {
  return run.started && run.steps.every(({ outcome }) => outcome !== "failure");
}

/** Each job after those that it needs. */
function inOrder(jobs: Readonly<Record<string, WorkflowJob>>): [string, WorkflowJob][] {
  const ordered = new Map<string, WorkflowJob>();
  const add = (id: string, from: readonly string[]): void => {
    const job = jobs[id];
    if (job === undefined) throw new Error(`the printed workflow has no job ${id}`);
    if (from.includes(id)) throw new Error(`the job ${id} of the printed workflow needs itself`);
    for (const need of job.needs ?? []) add(need, [...from, id]);
    ordered.set(id, job);
  };
  for (const id of Object.keys(jobs)) add(id, []);
  return [...ordered];
}

/** GitHub's own actions are not at hand: what they would do is done here, and the log says so. */
function playActions(machine: Machine, version: string, artifacts: string): PlayAction {
  return (name, { path = ".", name: artifact = "artifact" }) => {
    const own = join(machine.workspace, path);
    const kept = join(artifacts, artifact);
    switch (name) {
      case "actions/checkout":
        writeProject(machine.workspace, version);
        return "(played by the rehearsal: a small Python project is in the workspace)";
      case "actions/setup-python":
        return "(played by the rehearsal: the Python of this machine, in a virtual environment of the job's own)";
      case "actions/upload-artifact":
        if (!existsSync(own)) throw new Error(`there is nothing at ${path} to keep`);
        mkdirSync(kept, { recursive: true });
        cpSync(own, kept, { recursive: true });
        return `(played by the rehearsal: ${path} is kept as ${artifact})`;
      case "actions/download-artifact":
        if (!existsSync(kept)) throw new Error(`no job kept an artifact ${artifact}`);
        cpSync(kept, own, { recursive: true });
        return `(played by the rehearsal: ${artifact} is at ${path})`;
      default:
        throw new Error(`the rehearsal does not know the action ${name}`);
    }
  };
}
