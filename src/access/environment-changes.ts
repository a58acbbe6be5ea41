import { barriersOf } from "../jobs/environment.ts";
import { reachOf } from "../jobs/reach.ts";
import { knownOf } from "../settings/meaning.ts";
import type { EnvironmentSettings, Settings } from "../settings/schema.ts";
import type { Change } from "./change.ts";
import { line, type Pair } from "./pairs.ts";
import { protectionChanges } from "./protection.ts";

/** What changes of the environments that a repository's file keeps. GitHub takes names that differ by case alone for one. */
export function environmentChanges(pair: Pair): Change[] {
  if (pair.after === undefined) return [];
  const trusted = trustedEnvironments(pair.after.settings);
  const [then, now] = [environmentsBy(pair.before?.settings), environmentsBy(pair.after.settings)];
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((key) => {
    const [had, has] = [then.get(key), now.get(key)];
    const changed = (text: string, weaker: boolean) =>
      line(pair, "protection", `environment ${(has ?? had)?.name} ${text}`, { escalation: weaker && trusted.has(key) });
    if (has === undefined) return [changed("is no longer kept by this file: its protection goes with it", true)];
    if (had !== undefined) {
      return protectionChanges(had.protection, has.protection).map(({ text, weaker }) => changed(text, weaker));
    }
    const barriers = barriersOf(has.protection);
    if (barriers.length === 0) return [changed("is kept by this file without protection", true)];
    return [changed(`is protected by this file: ${barriers.join("; ")}`, false)];
  });
}

interface Kept {
  /** As it is written. */
  readonly name: string;
  readonly protection: EnvironmentSettings;
}

function environmentsBy(settings: Settings | undefined): Map<string, Kept> {
  const kept = Object.entries(settings?.environments ?? {});
  return new Map(kept.map(([name, protection]) => [name.toLowerCase(), { name, protection }]));
}

/** The environments that some identity is trusted through. */
function trustedEnvironments(settings: Settings): Set<string> {
  const reach = Object.values(settings.identities).flatMap((identity) => reachOf(identity, knownOf(settings)));
  return new Set(reach.flatMap(({ kind, value }) => (kind === "environment" ? [value.toLowerCase()] : [])));
}
