import type { Settings } from "../../src/settings/schema.ts";
import { ownAction } from "../../src/workflow/actions.ts";
import { NothingToPrintError } from "../../src/workflow/nothing-to-print.ts";
import { type Job, type Plan, planJobs } from "../../src/workflow/plan.ts";
import { workflowText } from "../../src/workflow/workflow.ts";
import { parseWorkflow, type Workflow } from "./definitions.ts";
import { projectName } from "./project-files.ts";
import { lineOf } from "./refusals.ts";
import type { JobRun, Stage } from "./run-job.ts";
import { hasSucceeded, runWorkflow } from "./run-workflow.ts";
import { logOf, type Package } from "./try-case.ts";
import { eventsOf, publishersOf, type WorkflowEvent } from "./workflow-events.ts";

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
  readonly plan: Plan;
  readonly events: readonly WorkflowEvent[];
}

/** Undefined where none can be printed. */
export function printWorkflow(settings: Settings): PrintedWorkflow | undefined {
  const text = printed(settings);
  if (text === undefined) return undefined;
  const workflow = parseWorkflow(text);
  return { workflow, plan: planJobs(settings), events: eventsOf(workflow, settings) };
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
  settings: Settings,
  artifacts: string,
): Promise<EventResult> {
  const { repository } = settings;
  const event = events[number];
  if (event === undefined) throw new Error(`the printed workflow has no event ${number}`);
  const version = `1.${Math.floor(Date.now() / 1000)}.${number}`;
  const jobs = await runWorkflow(stage, workflow, event, { repository, version, artifacts });
  const ran = plan.jobs.flatMap((job) => {
    const run = jobs.find(({ id }) => id === job.id)?.run;
    return run === undefined ? [] : [{ job, result: resultOf(job, event, run) }];
  });
  const published = ran.some(({ job, result }) => result.agrees && job.does !== "build");
  return {
    results: judge(settings, plan, event, ran),
    published: published ? { name: projectName, version } : undefined,
  };
}

/** A job that an event started, and what came of it by itself. */
interface Ran {
  readonly job: Job;
  readonly result: WorkflowResult;
}

/**
 * What came of an event's jobs together. A version is published once: that two jobs publish it is a mistake whatever came
 * of them, and so is a tag that somebody may publish and no job does, unless the workflow says why.
 */
export function judge(
  settings: Settings,
  { leftOut }: Pick<Plan, "leftOut">,
  event: WorkflowEvent,
  ran: readonly Ran[],
): WorkflowResult[] {
  const publishing = ran.filter(({ job }) => job.does !== "build");
  const results = ran.map(({ job, result }) => {
    const others = publishing.filter((other) => other.job !== job).map((other) => other.job.id);
    if (job.does === "build" || others.length === 0) return result;
    return {
      ...result,
      agrees: false,
      said: [`${others.join(", ")} publishes this too`, result.said].filter(Boolean).join("; "),
    };
  });
  const [missed] = publishersOf(settings, event).filter(
    ({ identity, environment }) =>
      !leftOut.some((left) => left.identity === identity && left.environment === environment),
  );
  if (publishing.length > 0 || missed === undefined) return results;
  const { identity, environment } = missed;
  const said = `no job publishes this${environment === undefined ? "" : `, which the environment ${environment} takes`}`;
  return [...results, { ...nothingDone, identity, job: eventWords(event), said }];
}

const nothingDone = { id: "", steps: [], agrees: false, log: "", revealed: 0 } as const;

/** A job that no event started is one that nobody knows to work. */
export function idleJobs({ plan }: PrintedWorkflow, results: readonly WorkflowResult[]): WorkflowResult[] {
  const said = "nothing that starts the workflow started this job";
  return plan.jobs
    .filter(({ id }) => !results.some((result) => result.id === id))
    .map(({ id, identity }) => ({ ...nothingDone, identity, id, job: id, said }));
}

function printed(settings: Settings): string | undefined {
  try {
    return workflowText(settings, ownAction("contoso/feedpass", "0".repeat(40)));
  } catch (error) {
    if (error instanceof NothingToPrintError) return undefined;
    throw error;
  }
}

function eventWords({ event, ref }: WorkflowEvent): string {
  const name = ref.replace(/^refs\/(heads|tags)\//, "");
  return {
    push: `${ref.startsWith("refs/tags/") ? "tag" : "branch"} ${name}`,
    pull_request: "pull request",
    merge_group: `merge queue ${name}`,
    workflow_dispatch: `by hand on ${name}`,
  }[event];
}

function resultOf({ id, identity }: Job, event: WorkflowEvent, run: JobRun): WorkflowResult {
  const steps = run.started ? run.steps : [];
  const failed = steps.find(({ outcome }) => outcome === "failure");
  return {
    identity,
    id,
    job: `${id}, ${eventWords(event)}`,
    steps: steps.filter(({ log }) => !log.startsWith("(played by")).map((step) => step.name),
    agrees: hasSucceeded(run),
    said: run.started ? (failed ? `${failed.name}: ${lineOf(failed)}` : "") : run.reason,
    log: logOf(run),
    revealed: run.started ? run.revealed : 0,
  };
}
