import { ownAction } from "../../src/workflow/actions.ts";
import { NothingToPrintError } from "../../src/workflow/nothing-to-print.ts";
import { type Job, planJobs } from "../../src/workflow/plan.ts";
import { workflowText } from "../../src/workflow/workflow.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { deploymentPattern } from "../../src/jobs/patterns/deployment.ts";
import { example } from "../../src/jobs/patterns/pattern.ts";
import { trustOf } from "../../src/jobs/trust.ts";
import { parseWorkflow, type Workflow } from "./definitions.ts";
import { projectName } from "./project-files.ts";
import { lineOf } from "./refusals.ts";
import type { JobRun, Stage } from "./run-job.ts";
import { type EventBranches, eventsOf, hasSucceeded, runWorkflow, type WorkflowEvent } from "./run-workflow.ts";
import { logOf, type Package } from "./try-case.ts";

/** What came of one job of the printed workflow, for one event. */
export interface WorkflowResult {
  readonly identity: string;
  /** The job's key in the workflow. */
  readonly id: string;
  /** The job in a few words: `build, branch main`. */
  readonly job: string;
  /** The steps that run a command, in order. */
  readonly steps: readonly string[];
  /** All of them worked. */
  readonly agrees: boolean;
  /** What a person would read first where one did not; empty otherwise. */
  readonly said: string;
  readonly log: string;
  /** How often something was printed that GitHub has to hide. */
  readonly revealed: number;
}

/** The workflow that is printed for a stack, and what starts it. */
export interface PrintedWorkflow {
  readonly workflow: Workflow;
  readonly plan: readonly Job[];
  readonly events: readonly WorkflowEvent[];
}

/** Undefined where none can be printed. */
export function printWorkflow(settings: Settings): PrintedWorkflow | undefined {
  const text = printed(settings);
  if (text === undefined) return undefined;
  const workflow = parseWorkflow(text);
  return { workflow, plan: planJobs(settings).jobs, events: eventsOf(workflow, branchesOf(settings)) };
}

/** What one run of the workflow came to. */
export interface EventResult {
  readonly results: readonly WorkflowResult[];
  /** What it published, if it did. */
  readonly published: Package | undefined;
}

/**
 * Runs the jobs of the workflow that one of its events starts.
 * @param number the event's; makes the version that is built distinct from that of the other events
 * @param artifacts a folder for this run
 */
export async function tryEvent(
  stage: Stage,
  { workflow, plan, events }: PrintedWorkflow,
  number: number,
  { repository }: Settings,
  artifacts: string,
): Promise<EventResult> {
  const event = events[number];
  if (event === undefined) throw new Error(`the printed workflow has no event ${number}`);
  const version = `1.${Math.floor(Date.now() / 1000)}.${number}`;
  const jobs = await runWorkflow(stage, workflow, event, { repository, version, artifacts });
  const ran = plan.flatMap((job) => {
    const run = jobs.find(({ id }) => id === job.id)?.run;
    return run === undefined ? [] : [{ job, result: resultOf(job, event, run) }];
  });
  const hasPublished = ran.some(({ job, result }) => result.agrees && job.does !== "build");
  return {
    results: ran.map(({ result }) => result),
    published: hasPublished ? { name: projectName, version } : undefined,
  };
}

/** A job that no event started is one that nobody knows to work. */
export function idleJobs({ plan }: PrintedWorkflow, results: readonly WorkflowResult[]): WorkflowResult[] {
  const said = "nothing that starts the workflow started this job";
  return plan
    .filter(({ id }) => !results.some((result) => result.id === id))
    .map(({ id, identity }) => ({ identity, id, job: id, steps: [], agrees: false, said, log: "", revealed: 0 }));
}

function printed(settings: Settings): string | undefined {
  try {
    return workflowText(settings, ownAction("contoso/feedpass", "0".repeat(40)));
  } catch (error) {
    if (error instanceof NothingToPrintError) return undefined;
    throw error;
  }
}

function branchesOf({ environments, identities }: Settings): EventBranches {
  const [byHand = "main"] = Object.values(environments).flatMap(({ deployFrom }) => deployFrom?.branches ?? []);
  const trusts = Object.values(identities).flatMap(({ trust }) => trust.map(trustOf));
  const queues = trusts.filter(({ kind }) => kind === "mergeQueue").map(({ value }) => value);
  return { byHand: example(deploymentPattern(byHand)) ?? byHand, queues: [...new Set(queues)] };
}

function resultOf({ id, identity }: Job, { event, ref }: WorkflowEvent, run: JobRun): WorkflowResult {
  const steps = run.started ? run.steps : [];
  const failed = steps.find(({ outcome }) => outcome === "failure");
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  const on = {
    push: `${ref.startsWith("refs/tags/") ? "tag" : "branch"} ${name}`,
    pull_request: "pull request",
    merge_group: `merge queue ${name}`,
    workflow_dispatch: `by hand on ${name}`,
  }[event];
  return {
    identity,
    id,
    job: `${id}, ${on}`,
    steps: steps.filter(({ log }) => !log.startsWith("(played by")).map((step) => step.name),
    agrees: hasSucceeded(run),
    said: run.started ? (failed ? `${failed.name}: ${lineOf(failed)}` : "") : run.reason,
    log: logOf(run),
    revealed: run.started ? run.revealed : 0,
  };
}
