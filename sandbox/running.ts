import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Environment } from "./environment.ts";

/** A sandbox that a process of this machine has up. */
export interface RunningSandbox {
  readonly processId: number;
  /** Whether it stays up until it is ended, so that commands may join it; or ends with the one command it is for. */
  readonly stays: boolean;
  readonly environment: Environment;
}

/** The sandbox that is up in this folder; undefined where there is none, or its process is gone. */
export function findRunning(file: string): RunningSandbox | undefined {
  if (!existsSync(file)) return undefined;
  const running = JSON.parse(readFileSync(file, "utf8")) as RunningSandbox;
  return isAlive(running.processId) ? running : undefined;
}

/** Lets others know. The file holds credentials of the sandbox, so only its owner may read it. */
export function announce(file: string, stays: boolean, environment: Environment): void {
  mkdirSync(dirname(file), { recursive: true });
  const running: RunningSandbox = { processId: process.pid, stays, environment };
  writeFileSync(file, JSON.stringify(running), { mode: 0o600 });
}

export function withdraw(file: string): void {
  rmSync(file, { force: true });
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}
