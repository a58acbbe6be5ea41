import { feedPath } from "../feed.ts";
import { feedGrants } from "../feed-roles.ts";
import { classKey } from "../jobs/job-class.ts";
import { reachOf } from "../jobs/reach.ts";
import { knownOf } from "../settings/meaning.ts";
import type { IdentitySettings } from "../settings/schema.ts";
import { byName } from "../table.ts";
import type { Change, ChangeKind } from "./change.ts";
import { line, type Pair, type Side } from "./pairs.ts";

/** What changes of the identities of a repository, beside what they give. */

export function signInChanges(pair: Pair): Change[] {
  return Object.entries(pair.after?.settings.identities ?? {}).flatMap(([identity, has]) => {
    const had = identityOf(pair.before, identity);
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

/** A risk that is taken on is told even where nothing comes of it yet: the next change is not refused for it any more. */
export function riskChanges(pair: Pair): Change[] {
  return Object.entries(pair.after?.settings.identities ?? {}).flatMap(([identity, { acceptedRisks: has = [] }]) => {
    const had = identityOf(pair.before, identity)?.acceptedRisks ?? [];
    const changed = (text: string, escalation: boolean) =>
      line(pair, "risk", `${identity} ${text}`, { identity, escalation });
    return [
      ...has.filter((risk) => !had.includes(risk)).map((risk) => changed(`takes on the risk ${risk}`, true)),
      ...had.filter((risk) => !has.includes(risk)).map((risk) => changed(`no longer takes on the risk ${risk}`, false)),
    ];
  });
}

/** Identities that come, go or change. Told only of those that nobody gains or loses by: others give the same. */
export function quietChanges(pair: Pair): Change[] {
  const { before, after } = pair;
  if (before === undefined || after === undefined) return [];
  const names = new Set([...Object.keys(before.settings.identities), ...Object.keys(after.settings.identities)]);
  return [...names].flatMap((identity) => {
    const [had, has] = [shapeOf(before, identity), shapeOf(after, identity)];
    if (had === has) return [];
    const changed = (text: string) => [line(pair, "identity", `${identity} ${text}`, { identity })];
    if (had === undefined) return changed("is a new identity; it gives nothing that others do not give");
    if (has === undefined) return changed("is an identity no more; others still give what it gave");
    return changed("gives something else than before; others make up for it");
  });
}

/** What an identity gives and to whom, as something to compare. */
function shapeOf(side: Side, name: string): string | undefined {
  const identity = identityOf(side, name);
  if (identity === undefined) return undefined;
  const roles = feedGrants(side.settings.feeds, identity.roles).map(
    ({ feed, role }) => `${feedPath(feed).toLowerCase()} ${role}`,
  );
  return JSON.stringify([roles.sort(), reachOf(identity, knownOf(side.settings)).map(classKey).sort()]);
}

function identityOf(side: Side | undefined, name: string): IdentitySettings | undefined {
  return side && byName(side.settings.identities, name);
}
