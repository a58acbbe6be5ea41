import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FleetResults, fleetResults } from "../../src/report/results.ts";
import { Failure } from "../failure.ts";

/** What the jobs of a workflow left behind. */
export interface Results {
  readonly results: readonly FleetResults[];
  /** Files that are no results: cut off, empty, or something else. */
  readonly unreadable: readonly string[];
}

/**
 * Every result under a folder. No folder is no results: no job came so far.
 * @throws Failure for what is no folder
 */
export function readResults(folder: string): Results {
  if (!existsSync(folder)) return { results: [], unreadable: [] };
  const results: FleetResults[] = [];
  const unreadable: string[] = [];
  for (const name of filesUnder(folder)) {
    const result = fleetResults.safeParse(parsed(readFileSync(join(folder, name), "utf8")));
    if (result.success) results.push(result.data);
    else unreadable.push(name);
  }
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
