import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FleetReport } from "../../cli/fleet/report.ts";
import { mergedEnvironment } from "../../sandbox/environment.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that a stack whose program fails where nobody catches it ends with its error, and leaves its neighbours alone.

const cli = new URL("../../cli/feedpass.js", import.meta.url).pathname;

/**
 * A program in place of the project's own: one value fails, a resource is made of it, and another of that one. Only the
 * stack `fine` has nothing to fail.
 */
const program = `
import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";

const failing = {
  lookup: (provider) => github.getTeamOutput({ slug: "no-such-team" }, { provider }).id,
  promise: () => pulumi.output(Promise.reject(new Error("the promise was broken"))),
  late: () => pulumi.output("value").apply(() => { throw new Error("thrown too late"); }),
  fine: () => pulumi.output("value"),
};

export default async function program() {
  const provider = new github.Provider("github", { owner: "contoso" });
  const value = failing[pulumi.getStack()](provider);
  const repository = "widgets";
  const first = new github.ActionsVariable("first", { repository, variableName: "FIRST", value }, { provider });
  const second = { repository, variableName: "SECOND", value: first.value };
  return { second: new github.ActionsVariable("second", second, { provider }).value };
}
`;

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  rmSync(join(project.folder, "infra"));
  mkdirSync(join(project.folder, "infra"));
  writeFileSync(join(project.folder, "infra/index.js"), program);
  for (const stack of ["lookup", "promise", "late", "fine"])
    project.writeStack(stack, { ...widgets, repository: `contoso/${stack}` });
});

afterAll(() => project.close());

test.each([
  ["preview", []],
  ["up", ["--yes"]],
])("%s: each stack ends with its error", { timeout: 120_000 }, async (operation, more) => {
  // One worker, so that the stacks run in one process.
  const { stdout, stderr } = await execa("node", [cli, "fleet", operation, "--concurrency", "1", "--json", ...more], {
    cwd: project.folder,
    env: mergedEnvironment(project.sandbox.environment, {}),
    extendEnv: false,
    reject: false,
    timeout: 100_000,
  });

  if (stdout === "") throw new Error(stderr);
  const { stacks } = JSON.parse(stdout) as FleetReport;
  expect(Object.fromEntries(stacks.map(({ stack, outcome }) => [stack, outcome]))).toEqual({
    fine: "changed",
    late: "failed",
    lookup: "failed",
    promise: "failed",
  });
  const errorsOf = (name: string) => stacks.find(({ stack }) => stack === name)?.errors?.join("\n");
  expect(errorsOf("lookup")).toContain("no-such-team");
  expect(errorsOf("promise")).toContain("the promise was broken");
  expect(errorsOf("late")).toContain("thrown too late");
});
