import type { OpType } from "@pulumi/pulumi/automation/index.js";
import { z } from "zod";

/**
 * What `feedpass fleet preview|drift --json` prints, as far as reports use it. It comes from files that a pull request's
 * code has written, so that nothing of it is taken on trust: no name that is not known, no number without an end, no list
 * and no text that is longer than a fleet of this size has. Beyond that a file is no result, and that is told.
 */

/** As large as one file may be. A stack takes some kilobytes, a shard has a few dozen of them. */
export const mostBytes = 16 * 1024 * 1024;

/** As many files as are read: a matrix has 256 jobs, and each leaves one of previews and one of drift. */
export const mostFiles = 1000;

/** As large as all files together may be: 20,000 stacks of some kilobytes, twice. */
export const mostBytesInAll = 256 * 1024 * 1024;

/** As many stacks as one backend has, all in one file where nobody has dealt them out. */
const mostStacks = 20_000;

/** What lives at the services for one stack; and as many lines as its errors have. */
const mostEntries = 10_000;

/** More resources than a stack has; and one digit more would read like the short name of a commit. */
const count = z.int().min(0).max(999_999);

/** Longer than any name of a service. */
const name = z.string().max(1000);

/** The engine's words for an error may hold the answer of a service. */
const error = z.string().max(100_000);

/**
 * What the engine counts, those that stay left out:
 * https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/automation/stack.ts
 */
export const operations = [
  "create",
  "update",
  "replace",
  "delete",
  "import",
  "create-replacement",
  "delete-replaced",
  "import-replacement",
  "read-replacement",
  "discard",
  "discard-replaced",
  "remove-pending-replace",
] as const satisfies readonly OpType[];

export type Operation = (typeof operations)[number];

const propertyChange = z.object({
  path: name,
  /** The fleet cuts values to some 200 characters. */
  before: name.optional(),
  after: name.optional(),
});

const resourceChange = z.object({
  action: z.enum(["create", "update", "replace", "delete", "import"]),
  type: name,
  name,
  properties: z.array(propertyChange).max(mostEntries),
});

/** A stack's name, as the engine allows it. */
const stackName = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/);

const stackResult = z.object({
  stack: stackName,
  outcome: z.enum(["same", "changed", "absent", "broken", "elsewhere", "failed", "interrupted", "notRun"]),
  /** `OWNER/NAME`. */
  repository: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/[A-Za-z0-9._-]{1,100}$/)
    .optional(),
  isNew: z.boolean(),
  counts: z.partialRecord(z.enum(operations), count),
  changes: z.array(resourceChange).max(mostEntries),
  errors: z.array(error).max(mostEntries),
});

const leftover = z.object({
  stack: stackName,
  resources: count.optional(),
});

/** One run of the fleet: that of one shard, or of everything. */
export const fleetResults = z.object({
  operation: z.enum(["preview", "up", "drift"]),
  stacks: z.array(stackResult).max(mostStacks),
  leftovers: z.array(leftover).max(mostStacks),
});

export type FleetResults = z.output<typeof fleetResults>;
export type StackResult = z.output<typeof stackResult>;
export type ResourceChange = z.output<typeof resourceChange>;
export type Leftover = z.output<typeof leftover>;

/** A file that is no result: cut off, too large, or something else. */
export interface Unreadable {
  readonly name: string;
  /** What is wrong with it: `larger than 16 MiB`. */
  readonly why: string;
}

/** The results of all shards of one operation. */
export interface MergedResults {
  /** By stack. */
  readonly stacks: ReadonlyMap<string, StackResult>;
  /** By stack. */
  readonly leftovers: ReadonlyMap<string, Leftover>;
}

/** Puts the shards of an operation together. A stack that two of them tell of counts once, the last time. */
export function merged(results: readonly FleetResults[], operation: FleetResults["operation"]): MergedResults {
  const own = results.filter((result) => result.operation === operation);
  return {
    stacks: new Map(own.flatMap(({ stacks }) => stacks.map((result) => [result.stack, result] as const))),
    leftovers: new Map(own.flatMap(({ leftovers }) => leftovers.map((left) => [left.stack, left] as const))),
  };
}

/** Whether the engine, a service or the file stood in the way. */
export function isFailure({ outcome }: Pick<StackResult, "outcome">): boolean {
  return outcome !== "same" && outcome !== "changed" && outcome !== "absent";
}
