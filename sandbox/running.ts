import { existsSync, readFileSync, rmSync } from "node:fs";
import { knock } from "./door.ts";
import type { Environment } from "./environment.ts";
import { parseJson, StateError, writeWhole } from "./saved-state.ts";

/** A sandbox that a process of this machine has up. */
export interface RunningSandbox {
  readonly processId: number;
  /** Whether it stays up until it is ended, so that commands may join it; or ends with the one command it is for. */
  readonly stays: boolean;
  /** Where it answers that it is up. */
  readonly door: string;
  readonly environment: Environment;
}

/**
 * The sandbox that is up in this folder, as it answers itself; undefined where none is, whatever an ended one left. One that
 * ends is waited for.
 * @throws StateError where the file cannot be read, or what it names does not answer
 */
export async function findRunning(file: string): Promise<RunningSandbox | undefined> {
  for (;;) {
    const running = readRunning(file);
    if (running === undefined) return undefined;
    const behind = await knock(running.door);
    if (behind === "up") return running;
    if (behind === "silent") throw new StateError(silent(file, running.processId));
    if (behind === "other") {
      process.stderr.write(
        `The sandbox of process ${running.processId} was killed; its services go on as they were.\n`,
      );
      withdraw(file);
      return undefined;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Lets others know. The file holds credentials of the sandbox, so only its owner may read it. */
export function announce(file: string, running: Omit<RunningSandbox, "processId">): void {
  writeWhole(file, JSON.stringify({ processId: process.pid, ...running } satisfies RunningSandbox));
}

export function withdraw(file: string): void {
  rmSync(file, { force: true });
}

function readRunning(file: string): RunningSandbox | undefined {
  if (!existsSync(file)) return undefined;
  const running = parseJson(readFileSync(file, "utf8"));
  if (isRunning(running)) return running;
  throw new StateError(
    `${file}: cut off, or of another version of feedpass; end the sandbox that is up in another terminal, if there is one, and delete this file`,
  );
}

function isRunning(value: unknown): value is RunningSandbox {
  const { processId, stays, door, environment } = Object(value) as Partial<Record<keyof RunningSandbox, unknown>>;
  const isAddress = typeof door === "string" && /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f-]+$/.test(door);
  return typeof processId === "number" && typeof stays === "boolean" && isAddress && typeof environment === "object";
}

function silent(file: string, processId: number): string {
  return `process ${processId} has a sandbox up and does not answer; let it go on or end it ("kill ${processId}"), or, if that process is no sandbox, delete ${file}`;
}
