import { containsUnknown, isObject } from "./values.ts";

/** One difference between what is and what is wanted. */
export interface Change {
  /** The engine's property path, e.g. `reviewers[0].teams[1]`. */
  readonly path: string;
  /** The property's name at the top, e.g. `reviewers`. */
  readonly property: string;
  readonly kind: "add" | "delete" | "update";
}

/** What two values are compared under. */
export interface Comparison {
  /** Names, at any depth, of lists whose order means nothing. */
  readonly sets: ReadonlySet<string>;
  /** Names, at any depth, whose value the service makes where the program leaves them out. */
  readonly computed: ReadonlySet<string>;
}

/**
 * What must change for `actual` to become `wanted`. Absent, empty, false and zero are the same, as Terraform's schema
 * has it, and so as the official providers have it.
 */
export function compare(actual: unknown, wanted: unknown, property: string, comparison: Comparison): readonly Change[] {
  return differences(actual, wanted, { path: property, property, name: property }, comparison);
}

/** Whether a value is none for the official providers: absent, or its type's zero, or an object of nothing but such. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.values(value).every(isEmpty);
}

interface Place {
  readonly path: string;
  readonly property: string;
  /** The last name on the path, which sets and computed values go by; empty for a list's element. */
  readonly name: string;
}

function differences(actual: unknown, wanted: unknown, place: Place, comparison: Comparison): readonly Change[] {
  if (wanted === undefined && comparison.computed.has(place.name)) return [];
  if (containsUnknown(wanted) && !isObject(wanted) && !Array.isArray(wanted)) return [change(actual, wanted, place)];
  if (isObject(actual) || isObject(wanted)) {
    const [old, target] = [actual ?? {}, wanted ?? {}];
    if (isObject(old) && isObject(target)) return objectDifferences(old, target, place, comparison);
  }
  if (Array.isArray(actual) && Array.isArray(wanted)) {
    const pairs = comparison.sets.has(place.name)
      ? pairSets(actual, wanted, place, comparison)
      : pairLists(actual, wanted);
    return pairs.flatMap(({ index, old, target }) =>
      differences(old, target, { ...place, path: `${place.path}[${index}]`, name: "" }, comparison),
    );
  }
  if (isEmpty(actual) && isEmpty(wanted)) return [];
  return actual === wanted ? [] : [change(actual, wanted, place)];
}

function objectDifferences(
  actual: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  place: Place,
  comparison: Comparison,
): readonly Change[] {
  const names = [...new Set([...Object.keys(actual), ...Object.keys(wanted)])].filter((name) => name !== "__defaults");
  return names.flatMap((name) =>
    differences(actual[name], wanted[name], { ...place, path: `${place.path}${member(name)}`, name }, comparison),
  );
}

interface Pair {
  readonly index: number;
  readonly old: unknown;
  readonly target: unknown;
}

function pairLists(actual: readonly unknown[], wanted: readonly unknown[]): readonly Pair[] {
  const length = Math.max(actual.length, wanted.length);
  return Array.from({ length }, (_, index) => ({ index, old: actual[index], target: wanted[index] }));
}

/** Pairs what is in one list only; what is in both, wherever, needs no comparison. */
function pairSets(
  actual: readonly unknown[],
  wanted: readonly unknown[],
  place: Place,
  comparison: Comparison,
): readonly Pair[] {
  const element = { ...place, name: "" };
  const missing = [...wanted];
  const surplus = actual.filter((old) => {
    const match = missing.findIndex((target) => differences(old, target, element, comparison).length === 0);
    if (match >= 0) missing.splice(match, 1);
    return match < 0;
  });
  return pairLists(surplus, missing);
}

function change(actual: unknown, wanted: unknown, { path, property }: Place): Change {
  const kind = isEmpty(actual) ? "add" : isEmpty(wanted) ? "delete" : "update";
  return { path, property, kind };
}

function member(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
