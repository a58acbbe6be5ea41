import { anyButSlash, type Characters, exampleIn, holds, only, overlap, representatives } from "./characters.ts";

/**
 * What all three languages of patterns come down to, so that they can be compared with each other: a credential's
 * (`credentialPattern`), an environment's (`deploymentPattern`) and a workflow's (`filterPattern`).
 */
export type Pattern = readonly Part[];

/** One part of a pattern, from its beginning to its end. */
export type Part =
  /** One character, none or one, or any number of them. */
  | { readonly kind: "one" | "optional" | "many"; readonly set: Characters }
  /** Any number of folders, each with its slash. */
  | { readonly kind: "folders" };

/** The pattern of one name alone. */
export function literally(name: string): Pattern {
  return [...name].map((character) => ({ kind: "one", set: only(character) }));
}

/** The names of branches and tags, whatever they are: folders and a name in them. */
export const anyName: Pattern = [
  { kind: "folders" },
  { kind: "one", set: anyButSlash },
  { kind: "many", set: anyButSlash },
];

/** The names that are in no folder. */
export const anyPlainName: Pattern = anyName.slice(1);

/**
 * A pattern is run as a machine: it is before some of its parts at once, or within the folders of one. Place `i` is
 * before the part `i`; the place after the last part is the end; `end + 1 + i` is within the folders of the part `i`.
 */
interface Move {
  readonly set: Characters;
  readonly to: number;
}

const slash = only("/");

/** Where a place leads with a character. */
function movesFrom(pattern: Pattern, place: number): Move[] {
  const end = pattern.length;
  if (place > end) {
    const before = place - end - 1;
    return [
      { set: anyButSlash, to: place },
      { set: slash, to: before },
    ];
  }
  const part = pattern[place];
  if (part === undefined) return [];
  if (part.kind === "folders") return [{ set: anyButSlash, to: end + 1 + place }];
  return [{ set: part.set, to: part.kind === "many" ? place : place + 1 }];
}

/** The place, and those that it leads to without a character. */
function* reachable(pattern: Pattern, place: number): Iterable<number> {
  yield place;
  for (let at = place; at < pattern.length && pattern[at]?.kind !== "one"; at++) yield at + 1;
}

/** Where a name begins. */
export function start(pattern: Pattern): Set<number> {
  return new Set(reachable(pattern, 0));
}

/** Where one more character leads. */
export function after(pattern: Pattern, places: ReadonlySet<number>, codePoint: number): Set<number> {
  const next = new Set<number>();
  for (const place of places) {
    for (const { set, to } of movesFrom(pattern, place)) {
      if (!holds(set, codePoint)) continue;
      // Each place is followed once.
      for (const reached of reachable(pattern, to)) {
        if (next.has(reached)) break;
        next.add(reached);
      }
    }
  }
  return next;
}

/** The sets of characters by which a name may go on. */
export function nextSets(pattern: Pattern, places: ReadonlySet<number>): Characters[] {
  return [...places].flatMap((place) => movesFrom(pattern, place).map(({ set }) => set));
}

/** Whether a name is of the pattern. Takes time in proportion to both lengths multiplied, whatever they hold. */
export function matches(pattern: Pattern, name: string): boolean {
  let places = start(pattern);
  for (const character of name) {
    if (places.size === 0) return false;
    places = after(pattern, places, character.codePointAt(0) ?? 0);
  }
  return places.has(pattern.length);
}

/** Whether some name is of both. Takes time in proportion to both lengths multiplied. */
export function meet(left: Pattern, right: Pattern): boolean {
  const seen = new Set<number>();
  const open: [number, number][] = [];
  const visit = (one: number, other: number) => {
    for (const place of reachable(left, one)) {
      for (const otherPlace of reachable(right, other)) {
        const key = place * (2 * right.length + 2) + otherPlace;
        if (seen.has(key)) continue;
        seen.add(key);
        open.push([place, otherPlace]);
      }
    }
  };
  visit(0, 0);
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [one, other] = pair;
    if (one === left.length && other === right.length) return true;
    for (const { set, to } of movesFrom(left, one)) {
      for (const { set: otherSet, to: otherTo } of movesFrom(right, other)) {
        if (overlap(set, otherSet)) visit(to, otherTo);
      }
    }
  }
  return false;
}

/** The sets of characters that patterns tell apart. */
export function setsOf(patterns: readonly Pattern[]): Characters[] {
  return patterns.flat().map((part) => (part.kind === "folders" ? anyButSlash : part.set));
}

/** So many places are looked at before the answer is that a pattern may not be covered. */
const mostPlaces = 500_000;

/**
 * Whether every name of the narrow pattern is of one of the wide ones. Patterns made to take very long to compare are
 * taken as not covered: then a change is told that is none, and never the other way round.
 */
export function covers(wide: readonly Pattern[], narrow: Pattern): boolean {
  const alphabet = representatives(setsOf([narrow, ...wide]));
  const seen = new Set<string>();
  const open: { readonly place: number; readonly states: readonly ReadonlySet<number>[] }[] = [];
  const visit = (place: number, states: readonly ReadonlySet<number>[]) => {
    for (const reached of reachable(narrow, place)) {
      const key = `${reached} ${states.map((state) => [...state].sort((a, b) => a - b).join(",")).join(";")}`;
      if (seen.has(key)) continue;
      seen.add(key);
      open.push({ place: reached, states });
    }
  };
  visit(0, wide.map(start));
  let looked = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { place, states } = at;
    if (place === narrow.length && !states.some((state, index) => state.has(wide[index]?.length ?? -1))) return false;
    for (const { set, to } of movesFrom(narrow, place)) {
      for (const codePoint of alphabet) {
        if (!holds(set, codePoint)) continue;
        looked += 1 + states.reduce((sum, state) => sum + state.size, 0);
        if (looked > mostPlaces) return false;
        visit(
          to,
          wide.map((pattern, index) => after(pattern, states[index] ?? new Set(), codePoint)),
        );
      }
    }
  }
  return true;
}

/** A name of the pattern, for people: `v1` for `v*`. Undefined where no name can be of it. */
export function example(pattern: Pattern): string | undefined {
  let name = "";
  for (const part of pattern) {
    if (part.kind === "folders") continue;
    const character = exampleIn(part.set);
    if (part.kind === "one" && character === undefined) return undefined;
    // What may be left out is there only where it says something.
    if (part.kind === "one" || character === "1") name += character;
  }
  return name;
}
