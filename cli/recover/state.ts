import { z } from "zod";
import { nameInUrn } from "../../src/names.ts";
import type { EngineCommand } from "../engine-command.ts";

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  parent: z.string().optional(),
  provider: z.string().optional(),
});
const exported = z.object({
  deployment: z.object({
    resources: z.array(resource).nullish(),
    pending_operations: z.array(z.object({ type: z.string(), resource })).nullish(),
  }),
});

/** A resource as a stack's state has it. */
export type StateResource = z.output<typeof resource>;

/** What matters of a stack's state here. */
export interface StackState {
  readonly resources: readonly StateResource[];
  /**
   * What was being made when an engine was killed: nobody has learned whether it is there. The engine clears what was being
   * changed or deleted by itself, and never these.
   */
  readonly pendingCreates: readonly StateResource[];
}

/** @throws EngineRefusal where the state cannot be read */
export async function readState(engine: EngineCommand, stack: string): Promise<StackState> {
  const { deployment } = exported.parse(JSON.parse(await engine(["stack", "export", "--stack", stack])));
  const pending = deployment.pending_operations ?? [];
  return {
    resources: deployment.resources ?? [],
    pendingCreates: pending.filter(({ type }) => type === "creating").map((one) => one.resource),
  };
}

/** `ActionsVariable access/AZURE_CLIENT_ID` */
export function resourceWords(one: Pick<StateResource, "urn" | "type">): string {
  return `${one.type.split(":").at(-1)} ${nameInUrn(one.urn)}`;
}

/** What lives at a service: no component, and no provider. */
export function isAtService({ custom, type }: StateResource): boolean {
  return custom && !type.startsWith("pulumi:");
}
