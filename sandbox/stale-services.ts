import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { KeptState } from "./kept-state.ts";
import { beginAnew, parseJson, writeWhole } from "./saved-state.ts";

/** What stands beside the stacks: which services they were made at, and when. */
interface Mark {
  readonly world: string;
  readonly generation: number;
  /** Stacks that may know of more than there is, with the time of their file as it was when that was found. */
  readonly behind: Readonly<Record<string, number>>;
}

/**
 * What to say where stacks know of more than the services: these have been founded anew, or their files are older. An `up`
 * would find nothing to do there. It is said at each start until the engine has written the stack again.
 * @param stacks the folder that the engine keeps its stacks in
 */
export function tellStale(stacks: string, state: KeptState): string | undefined {
  const file = join(stacks, "services.json");
  const before = readMark(file);
  const files = stackFiles(stacks);
  const isBehind =
    state.lost !== "nothing" ||
    (before !== undefined && (before.world !== state.world || before.generation > state.generation));
  const names = Object.keys(files).filter((name) => isBehind || before?.behind[name] === files[name]);
  const behind = Object.fromEntries(names.map((name) => [name, files[name] ?? 0]));
  writeWhole(file, JSON.stringify({ world: state.world, generation: state.generation, behind } satisfies Mark));
  if (names.length === 0) return undefined;
  const refreshes = names.map((name) => `  npm run sandbox -- npx pulumi refresh -s ${name}`);
  return [
    `The stacks are newer than the services: what ${names.join(", ")} made may not be there, and an up would not notice.`,
    "This takes out of the stack what is gone, so that the next up makes it again:",
    ...refreshes,
    `Or ${beginAnew}.`,
  ].join("\n");
}

/** Stacks with resources, by name, and when their file was written. */
function stackFiles(stacks: string): Record<string, number> {
  const folder = join(stacks, ".pulumi", "stacks");
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json"));
  return Object.fromEntries(
    files
      .map((name) => join(folder, name))
      .filter(hasResources)
      .map((file) => [basename(relative(folder, file), ".json"), statSync(file).mtimeMs]),
  );
}

/** A file that cannot be read counts: what it made is not known. */
function hasResources(file: string): boolean {
  const parsed = parseJson(readFileSync(file, "utf8")) as
    | { readonly checkpoint?: { readonly latest?: { readonly resources?: readonly unknown[] } } }
    | undefined;
  return parsed === undefined || (parsed.checkpoint?.latest?.resources ?? []).length > 0;
}

function readMark(file: string): Mark | undefined {
  if (!existsSync(file)) return undefined;
  return parseJson(readFileSync(file, "utf8")) as Mark | undefined;
}
