import { expect, test } from "vitest";
import {
  asOtherKind,
  inOtherCase,
  pullRequest,
  type Scene,
  sceneOf,
  sceneWords,
} from "../../../sandbox/rehearsal/scene.ts";
import type { EnvironmentProtection } from "../../../src/jobs/environment.ts";
import { means } from "../../../src/jobs/meaning.ts";
import { startOf } from "../../../src/jobs/start.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";

// Proves which job a trust entry means, and which look like it.

const push = (ref: string): Scene => ({ repository: "own", event: "push", ref, approved: true });

test.each<[TrustEntry, string]>([
  [{ branch: "main" }, "branch main"],
  [{ branch: "release/*" }, "branch release/1"],
  [{ tag: "v1" }, "tag v1"],
  [{ tag: "v?.*" }, "tag v1.1"],
  [{ pullRequest: true }, "pull request"],
  [{ mergeQueue: "main" }, "merge queue gh-readonly-queue/main/pr-7-0123456"],
  [{ environment: "release" }, "environment release, from branch main"],
  [
    { workflow: "o/r/.github/workflows/p.yml@refs/tags/v*" },
    "branch main, workflow o/r/.github/workflows/p.yml@refs/tags/v1",
  ],
  [
    { environment: "release", workflow: "o/r/.github/workflows/p.yml@refs/tags/v*" },
    "environment release, from branch main, workflow o/r/.github/workflows/p.yml@refs/tags/v1",
  ],
])("%o means the job: %s", (entry, expected) => {
  const scene = sceneOf(entry, {});

  expect(sceneWords(scene)).toBe(expected);
  expect(means(entry, scene)).toBe(true);
});

test.each<[EnvironmentProtection["deployFrom"], string]>([
  [{ tags: ["v*"], branches: ["main"] }, "environment release, from tag v1"],
  [{ branches: ["release/**"] }, "environment release, from branch release/1"],
  [{ branches: ["release/**/x[0-3]"] }, "environment release, from branch release/x1"],
  [{ tags: ["v[4-6][!1-9]\\*"] }, "environment release, from tag v4!*"],
  [{ branches: ["refs/pull/*/merge", "main"] }, "environment release, from branch main"],
  [{ branches: ["refs/pull/*/merge"] }, "environment release, from pull request"],
])("an environment with %o is deployed to as: %s", (deployFrom, expected) => {
  const environments = { release: { deployFrom } };

  const scene = sceneOf({ environment: "release" }, environments);

  expect(sceneWords(scene)).toBe(expected);
  expect(startOf(scene, environments).verdict).toBe("starts");
});

test("an environment that no name may deploy to is tried from the trunk", () => {
  const scene = sceneOf({ environment: "release" }, { release: { deployFrom: { tags: ["v["] } } });

  expect(sceneWords(scene)).toBe("environment release, from branch main");
});

test("a job in another case has one letter changed, and nothing where there is no name", () => {
  const changed = [push("refs/heads/main"), push("refs/tags/V1"), push("refs/tags/1.0"), pullRequest].map(inOtherCase);

  expect(changed.map((scene) => scene?.ref)).toEqual(["refs/heads/Main", "refs/tags/v1", undefined, undefined]);
  expect(inOtherCase({ ...push("refs/heads/main"), environment: "release" })?.environment).toBe("Release");
});

test("a branch becomes the tag of its name, and the other way round; a job with an environment neither", () => {
  const changed = [push("refs/heads/main"), push("refs/tags/v1"), { ...push("refs/tags/v1"), environment: "x" }];

  expect(changed.map((scene) => asOtherKind(scene)?.ref)).toEqual(["refs/tags/main", "refs/heads/v1", undefined]);
});
