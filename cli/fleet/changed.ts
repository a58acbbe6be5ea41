import { basename } from "node:path";
import { stackFilePath } from "../../src/settings/config.ts";
import { changedFiles } from "../git.ts";
import { type Project, projectFileName, stackFolder, stackOf } from "../project.ts";

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
 * Compares the working tree with a commit.
 * @throws Failure where there is no checkout, or no such commit in it
 */
export async function changedSince({ root }: Project, reference: string): Promise<FleetChange> {
  return sortChanges(await changedFiles(root, reference, [...shared, stackFolder]));
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

/** @param change since `reference`; undefined where nobody asked for it */
export function select(
  stacks: readonly string[],
  change: FleetChange | undefined,
  reference: string | undefined,
): Selection {
  const all = stacks.length === 1 ? "the one stack" : `all ${stacks.length} stacks`;
  if (change === undefined) return { stacks, why: all };
  const [first, ...others] = change.shared;
  if (first !== undefined) {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return { stacks, why: `${all}, because ${first}${more} changed since ${reference}, which every stack depends on` };
  }
  const changed = stacks.filter((stack) => change.stacks.has(stack));
  const files = changed.length === 1 ? "file" : "files";
  return {
    stacks: changed,
    why: `${changed.length} of ${stacks.length} stacks: those whose ${files} changed since ${reference}`,
  };
}
