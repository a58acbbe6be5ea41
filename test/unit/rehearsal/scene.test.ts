import { describe, expect, test } from "vitest";
import {
  asOtherKind,
  exampleOf,
  forkedPullRequest,
  gateOf,
  inOtherCase,
  isTrusted,
  pullRequest,
  type Scene,
  sceneOf,
  sceneWords,
} from "../../../sandbox/rehearsal/scene.ts";
import type { EnvironmentSettings } from "../../../src/settings/schema.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";

// Proves which job a trust entry means, which look like it, and when GitHub itself stands before a job.

const push = (ref: string): Scene => ({ repository: "own", event: "push", ref, approved: true, fork: false });
const protection: EnvironmentSettings = { preventSelfReview: false, adminsMayBypass: false };
const release = (deployFrom: EnvironmentSettings["deployFrom"]) => ({ release: { ...protection, deployFrom } });

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
])("%o means the job: %s", (entry, expected) => {
  const scene = sceneOf(entry, {});

  expect(sceneWords(scene)).toBe(expected);
  expect(isTrusted(entry, scene)).toBe(true);
});

test.each([
  [{ tags: ["v*"], branches: ["main"] }, "environment release, from tag v1"],
  [{ branches: ["release/**"] }, "environment release, from branch release/1"],
  [{ protectedBranches: true as const }, "environment release, from branch main"],
])("an environment with %o is deployed to as: %s", (deployFrom, expected) => {
  expect(sceneWords(sceneOf({ environment: "release" }, release(deployFrom)))).toBe(expected);
});

test.each([
  ["main", "main"],
  ["v[0-9]*", "v01"],
  ["release/**/x?", "release/1/x1"],
  ["[!a]b", "~b"],
])("an example of %s is %s", (pattern, expected) => {
  expect(exampleOf(pattern)).toBe(expected);
});

describe("nobody trusts", () => {
  test.each<[string, TrustEntry, Scene]>([
    ["another branch", { branch: "main" }, push("refs/heads/main2")],
    ["a tag for a branch", { branch: "main" }, push("refs/tags/main")],
    ["another case", { branch: "main" }, push("refs/heads/Main")],
    ["a dot for any character", { branch: "v1.0*" }, push("refs/heads/v1x0")],
    ["a branch with an environment", { branch: "main" }, { ...push("refs/heads/main"), environment: "x" }],
    ["a branch of another repository", { branch: "main" }, { ...push("refs/heads/main"), repository: "other" }],
    ["a fork", { pullRequest: true }, forkedPullRequest],
    ["a pull request for its branch", { branch: "main" }, pullRequest],
    [
      "an environment in another case",
      { environment: "release" },
      { ...push("refs/heads/main"), environment: "Release" },
    ],
    ["a job of no reusable workflow", { workflow: "o/r/w.yml@refs/heads/main" }, push("refs/heads/main")],
  ])("%s", (_, entry, scene) => {
    expect(isTrusted(entry, scene)).toBe(false);
  });
});

describe("GitHub stands before", () => {
  const deploy = (ref: string, environment = "release"): Scene => ({ ...push(ref), environment });
  const environments = {
    release: { ...protection, reviewers: { teams: ["captains"] }, deployFrom: { tags: ["v*"] } },
  };

  test.each<[string, Scene, "deployFrom" | "reviewers" | undefined]>([
    ["nothing from a tag that may deploy", deploy("refs/tags/v1"), undefined],
    ["the environment in another case", { ...deploy("refs/heads/v1", "RELEASE") }, "deployFrom"],
    ["a deployment that nobody approved", { ...deploy("refs/tags/v1"), approved: false }, "reviewers"],
    ["a branch of a tag's name", deploy("refs/heads/v1"), "deployFrom"],
    ["a pull request", { ...pullRequest, environment: "release" }, "deployFrom"],
    ["nothing in another repository", { ...deploy("refs/heads/x"), repository: "other" }, undefined],
    ["nothing where the file makes no such environment", deploy("refs/heads/x", "other"), undefined],
    ["nothing without an environment", push("refs/heads/x"), undefined],
  ])("%s", (_, scene, expected) => {
    expect(gateOf(scene, environments)).toBe(expected);
  });
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
