import { setTimeout as sleep } from "node:timers/promises";
import { isLocked } from "../../src/diagnosis/again.ts";
import type { EngineCommand } from "../engine-command.ts";
import { mendAttributes } from "../recover/attributes.ts";
import { isDead, locksIn, lockWords, type Machine } from "../recover/locks.ts";

/** How often a state that somebody else has is asked for again, in milliseconds. */
const pause = 2000;

/** What stands between a stack and its up, as far as nobody has to be asked. */
export interface Way {
  /**
   * @param words what the engine said when it refused
   * @returns whether the way is free, so that it is worth trying again; it waits where somebody else has the state
   */
  clear(words: string): Promise<boolean>;
}

/** @param seconds how long it waits for somebody else in all */
export function wayFor(stack: string, { engine, machine, seconds, signal, note }: WayOptions): Way {
  const end = performance.now() + seconds * 1000;
  const cleared = new Set<string>();
  return {
    async clear(words) {
      if (isLocked(words)) {
        const locks = locksIn(words);
        const isLeftBehind = locks.length > 0 && locks.every((lock) => isDead(lock, machine));
        // One that comes back is not what it seems.
        if (isLeftBehind && !cleared.has(words)) {
          cleared.add(words);
          await engine(["cancel", stack, "--yes"]);
          note(
            `a lock was left behind ${locks.map(lockWords).join(", ")}: that process has ended, so it was taken away`,
          );
          return true;
        }
        if (performance.now() + pause > end) return false;
        return sleep(pause, true, { signal }).catch(() => false);
      }
      if (cleared.has("attributes")) return false;
      cleared.add("attributes");
      return mendAttributes(engine, words, note);
    },
  };
}

interface WayOptions {
  readonly engine: EngineCommand;
  readonly machine: Machine;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}
