import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Environment } from "./environment.ts";

/** A sandbox that is kept up in another terminal, for commands to join. */
export interface RunningSandbox {
  readonly processId: number;
  readonly environment: Environment;
}

/** The sandbox that is up in this folder; undefined where there is none, or its process is gone. */
export function findRunning(file: string): RunningSandbox | undefined {
  if (!existsSync(file)) return undefined;
  const running = JSON.parse(readFileSync(file, "utf8")) as RunningSandbox;
  return isAlive(running.processId) ? running : undefined;
}

/** Lets other commands join. The file holds credentials of the sandbox, so only its owner may read it. */
export function announce(file: string, environment: Environment): void {
  mkdirSync(dirname(file), { recursive: true });
  const running: RunningSandbox = { processId: process.pid, environment };
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
