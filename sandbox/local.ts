import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Environment, mergedEnvironment } from "./environment.ts";
import { execa } from "execa";
import { withProgress } from "./progress.ts";
import { announce, findRunning, withdraw } from "./running.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";
import { removeState } from "./saved-state.ts";
import { type Engine, ensureEngine } from "./toolchain/engine.ts";
import { EngineError } from "./toolchain/errors.ts";

/** Where the sandbox of this checkout keeps what outlives it. */
const folder = fileURLToPath(new URL("../.sandbox", import.meta.url));
const runningFile = join(folder, "running.json");

/** A mistake of the user, or something missing on the machine: shown without a stack. */
export class UserError extends Error {}

/** The sandbox of this checkout, for as long as `use` takes. */
export interface LocalSandbox {
  /** What its commands are given beside what they are let know of the machine. */
  readonly environment: Environment;
  /** Undefined where the sandbox is another process's, which this one has joined. */
  readonly own: Sandbox | undefined;
  readonly engine: Engine;
}

export interface LocalOptions {
  /** Whether it stays up for other commands to join. Default: false. */
  readonly stays?: boolean;
  /** Forgets what earlier runs left. Default: false. */
  readonly reset?: boolean;
}

/**
 * Starts the sandbox of this checkout, or joins the one that is up, and ends what it started.
 * @throws UserError where another process has a sandbox up that cannot be joined
 */
export async function useLocalSandbox<T>(
  { stays = false, reset = false }: LocalOptions,
  use: (sandbox: LocalSandbox) => Promise<T>,
): Promise<T> {
  const running = findRunning(runningFile);
  if (running && (!running.stays || stays || reset)) {
    throw new UserError(occupied(running.processId, running.stays));
  }
  const engine = await withProgress((onProgress) => ensureEngine({ onProgress }));
  if (running) return await use({ environment: running.environment, own: undefined, engine });
  if (reset) removeState(folder);
  const own = await startSandbox({ folder, engine });
  announce(runningFile, stays, own.environment);
  try {
    return await use({ environment: own.environment, own, engine });
  } finally {
    withdraw(runningFile);
    await own.stop();
  }
}

function occupied(processId: number, stays: boolean): string {
  return stays
    ? `a sandbox is up already (process ${processId}): commands join it; end it before another one is started or reset`
    : `a command is running in the sandbox (process ${processId}): wait for it, or keep a sandbox up with "npm run sandbox" for several to join`;
}

/** Runs a command in the sandbox, on this terminal. @returns its exit code, 127 where there is no such command */
export async function runInSandbox(words: readonly string[], environment: Environment): Promise<number> {
  const [file = "", ...args] = words;
  const result = await execa(file, args, {
    stdio: "inherit",
    env: mergedEnvironment(environment),
    extendEnv: false,
    reject: false,
    preferLocal: true,
  });
  if (result.code === "ENOENT") throw new UserError(`there is no command ${file}`);
  return result.exitCode ?? 1;
}

/** Ends the process with a message, without a stack, where the user can do something about it. */
export async function withUserErrors(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!(error instanceof UserError || error instanceof EngineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Which providers the engine runs with. It is always said, since only the official ones prove what they do. */
export function describeParts(parts: Engine["parts"]): string {
  return parts === "official"
    ? "The engine runs with the official provider plugins."
    : "The engine runs with the sandbox's own stand-ins for the provider plugins: they cannot be downloaded here.";
}
