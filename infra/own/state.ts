import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { nameInUrn } from "../../src/names.ts";

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
    await readWhole(() => pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName: stack })),
  );
  return new Map(
    Object.entries(outputs).map(([urn, resource]) => [stateKey(resource.type, nameInUrn(urn)), resource.outputs]),
  );
}

/** So often a state is read that is being written, and so long the pauses are: two seconds in all. */
const mostReads = 20;
const pauseMilliseconds = 100;

/**
 * Reads until the state is whole. The engine writes it while the program runs, and a backend that is a folder empties
 * `STACK.json.attrs` before it fills it again (https://github.com/google/go-cloud/blob/master/blob/fileblob/attrs.go):
 * for a moment it is "failed to load checkpoint: EOF".
 * @param pause between two reads, in milliseconds
 * @throws what the last read failed with
 */
export async function readWhole<T>(read: () => Promise<T>, pause = pauseMilliseconds): Promise<T> {
  for (let reads = 1; ; reads++) {
    try {
      return await read();
    } catch (error) {
      if (reads === mostReads || !String(error).includes("failed to load checkpoint")) throw error;
      await sleep(pause);
    }
  }
}
