import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** What the stack's last up has left in its state: the outputs of each resource, by type and logical name. */
export type State = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** How a resource is found in the state. */
export const stateKey = (type: string, name: string): string => `${type}::${name}`;

const answer = z.object({
  outputs: z.record(z.string(), z.object({ type: z.string(), outputs: z.record(z.string(), z.unknown()) })),
});

/**
 * Asks the engine for the state of this stack: a function of its own that every version has, and that reads the backend
 * alone. What a service has and the state has not is what an up that failed may have left.
 */
export async function readState(): Promise<State> {
  const stack = pulumi.getStack();
  const { outputs } = answer.parse(
    await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: stack }),
  );
  return new Map(
    Object.entries(outputs).map(([urn, resource]) => [
      stateKey(resource.type, urn.split("::").slice(3).join("::")),
      resource.outputs,
    ]),
  );
}
