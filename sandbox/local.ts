import { readdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { openDoor } from "./door.ts";
import { type Environment, mergedEnvironment } from "./environment.ts";
import { withProgress } from "./progress.ts";
import { announce, findRunning, type RunningSandbox, withdraw } from "./running.ts";
import { type Sandbox, startSandbox } from "./sandbox.ts";
import { StateError } from "./saved-state.ts";
import { type Engine, ensureEngine } from "./toolchain/engine.ts";
import { EngineError } from "./toolchain/errors.ts";
import { withLock } from "./toolchain/lock.ts";

/** Where the sandbox of this checkout keeps what outlives it. */
const folder = fileURLToPath(new URL("../.sandbox", import.meta.url));
const runningFile = join(folder, "running.json");
/** Held while one is looked for and started: of two that start at once, the second finds the first. */
const lockFile = join(folder, "starting.lock");

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
 * @throws StateError where a file that an earlier one left cannot be used
 */
export async function useLocalSandbox<T>(
  options: LocalOptions,
  use: (sandbox: LocalSandbox) => Promise<T>,
): Promise<T> {
  refuseOccupied(await findRunning(runningFile), options);
  const engine = await withProgress((onProgress) => ensureEngine({ onProgress }));
  const entered = await withLock(lockFile, { onWait: reportWait, interval: 100 }, () => enter(options, engine));
  if ("joined" in entered) return await use({ environment: entered.joined.environment, own: undefined, engine });
  const { own, end } = entered;
  try {
    return await use({ environment: own.environment, own, engine });
  } finally {
    await end();
  }
}

async function enter(options: LocalOptions, engine: Engine) {
  const { stays = false, reset = false } = options;
  const running = await findRunning(runningFile);
  refuseOccupied(running, options);
  if (running !== undefined) return { joined: running };
  if (reset) forget();
  const own = await startSandbox({ folder, engine });
  if (own.warning !== undefined) process.stderr.write(`${own.warning}\n`);
  const door = await openDoor();
  announce(runningFile, { stays, door: door.address, environment: own.environment });
  return {
    own,
    async end() {
      door.announceEnd();
      await own.stop();
      withdraw(runningFile);
      await door.close();
    },
  };
}

/** All but the lock, which this process holds. */
function forget(): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith("starting.lock")) rmSync(join(folder, name), { recursive: true, force: true });
  }
  process.stderr.write(
    `Services, stacks and credentials of earlier runs are forgotten. A stack of stacks/ is begun again with
  npm run sandbox -- npx pulumi stack select NAME --create
and made again with "pulumi up".\n`,
  );
}

function reportWait(processId: number): void {
  process.stderr.write(
    `Waiting for process ${processId}, which starts the sandbox; if that process does something else, delete ${lockFile}\n`,
  );
}

function refuseOccupied(running: RunningSandbox | undefined, { stays = false, reset = false }: LocalOptions): void {
  if (running && (!running.stays || stays || reset)) {
    throw new UserError(occupied(running.processId, running.stays));
  }
}

function occupied(processId: number, stays: boolean): string {
  return stays
    ? `a sandbox is up already (process ${processId}): commands join it; end it before another one is started or reset`
    : `a command is running in the sandbox (process ${processId}): wait for it, or keep a sandbox up with "npm run sandbox" for several to join`;
}

/**
 * Runs a command in the sandbox, on this terminal. What asks this process to end is passed on, so that the command ends
 * first. Ctrl-C reaches it without that.
 * @returns its exit code, 128 and the signal's number where one ended it, 127 where there is no such command
 */
export async function runInSandbox(words: readonly string[], environment: Environment): Promise<number> {
  const [file = "", ...args] = words;
  let command: { kill(signal: NodeJS.Signals): boolean } | undefined;
  // Before the command starts: it may be asked to end at once.
  const passOn = (signal: NodeJS.Signals) => void command?.kill(signal);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, passOn);
  const started = execa(file, args, {
    stdio: "inherit",
    env: mergedEnvironment(environment),
    extendEnv: false,
    reject: false,
    preferLocal: true,
    forceKillAfterDelay: false,
  });
  command = started;
  const result = await started;
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.off(signal, passOn);
  if (result.code === "ENOENT") throw new UserError(`there is no command ${file}`);
  return result.exitCode ?? (result.signal === undefined ? 1 : 128 + constants.signals[result.signal]);
}

/** Ends the process with a message, without a stack, where the user can do something about it. */
export async function withUserErrors(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    if (!isForUser(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** What the system refuses (a full disk, a folder of somebody else) it says with the file's name. */
function isForUser(error: unknown): error is Error {
  const isKnown = [UserError, EngineError, StateError].some((kind) => error instanceof kind);
  return isKnown || (error instanceof Error && "syscall" in error && "path" in error);
}

/** Which providers the engine runs with. It is always said, since only the official ones prove what they do. */
export function describeParts(parts: Engine["parts"]): string {
  return parts === "official"
    ? "The engine runs with the official provider plugins."
    : "The engine runs with the sandbox's own stand-ins for the provider plugins: they cannot be downloaded here.";
}
