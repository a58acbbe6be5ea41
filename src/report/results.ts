import { z } from "zod";

/**
 * What `feedpass fleet preview|drift --json` prints, as far as reports use it. It comes from files that a pull request's
 * code has written, so that nothing of it is taken on trust.
 */

const accessLine = z.object({ text: z.string(), escalation: z.boolean() });

const propertyChange = z.object({
  path: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});

const resourceChange = z.object({
  action: z.enum(["create", "update", "replace", "delete", "import"]),
  type: z.string(),
  name: z.string(),
  properties: z.array(propertyChange),
});

/** A stack's name, as the engine allows it. */
const stackName = z.string().regex(/^[A-Za-z0-9_.-]{1,100}$/);

const stackResult = z.object({
  stack: stackName,
  outcome: z.enum(["same", "changed", "absent", "broken", "failed", "interrupted", "notRun"]),
  repository: z.string().optional(),
  isNew: z.boolean(),
  counts: z.record(z.string(), z.number()),
  changes: z.array(resourceChange),
  errors: z.array(z.string()),
});

const leftover = z.object({
  stack: stackName,
  resources: z.number().int().nonnegative().optional(),
  access: z.array(accessLine),
});

/** One run of the fleet: that of one shard, or of everything. */
export const fleetResults = z.object({
  operation: z.enum(["preview", "up", "drift"]),
  stacks: z.array(stackResult),
  leftovers: z.array(leftover),
});

export type FleetResults = z.output<typeof fleetResults>;
export type StackResult = z.output<typeof stackResult>;
export type ResourceChange = z.output<typeof resourceChange>;
export type Leftover = z.output<typeof leftover>;

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
