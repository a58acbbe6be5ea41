import { closeSync, constants, existsSync, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type FleetResults,
  fleetResults,
  mostBytes,
  mostBytesInAll,
  mostFiles,
  type Unreadable,
} from "../../src/report/results.ts";
import { Failure } from "../failure.ts";

/** What the jobs of a workflow left behind. */
export interface Results {
  readonly results: readonly FleetResults[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Every result under a folder. No folder is no results: no job came so far. What is too large is not read at all.
 * @throws Failure for what is no folder
 */
export function readResults(folder: string): Results {
  if (!existsSync(folder)) return { results: [], unreadable: [] };
  const results: FleetResults[] = [];
  const unreadable: Unreadable[] = [];
  let room = mostBytesInAll;
  const names = filesUnder(folder);
  for (const name of names.slice(0, mostFiles)) {
    const read = readResult(join(folder, name), room);
    if ("why" in read) unreadable.push({ name, why: read.why });
    else {
      results.push(read.result);
      room -= read.bytes;
    }
  }
  for (const name of names.slice(mostFiles)) unreadable.push({ name, why: `there are more than ${mostFiles} files` });
  return { results, unreadable };
}

function filesUnder(folder: string): string[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return files.filter((name) => name.endsWith(".json")).sort();
  } catch (error) {
    throw new Failure(`got ${folder}, expected a folder with results (${(error as Error).message})`);
  }
}

/** One file's result, or why it is none. @param room how many bytes all files may still have */
function readResult(
  path: string,
  room: number,
): { readonly result: FleetResults; readonly bytes: number } | { readonly why: string } {
  let file: number;
  try {
    // A link may lead anywhere, and a pipe would be waited for.
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return { why: "no file" };
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return { why: "no file" };
    if (stat.size > mostBytes) return { why: `larger than ${mebibytes(mostBytes)}` };
    if (stat.size > room) return { why: `with it the results are larger than ${mebibytes(mostBytesInAll)}` };
    const parsed = fleetResults.safeParse(JSON.parse(readFileSync(file, "utf8")));
    return parsed.success ? { result: parsed.data, bytes: stat.size } : { why: "not what the fleet writes" };
  } catch {
    return { why: "no JSON" };
  } finally {
    closeSync(file);
  }
}

function mebibytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}
