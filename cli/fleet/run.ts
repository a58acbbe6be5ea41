import { appendFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { presentDay } from "../../infra/today.ts";
import { stackFilePath } from "../../src/settings/config.ts";
import { secretEnds } from "../../src/settings/secret-end.ts";
import { type FileProblems, type State, stateOnDisk } from "../access/states.ts";
import { engineCommand } from "../engine-command.ts";
import { type ExitCode, Failure } from "../failure.ts";
import { coloursFor, complain, confirmed, print } from "../output.ts";
import { findProject, type Project, stackFilesOnDisk } from "../project.ts";
import { accessLines } from "./access-lines.ts";
import { changedSince, type FleetChange, select } from "./changed.ts";
import { type Engine, type ExistingStack, findEngine, listStacks } from "./engine.ts";
import { reportMarkdown } from "./markdown.ts";
import { type Mirror, openMirror } from "./mirror.ts";
import type { FleetOptions } from "./options.ts";
import { Progress } from "./progress.ts";
import { runQueue } from "./queue.ts";
import { reportText } from "./render.ts";
import {
  type AccessLine,
  exitCodeOf,
  type FleetReport,
  isFailure,
  type Leftover,
  type Operation,
  type StackReport,
  type StackResult,
} from "./report.ts";
import { inShard, matching, parseShard } from "./select.ts";
import type { StackTask } from "./task.ts";
import { outcomeWords } from "./words.ts";
import { hiding } from "./workflow-commands.ts";
import { startWorker } from "./worker-process.ts";

/** Runs `feedpass fleet preview`, `up` or `drift`. */
export async function runFleet(operation: Operation, options: FleetOptions): Promise<ExitCode> {
  const project = findProject();
  const plan = await planRun(project, options);
  if (operation === "up" && plan.sound.length > 0) await confirm(plan, options);
  const report = await carryOut(operation, project, plan, options);
  show(report, options);
  return exitCodeOf(report);
}

/** Which stacks a run is for, from the files alone. */
interface RunPlan {
  readonly why: string;
  readonly state: State;
  readonly today: string;
  /** Those that an engine is started for. */
  readonly sound: readonly string[];
  readonly broken: readonly FileProblems[];
  /** Whether a stack that has no file is to be told of. */
  readonly tellsLeftover: (stack: string) => boolean;
  readonly access: ReadonlyMap<string, readonly AccessLine[]>;
  /** Patterns that no file's stack matches. */
  readonly unmatched: readonly string[];
}

async function planRun(project: Project, options: FleetOptions): Promise<RunPlan> {
  const today = presentDay();
  const reference = options.changedSince;
  const state = stateOnDisk(project, today);
  const patterns = options.stacks ?? [];
  const wanted = matching([...state.stacks.keys()], patterns);
  const shard = options.shard === undefined ? undefined : parseShard(options.shard);
  const change = reference === undefined ? undefined : await changedSince(project, reference);
  const { stacks, why } = select(wanted, patterns, change, reference);
  const sharded = inShard(stacks, shard);
  const part = shard === undefined ? "" : `, shard ${shard.index} of ${shard.count}: ${sharded.length}`;
  const access =
    reference === undefined ? new Map<string, AccessLine[]>() : await accessLines(project, reference, today);
  return {
    why: `${why}${part}`,
    state,
    today,
    sound: sharded.filter((stack) => state.stacks.get(stack) !== undefined),
    broken: state.broken.filter(({ stack }) => sharded.includes(stack)),
    tellsLeftover: (stack) => isWantedLeftover(stack, patterns, change, shard?.index ?? 1),
    access,
    unmatched: patterns.filter((pattern) => matching([...state.stacks.keys()], [pattern]).length === 0),
  };
}

/** Of a branch only what it removes itself; of a run in shards only the first tells. */
function isWantedLeftover(
  stack: string,
  patterns: readonly string[],
  change: FleetChange | undefined,
  shard: number,
): boolean {
  if (shard !== 1 || matching([stack], patterns).length === 0) return false;
  return change === undefined || change.stacks.has(stack);
}

async function confirm({ sound, why }: RunPlan, { yes }: FleetOptions): Promise<void> {
  if (yes) return;
  const what = sound.length === 1 ? "1 stack" : `${sound.length} stacks`;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Failure(`up would change ${what}; without a terminal to ask on it needs --yes`);
  }
  const question = `Up of ${what} (${why}), without another preview. Go on? (yes/no) `;
  if (!(await confirmed(question))) throw new Failure("nothing was changed");
}

