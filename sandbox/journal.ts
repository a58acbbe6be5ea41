import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import type { Change } from "./cloud/store.ts";
import { beginAnew, parseJson, StateError } from "./saved-state.ts";

/** The changes since the whole was last written, a line each. */
export interface Journal {
  /** Bytes so far. */
  readonly size: number;
  /**
   * Adds a change. It is in the file before the program goes on with anything that waits: so before the request that made
   * it is answered. Changes of one stretch are written at once. Not flushed to the disk: what a kill of the process leaves
   * is whole, what a power cut leaves may not be.
   */
  add(change: Change): void;
  close(): void;
}

/** @param file made where it is not there yet, readable by its owner only */
export function openJournal(file: string): Journal {
  const descriptor = openSync(file, "a", 0o600);
  let pending: string[] = [];
  let unwritten = Buffer.alloc(0);
  let size = 0;

  /** What a full disk does not take is written with the next change, at the byte where it ended. */
  function flush(): void {
    unwritten = Buffer.concat([unwritten, Buffer.from(pending.join(""))]);
    pending = [];
    try {
      while (unwritten.length > 0) {
        const written = writeSync(descriptor, unwritten);
        unwritten = unwritten.subarray(written);
        size += written;
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      process.stderr.write(`sandbox: ${file}: ${code}: what changed now is lost if the sandbox is killed\n`);
    }
  }
  return {
    get size() {
      return size;
    },
    add(change) {
      if (pending.length === 0) queueMicrotask(flush);
      pending.push(`${JSON.stringify(change)}\n`);
    },
    close() {
      flush();
      closeSync(descriptor);
    },
  };
}

/**
 * The changes in a journal; undefined where there is no journal. A last line without its end is what a kill left of a change
 * whose request was never answered: it is taken away.
 * @throws StateError where another line cannot be read
 */
export function readJournal(file: string): Change[] | undefined {
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole !== text) truncateSync(file, Buffer.byteLength(whole));
  return whole
    .split("\n")
    .slice(0, -1)
    .map((line, index) => {
      const change = parseJson(line);
      if (typeof change === "object" && change !== null && "in" in change) return change as Change;
      throw new StateError(`${file}: line ${index + 1} is damaged; ${beginAnew}`);
    });
}
