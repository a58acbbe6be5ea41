import { type FeedRole, feedPath } from "../feed.ts";
import { feedGrants } from "../feed-roles.ts";
import { barriersOf } from "../jobs/environment.ts";
import { classKey } from "../jobs/job-class.ts";
import { reachOf } from "../jobs/reach.ts";
import { stackFilePath } from "../settings/config.ts";
import { knownOf } from "../settings/meaning.ts";
import type { IdentitySettings, Settings } from "../settings/schema.ts";
import { byName } from "../table.ts";
import { type Change, type ChangeKind, inOrder, type Stacks } from "./change.ts";
import { beyond, type Difference, levelsOf } from "./levels.ts";
import { gainWords, lossWords } from "./permissions.ts";
import { protectionChanges } from "./protection.ts";
import { subjectChanges } from "./subject-changes.ts";

/**
 * The change between two states of the stack files, the most dangerous first. What counts is what the jobs of a
 * repository may do, whichever file or identity gives it. A file that cannot be read `after` is left out of both; one
 * that could not be read `before` gave nothing, so that nothing of what it gives now goes unseen.
 */
export function accessChanges(before: Stacks<Settings>, after: Stacks<Settings>): Change[] {
  const readable = (stack: string) => !after.has(stack) || after.get(stack) !== undefined;
  const then = new Map([...before].filter(([stack]) => readable(stack)));
  const now = new Map([...after].filter(([stack]) => readable(stack)));
  const [thenLevels, nowLevels] = [levelsOf(then), levelsOf(now)];
  const gains = inLines("gain", beyond(nowLevels, thenLevels), then, now);
  const losses = inLines("loss", beyond(thenLevels, nowLevels), then, now);
  const told = new Set([...gains, ...losses].map(({ stack, identity = "" }) => JSON.stringify([stack, identity])));

  const others = [...new Set([...then.keys(), ...now.keys()])].flatMap((stack) => {
    const pair = { stack, before: then.get(stack), after: now.get(stack) };
    return [
      ...fileChanges(pair, then.has(stack)),
      ...stackChanges(pair),
      ...environmentChanges(pair),
      ...signInChanges(pair),
      ...quietChanges(pair, (identity) => told.has(JSON.stringify([stack, identity]))),
    ];
  });
  return inOrder([...gains, ...losses, ...others]);
}

/** One stack in both states. */
interface Pair {
  readonly stack: string;
  readonly before: Settings | undefined;
  readonly after: Settings | undefined;
}

/** A line for the sources of an identity that gain or lose the same. */
function inLines(
  kind: "gain" | "loss",
  differences: readonly Difference[],
  then: Stacks<Settings>,
  now: Stacks<Settings>,
): Change[] {
  const groups = new Map<string, [Difference, ...Difference[]]>();
  for (const difference of differences) {
    const { stack, identity, feed, permissions } = difference;
    const key = JSON.stringify([stack, identity, feed, permissions]);
    const group = groups.get(key);
    if (group) group.push(difference);
    else groups.set(key, [difference]);
  }
  return [...groups.values()].map((group) => {
    const [{ stack, repository, feed, identity, permissions }] = group;
    const sources = group.map(({ source }) => source.words);
    const several = sources.length > 1 || group[0].source.kind === "pullRequest";
    const verb = `${kind === "gain" ? "gain" : "lose"}${several ? "" : "s"}`;
    const what = kind === "gain" ? gainWords(permissions) : lossWords(permissions);
    // A file that is gone takes nothing away by itself.
    const when = kind === "loss" && !now.has(stack) ? " when its stack is destroyed" : "";
    return {
      kind,
      escalation: kind === "gain" && permissions.includes("publish"),
      stack,
      repository,
      feeds: [feed],
      identity,
      sources,
      permissions,
      text: `${roleChange(identity, feed, then.get(stack), now.get(stack))}${sources.join(", ")} ${verb} ${what} on ${feed}${when}`,
    };
  });
}

/** `reader becomes contributor: `, or nothing. */
function roleChange(identity: string, feed: string, before: Settings | undefined, after: Settings | undefined): string {
  const [had, has] = [roleOn(before, identity, feed), roleOn(after, identity, feed)];
  return had === undefined || has === undefined || had === has ? "" : `${identity} becomes ${has}: `;
}

function roleOn(settings: Settings | undefined, name: string, path: string): FeedRole | undefined {
  const identity = identityOf(settings, name);
  if (settings === undefined || identity === undefined) return undefined;
  return feedGrants(settings.feeds, identity.roles).find(({ feed }) => isSame(feedPath(feed), path))?.role;
}

/** Azure DevOps takes names that differ by case alone for one. */
function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function line({ stack, before, after }: Pair, kind: ChangeKind, text: string, more: Partial<Change> = {}): Change {
  const feeds = [before, after].flatMap((settings) => Object.values(settings?.feeds ?? {}).map(feedPath));
  const repository = (after ?? before)?.repository ?? "";
  return { kind, escalation: false, stack, repository, feeds: [...new Set(feeds)], text, ...more };
}

