import { type FeedRole, feedPath } from "../feed.ts";
import { feedGrants } from "../feed-roles.ts";
import { classCovers, classKey } from "../jobs/job-class.ts";
import { type Reach, reachOf } from "../jobs/reach.ts";
import { knownOf } from "../settings/meaning.ts";
import type { Settings } from "../settings/schema.ts";
import { compare, type Stacks } from "./change.ts";
import { type Permission, permissions, roleLevel } from "./permissions.ts";

/** The most that one source may do on one feed, and which identity gives it. */
export interface Level {
  readonly stack: string;
  readonly repository: string;
  readonly feed: string;
  readonly identity: string;
  readonly role: FeedRole;
  readonly source: Reach;
}

/** What the jobs of all repositories may do, whichever identity gives it. */
export type Levels = ReadonlyMap<string, Level>;

/** What a source may do in one state, and could not in the other. */
export interface Difference extends Level {
  readonly permissions: readonly Permission[];
}

export function levelsOf(stacks: Stacks<Settings>): Levels {
  const levels = new Map<string, Level>();
  for (const [stack, settings] of sortedByName([...stacks])) {
    if (settings === undefined) continue;
    const { repository, feeds } = settings;
    for (const [identity, entry] of sortedByName(Object.entries(settings.identities))) {
      for (const { feed, role } of feedGrants(feeds, entry.roles)) {
        for (const source of reachOf(entry, knownOf(settings))) {
          const level = { stack, repository, feed: feedPath(feed), identity, role, source };
          const key = `${scopeOf(level)} ${classKey(source)}`;
          const known = levels.get(key);
          if (known === undefined || roleLevel[known.role] < roleLevel[role]) levels.set(key, level);
        }
      }
    }
  }
  return levels;
}

/** What is in `there` and not in `here`. What a wider source may do in `here`, a narrower one may do too. */
export function beyond(there: Levels, here: Levels): Difference[] {
  const scopes = new Map<string, Level[]>();
  for (const level of here.values()) scopes.set(scopeOf(level), [...(scopes.get(scopeOf(level)) ?? []), level]);
  return [...there.values()].flatMap((level) => {
    const wider = (scopes.get(scopeOf(level)) ?? []).filter(({ source }) => classCovers(source, level.source));
    const least = Math.max(0, ...wider.map(({ role }) => roleLevel[role]));
    const more = permissions.slice(least, roleLevel[level.role]);
    return more.length === 0 ? [] : [{ ...level, permissions: more }];
  });
}

/** Of two that give the same, the first by name is told. */
function sortedByName<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...entries].sort(([left], [right]) => compare(left, right));
}

/** Repositories and feeds are the same whatever their case. */
function scopeOf({ repository, feed }: Pick<Level, "repository" | "feed">): string {
  return JSON.stringify([repository.toLowerCase(), feed.toLowerCase()]);
}
