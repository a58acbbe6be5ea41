import { type TrustEntry, trustOf } from "../../src/jobs/trust.ts";
import { pathText } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";

/** Every trust entry of a file, with where it is written. */
export function trustedPlaces({ identities }: Settings) {
  return Object.entries(identities).flatMap(([identity, { trust }]) =>
    trust.map((entry: TrustEntry, index) => ({
      entry,
      trust: trustOf(entry),
      path: pathText(["identities", identity, "trust", index]),
    })),
  );
}

/** Where each thing is written that a file names, perhaps several times: GitHub is asked for each once. */
export function byWhat(named: ReadonlyArray<{ readonly what: string; readonly path: string }>): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { what, path } of named) paths.set(what, [...(paths.get(what) ?? []), path]);
  return paths;
}
