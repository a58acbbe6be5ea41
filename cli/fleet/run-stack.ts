import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import {
  LocalWorkspace,
  type PulumiCommand,
  type PulumiFn,
  Stack,
  type Workspace,
} from "@pulumi/pulumi/automation/index.js";
import { EventCollector, type Told } from "./events.ts";
import { throwAwayBackend } from "./mirror.ts";
import type { ResourceChange, StackResult } from "./report.ts";
import { subjectDrift } from "./subject-drift.ts";
import type { StackTask } from "./task.ts";
import { watchUncaught } from "./uncaught.ts";

/** What every stack of a worker needs. */
export interface EngineSetup {
  readonly program: PulumiFn;
  readonly command: PulumiCommand;
  /** The project's mirror. */
  readonly folder: string;
}

/** Runs the engine once for one stack, and tells how it went. Never throws for what goes wrong with the stack. */
export async function runStack(task: StackTask, setup: EngineSetup, signal: AbortSignal): Promise<StackResult> {
  const start = performance.now();
  const events = new EventCollector();
  const seconds = () => (performance.now() - start) / 1000;
  const failure = new AbortController();
  const unwatch = watchUncaught(() => failure.abort());
  try {
    await runEngine(task, setup, events, AbortSignal.any([signal, failure.signal]));
    const told = events.told();
    const subjects = task.operation === "drift" ? await subjectDrift(events.outputs) : undefined;
    const all = subjects === undefined ? told : withChange(told, subjects);
    const hasChanges = Object.keys(all.counts).length > 0;
    return { outcome: hasChanges ? "changed" : "same", ...all, seconds: seconds() };
  } catch (error) {
    const told = events.told();
    const errors = told.errors.length > 0 ? told.errors : [engineWords(error)];
    return { outcome: signal.aborted ? "interrupted" : "failed", ...told, errors, seconds: seconds() };
  } finally {
    unwatch();
  }
}

function withChange({ counts, changes, errors }: Told, change: ResourceChange): Told {
  const { action } = change;
  return { counts: { ...counts, [action]: (counts[action] ?? 0) + 1 }, changes: [...changes, change], errors };
}

async function runEngine(task: StackTask, setup: EngineSetup, events: EventCollector, signal: AbortSignal) {
  const { stack: name, operation, exists, refresh } = task;
  const isThrownAway = !exists && operation === "preview";
  const environment = {
    // A short run has better uses for its time than collecting garbage.
    GOGC: process.env.GOGC ?? "400",
    ...(isThrownAway ? throwAwayEnvironment(setup.folder) : {}),
  };
  if (!exists) await createStack(task, setup, environment);
  const workspace = await LocalWorkspace.create({
    workDir: setup.folder,
    program: setup.program,
    pulumiCommand: setup.command,
    envVars: environment,
  });
  const stack = await Stack.select(name, withoutExtraCalls(workspace));
  const options = { color: "never", suppressProgress: true, signal, onEvent: events.add.bind(events) } as const;
  switch (operation) {
    case "preview":
      await stack.preview({ ...options, refresh });
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
async function createStack(task: StackTask, { command, folder }: EngineSetup, environment: Record<string, string>) {
  const { stack, operation, secretsProvider } = task;
  const provider = operation === "up" && secretsProvider ? ["--secrets-provider", secretsProvider] : [];
  const parameters = ["stack", "init", stack, "--no-select", "--non-interactive", "--color=never", ...provider];
  await promisify(execFile)(command.command, parameters, { cwd: folder, env: { ...process.env, ...environment } });
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
function engineWords(error: unknown): string {
  const text = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
  const words = [...text.matchAll(/^\s*error: (.*(?:\n {2}.*)*)/gm)].map(([, said = ""]) => said.trim());
  const last = text.trim().split("\n").at(-1) ?? text;
  return [...new Set(words)].join("\n") || last;
}
