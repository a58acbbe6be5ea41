import type { MatrixOptions } from "./options.ts";
import { type ExitCode, Failure } from "../failure.ts";
import { changedSince, select } from "../fleet/changed.ts";
import { inShard, matching } from "../fleet/select.ts";
import { print } from "../output.ts";
import { findProject, stackFilesOnDisk } from "../project.ts";

/** As many jobs as a matrix has: https://docs.github.com/actions/reference/limits */
const mostJobs = 256;

/** Runs `feedpass report matrix`. */
export async function printMatrix(options: MatrixOptions): Promise<ExitCode> {
  if (options.edited && options.changedSince === undefined) throw new Failure("--edited is for --changed-since");
  const project = findProject();
  const change = options.changedSince === undefined ? undefined : await changedSince(project, options.changedSince);
  const patterns = options.stacks ?? [];
  const all = matching([...stackFilesOnDisk(project).keys()], patterns);
  const concerned = options.edited && change ? { ...change, shared: [] } : change;
  const { stacks } = select(all, patterns, concerned, options.changedSince);
  if (options.each) {
    const { jobs, next } = eachStack(stacks, options.after);
    print(`stacks=${JSON.stringify(jobs)}`);
    print(`next=${next}`);
  } else {
    // A removed file has no stack here, and its stack in the backend has to be told of.
    const isConcerned = stacks.length > 0 || (change !== undefined && change.stacks.size > 0);
    print(`shards=${JSON.stringify(isConcerned ? shards(stacks.length, options.perShard) : [])}`);
  }
  return 0;
}

/** `1/3`, `2/3`, `3/3`; one at least. */
export function shards(stacks: number, perShard: number): string[] {
  const count = Math.min(mostJobs, Math.max(1, Math.ceil(stacks / perShard)));
  return Array.from({ length: count }, (_, index) => `${index + 1}/${count}`);
}

/** The first stacks after one, and the last of them where there are more. */
export function eachStack(
  stacks: readonly string[],
  after: string | undefined,
): { readonly jobs: readonly string[]; readonly next: string } {
  const rest = inShard(stacks, undefined).filter((stack) => after === undefined || stack > after);
  const jobs = rest.slice(0, mostJobs);
  return { jobs, next: rest.length > jobs.length ? (jobs.at(-1) ?? "") : "" };
}
