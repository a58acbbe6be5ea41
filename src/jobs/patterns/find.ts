import { anyCase, type Characters, exampleIn, holds, only, representatives, without } from "./characters.ts";
import {
  after,
  anyName,
  example,
  literally,
  matches,
  nextSets,
  type Part,
  type Pattern,
  setsOf,
  start,
} from "./pattern.ts";

/** A name that was looked for: one, or that there is none, or that it would take very long to say. */
export type Found =
  | { readonly verdict: "found"; readonly name: string }
  | { readonly verdict: "none" }
  | { readonly verdict: "unknown" };

/** So many places are looked at before the answer is that nobody knows. */
const mostPlaces = 200_000;

/** A name that is of all patterns of the one list and of none of the other: one for people where there is one. */
export function findName(all: readonly Pattern[], none: readonly Pattern[]): Found {
  const isFitting = (name: string) =>
    all.every((pattern) => matches(pattern, name)) && !none.some((pattern) => matches(pattern, name));
  const usual = all.map(example).find((name) => name !== undefined && isFitting(name));
  return usual === undefined ? shortest(all, none) : { verdict: "found", name: usual };
}

function shortest(all: readonly Pattern[], none: readonly Pattern[]): Found {
  const patterns = [...all, ...none];
  const alphabet = alphabetOf(patterns);
  const open: { readonly name: string; readonly places: readonly ReadonlySet<number>[] }[] = [
    { name: "", places: patterns.map(start) },
  ];
  const seen = new Set<string>();
  let looked = 0;
  for (const { name, places } of open) {
    const isOf = places.map((state, index) => state.has(patterns[index]?.length ?? -1));
    if (isOf.every((is, index) => is === index < all.length)) return { verdict: "found", name };
    for (const character of followers(all, places) ?? alphabet) {
      const next: ReadonlySet<number>[] = [];
      for (const [index, pattern] of patterns.entries()) {
        const state = after(pattern, places[index] ?? new Set(), character);
        // What is of one no more is of all no more.
        if (index < all.length && state.size === 0) break;
        next.push(state);
        looked += 1 + state.size;
      }
      if (looked > mostPlaces) return { verdict: "unknown" };
      const key = next.map((state) => [...state].sort((a, b) => a - b).join(",")).join(";");
      if (next.length < patterns.length || seen.has(key)) continue;
      seen.add(key);
      open.push({ name: name + String.fromCodePoint(character), places: next });
    }
  }
  return { verdict: "none" };
}

/** The characters that can come next where one of the patterns names them one by one; undefined where none does. */
function followers(all: readonly Pattern[], places: readonly ReadonlySet<number>[]): readonly number[] | undefined {
  for (const [index, pattern] of all.entries()) {
    const ranges = nextSets(pattern, places[index] ?? new Set()).flat();
    if (ranges.every(([first, last]) => last - first < 2)) {
      return [...new Set(ranges.flat())];
    }
  }
  return undefined;
}

/** A character of each group that the patterns do not tell apart, those first that people use. */
function alphabetOf(patterns: readonly Pattern[]): number[] {
  const sets = setsOf(patterns);
  const starts = representatives(sets).sort((a, b) => a - b);
  const groups = new Map<string, number>();
  for (const [index, first] of starts.entries()) {
    const last = (starts[index + 1] ?? 0x110000) - 1;
    const group = sets.map((set) => (holds(set, first) ? 1 : 0)).join("");
    const before = groups.get(group);
    if (before !== undefined && isUsual(before)) continue;
    groups.set(group, exampleIn([[first, last]])?.codePointAt(0) ?? first);
  }
  const characters = [...groups.values()];
  return [...characters.filter(isUsual), ...characters.filter((character) => !isUsual(character))];
}

function isUsual(character: number): boolean {
  return /^[a-z0-9]$/.test(String.fromCodePoint(character));
}

/** A pattern of the names that differ from its own in case alone, and of these. */
export function inAnyCase(pattern: Pattern): Pattern {
  return pattern.map((part) => (part.kind === "folders" ? part : { ...part, set: anyCase(part.set) }));
}

/** What git allows in the name of a branch or tag. https://git-scm.com/docs/git-check-ref-format */
const allowed: Characters = without([[0, 0x20]], ...[..."~^:?*[\\\x7f"].map(only));

/** The branches or the tags, in full, as patterns all of which hold: with no empty folder, and of what git allows. */
export function refsIn(folder: "refs/heads/" | "refs/tags/"): readonly Pattern[] {
  const whole: Part = { kind: "many", set: allowed };
  return [[...literally(folder), ...anyName], [whole]];
}
