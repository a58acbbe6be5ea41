import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CompositeAction, Step } from "./definitions.ts";
import { type Contexts, interpolate, isWanted, type JobStatus } from "./expressions.ts";
import type { Annotation, JobLog } from "./log.ts";
import { type Machine, pathWith } from "./machine.ts";
import { parsePathFile, parseSettingsFile } from "./step-files.ts";

/** How one step of a job ended. */
export interface StepRun {
  readonly id: string | undefined;
  /** As GitHub titles it. */
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  /** What it printed, with what is secret hidden. */
  readonly log: string;
  readonly annotations: readonly Annotation[];
}

/** What the rehearsal does in place of an action that it does not run. @returns what it says of it */
export type PlayAction = (name: string, inputs: Readonly<Record<string, string>>) => string;

/** A job while it runs. */
export interface RunningJob {
  readonly machine: Machine;
  readonly log: JobLog;
  /** The contexts of every step: `github`, `vars`, `secrets`. */
  readonly contexts: Contexts;
  /** Variables for every step: the workflow's and the job's. */
  readonly environment: Readonly<Record<string, string>>;
  /** The composite action that a `uses` means; undefined for one that is played. */
  readonly findAction: (uses: string) => CompositeAction | undefined;
  readonly play: PlayAction;
}

/** What steps leave for those after them. */
interface Carried {
  variables: Record<string, string>;
  paths: readonly string[];
  status: JobStatus;
}

/** Runs the steps of a job, one after the other, as a runner does. */
export async function runSteps(job: RunningJob, steps: readonly Step[]): Promise<StepRun[]> {
  return runList(job, steps, { variables: {}, paths: [], status: "success" }, {}).then(({ runs }) => runs);
}

interface Listed {
  readonly runs: StepRun[];
  readonly steps: Contexts;
}

/** @param scope contexts beside the job's: an action's `inputs` */
async function runList(job: RunningJob, list: readonly Step[], carried: Carried, scope: Contexts): Promise<Listed> {
  const runs: StepRun[] = [];
  let steps: Contexts = {};
  for (const step of list) {
    const contexts = { ...job.contexts, env: { ...job.environment, ...carried.variables }, ...scope, steps };
    if (!isWanted(step.if, contexts, carried.status)) {
      runs.push({ id: step.id, name: titleOf(step), outcome: "skipped", log: "", annotations: [] });
      continue;
    }
    const { run, outputs } = await runStep(job, step, carried, contexts);
    runs.push(run);
    if (run.outcome === "failure" && !step["continue-on-error"]) carried.status = "failure";
    if (step.id !== undefined) steps = { ...steps, [step.id]: { outputs, outcome: run.outcome } };
  }
  return { runs, steps };
}

interface Ended {
  readonly run: StepRun;
  readonly outputs: Readonly<Record<string, string>>;
}

async function runStep(job: RunningJob, step: Step, carried: Carried, contexts: Contexts): Promise<Ended> {
  const fill = (text: string) => interpolate(text, contexts, carried.status);
  const fillAll = (table: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(table).map(([name, text]) => [name, fill(text)]));
  const base = { id: step.id, name: fill(titleOf(step)) };
  if (step.uses !== undefined) {
    const inputs = fillAll(step.with);
    const action = job.findAction(step.uses);
    if (action !== undefined) return runAction(job, base, action, inputs, carried);
    const log = job.play(step.uses.replace(/@.*$/, ""), inputs);
    return { run: { ...base, outcome: "success", log, annotations: [] }, outputs: {} };
  }
  if (step.run === undefined) throw new Error(`the step ${base.name} neither runs nor uses anything`);
  return runScript(job, step, fill(step.run), fillAll(step.env), base, carried);
}

async function runAction(
  job: RunningJob,
  base: Pick<StepRun, "id" | "name">,
  action: CompositeAction,
  given: Readonly<Record<string, string>>,
  carried: Carried,
): Promise<Ended> {
  const unknown = Object.keys(given).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`the action ${action.name} has no input ${unknown.join(", ")}`);
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, { default: usual = "" }]) => [name, given[name] ?? usual]),
  );
  // Its steps look at each other's failures, not at those of the job before it.
  const within: Carried = { ...carried, status: "success" };
  const inner = {
    ...job,
    environment: { ...job.environment, GITHUB_ACTION_PATH: action.folder },
    contexts: { ...job.contexts, github: { ...table(job.contexts.github), action_path: action.folder } },
  };
  const { runs, steps } = await runList(inner, action.runs.steps, within, { inputs });
  Object.assign(carried, { variables: within.variables, paths: within.paths });
  const outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [
      name,
      interpolate(value, { ...inner.contexts, inputs, steps }, "success"),
    ]),
  );
  return {
    run: {
      ...base,
      outcome: within.status,
      log: runs.flatMap(({ log }) => (log === "" ? [] : [log])).join("\n"),
      annotations: runs.flatMap(({ annotations }) => annotations),
    },
    outputs,
  };
}

const stepFiles = ["GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"] as const;

async function runScript(
  job: RunningJob,
  step: Step,
  script: string,
  own: Readonly<Record<string, string>>,
  base: Pick<StepRun, "id" | "name">,
  carried: Carried,
): Promise<Ended> {
  const { machine } = job;
  const files = Object.fromEntries(stepFiles.map((name) => [name, join(machine.temp, name.toLowerCase())]));
  for (const file of Object.values(files)) writeFileSync(file, "");
  const path = pathWith(carried.paths, carried.variables.PATH ?? machine.environment.PATH);
  const { exitCode, output } = await machine.run(script, {
    folder: join(machine.workspace, step["working-directory"] ?? ""),
    environment: { ...machine.environment, ...job.environment, ...carried.variables, ...files, PATH: path, ...own },
    strict: step.shell === "bash",
  });
  const written = (name: (typeof stepFiles)[number]) => readFileSync(files[name] ?? "", "utf8");
  const { text, annotations } = job.log.add(output);
  carried.variables = { ...carried.variables, ...parseSettingsFile(written("GITHUB_ENV")) };
  carried.paths = [...parsePathFile(written("GITHUB_PATH")), ...carried.paths];
  const log = exitCode === 0 ? text : `${text}\nError: Process completed with exit code ${exitCode}.`.trimStart();
  return {
    run: { ...base, outcome: exitCode === 0 ? "success" : "failure", log, annotations },
    outputs: parseSettingsFile(written("GITHUB_OUTPUT")),
  };
}

function titleOf({ name, uses, run }: Step): string {
  if (name !== undefined) return name;
  return `Run ${uses ?? run?.trim().split("\n")[0] ?? ""}`;
}

function table(value: Contexts[string]): Contexts {
  return typeof value === "object" && value !== null ? value : {};
}
