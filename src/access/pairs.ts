import { feedPath } from "../feed.ts";
import { repositoryKey } from "../repository.ts";
import type { Settings } from "../settings/schema.ts";
import type { Change, ChangeKind } from "./change.ts";
import type { AccessState } from "./state.ts";

/** A stack in one state. */
export interface Side {
  readonly stack: string;
  readonly settings: Settings;
  /** What else its file says. */
  readonly file: ReturnType<AccessState["files"]["get"]>;
}

/** The same in both states; on one side undefined where it is not there. */
export interface Pair {
  readonly before: Side | undefined;
  readonly after: Side | undefined;
}

/** The stacks of one state that can be read, by their key. */
function sidesBy({ stacks, files }: AccessState, keyOf: (side: Side) => string): Map<string, Side> {
  const sides = new Map<string, Side>();
  for (const [stack, settings] of stacks) {
    if (settings === undefined) continue;
    const side = { stack, settings, file: files.get(stack) };
    const key = keyOf(side);
    const other = sides.get(key);
    if (other !== undefined) throw new Error(`the stacks ${other.stack} and ${stack} are for one repository`);
    sides.set(key, side);
  }
  return sides;
}

function pairsBy(before: AccessState, after: AccessState, keyOf: (side: Side) => string): Pair[] {
  const [then, now] = [sidesBy(before, keyOf), sidesBy(after, keyOf)];
  return [...new Set([...then.keys(), ...now.keys()])].map((key) => ({ before: then.get(key), after: now.get(key) }));
}

/** What there is of each repository, whatever its file is called: a file under another name is no other access. */
export function pairsByRepository(before: AccessState, after: AccessState): Pair[] {
  return pairsBy(before, after, ({ settings }) => repositoryKey(settings.repository, settings.issuer));
}

/** What there is under each name of a stack. */
export function pairsByStack(before: AccessState, after: AccessState): Pair[] {
  return pairsBy(before, after, ({ stack }) => stack);
}

/** A change that is about a stack as a whole, unless `more` says what of it. */
export function line({ before, after }: Pair, kind: ChangeKind, text: string, more: Partial<Change> = {}): Change {
  const sides = [before, after].filter((side) => side !== undefined);
  const feeds = sides.flatMap(({ settings }) => Object.values(settings.feeds).map(feedPath));
  const last = sides.at(-1);
  return {
    kind,
    escalation: false,
    stack: last?.stack ?? "",
    repository: last?.settings.repository ?? "",
    feeds: [...new Set(feeds)],
    text,
    ...more,
  };
}
