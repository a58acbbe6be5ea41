import { afterAll, beforeAll, expect, test } from "vitest";
import { nameInUrn } from "../../src/names.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that an edit of a trust list touches the credentials that it names, and nothing else.

let project: TestProject;

const stackWith = (trust: readonly unknown[]) => ({
  ...widgets,
  identities: { ...widgets.identities, reader: { role: "reader", trust } },
});

beforeAll(async () => {
  project = await openProject();
  project.writeStack("widgets", stackWith([{ branch: "main" }, { branch: "develop" }, { pullRequest: true }]));
  await project.succeed(["stack", "init", "widgets"]);
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
});

afterAll(() => project.close());

/** What an up with this trust list does, by operation and logical name. Plain `same` steps are left out. */
async function stepsOfUp(trust: readonly unknown[]): Promise<string[]> {
  project.writeStack("widgets", stackWith(trust));
  const preview = await project.succeed(["preview", "--stack", "widgets", "--json"]);
  const { steps } = JSON.parse(preview.slice(preview.indexOf("{"))) as { steps: { op: string; urn: string }[] };
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
  return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${nameInUrn(urn)}`);
}

test("a new order changes nothing", async () => {
  const steps = await stepsOfUp([{ pullRequest: true }, { branch: "develop" }, { branch: "main" }]);

  expect(steps).toEqual([]);
});

test("a new entry makes one credential", async () => {
  const steps = await stepsOfUp([
    { branch: "feature/x-1" },
    { branch: "main" },
    { branch: "develop" },
    { pullRequest: true },
  ]);

  expect(steps).toEqual(["create access/reader/branch:feature/x-1"]);
});

test("a renamed entry replaces one credential", async () => {
  const steps = await stepsOfUp([
    { branch: "feature/x-2" },
    { branch: "main" },
    { branch: "develop" },
    { pullRequest: true },
  ]);

  expect(steps.sort()).toEqual(["create access/reader/branch:feature/x-2", "delete access/reader/branch:feature/x-1"]);
});

test("a branch that becomes a tag of the same name replaces one credential", async () => {
  const steps = await stepsOfUp([{ tag: "main" }, { branch: "develop" }, { pullRequest: true }]);

  expect(steps.sort()).toEqual([
    "create access/reader/tag:main",
    "delete access/reader/branch:feature/x-2",
    "delete access/reader/branch:main",
  ]);
});

test("a removed entry deletes one credential", async () => {
  const steps = await stepsOfUp([{ tag: "main" }, { pullRequest: true }]);

  expect(steps).toEqual(["delete access/reader/branch:develop"]);
});
