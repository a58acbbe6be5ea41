import { feedOf, feedPath, type FeedRole } from "../feed.ts";
import type { Settings } from "../settings/schema.ts";
import { compare, type Stacks } from "./change.ts";
import { type Permission, permissions, roleLevel } from "./permissions.ts";
import { anyJob, type Source, sourceKey, sourcesOf } from "./sources.ts";

/** The most that one source may do on one feed, and which identity gives it. */
export interface Level {
  readonly stack: string;
  readonly repository: string;
  readonly feed: string;
  readonly identity: string;
  readonly role: FeedRole;
  readonly source: Source;
}

/** What the jobs of all repositories may do, whichever identity gives it. */
export type Levels = ReadonlyMap<string, Level>;

/** What a source may do in one state, and could not in the other. */
export interface Difference extends Level {
  readonly permissions: readonly Permission[];
}

export function levelsOf(stacks: Stacks<Settings>): Levels {
  const levels = new Map<string, Level>();
  for (const [stack, settings] of byName([...stacks])) {
    if (settings === undefined) continue;
    const feed = feedPath(feedOf(settings));
    const { repository } = settings;
    for (const [identity, entry] of byName(Object.entries(settings.identities))) {
      for (const source of sourcesOf(entry)) {
        const level = { stack, repository, feed, identity, role: entry.role, source };
        const key = keyOf(level);
        const known = levels.get(key);
        if (known === undefined || roleLevel[known.role] < roleLevel[entry.role]) levels.set(key, level);
      }
    }
  }
  return levels;
}

/** What is in `there` and not in `here`. What any job may do in `here`, a job on some branch may do too. */
export function beyond(there: Levels, here: Levels): Difference[] {
  return [...there.values()].flatMap((level) => {
    const own = here.get(keyOf(level));
    const everybody = here.get(keyOf({ ...level, source: anyJob }));
    const least = Math.max(0, ...[own, everybody].map((found) => (found ? roleLevel[found.role] : 0)));
    const more = permissions.slice(least, roleLevel[level.role]);
    return more.length === 0 ? [] : [{ ...level, permissions: more }];
  });
}

/** Of two that give the same, the first by name is told. */
function byName<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...entries].sort(([left], [right]) => compare(left, right));
}

/** Repositories and feeds are the same whatever their case; branches, tags and environments in subjects are not. */
function keyOf({ repository, feed, source }: Pick<Level, "repository" | "feed" | "source">): string {
  return JSON.stringify([repository.toLowerCase(), feed.toLowerCase(), sourceKey(source)]);
}
