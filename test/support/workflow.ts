import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { type Environment, mergedEnvironment } from "../../sandbox/environment.ts";
import { type Contexts, evaluate, interpolate, isWanted, type JobStatus } from "../../sandbox/rehearsal/expressions.ts";
import { parseSettingsFile } from "../../sandbox/rehearsal/step-files.ts";

/**
 * Plays a workflow of this project: every job, each of its matrix, every step in its order, with `run` as bash does it.
 * What `uses` an action is played by the test.
 */

interface Step {
  readonly id?: string;
  readonly name: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly "working-directory"?: string;
}

interface Job {
  readonly name: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions: Readonly<Record<string, "read" | "write">>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, string | readonly string[]>> };
  readonly outputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface StepRun {
  readonly name: string;
  readonly outcome: "success" | "failure" | "skipped";
  /** What it printed. */
  readonly log: string;
  /** What it adds to the job's summary, which people read on the run's page. */
  readonly summary: string;
}

export interface JobRun {
  readonly id: string;
  readonly name: string;
  readonly steps: readonly StepRun[];
  readonly result: JobStatus;
}

/** What a job runs with. */
export interface JobSetting {
  readonly vars: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** `github.token`. */
  readonly token: string;
  /** Variables of every step, beside those that the workflow sets. */
  readonly environment: Environment;
}

export interface PlayedAction {
  readonly name: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  readonly job: Job & { readonly id: string };
}

export interface Stage {
  readonly github: Contexts;
  /** Of `workflow_dispatch`. */
  readonly inputs?: Contexts;
  /** GitHub lets a job begin, or throws. */
  begin(job: Job & { readonly id: string }): JobSetting;
  /** Does what an action does. @returns its outputs */
  play(action: PlayedAction): Promise<Readonly<Record<string, string>>>;
  /** Gives a process its place in the sandbox. */
  enter(environment: Environment): Promise<{ readonly environment: Environment; close(): Promise<void> }>;
  /** Folders that go before all others on PATH. */
  readonly paths: readonly string[];
}

type Result = "success" | "failure" | "skipped";

/** @returns the jobs that ran, in their order; those of a matrix one after the other */
export async function playWorkflow(text: string, stage: Stage): Promise<JobRun[]> {
  const { jobs } = parse(text) as { readonly jobs: Readonly<Record<string, Job>> };
  const runs: JobRun[] = [];
  const needs: Record<string, { result: Result; outputs: Contexts }> = {};
  for (const [id, job] of Object.entries(jobs)) {
    const own = [job.needs ?? []].flat();
    const status = own.every((other) => needs[other]?.result === "success") ? "success" : "failure";
    const contexts: Contexts = {
      github: stage.github,
      inputs: stage.inputs ?? {},
      needs: Object.fromEntries(own.map((other) => [other, needs[other] ?? {}])),
    };
    if (!isWanted(job.if, contexts, status)) {
      needs[id] = { result: "skipped", outputs: {} };
      continue;
    }
    const ended = [];
    for (const [index, matrix] of matrixOf(job, contexts).entries()) {
      const all = { ...contexts, matrix, strategy: { "job-index": index } };
      ended.push(await playJob({ ...job, id }, all, stage));
    }
    runs.push(...ended.map(({ run }) => run));
    const failed = ended.some(({ run }) => run.result === "failure");
    needs[id] = { result: failed ? "failure" : "success", outputs: ended.at(-1)?.outputs ?? {} };
  }
  return runs;
}

function matrixOf({ strategy }: Job, contexts: Contexts): Record<string, string>[] {
  const [entry] = Object.entries(strategy?.matrix ?? {});
  if (entry === undefined) return [{}];
  const [name, values] = entry;
  const expression = typeof values === "string" ? /^\$\{\{ fromJSON\((.*)\) \}\}$/.exec(values)?.[1] : undefined;
  const list = expression === undefined ? values : JSON.parse(String(evaluate(expression, contexts, "success")));
  return (list as readonly string[]).map((value) => ({ [name]: value }));
}

