import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Snapshot } from "./cloud/store.ts";
import type { Credentials } from "./environment.ts";

/** What a sandbox leaves behind for its next start. */
export interface SavedState {
  readonly credentials: Credentials;
  readonly store: Snapshot;
}

/** Changes when a saved state of an older version cannot be understood any more. */
const version = 1;

/** The state of the last run; undefined where there is none that this version understands. */
export function readState(file: string): SavedState | undefined {
  if (!existsSync(file)) return undefined;
  const saved = JSON.parse(readFileSync(file, "utf8")) as SavedState & { readonly version: number };
  return saved.version === version ? saved : undefined;
}

/** Written whole or not at all, and readable by its owner only: it holds the sandbox's own keys. */
export function writeState(file: string, { credentials, store }: SavedState): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify({ version, credentials, store }), { mode: 0o600 });
  renameSync(partial, file);
}

export function removeState(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
