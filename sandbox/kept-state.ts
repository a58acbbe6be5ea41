import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Store } from "./cloud/store.ts";
import type { Credentials } from "./environment.ts";
import { type Journal, openJournal, readJournal } from "./journal.ts";
import { readState, type SavedState, writeState } from "./saved-state.ts";

/** The state of a sandbox that is up, in its folder: `state.json` has the whole, `changes-N.jsonl` what came after. */
export interface KeptState {
  readonly credentials: Credentials;
  /** Which services these are. */
  readonly world: string;
  /** How often the whole has been written until now, by this run and by those before. */
  readonly generation: number;
  /** What the files lack of what the services knew. */
  readonly lost: "nothing" | "everything" | "changes";
  /** Writes the whole, and keeps nothing from then on. */
  close(): void;
}

/**
 * Fills the store with the state of the last run, or founds it where there is none, and keeps every change of it from then
 * on. The whole is written when it begins and ends, and whenever the changes have grown to twice its size: so a change
 * costs what it is large, however much the store holds.
 * @param found makes a store what it begins with
 * @throws StateError where a file cannot be used
 */
export async function keepState(
  folder: string,
  store: Store,
  found: (store: Store) => Promise<Credentials>,
): Promise<KeptState> {
  const file = join(folder, "state.json");
  const saved = readState(file);
  const lost = saved === undefined ? "everything" : resume(folder, store, saved);
  const credentials = saved?.credentials ?? (await found(store));
  const world = saved?.world || crypto.randomUUID();
  let generation = saved?.generation ?? 0;
  let limit = 0;
  let journal: Journal | undefined;

  /** The journal of the new whole is there before it, and that of the former whole until after it. */
  function writeAll(): void {
    generation++;
    mkdirSync(folder, { recursive: true });
    const next = openJournal(journalFile(folder, generation));
    limit = Math.max(1_000_000, 2 * writeState(file, { world, generation, credentials, store }));
    journal?.close();
    journal = next;
    removeOtherJournals(folder, generation);
  }
  writeAll();
  store.observe((change) => {
    journal?.add(change);
    if (journal !== undefined && journal.size > limit) writeAll();
  });
  return {
    ...{ credentials, world, lost },
    get generation() {
      return generation;
    },
    close() {
      store.observe(() => {});
      writeAll();
      journal?.close();
    },
  };
}

function resume(folder: string, store: Store, saved: SavedState): KeptState["lost"] {
  store.restore(saved.store);
  const changes = readJournal(journalFile(folder, saved.generation));
  for (const change of changes ?? []) store.apply(change);
  return changes === undefined && saved.generation > 0 ? "changes" : "nothing";
}

const journalFile = (folder: string, generation: number) => join(folder, `changes-${generation}.jsonl`);

function removeOtherJournals(folder: string, generation: number): void {
  for (const name of readdirSync(folder)) {
    const own = /^changes-(\d+)\.jsonl$/.exec(name)?.[1];
    if (own !== undefined && Number(own) !== generation) rmSync(join(folder, name), { force: true });
  }
}
