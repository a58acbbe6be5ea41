import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Snapshot, Store } from "./cloud/store.ts";
import type { Credentials } from "./environment.ts";

/** A file that the sandbox keeps cannot be used. The message says which, and the way out; never what is in it. */
export class StateError extends Error {}

/** The way out where nothing else is known: what is lost with it is worth nothing outside of the sandbox. */
export const beginAnew = '"npm run sandbox -- --reset" begins anew, without its services, stacks and credentials';

/** What a sandbox leaves behind for its next start. */
export interface SavedState {
  readonly credentials: Credentials;
  readonly store: Snapshot;
  /** Which services these are: made up when they were founded. Empty in a state of version 1. */
  readonly world: string;
  /** How often the whole has been written. 0 in a state of version 1. */
  readonly generation: number;
}

/** Changes when a saved state cannot be understood any more by code that is older. Version 1 had no journal. */
const version = 2;

/**
 * The state of the last run; undefined where there is none.
 * @throws StateError where it is cut off, or of a newer feedpass
 */
export function readState(file: string): SavedState | undefined {
  if (!existsSync(file)) return undefined;
  const saved = parseJson(readFileSync(file, "utf8"));
  if (typeof saved !== "object" || saved === null || !("version" in saved)) {
    throw new StateError(`${file}: cut off, or not written by the sandbox; ${beginAnew}`);
  }
  if (saved.version !== version && saved.version !== 1) {
    throw new StateError(
      `${file}: got version ${JSON.stringify(saved.version)}, this feedpass reads up to ${version}; use the feedpass that wrote it, or ${beginAnew}`,
    );
  }
  return { world: "", generation: 0, ...(saved as unknown as Pick<SavedState, "credentials" | "store">) };
}

/** Writes the whole: all of it or nothing, on the disk when this returns. @returns its length */
export function writeState(
  file: string,
  state: Omit<SavedState, "store"> & { readonly store: Store | Snapshot },
): number {
  const text = JSON.stringify({ version, ...state });
  writeWhole(file, text);
  return text.length;
}

/**
 * Replaces a file in one step, readable by its owner only. What a kill leaves of an attempt is overwritten by the next one,
 * so no two processes may write the same file.
 */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.new`;
  const descriptor = openSync(partial, "w", 0o600);
  try {
    writeFileSync(descriptor, text);
    // Else a machine that stops may keep the new name and not what is in it.
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(partial, file);
}

/** Undefined where it is none. The parser's own words quote what they cannot read, and that may be a credential. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