async function playJob(job: Job & { readonly id: string }, given: Contexts, stage: Stage) {
  const setting = stage.begin(job);
  const workspace = mkdtempSync(join(tmpdir(), "feedpass-job-"));
  const steps: StepRun[] = [];
  const outputs: Record<string, Contexts> = {};
  let status: JobStatus = "success";
  const contexts = (): Contexts => ({
    ...given,
    github: { ...stage.github, token: setting.token },
    vars: setting.vars,
    secrets: setting.secrets,
    steps: outputs,
  });
  const fill = (table: Readonly<Record<string, string | number | boolean>> = {}) =>
    Object.fromEntries(
      Object.entries(table).map(([key, value]) => [key, interpolate(String(value), contexts(), status)]),
    );
  try {
    for (const step of job.steps) {
      const name = interpolate(step.name, contexts(), status);
      if (!isWanted(step.if, contexts(), status)) {
        steps.push({ name, outcome: "skipped", log: "", summary: "" });
        continue;
      }
      if (step.uses !== undefined) {
        const action = { name: step.uses.replace(/@.*$/, ""), inputs: fill(step.with), workspace, job };
        const made = await stage.play(action);
        if (step.id !== undefined) outputs[step.id] = { outputs: made };
        steps.push({ name, outcome: "success", log: "", summary: "" });
        continue;
      }
      const environment = { ...setting.environment, ...fill(job.env), ...fill(step.env) };
      const folder = join(workspace, step["working-directory"] ?? "");
      const run = await runStep(interpolate(step.run ?? "", contexts(), status), folder, environment, workspace, stage);
      if (run.exitCode !== 0) status = "failure";
      if (step.id !== undefined) outputs[step.id] = { outputs: run.outputs };
      const { log, summary } = run;
      steps.push({ name, outcome: run.exitCode === 0 ? "success" : "failure", log, summary });
    }
    const name = interpolate(job.name, contexts(), status);
    return { run: { id: job.id, name, steps, result: status }, outputs: fill(job.outputs) };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

async function runStep(script: string, cwd: string, environment: Environment, workspace: string, stage: Stage) {
  const files = { GITHUB_OUTPUT: join(workspace, ".output"), GITHUB_STEP_SUMMARY: join(workspace, ".summary") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const place = await stage.enter(environment);
  try {
    const { exitCode, all } = await execa("bash", ["-e", "-c", script], {
      cwd,
      env: {
        ...mergedEnvironment(place.environment, { ...files, GITHUB_WORKSPACE: workspace, CI: "true", NO_COLOR: "1" }),
        PATH: [...stage.paths, process.env.PATH].join(delimiter),
      },
      extendEnv: false,
      reject: false,
      all: true,
    });
    return {
      exitCode,
      log: all,
      summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
      outputs: parseSettingsFile(readFileSync(files.GITHUB_OUTPUT, "utf8")),
    };
  } finally {
    await place.close();
  }
}

/**
 * Puts a `gh` into a folder that answers what the workflows ask: the commit of the last deployment, and where main is.
 * @param origin the repository, as git has it
 * @returns says which commit the last whole deployment was of
 */
export function quickGh(folder: string, origin: string): (commit: string) => void {
  const file = join(folder, "gh");
  const last = join(folder, "last-deployment");
  mkdirSync(folder, { recursive: true });
  writeFileSync(last, "");
  writeFileSync(
    file,
    `#!/bin/sh
[ -n "$GH_TOKEN" ] || { echo "gh: no GH_TOKEN" >&2; exit 4; }
case "$1 $2" in
"api repos/contoso/feed-access/actions/workflows/deploy.yml/runs?"*"event=push&status=success"*) cat ${last};;
"api repos/contoso/feed-access/git/ref/heads/main") git -C ${origin} rev-parse main;;
*) echo "gh: nothing here plays $*" >&2; exit 1;;
esac
`,
  );
  chmodSync(file, 0o755);
  return (commit) => writeFileSync(last, commit);
}

/**
 * A folder with an `npm` that installs by linking what is installed already, and that only notes the scripts it is to
 * leave alone; all else is npm's own.
 */
export function quickNpm(folder: string, root: string, noted: readonly string[]): { readonly notes: () => string[] } {
  const notes = join(folder, "notes");
  mkdirSync(folder, { recursive: true });
  appendFileSync(notes, "");
  const cases = noted.map((words) => `"${words}") echo "$*" >> ${notes}; exit 0;;`).join("\n");
  const file = join(folder, "npm");
  writeFileSync(
    file,
    `#!/bin/sh
case "$*" in
"ci")
  ln -s ${root}/node_modules node_modules
  mkdir -p .sandbox ${root}/.sandbox/python
  ln -s ${root}/.sandbox/python .sandbox/python
  exit 0;;
${cases}
esac
exec ${join(process.execPath, "..", "npm")} "$@"
`,
  );
  chmodSync(file, 0o755);
  return { notes: () => (existsSync(notes) ? readFileSync(notes, "utf8").split("\n").filter(Boolean) : []) };
}
