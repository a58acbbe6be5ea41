import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that a stack from before protection came first goes on as it is, and is taken away in the new order.

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  project.writeStack("widgets", widgets);
  await project.succeed(["stack", "init", "widgets"]);
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
});

afterAll(() => project.close());

interface StoredResource {
  readonly urn: string;
  dependencies?: string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

const file = () => join(project.folder, "state.json");

async function readState(): Promise<{ readonly deployment: { readonly resources: StoredResource[] } }> {
  await project.succeed(["stack", "export", "--stack", "widgets", "--file", file()]);
  return JSON.parse(readFileSync(file(), "utf8"));
}

/** The names of what a resource waits for, by its own name. */
async function waiting(name: string): Promise<string[]> {
  const { deployment } = await readState();
  const found = deployment.resources.find(({ urn }) => urn.endsWith(`::${name}`) && !urn.includes("Settings::"));
  return (found?.dependencies ?? []).map((urn) => urn.split("::").at(-1) ?? "").sort();
}

const protection = ["access/environment:release", "access/environment:release/tag:v*"];

test("credentials and roles wait for environments with their rules, and variables for both", async () => {
  expect(await waiting("access/publisher/environment:release")).toEqual(expect.arrayContaining(protection));
  expect(await waiting("access/publisher/feed:data/python")).toEqual(expect.arrayContaining(protection));
  expect(await waiting("access/environment:release/AZURE_CLIENT_ID")).toEqual(
    expect.arrayContaining([
      "access/publisher",
      "access/publisher/environment:release",
      "access/publisher/feed:data/python",
      "access/publisher/project:data",
    ]),
  );
});

test("a state without that order previews without a change, and an up brings the order in", async () => {
  const state = await readState();
  // As it was: a resource waits for what its properties are made of, and for nothing else.
  for (const resource of state.deployment.resources) {
    const needed = Object.values(resource.propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
    if (resource.dependencies !== undefined) resource.dependencies = [...new Set(needed)];
  }
  writeFileSync(file(), JSON.stringify(state));
  await project.succeed(["stack", "import", "--stack", "widgets", "--file", file()]);
  const before = await waiting("access/publisher/feed:data/python");

  const preview = await project.pulumi(["preview", "--stack", "widgets", "--expect-no-changes"]);
  const up = await project.pulumi(["up", "--stack", "widgets", "--yes", "--skip-preview", "--expect-no-changes"]);

  expect(before).not.toEqual(expect.arrayContaining(protection));
  expect([preview.exitCode, up.exitCode], preview.output + up.output).toEqual([0, 0]);
  expect(await waiting("access/publisher/feed:data/python")).toEqual(expect.arrayContaining(protection));
});
