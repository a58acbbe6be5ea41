import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Environments, EnvironmentProtection } from "../../../src/jobs/environment.ts";
import { hasPullRequests } from "../../../src/jobs/job-class.ts";
import { means } from "../../../src/jobs/meaning.ts";
import { pullRequestReach, reachOf, settingPlaces, type Trusting } from "../../../src/jobs/reach.ts";
import { startOf } from "../../../src/jobs/start.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";

// Proves which classes of jobs can become an identity, and that whether a pull request's can has one answer.

const trusting = (trust: readonly TrustEntry[], signIn: Trusting["signIn"] = "oidc"): Trusting => ({ trust, signIn });
const e: TrustEntry = { environment: "e" };

/** `words: what stands before, and the caution`. */
function reached(one: Trusting, environments: Environments = {}, template?: readonly string[]): string[] {
  return reachOf(one, { environments, template }).map(({ words, before, caution }) =>
    [
      `${words}: ${before === undefined ? "not known" : before.join("; ") || "nothing"}`,
      ...(caution ? [caution] : []),
    ].join(", "),
  );
}

describe("with GitHub's token", () => {
  test("each entry is a class of its own, and a merge queue's is told to be unmerged", () => {
    const one = trusting([{ branch: "main" }, { tag: "v*" }, { pullRequest: true }, { mergeQueue: "main" }]);

    expect(reached(one)).toEqual([
      "branch main: nothing",
      "tag v*: nothing",
      "pull requests: nothing",
      "merge queue of main: nothing, code that is not merged yet",
    ]);
  });

  test.each<[string, EnvironmentProtection, readonly string[]]>([
    ["that nothing protects", {}, ["environment e: nothing", "pull requests through environment e: nothing"]],
    ["with reviewers", { reviewers: { users: ["ada"] } }, ["environment e: approval by user ada"]],
    [
      "that only waits",
      { waitMinutes: 5 },
      ["environment e: 5 minutes of waiting", "pull requests through environment e: 5 minutes of waiting"],
    ],
    ["for a branch", { deployFrom: { branches: ["main"] } }, ["environment e: only from branch main"]],
    ["for every branch", { deployFrom: { branches: ["*"] } }, ["environment e: nothing"]],
    [
      "for merges of pull requests too",
      { deployFrom: { branches: ["main", "refs/pull/*/merge"] } },
      [
        "environment e: only from branch main or branch refs/pull/*/merge",
        "pull requests through environment e: only from branch main or branch refs/pull/*/merge",
      ],
    ],
  ])("an environment %s", (_title, environment, expected) => {
    expect(reached(trusting([e]), { e: environment })).toEqual(expected);
    expect(reached(trusting([e]), { E: environment })).toEqual(expected);
  });

  test("of an environment that nobody knows it is not known what stands before it, nor that pull requests get in", () => {
    expect(reached(trusting([e]))).toEqual(["environment e: not known"]);
    expect(pullRequestReach(trusting([e]), { environments: {} })).toBeUndefined();
  });

  test.each<[readonly string[], TrustEntry, boolean]>([
    [["repo"], { branch: "main" }, true],
    [["repo", "ref"], { branch: "main" }, true],
    [["repo", "environment"], e, false],
    [["repo", "context", "job_workflow_ref"], { branch: "main" }, false],
  ])("a template of %j lets any job be the identity that trusts %j: %s", (template, entry, expected) => {
    const environments = { e: { deployFrom: { tags: ["v*"] } } };

    const reach = reachOf(trusting([entry]), { environments, template });

    expect(reach.some(({ kind }) => kind === "anyJob")).toBe(expected);
    expect(pullRequestReach(trusting([entry]), { environments, template }) !== undefined).toBe(expected);
  });
});

describe("with a client secret", () => {
  test("at the repository every job can be it, at an environment its jobs, whatever is trusted there", () => {
    const workflow = "o/r/.github/workflows/p.yml@refs/heads/main";
    const one = trusting([{ tag: "v1" }, { environment: "e", workflow }], "secret");

    expect(reached(one, { e: { deployFrom: { tags: ["v*"] } } })).toEqual([
      "any job with the repository's secrets: nothing",
      "environment e: only from tag v*",
    ]);
  });

  test("beside tokens both are told, each once", () => {
    const environments = { e: { deployFrom: { tags: ["v*"] } } };

    expect(reached(trusting([{ tag: "v1" }, e], "both"), environments)).toEqual([
      "tag v1: nothing",
      "any job with the repository's secrets: nothing",
      "environment e: only from tag v*",
    ]);
  });
});

test("settings are at each environment once, and at the repository for whatever else is trusted", () => {
  const trust: TrustEntry[] = [{ branch: "main" }, e, { tag: "v1" }, { environment: "e", workflow: "w" }];

  expect(settingPlaces(trust)).toEqual([undefined, "e"]);
  expect(settingPlaces([])).toEqual([]);
});

test("a pull request can be an identity exactly where one starts unapproved and is meant, or reads the secret", () => {
  const branches = fc.subarray(["main", "*", "**/*", "refs/pull/*/merge", "refs/pull/[0-9]/merge", "*/*/*/*", "*/*/*"]);
  const environment = fc.record({
    reviewers: fc.constantFrom(undefined, { users: ["ada"] }),
    waitMinutes: fc.constantFrom(undefined, 5),
    deployFrom: fc.oneof(
      fc.constantFrom(undefined, { protectedBranches: true as const }),
      fc.record({ branches, tags: fc.constantFrom([], ["**/*"]) }),
    ),
  });
  const trust = fc.uniqueArray(
    fc.constantFrom<TrustEntry>({ branch: "*" }, { tag: "*" }, { pullRequest: true }, e, { mergeQueue: "main" }),
  );
  const signIn = fc.constantFrom("oidc" as const, "secret" as const, "both" as const);

  fc.assert(
    fc.property(environment, trust, signIn, (one, entries, way) => {
      const environments = { e: one };
      const jobs = [undefined, "e"].map((name) => ({
        event: "pull_request",
        ref: "refs/pull/7/merge",
        environment: name,
        approved: false,
      }));
      const starting = jobs.filter((job) => startOf(job, environments).verdict === "starts");
      const places = settingPlaces(entries);
      const isMeant = starting.some((job) => entries.some((entry) => means(entry, job)));
      const reads = starting.some((job) => places.includes(undefined) || places.includes(job.environment));
      const expected = (way !== "secret" && isMeant) || (way !== "oidc" && reads);

      const reach = pullRequestReach(trusting(entries, way), { environments });

      expect(reach !== undefined).toBe(expected);
      expect(reachOf(trusting(entries, way), { environments }).some(hasPullRequests)).toBe(expected);
    }),
    { numRuns: 300 },
  );
});
