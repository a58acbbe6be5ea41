import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  LocalWorkspace,
  type PulumiCommand,
  type PulumiFn,
  Stack,
  type Workspace,
} from "@pulumi/pulumi/automation/index.js";
import { isLocked } from "../../src/diagnosis/again.ts";
import { type EngineCommand, engineCommand, EngineRefusal, engineWords } from "../engine-command.ts";
import { projectFileName } from "../project.ts";
import { thisMachine } from "../recover/machine.ts";
import { readState, resourceWords } from "../recover/state.ts";
import { readStack } from "../stack.ts";
import { EventCollector, type Told } from "./events.ts";
import { throwAwayBackend } from "./mirror.ts";
import type { ResourceChange, StackResult } from "./report.ts";
import { subjectDrift } from "./subject-drift.ts";
import type { StackTask } from "./task.ts";
import { watchUncaught } from "./uncaught.ts";
import { wayFor } from "./way.ts";
import { wholeProgram } from "./whole-program.ts";

/** What every stack of a worker needs. */
export interface EngineSetup {
  readonly program: PulumiFn;
  readonly command: PulumiCommand;
  /** The project's mirror. */
  readonly folder: string;
}

/** Runs the engine for one stack, and tells how it went. Never throws for what goes wrong with the stack. */
export async function runStack(task: StackTask, setup: EngineSetup, signal: AbortSignal): Promise<StackResult> {
  const start = performance.now();
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const engine = engineCommand(setup.command.command, setup.folder);
  const way = wayFor(task.stack, { engine, machine: thisMachine(), seconds: task.wait, signal, note });
  for (;;) {
    const { failure, ...result } = await runOnce(task, setup, engine, note, signal);
    const told = () => ({
      ...result,
      ...(notes.length > 0 ? { notes } : {}),
      seconds: (performance.now() - start) / 1000,
    });
    if (failure === undefined)
      return { outcome: Object.keys(result.counts).length > 0 ? "changed" : "same", ...told() };
    // Nothing was begun where the state could not be had.
    const isFree = result.changes.length === 0 && !signal.aborted && (await way.clear(failure));
    if (isFree) continue;
    const outcome = signal.aborted ? "interrupted" : isLocked(failure) ? "elsewhere" : "failed";
    return { outcome, ...told() };
  }
}

/** @returns with `failure`, the words of what went wrong, where something did */
async function runOnce(
  task: StackTask,
  setup: EngineSetup,
  engine: EngineCommand,
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<Told & { readonly failure?: string }> {
  const events = new EventCollector();
  const failure = new AbortController();
  const unwatch = watchUncaught(() => failure.abort());
  try {
    await runEngine(task, setup, engine, note, events, AbortSignal.any([signal, failure.signal]));
    const told = events.told();
    const subjects = task.operation === "drift" ? await subjectDrift(events.outputs) : undefined;
    return subjects === undefined ? told : withChange(told, subjects);
  } catch (error) {
    const told = events.told();
    const errors = told.errors.length > 0 ? told.errors : [wordsOf(error)];
    return { ...told, errors, failure: errors.join("\n") };
  } finally {
    unwatch();
  }
}

function withChange({ counts, changes, errors }: Told, change: ResourceChange): Told {
  const { action } = change;
  return { counts: { ...counts, [action]: (counts[action] ?? 0) + 1 }, changes: [...changes, change], errors };
}

async function runEngine(
  task: StackTask,
  setup: EngineSetup,
  engine: EngineCommand,
  note: (line: string) => void,
  events: EventCollector,
  signal: AbortSignal,
) {
  const { stack: name, operation, exists, refresh } = task;
  const isThrownAway = !exists && operation === "preview";
  const environment = {
    // A short run has better uses for its time than collecting garbage.
    GOGC: process.env.GOGC ?? "400",
    ...(isThrownAway ? throwAwayEnvironment(setup.folder) : {}),
  };
  if (!exists) await createStack(task, engine, environment);
  const known = exists && operation === "up" ? await settle(name, setup, engine, note) : [];
  const workspace = await LocalWorkspace.create({
    workDir: setup.folder,
    program: wholeProgram(setup.program, name, known),
    pulumiCommand: setup.command,
    envVars: environment,
  });
  const stack = await Stack.select(name, withoutExtraCalls(workspace));
  const options = { color: "never", suppressProgress: true, signal, onEvent: events.add.bind(events) } as const;
  switch (operation) {
    case "preview":
      await Promise.all([
        stack.preview({ ...options, refresh }),
        // Looked up while the engine is at it.
        exists ? tellPending(name, engine, note) : undefined,
      ]);
      return;
    case "up":
      await stack.up({ ...options, refresh, suppressOutputs: true });
      return;
    case "drift":
      await stack.previewRefresh(options);
  }
}

/** A stack that is not there yet is previewed in a backend of its own, which needs none of the team's rights and keys. */
function throwAwayEnvironment(folder: string): Record<string, string> {
  const { PULUMI_CONFIG_PASSPHRASE, PULUMI_CONFIG_PASSPHRASE_FILE } = process.env;
  const hasPassphrase = PULUMI_CONFIG_PASSPHRASE !== undefined || Boolean(PULUMI_CONFIG_PASSPHRASE_FILE);
  return {
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, throwAwayBackend)).href,
    ...(hasPassphrase ? {} : { PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex") }),
  };
}

/** The SDK's own way selects the stack too, for whoever runs `pulumi` next. */
async function createStack(task: StackTask, engine: EngineCommand, environment: Record<string, string>) {
  const { stack, operation, secretsProvider } = task;
  const provider = operation === "up" && secretsProvider ? ["--secrets-provider", secretsProvider] : [];
  try {
    await engine(["stack", "init", stack, "--no-select", ...provider], environment);
  } catch (error) {
    // Another fleet has made it since this one looked.
    if (!/already exists/.test(wordsOf(error))) throw error;
  }
}

/** Sees to what an engine that was killed has left. @returns what the stack has */
async function settle(stack: string, { folder }: EngineSetup, engine: EngineCommand, note: (line: string) => void) {
  const state = await readState(engine, stack);
  if (state.pendingCreates.length === 0) return state.resources;
  const { askForMade } = await import("../recover/made.ts");
  const { settlePending } = await import("../recover/settle.ts");
  const project = { root: folder, projectFile: readFileSync(join(folder, projectFileName)) };
  const { settings } = readStack(project, stack);
  for (const line of await settlePending(engine, stack, state, askForMade(settings, state))) note(line);
  return (await readState(engine, stack)).resources;
}

async function tellPending(stack: string, engine: EngineCommand, note: (line: string) => void): Promise<void> {
  const { pendingCreates } = await readState(engine, stack);
  for (const pending of pendingCreates) {
    note(`${resourceWords(pending)}: an engine was killed while it was being made; fleet up sees to it`);
  }
}

/**
 * The SDK starts the engine twice more around an operation: to select the stack, which every call names anyway, and for
 * outputs that nobody here reads. Each start is a third of a second.
 */
function withoutExtraCalls(workspace: Workspace): Workspace {
  const lean = Object.create(workspace) as Workspace;
  lean.selectStack = async () => undefined;
  lean.stackOutputs = async () => ({});
  return lean;
}

/** What the engine says where no event does: it was locked out, or has no passphrase. */
function wordsOf(error: unknown): string {
  if (error instanceof EngineRefusal) return error.message;
  return engineWords(error instanceof Error && "stderr" in error ? String(error.stderr) : String(error));
}
