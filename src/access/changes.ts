import { type FeedRole, feedPath } from "../feed.ts";
import { feedGrants } from "../feed-roles.ts";
import { byName } from "../table.ts";
import { type Change, inOrder } from "./change.ts";
import { environmentChanges } from "./environment-changes.ts";
import { fileChanges, projectChanges, writtenChanges } from "./file-changes.ts";
import { cautionsOf } from "./grants.ts";
import { quietChanges, riskChanges, signInChanges } from "./identity-changes.ts";
import { beyond, type Difference, levelsOf } from "./levels.ts";
import { line, type Pair, pairsByRepository, pairsByStack, type Side } from "./pairs.ts";
import { gainWords, lossWords } from "./permissions.ts";
import { signerChanges, signerOf, usualSigner } from "./signer.ts";
import type { AccessState } from "./state.ts";

/**
 * The change between two states of the stack files, the most dangerous first. What counts is what the jobs of a
 * repository may do, whichever file or identity gives it. A file that cannot be read `after` is left out of both; one
 * that could not be read `before` gave nothing, so that nothing of what it gives now goes unseen.
 */
export function accessChanges(before: AccessState, after: AccessState): Change[] {
  const isReadable = (stack: string) => !after.stacks.has(stack) || after.stacks.get(stack) !== undefined;
  const readable = (state: AccessState): AccessState => ({
    ...state,
    stacks: new Map([...state.stacks].filter(([stack]) => isReadable(stack))),
  });
  const [then, now] = [readable(before), readable(after)];
  return inOrder([
    ...projectChanges(then.project, now.project),
    ...pairsByStack(then, now).flatMap((pair) => fileChanges(pair, then.stacks)),
    ...pairsByRepository(then, now).flatMap((pair) => repositoryChanges(pair, now)),
  ]);
}

function repositoryChanges(pair: Pair, now: AccessState): Change[] {
  const [had, has] = [levelsOf(pair.before?.settings), levelsOf(pair.after?.settings)];
  const moves = [...inLines("gain", beyond(has, had), pair, now), ...inLines("loss", beyond(had, has), pair, now)];
  const told = new Set(moves.map(({ identity }) => identity));
  return [
    ...moves,
    ...signerLines(pair, now),
    ...writtenChanges(pair),
    ...environmentChanges(pair),
    ...signInChanges(pair),
    ...riskChanges(pair),
    ...quietChanges(pair).filter(({ identity }) => !told.has(identity)),
  ];
}

/** A line for the sources of an identity that gain or lose the same. */
function inLines(kind: "gain" | "loss", differences: readonly Difference[], pair: Pair, now: AccessState): Change[] {
  const groups = new Map<string, [Difference, ...Difference[]]>();
  for (const difference of differences) {
    const { identity, feed, permissions } = difference;
    const key = JSON.stringify([identity, feed, permissions]);
    const group = groups.get(key);
    if (group) group.push(difference);
    else groups.set(key, [difference]);
  }
  const side = kind === "gain" ? pair.after : pair.before;
  return [...groups.values()].map((group) => {
    const [{ feed, identity, permissions }] = group;
    const several = group.length > 1 || group[0].source.kind === "pullRequest";
    const verb = `${kind === "gain" ? "gain" : "lose"}${several ? "" : "s"}`;
    const what = kind === "gain" ? gainWords(permissions) : lossWords(permissions);
    // A file that is gone takes nothing away by itself.
    const when = kind === "loss" && !now.stacks.has(side?.stack ?? "") ? " when its stack is destroyed" : "";
    const change = roleChange(identity, feed, pair);
    const text = `${change}${group.map(sourceText).join(", ")} ${verb} ${what} on ${feed}${when}`;
    return line(pair, kind, text, {
      escalation: kind === "gain" && permissions.includes("publish"),
      stack: side?.stack ?? "",
      repository: side?.settings.repository ?? "",
      feeds: [feed],
      identity,
      sources: group.map(({ source }) => source.words),
      permissions,
    });
  });
}

/** `merge queue main (code that is not merged yet)`. */
function sourceText({ source, role }: Difference): string {
  const cautions = cautionsOf(source, role);
  return cautions.length === 0 ? source.words : `${source.words} (${cautions.join("; ")})`;
}

/** `reader becomes contributor: `, or nothing. */
function roleChange(identity: string, feed: string, { before, after }: Pair): string {
  const [had, has] = [roleOn(before, identity, feed), roleOn(after, identity, feed)];
  return had === undefined || has === undefined || had === has ? "" : `${identity} becomes ${has}: `;
}

function roleOn(side: Side | undefined, name: string, path: string): FeedRole | undefined {
  const identity = side && byName(side.settings.identities, name);
  if (side === undefined || identity === undefined) return undefined;
  return feedGrants(side.settings.feeds, identity.roles).find(({ feed }) => isSame(feedPath(feed), path))?.role;
}

/** Azure DevOps takes names that differ by case alone for one. */
function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** What is new is compared with what a file means that says nothing of it. */
function signerLines(pair: Pair, { project }: AccessState): Change[] {
  if (pair.after === undefined) return [];
  const before = pair.before ? signerOf(pair.before.settings) : usualSigner(project.config["feedpass:tenantId"]);
  return signerChanges(before, signerOf(pair.after.settings)).map(({ kind, text, wider }) =>
    line(pair, kind, text, { escalation: wider }),
  );
}