function fileChanges(pair: Pair, wasThere: boolean): Change[] {
  const file = stackFilePath(pair.stack);
  if (pair.after === undefined) {
    if (pair.before === undefined) return [];
    return [line(pair, "file", `${file} is removed; its access stays until the stack ${pair.stack} is destroyed`)];
  }
  if (pair.before !== undefined) return [];
  const unreadable = `${file} could not be read before; all that it gives counts as gained`;
  return [line(pair, "file", wasThere ? unreadable : `${file} is new`)];
}

function stackChanges(pair: Pair): Change[] {
  const { stack, before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const changes: Change[] = [];
  if (before.repository.toLowerCase() !== after.repository.toLowerCase()) {
    changes.push(line(pair, "repository", `takes the place of ${before.repository} in ${stackFilePath(stack)}`));
  }
  for (const { text, wider } of subjectChanges(before, after)) {
    changes.push(line(pair, "subject", text, { escalation: wider }));
  }
  if (before.tenantId.toLowerCase() !== after.tenantId.toLowerCase()) {
    changes.push(
      line(pair, "tenant", `its identities are in the tenant ${after.tenantId} instead of ${before.tenantId}`),
    );
  }
  return changes;
}

function environmentChanges(pair: Pair): Change[] {
  const { before, after } = pair;
  if (after === undefined) return [];
  const trusted = new Set(
    Object.values(after.identities).flatMap((identity) =>
      reachOf(identity, knownOf(after)).flatMap(({ kind, value }) => (kind === "environment" ? [value] : [])),
    ),
  );
  const then = new Map(Object.entries(before?.environments ?? {}));
  const now = new Map(Object.entries(after.environments));
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((name) => {
    const changed = (text: string, weaker: boolean) =>
      line(pair, "protection", `environment ${name} ${text}`, { escalation: weaker && trusted.has(name) });
    const [had, has] = [then.get(name), now.get(name)];
    if (has === undefined) return [changed("is no longer kept by this file: its protection goes with it", true)];
    if (had !== undefined) return protectionChanges(had, has).map(({ text, weaker }) => changed(text, weaker));
    const barriers = barriersOf(has);
    if (barriers.length === 0) return [changed("is kept by this file without protection", true)];
    return [changed(`is protected by this file: ${barriers.join("; ")}`, false)];
  });
}

function signInChanges(pair: Pair): Change[] {
  const { before, after } = pair;
  return Object.entries(after?.identities ?? {}).flatMap(([identity, has]) => {
    const had = identityOf(before, identity);
    const changed = (kind: ChangeKind, text: string, escalation = false) =>
      line(pair, kind, `${identity} ${text}`, { identity, escalation });
    const changes: Change[] = [];
    const [hadSecret, hasSecret] = [had?.secretExpires, has.secretExpires];
    if (hasSecret !== undefined && hadSecret === undefined) {
      changes.push(changed("secret", `gets a client secret until ${hasSecret}`, true));
    } else if (hasSecret === undefined && hadSecret !== undefined) {
      changes.push(changed("secret", "has no client secret any more"));
    } else if (hasSecret !== hadSecret) {
      changes.push(changed("secret", `has a client secret until ${hasSecret} instead of ${hadSecret}`));
    }
    if (had === undefined || (had.signIn === "secret") === (has.signIn === "secret")) return changes;
    const text = has.signIn === "secret" ? "no longer signs in with GitHub's token" : "may sign in with GitHub's token";
    return [...changes, changed("signIn", text)];
  });
}

/** Identities that come, go or change without anybody gaining or losing: others give the same. */
function quietChanges(pair: Pair, isTold: (identity: string) => boolean): Change[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const names = new Set([...Object.keys(before.identities), ...Object.keys(after.identities)]);
  return [...names].flatMap((identity) => {
    const [had, has] = [shapeOf(before, identity), shapeOf(after, identity)];
    if (had === has || isTold(identity)) return [];
    const changed = (text: string) => [line(pair, "identity", `${identity} ${text}`, { identity })];
    if (had === undefined) return changed("is a new identity; it gives nothing that others do not give");
    if (has === undefined) return changed("is an identity no more; others still give what it gave");
    return changed("gives something else than before; others make up for it");
  });
}

/** What an identity gives and to whom, as something to compare. */
function shapeOf(settings: Settings, name: string): string | undefined {
  const identity = identityOf(settings, name);
  if (identity === undefined) return undefined;
  const roles = feedGrants(settings.feeds, identity.roles).map(
    ({ feed, role }) => `${feedPath(feed).toLowerCase()} ${role}`,
  );
  return JSON.stringify([roles.sort(), reachOf(identity, knownOf(settings)).map(classKey).sort()]);
}

function identityOf(settings: Settings | undefined, name: string): IdentitySettings | undefined {
  return settings && byName(settings.identities, name);
}
