import { performance } from "node:perf_hooks";

/** What several runs of one thing took, in the unit that they were measured in. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
  return { median, least: at(0), most: at(sorted.length - 1) };
}

/**
 * Times things in turn, A B C A B C, so that a machine whose speed drifts treats all alike. A first round warms up and
 * does not count.
 * @returns seconds by name, one for each run
 */
export async function alternate<Name extends string>(
  runs: number,
  things: Readonly<Record<Name, () => Promise<unknown>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(things) as Name[];
  const seconds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let run = 0; run <= runs; run++) {
    for (const name of names) {
      const start = performance.now();
      await things[name]();
      if (run > 0) seconds[name].push((performance.now() - start) / 1000);
    }
  }
  return seconds;
}
