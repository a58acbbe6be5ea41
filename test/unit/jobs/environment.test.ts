import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesPattern } from "../../../sandbox/cloud/github/fnmatch.ts";
import {
  barriersOf,
  type EnvironmentProtection,
  findEnvironment,
  takesEveryName,
  takesPullRequests,
  takesRef,
} from "../../../src/jobs/environment.ts";

// Proves what an environment's protection lets in. GitHub's part is played by the sandbox's, which was written apart.

describe("pull requests", () => {
  test.each<[EnvironmentProtection["deployFrom"], boolean]>([
    [undefined, true],
    [{ branches: ["refs/pull/*/merge"] }, true],
    [{ branches: ["main", "refs/pull/*/merge"] }, true],
    [{ branches: ["refs/**/*"] }, true],
    [{ branches: ["**/*"] }, true],
    [{ branches: ["*/*/*/*"] }, true],
    [{ branches: ["refs/pull/[0-9]*/m?rge"] }, true],
    [{ branches: ["refs/pull/12/merge"] }, true],
    [{ branches: ["refs/pull/0x12/merge"] }, false],
    [{ branches: ["refs/pull/*/head"] }, false],
    [{ branches: ["*", "*/*", "*/*/*"] }, false],
    [{ branches: ["main"] }, false],
    [{ tags: ["refs/pull/*/merge", "**/*"] }, false],
    [{ protectedBranches: true }, false],
  ])("an environment that deploys from %j takes their jobs: %s", (deployFrom, expected) => {
    expect(takesPullRequests({ deployFrom })).toBe(expected);
  });

  test("are taken wherever the job of any number is, and beyond that only by what people mean with ** at its end", () => {
    const part = fc.constantFrom("refs", "pull", "merge", "*", "**", "?*", "[0-9]", "[!a]*", "7", "12");
    const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
    const numbers = Array.from({ length: 100 }, (_, number) => `refs/pull/${number}/merge`);

    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), (branches) => {
        const isTaken = numbers.some((ref) => branches.some((one) => matchesPattern(one, ref)));

        const isMeant = branches.some((one) => one.endsWith("**"));
        expect(takesPullRequests({ deployFrom: { branches } }) && !isMeant).toBe(isTaken && !isMeant);
        if (isTaken) expect(takesPullRequests({ deployFrom: { branches } })).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

test.each<[EnvironmentProtection["deployFrom"], boolean]>([
  [undefined, true],
  [{ branches: ["*"] }, true],
  [{ tags: ["*"] }, true],
  [{ branches: ["[a-m]*", "[!a-m]*"] }, true],
  [{ branches: ["**/*"] }, true],
  [{ branches: ["*/*"] }, false],
  [{ branches: ["main", "release/*"] }, false],
  [{ tags: ["v*"] }, false],
  [{ protectedBranches: true }, false],
])("an environment that deploys from %j is open to whoever names a branch or tag: %s", (deployFrom, expected) => {
  expect(takesEveryName({ deployFrom })).toBe(expected);
});

describe("a ref", () => {
  const names = ["main", "v1", "v0.71.0", "release/1", "refs/pull/7/merge", "a/b/c"];
  const patterns = ["main", "v*", "v[0-9].[0-9].[0-9]", "*", "**/*", "release/?", "refs/pull/*/merge", "[!v]*"];

  test("is taken as GitHub takes it", () => {
    const some = fc.subarray(patterns);
    const ref = fc
      .tuple(fc.constantFrom("refs/heads/", "refs/tags/"), fc.constantFrom(...names))
      .map((parts) => parts.join(""));

    fc.assert(
      fc.property(some, some, fc.oneof(ref, fc.constant("refs/pull/7/merge")), (branches, tags, where) => {
        const [, folder, name = where] = /^refs\/(heads|tags)\/(.*)$/.exec(where) ?? [];
        const wanted = (folder === "tags" ? tags : branches).some((one) => matchesPattern(one, name));

        expect(takesRef({ deployFrom: { branches, tags } }, where)).toBe(wanted);
      }),
    );
  });

  test("of a branch is for the repository to say where protected branches deploy; of anything else it is not taken", () => {
    const environment = { deployFrom: { protectedBranches: true as const } };
    const refs = ["refs/heads/main", "refs/tags/v1", "refs/pull/7/merge"];

    expect(refs.map((ref) => takesRef(environment, ref))).toEqual([undefined, false, false]);
  });
});

test.each<[EnvironmentProtection, readonly string[]]>([
  [{}, []],
  [{ deployFrom: { branches: ["*"] } }, []],
  [{ deployFrom: { branches: ["*"], tags: ["v*"] } }, []],
  [{ adminsMayBypass: true }, []],
  [
    { reviewers: { teams: ["captains"], users: ["ada"] }, preventSelfReview: true },
    ["approval by team captains or user ada", "no approval of one's own deployments"],
  ],
  [
    { waitMinutes: 1, deployFrom: { branches: ["main"], tags: ["v*"] }, adminsMayBypass: true },
    ["1 minute of waiting", "only from branch main or tag v*", "administrators may bypass it"],
  ],
  [{ deployFrom: { protectedBranches: true } }, ["only from protected branches"]],
])("before %j stands: %j", (environment, expected) => {
  expect(barriersOf(environment)).toEqual(expected);
});

test("an environment is found whatever its case, in its own before another", () => {
  const environments = { Release: { waitMinutes: 1 }, release: { waitMinutes: 2 } };

  const found = ["release", "Release", "RELEASE", "constructor"].map((name) => findEnvironment(environments, name));

  expect(found.map((environment) => environment?.waitMinutes)).toEqual([2, 1, 1, undefined]);
});
