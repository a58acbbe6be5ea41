import { basename } from "node:path";
import { stackFilePath, stackOf } from "../../src/settings/config.ts";
import { changedFiles } from "../git.ts";
import { type Project, projectFileName, stackFolder } from "../project.ts";

/** What decides on every stack: the program, its packages, and what all files share. */
const shared = ["src", "infra", "sdks", "package-lock.json", projectFileName] as const;

/** What a branch changes for the fleet. */
export interface FleetChange {
  /** The changed files that decide on every stack. */
  readonly shared: readonly string[];
  /** The stacks whose files were changed, added or removed. */
  readonly stacks: ReadonlySet<string>;
}

/**
 * Compares the working tree, or another commit, with a commit.
 * @throws Failure where there is no checkout, or no such commit in it
 */
export async function changedSince({ root }: Project, reference: string, head?: string): Promise<FleetChange> {
  return sortChanges(await changedFiles(root, reference, [...shared, stackFolder], head));
}

/** @param paths from the project's folder */
export function sortChanges(paths: readonly string[]): FleetChange {
  const stacks = new Set<string>();
  const others: string[] = [];
  for (const path of paths) {
    const stack = stackOf(basename(path));
    if (stack !== undefined && path === stackFilePath(stack)) stacks.add(stack);
    else if (!path.startsWith(`${stackFolder}/`)) others.push(path);
  }
  return { shared: others.sort(), stacks };
}

/** Which stacks a run is for, and why. */
export interface Selection {
  readonly stacks: readonly string[];
  readonly why: string;
}

/**
 * @param stacks those that are wanted
 * @param patterns by which they were chosen; none for all of them
 * @param change since `reference`; undefined where nobody asked for it
 */
export function select(
  stacks: readonly string[],
  patterns: readonly string[],
  change?: FleetChange,
  reference = "",
): Selection {
  const those = groupWords(stacks.length, patterns);
  if (change === undefined) return { stacks, why: those };
  const [first, ...others] = change.shared;
  if (first !== undefined) {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return {
      stacks,
      why: `${those}, because ${first}${more} changed since ${reference}, which every stack depends on`,
    };
  }
  const changed = stacks.filter((stack) => change.stacks.has(stack));
  return { stacks: changed, why: `${those}, the ${changed.length} with a change of its file since ${reference}` };
}

function groupWords(count: number, patterns: readonly string[]): string {
  const stacks = count === 1 ? "1 stack" : `${count} stacks`;
  if (patterns.length > 0) return `${stacks} matching ${patterns.join(" or ")}`;
  return count === 1 ? "the one stack" : `all ${stacks}`;
}
