/** A set of characters, as ranges of code points that are sorted and apart. */
export type Characters = readonly (readonly [first: number, last: number])[];

const lastCodePoint = 0x10ffff;

/** Every character. */
export const any: Characters = [[0, lastCodePoint]];

/** `0` to `9`. */
export const digits: Characters = [[0x30, 0x39]];

/** One character. */
export function only(character: string): Characters {
  const codePoint = character.codePointAt(0) ?? 0;
  return [[codePoint, codePoint]];
}

/** The characters of ranges in any order. One that ends before it begins holds nothing. */
export function characters(ranges: Characters): Characters {
  const sorted = ranges.filter(([first, last]) => first <= last).sort(([left], [right]) => left - right);
  const merged: [number, number][] = [];
  for (const [first, last] of sorted) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** Every character that is in none of the sets. */
export function without(...sets: readonly Characters[]): Characters {
  const rest: [number, number][] = [];
  let next = 0;
  for (const [first, last] of characters(sets.flat())) {
    if (first > next) rest.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= lastCodePoint) rest.push([next, lastCodePoint]);
  return rest;
}

/** Every character that is in both sets. */
export function both(left: Characters, right: Characters): Characters {
  return without(without(left), without(right));
}

/** Every character but the slash, which parts the folders of a name. */
export const anyButSlash = without(only("/"));

export function holds(set: Characters, codePoint: number): boolean {
  return set.some(([first, last]) => first <= codePoint && codePoint <= last);
}

/** Whether a character is in both. */
export function overlap(left: Characters, right: Characters): boolean {
  return left.some(([first, last]) =>
    right.some(([otherFirst, otherLast]) => first <= otherLast && otherFirst <= last),
  );
}

/** One character for each group that none of the sets tells apart: what holds for these holds for all. */
export function representatives(sets: Iterable<Characters>): number[] {
  const starts = new Set([0]);
  for (const set of sets) {
    for (const [first, last] of set) {
      starts.add(first);
      if (last < lastCodePoint) starts.add(last + 1);
    }
  }
  return [...starts];
}

const lowerCase: Characters = [[0x61, 0x7a]];
const upperCase: Characters = [[0x41, 0x5a]];

/** The characters of the set, whatever their case. Beyond ASCII that is known of characters that stand alone in it. */
export function anyCase(set: Characters): Characters {
  if (set === any || set === anyButSlash) return set;
  const moved = (from: Characters, by: number) =>
    both(set, from).map(([first, last]) => [first + by, last + by] as const);
  const alone = set.flatMap(([first, last]) => (first === last ? casesOf(String.fromCodePoint(first)) : []));
  return characters([...set, ...moved(lowerCase, -0x20), ...moved(upperCase, 0x20), ...alone]);
}

function casesOf(character: string): Characters {
  const cases = [character.toLowerCase(), character.toUpperCase()].filter((other) => [...other].length === 1);
  return cases.flatMap(only);
}

/** A character of the set for people: `1` where it is in it, otherwise the first that can be seen. */
export function exampleIn(set: Characters): string | undefined {
  if (holds(set, 0x31)) return "1";
  const seen = set
    .map(([first, last]) => [Math.max(first, 0x21), last] as const)
    .find(([first, last]) => first <= last);
  return seen === undefined ? undefined : String.fromCodePoint(seen[0]);
}
