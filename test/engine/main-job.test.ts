import { afterAll, beforeAll, expect, test } from "vitest";
import type { Entity, Snapshot } from "../../sandbox/cloud/store.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";
import { resourceTree } from "../support/tree.ts";

// Proves the main job on the real engine against the emulated services: from nothing to access, and back to nothing.

let project: TestProject;
let before: Snapshot;

beforeAll(async () => {
  project = await openProject();
  project.writeStack("widgets", widgets);
  await project.succeed(["stack", "init", "widgets"]);
  before = project.sandbox.cloud.store.snapshot();
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
});

afterAll(() => project.close());

test("up makes the tree that the stack file describes", async () => {
  const tree = resourceTree(await project.resources("widgets"));

  await expect(tree).toMatchFileSnapshot("golden/widgets.txt");
});

test("a second up, a preview and a refresh find nothing to do", async () => {
  const second = await project.pulumi(["up", "--stack", "widgets", "--yes", "--skip-preview", "--expect-no-changes"]);
  const preview = await project.pulumi(["preview", "--stack", "widgets", "--expect-no-changes"]);
  const refresh = await project.pulumi(["refresh", "--stack", "widgets", "--preview-only", "--expect-no-changes"]);

  expect([second.exitCode, preview.exitCode, refresh.exitCode]).toEqual([0, 0, 0]);
});

test("nothing that the engine and the program ask is outside of what the sandbox emulates", () => {
  expect(project.sandbox.cloud.requests.uncovered()).toEqual([]);
});

test("destroy leaves the services as they were", async () => {
  await project.succeed(["destroy", "--stack", "widgets", "--yes", "--skip-preview"]);

  const after = project.sandbox.cloud.store.snapshot();
  expect(inUse(after)).toEqual(inUse(before));
});

/**
 * What the services hold and use: without the directory's recycle bin, from which an administrator can take things back
 * with their owners, and without the key that signs tokens, which is made when it is needed first.
 */
function inUse(snapshot: Snapshot): Record<string, unknown[]> {
  const deleted = new Set(
    Object.values(snapshot)
      .flat()
      .filter(isDeleted)
      .map(({ id }) => id),
  );
  const kept = Object.entries(snapshot).map(([name, entities]) => {
    const used = entities.filter(
      (entity) => !isDeleted(entity) && !("ownedId" in entity && deleted.has(String(entity.ownedId))),
    );
    return [name, used] as const;
  });
  return Object.fromEntries(kept.filter(([name, entities]) => entities.length > 0 && name !== "entra.signingKeys"));
}

function isDeleted(entity: Entity): boolean {
  return "deletedDateTime" in entity && entity.deletedDateTime !== null;
}
