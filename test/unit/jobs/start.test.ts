import fc from "fast-check";
import { expect, test } from "vitest";
import { refusalOf } from "../../../sandbox/cloud/github/deployment-gate.ts";
import { findRepository, findUser } from "../../../sandbox/cloud/github/accounts.ts";
import { gitHubData } from "../../../sandbox/cloud/github/data.ts";
import { putEnvironment } from "../../../sandbox/cloud/github/environments.ts";
import { seedGitHub } from "../../../sandbox/cloud/github/seed.ts";
import { Store } from "../../../sandbox/cloud/store.ts";
import { gitHubDotCom } from "../../../sandbox/cloud/github/site.ts";
import type { EnvironmentProtection } from "../../../src/jobs/environment.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { type Start, startOf } from "../../../src/jobs/start.ts";

// Proves what GitHub does with a job before it gets a token, by a table and against the sandbox's GitHub.

const deploy = (ref: string, environment = "release"): Job => ({ event: "push", ref, environment });
const captains = { reviewers: { teams: ["captains"] } };
const from = (deployFrom: EnvironmentProtection["deployFrom"], more: EnvironmentProtection = {}) => ({
  release: { ...more, deployFrom },
});

test.each<
  [string, Job, Readonly<Record<string, EnvironmentProtection>>, Start["verdict"] | "deployFrom" | "reviewers"]
>([
  ["a job in no environment", { event: "push" }, {}, "starts"],
  ["a tag that may deploy", deploy("refs/tags/v1"), from({ tags: ["v*"] }, captains), "starts"],
  ["a tag by a stricter pattern", deploy("refs/tags/v0.71.0"), from({ tags: ["v[0-9].[0-9].[0-9]"] }), "deployFrom"],
  ["a branch of a tag's name", deploy("refs/heads/v1"), from({ tags: ["v*"] }), "deployFrom"],
  ["the environment in another case", deploy("refs/heads/v1", "RELEASE"), from({ tags: ["v*"] }), "deployFrom"],
  [
    "what nobody approved",
    { ...deploy("refs/tags/v1"), approved: false },
    from({ tags: ["v*"] }, captains),
    "reviewers",
  ],
  [
    "what nobody approved, from elsewhere",
    { ...deploy("refs/heads/x"), approved: false },
    from({ tags: ["v*"] }, captains),
    "deployFrom",
  ],
  ["what nobody has to approve", { ...deploy("refs/heads/x"), approved: false }, { release: {} }, "starts"],
  ["a pull request", { event: "pull_request", environment: "release" }, from({ branches: ["main"] }), "deployFrom"],
  [
    "a pull request that is let in",
    { event: "pull_request", environment: "release" },
    from({ branches: ["refs/pull/*/merge"] }),
    "starts",
  ],
  [
    "pull_request_target, whose branch was not said",
    { event: "pull_request_target", environment: "release" },
    from({ branches: ["main"] }),
    "unknown",
  ],
  ["a ref that was not said", { event: "push", environment: "release" }, from({ tags: ["v*"] }), "unknown"],
  ["a ref that was not said, and does not count", { event: "push", environment: "release" }, { release: {} }, "starts"],
  ["a branch, where protected ones deploy", deploy("refs/heads/main"), from({ protectedBranches: true }), "unknown"],
  ["a tag, where protected branches deploy", deploy("refs/tags/v1"), from({ protectedBranches: true }), "deployFrom"],
  ["an environment of which nothing is known", deploy("refs/heads/x", "other"), from({ tags: ["v*"] }), "unknown"],
  ["an environment that is called as a table's own", deploy("refs/heads/x", "constructor"), {}, "unknown"],
])("%s", (_title, job, environments, expected) => {
  const start = startOf(job, environments);

  expect(start.verdict === "refused" ? start.by : start.verdict).toBe(expected);
});

test("what stands before a job that starts is told", () => {
  const environments = from({ tags: ["v*"] }, { ...captains, waitMinutes: 30, adminsMayBypass: true });

  expect(startOf(deploy("refs/tags/v1"), environments)).toEqual({
    verdict: "starts",
    before: ["approval by team captains", "30 minutes of waiting", "only from tag v*", "administrators may bypass it"],
  });
});

test("a job is refused exactly where the sandbox's GitHub refuses it", () => {
  const store = new Store();
  const site = gitHubDotCom;
  seedGitHub(
    store,
    {
      users: [{ login: "ada" }, { login: "grace" }],
      repositories: [{ owner: "ada", name: "r", branches: ["dev"], protectedBranches: ["main"] }],
    },
    site,
  );
  const data = gitHubData(store, site);
  const [repository, ada, grace] = [findRepository(data, "ada", "r"), findUser(data, "ada"), findUser(data, "grace")];
  if (!repository || !ada || !grace) throw new Error("the seed makes them");
  const patterns = fc.subarray(["main", "v*", "*", "**/*", "v[0-9]", "refs/pull/*/merge", "refs/heads/*"]);
  const deployFrom = fc.oneof(
    fc.constant(undefined),
    fc.record({ branches: patterns, tags: patterns }),
    fc.constant({ protectedBranches: true as const }),
  );
  const ref = fc.constantFrom(
    ...["refs/heads/main", "refs/heads/dev", "refs/heads/v1", "refs/heads/a/b"],
    ...["refs/tags/v1", "refs/tags/a/b", "refs/pull/7/merge", "refs/heads/refs/pull/7/merge"],
  );

  fc.assert(
    fc.property(deployFrom, fc.boolean(), fc.boolean(), ref, (rule, isReviewed, approved, where) => {
      const kind = rule === undefined ? "all" : "protectedBranches" in rule ? "protected" : "custom";
      const environment = putEnvironment(
        data,
        repository,
        "e",
        {
          reviewers: isReviewed ? [{ type: "User", id: grace.id }] : [],
          deployFrom: kind,
        },
        0,
      );
      data.policies.deleteWhere(() => true);
      if (rule !== undefined && "branches" in rule) {
        for (const [type, names] of [
          ["branch", rule.branches],
          ["tag", rule.tags],
        ] as const) {
          for (const name of names) {
            data.policies.insert({ id: `${type} ${name}`, environmentId: environment.id, name, type });
          }
        }
      }
      const approvedBy = approved ? "grace" : undefined;
      const refusal = refusalOf(data, repository, environment, { ref: where, actor: ada, approvedBy });

      const job = { event: "push", ref: where, environment: "e", approved };
      const protection = { deployFrom: rule, reviewers: isReviewed ? { users: ["grace"] } : undefined };
      const start = startOf(job, { e: protection });

      const refusedBy = refusal?.includes("is not allowed to deploy") ? "deployFrom" : "reviewers";
      const by = start.verdict === "refused" ? start.by : undefined;
      if (kind === "protected" && where.startsWith("refs/heads/")) {
        // Which branches are protected is the repository's to say; that nobody approved is known all the same.
        expect(start.verdict).toBe(isReviewed && !approved ? "refused" : "unknown");
        if (by !== undefined) expect(refusal).toMatch(/is waiting for review|is not allowed to deploy/);
      } else expect(by).toBe(refusal === undefined ? undefined : refusedBy);
    }),
    { numRuns: 300 },
  );
});
