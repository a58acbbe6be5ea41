import { type FeedRole, feedPath } from "../feed.ts";
import { feedGrants } from "../feed-roles.ts";
import { anyJob, classCovers, classKey, classOf, type JobClass } from "../jobs/job-class.ts";
import { type Reach, reachOf } from "../jobs/reach.ts";
import { isPattern } from "../jobs/trust.ts";
import { knownOf } from "../settings/meaning.ts";
import type { Settings } from "../settings/schema.ts";
import { compare } from "./change.ts";
import { type Permission, permissions, roleLevel } from "./permissions.ts";

/** The most that one source may do on one feed, and which identity of the repository's stack gives it. */
export interface Level {
  readonly feed: string;
  readonly identity: string;
  readonly role: FeedRole;
  readonly source: Reach;
}

/** What the jobs of a repository may do, whichever identity gives it: by feed and class of jobs. */
export type Levels = ReadonlyMap<string, Level>;

/** What a source may do in one state, and could not in the other. */
export interface Difference extends Level {
  readonly permissions: readonly Permission[];
}

/** @param settings of the repository's stack; undefined for none, which gives nothing */
export function levelsOf(settings: Settings | undefined): Levels {
  const levels = new Map<string, Level>();
  if (settings === undefined) return levels;
  // Of two identities that give the same, the first by name is told.
  const identities = Object.entries(settings.identities).sort(([left], [right]) => compare(left, right));
  for (const [identity, entry] of identities) {
    const sources = reachOf(entry, knownOf(settings));
    for (const { feed, role } of feedGrants(settings.feeds, entry.roles)) {
      for (const source of sources) {
        const level = { feed: feedPath(feed), identity, role, source };
        const key = keyOf(level.feed, source);
        const known = levels.get(key);
        if (known === undefined || roleLevel[known.role] < roleLevel[role]) levels.set(key, level);
      }
    }
  }
  return levels;
}

/**
 * What is in `there` and not in `here`. What a wider source may do in `here`, a narrower one may do too. Both are of one
 * repository, and tokens are known in the same way: how that changes is told by itself.
 */
export function beyond(there: Levels, here: Levels): Difference[] {
  const patterns = patternsOf(here);
  return [...there].flatMap(([key, level]) => {
    const { feed, source, role } = level;
    const names = [key, keyOf(feed, everyJob), keyOf(feed, pullRequests)].flatMap((name) => here.get(name) ?? []);
    const candidates = [...names, ...(patterns.get(groupOf(level)) ?? [])];
    let least = 0;
    for (const wide of candidates) {
      if (least < roleLevel[wide.role] && classCovers(wide.source, source)) least = roleLevel[wide.role];
      if (least >= roleLevel[role]) return [];
    }
    const more = permissions.slice(least, roleLevel[role]);
    return [{ ...level, permissions: more }];
  });
}

/** Feeds are the same whatever their case. */
function keyOf(feed: string, source: JobClass): string {
  return `${feed.toLowerCase()} ${classKey(source)}`;
}

/** The classes that have narrower ones whatever these are called. */
const everyJob = anyJob("");
const pullRequests = classOf({ pullRequest: true });

/** Those that have narrower ones by what they are called, with others that a narrower one may be under. */
function patternsOf(levels: Levels): Map<string, Level[]> {
  const patterns = new Map<string, Level[]>();
  for (const level of levels.values()) {
    const { kind, value, workflow } = level.source;
    const isName = kind === "environment" ? workflow !== undefined && !isPattern(workflow) : !isPattern(value);
    if (isName && kind !== "mergeQueue") continue;
    const group = patterns.get(groupOf(level));
    if (group) group.push(level);
    else patterns.set(groupOf(level), [level]);
  }
  return patterns;
}

/** An environment is wider than another only of the same name. */
function groupOf({ feed, source: { kind, value } }: Level): string {
  return `${feed.toLowerCase()} ${kind === "environment" ? `environment ${value}` : ""}`;
}