async function carryOut(
  operation: Operation,
  project: Project,
  plan: RunPlan,
  options: FleetOptions,
): Promise<FleetReport> {
  const start = performance.now();
  const mirror = openMirror(project);
  try {
    const engine = await findEngine(project);
    const existing = await listStacks(engineCommand(engine.binary, mirror.folder), plan.sound, complain);
    const known = new Set(existing.map(({ name }) => name));
    refuseUnmatched(plan, known);
    const tasks = tasksOf(operation, project, plan, known, mirror, options);
    const results = await runTasks(operation, project, tasks, engine, mirror, plan, options);
    const attempted = plan.sound.map((stack) => reportOf(operation, stack, plan, known, results.get(stack)));
    return {
      operation,
      why: plan.why,
      stacks: [...attempted, ...plan.broken.map((file) => brokenReport(file, plan, known))],
      leftovers: leftoversOf(plan, existing),
      seconds: (performance.now() - start) / 1000,
    };
  } finally {
    mirror.remove();
  }
}

/** A slip in a name would else look like a run that found nothing to do. */
function refuseUnmatched({ unmatched }: RunPlan, known: ReadonlySet<string>): void {
  const wrong = unmatched.filter((pattern) => matching([...known], [pattern]).length === 0);
  if (wrong.length > 0) throw new Failure(`--stacks: no stack matches ${wrong.join(" or ")}`);
}

/** In seconds. An up of one stack takes half a minute. */
const usualWait = 60;

function tasksOf(
  operation: Operation,
  project: Project,
  { sound }: RunPlan,
  known: ReadonlySet<string>,
  mirror: Mirror,
  options: FleetOptions,
): StackTask[] {
  const files = stackFilesOnDisk(project);
  return sound.flatMap((stack) => {
    const exists = known.has(stack);
    const content = files.get(stack)?.content;
    // What nobody has made yet cannot have drifted.
    if (content === undefined || (operation === "drift" && !exists)) return [];
    const secretsProvider = mirror.add(stack, content, !exists && operation === "preview");
    const { refresh = false, wait = usualWait } = options;
    return [{ stack, operation, exists, refresh, wait, secretsProvider }];
  });
}

async function runTasks(
  operation: Operation,
  project: Project,
  tasks: readonly StackTask[],
  engine: Engine,
  mirror: Mirror,
  plan: RunPlan,
  options: FleetOptions,
): Promise<Map<string, StackResult>> {
  const progress = new Progress(process.stderr, coloursFor(process.stderr), tasks.length);
  const onSecrets = (secrets: readonly string[]) => {
    for (const secret of secrets) progress.say(hiding(secret));
  };
  const interruption = new AbortController();
  const onSignal = () => {
    const again = interruption.signal.aborted;
    interruption.abort();
    progress.note(again ? "still waiting for what runs to end cleanly" : "ending cleanly, please wait");
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await runQueue(tasks, {
      concurrency: options.concurrency ?? availableParallelism(),
      open: () => startWorker({ root: project.root, mirror: mirror.folder, engineRoot: engine.root, onSecrets }),
      signal: interruption.signal,
      onStart: ({ stack }) => progress.start(stack),
      onEnd: ({ stack, exists }, result) => {
        const report = reportOf(operation, stack, plan, new Set(exists ? [stack] : []), result);
        progress.end(stack, outcomeWords(operation, report), isFailure(report), result.seconds);
      },
    });
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    progress.close();
  }
}

function reportOf(
  operation: Operation,
  stack: string,
  { state, today, access }: RunPlan,
  known: ReadonlySet<string>,
  result: StackResult | undefined,
): StackReport {
  const isNew = !known.has(stack);
  const outcome = isNew && operation === "drift" ? "absent" : "notRun";
  const settings = state.stacks.get(stack);
  return {
    stack,
    repository: settings?.repository,
    isNew,
    access: access.get(stack) ?? [],
    secretEnds: settings === undefined ? [] : secretEnds(settings.identities, today),
    ...(result ?? { outcome, counts: {}, changes: [], errors: [], seconds: 0 }),
  };
}

function brokenReport({ stack, problems }: FileProblems, { access }: RunPlan, known: ReadonlySet<string>): StackReport {
  return {
    stack,
    outcome: "broken",
    repository: undefined,
    isNew: !known.has(stack),
    access: access.get(stack) ?? [],
    secretEnds: [],
    counts: {},
    changes: [],
    errors: problems.map(({ path, text }) => `${stackFilePath(stack)}: ${path}: ${text}`),
    seconds: 0,
  };
}

function leftoversOf({ state, tellsLeftover, access }: RunPlan, existing: readonly ExistingStack[]): Leftover[] {
  return existing
    .filter(({ name }) => !state.stacks.has(name) && tellsLeftover(name))
    .map(({ name, resources }) => ({ stack: name, resources, access: access.get(name) ?? [] }));
}

function show(report: FleetReport, { json, markdown }: FleetOptions): void {
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (markdown !== undefined) writeFileSync(markdown, reportMarkdown(report));
  else if (summary) appendFileSync(summary, reportMarkdown(report));
  if (json) print(JSON.stringify(report, null, 2));
  else {
    complain(`Of ${report.why}, in ${report.seconds.toFixed(1)} s:`);
    print(reportText(report, coloursFor(process.stdout)));
  }
}
