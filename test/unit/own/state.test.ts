import { expect, test } from "vitest";
import { readWhole } from "../../../infra/own/state.ts";

// Proves that a state which the engine is just writing is read again, and that nothing else is.

/** Fails so often, and then tells how often it was asked. */
function failing(times: number, message: string) {
  let asked = 0;
  return async () => {
    asked += 1;
    if (asked <= times) throw new Error(message);
    return asked;
  };
}

const beingWritten =
  "invocation of pulumi:pulumi:readStackResourceOutputs returned an error: failed to load checkpoint: EOF";

test("a state that is being written is read until it is whole", async () => {
  expect(await readWhole(failing(3, beingWritten), 0)).toBe(4);
});

test("one that stays broken is told after twenty reads", async () => {
  const read = failing(20, beingWritten);

  await expect(readWhole(read, 0)).rejects.toThrow("failed to load checkpoint: EOF");
  expect(await read()).toBe(21);
});

test("what else goes wrong is told at once", async () => {
  const read = failing(1, "the engine has gone");

  await expect(readWhole(read, 0)).rejects.toThrow("the engine has gone");
  expect(await read()).toBe(2);
});
