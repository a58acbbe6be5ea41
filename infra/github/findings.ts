import type { Problem } from "../../src/settings/problem.ts";

/** What answers of GitHub make of a file. */
export interface Findings {
  /** What must not be so: nothing is made then. */
  readonly problems: readonly Problem[];
  /** What may be meant so. */
  readonly warnings: readonly Problem[];
}

export const nothingFound: Findings = { problems: [], warnings: [] };

export function together(all: readonly Findings[]): Findings {
  return {
    problems: all.flatMap(({ problems }) => problems),
    warnings: all.flatMap(({ warnings }) => warnings),
  };
}

/** The same text for each place of the file that it is about. */
export function at(paths: readonly string[], text: string): Problem[] {
  return paths.map((path) => ({ path, text }));
}
