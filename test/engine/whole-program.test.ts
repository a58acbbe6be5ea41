import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { runFeedpass } from "../support/feedpass.ts";
import { openProject, type TestProject } from "../support/project.ts";

// Proves that an up deletes nothing where the program ended before it said what there is to be. Without the worker's guard
// the engine deletes all of the stack in the second case; the first would be told in the SDK's words.

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  project.writeStack("internal", {
    repository: "contoso/widgets",
    feed: { organization: "contoso", name: "internal" },
    identities: { reader: { role: "reader", trust: [{ branch: "main" }] } },
    removable: true,
  });
  await runFeedpass(project, ["fleet", "up", "--yes"]);
});
afterAll(() => project.close());

test.each([
  [
    "is refused a question because a provider's process has ended",
    'throw Object.assign(new Error("Resource monitor is terminating"), { code: 14 })',
    4,
    /the program ended before its time: a provider could not be asked any more \(Resource monitor is terminating\)/,
  ],
  ["names nothing", "return {}", 1, /this up would delete all \d+ resources.*npx pulumi up --stack internal/],
])("a program that %s deletes nothing", async (_what, body, exitCode, words) => {
  rmSync(join(project.folder, "infra"), { recursive: true });
  mkdirSync(join(project.folder, "infra"));
  writeFileSync(join(project.folder, "infra/index.js"), `export default async () => { ${body}; };`);
  const before = await project.resources("internal");
  const applications = directory(project.sandbox.cloud.store).applications.all();

  const up = await runFeedpass(project, ["fleet", "up", "--yes"]);

  expect([up.exitCode, up.stacks[0]?.outcome], JSON.stringify(up)).toEqual([exitCode, "failed"]);
  expect(up.stacks[0]?.errors.join("\n")).toMatch(words);
  expect(await project.resources("internal")).toEqual(before);
  expect(directory(project.sandbox.cloud.store).applications.all()).toEqual(applications);
});
