import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that a stack that an earlier version made is that of today's: its state, recorded then, is previewed without
// anything made, deleted or replaced. Names that were contract once are found again by their aliases.

const states = join(import.meta.dirname, "states");
const stack = "contoso-made";

let project: TestProject;
beforeAll(async () => {
  project = await openProject();
  project.writeStack(stack, {
    ...widgets,
    feed: { organization: "contoso", project: "data", name: "made-here", create: true },
  });
  await project.succeed(["stack", "init", stack]);
});
afterAll(() => project.close());

test.each(readdirSync(states))("%s", async (file) => {
  await project.succeed(["stack", "import", "--stack", stack, "--file", join(states, file)]);

  const output = await project.succeed(["preview", "--stack", stack, "--diff"]);

  const steps = output.split("\n").filter((line) => /^\s*(?:[+-]|\+-|-\+|\+\+|--)\s*\S+:\S+:\S+ \(/.test(line));
  expect(steps, output).toEqual([]);
  expect(output).not.toMatch(/\d+ to (create|delete|replace)/);
});
