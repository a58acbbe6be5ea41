import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { acceptanceOf } from "../../../src/jobs/acceptance.ts";
import { federate } from "../../../src/jobs/credentials.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { means } from "../../../src/jobs/meaning.ts";
import { subjectsOf } from "../../../src/jobs/repository-subjects.ts";
import { tokenOf } from "../../../src/jobs/token.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";

// Proves which jobs a trust entry is for, and that its credential accepts those and no others.

const push = (ref: string): Job => ({ event: "push", ref });
const shared = "o/r/.github/workflows/p.yml";

describe("an entry is for", () => {
  test.each<[string, TrustEntry, Job]>([
    ["its branch", { branch: "main" }, push("refs/heads/main")],
    ["its branch, whatever the event", { branch: "main" }, { event: "schedule", ref: "refs/heads/main" }],
    ["names of its pattern, folders too", { branch: "release/*" }, push("refs/heads/release/1/x")],
    ["its tag", { tag: "v*" }, push("refs/tags/v1")],
    ["pull requests, whatever their ref", { pullRequest: true }, { event: "pull_request", ref: "refs/pull/9/merge" }],
    ["pull_request_target of a fork", { pullRequest: true }, { event: "pull_request_target", fromFork: true }],
    [
      "runs of its merge queue",
      { mergeQueue: "main" },
      { event: "merge_group", ref: "refs/heads/gh-readonly-queue/main/pr-7-0123" },
    ],
    ["its environment, whatever the ref", { environment: "e" }, { ...push("refs/tags/v1"), environment: "e" }],
    ["pull requests in its environment", { environment: "e" }, { event: "pull_request", environment: "e" }],
    [
      "its workflow",
      { workflow: `${shared}@refs/tags/v*` },
      { ...push("refs/heads/x"), workflow: `${shared}@refs/tags/v1` },
    ],
    [
      "its workflow in its environment",
      { environment: "e", workflow: `${shared}@refs/heads/main` },
      { ...push("refs/heads/x"), environment: "e", workflow: `${shared}@refs/heads/main` },
    ],
  ])("%s", (_title, entry, job) => {
    expect(means(entry, job)).toBe(true);
  });
});

describe("an entry is not for", () => {
  test.each<[string, TrustEntry, Job]>([
    ["another branch", { branch: "main" }, push("refs/heads/main2")],
    ["a tag for a branch", { branch: "main" }, push("refs/tags/main")],
    ["another case", { branch: "main" }, push("refs/heads/Main")],
    ["a dot for any character", { branch: "v1.0*" }, push("refs/heads/v1x0")],
    ["a ref that was not said", { branch: "*" }, { event: "push" }],
    ["a branch in an environment", { branch: "main" }, { ...push("refs/heads/main"), environment: "x" }],
    ["a fork", { pullRequest: true }, { event: "pull_request", fromFork: true }],
    ["a pull request for its branch", { branch: "main" }, { event: "pull_request", ref: "refs/heads/main" }],
    ["a pull request in an environment", { pullRequest: true }, { event: "pull_request", environment: "x" }],
    [
      "an environment in another case",
      { environment: "release" },
      { ...push("refs/heads/main"), environment: "Release" },
    ],
    ["a job of no reusable workflow", { workflow: `${shared}@refs/heads/main` }, push("refs/heads/main")],
    [
      "a pull request by its workflow",
      { workflow: `${shared}@*` },
      { event: "pull_request", workflow: `${shared}@refs/heads/main` },
    ],
    [
      "its environment by another workflow",
      { environment: "e", workflow: `${shared}@refs/heads/main` },
      { ...push("refs/heads/x"), environment: "e", workflow: `${shared}@refs/heads/next` },
    ],
    ["a branch that only begins like a queue", { mergeQueue: "main" }, push("refs/heads/gh-readonly-queue/main2/pr-7")],
  ])("%s", (_title, entry, job) => {
    expect(means(entry, job)).toBe(false);
  });
});

test("the credential of an entry accepts the tokens of the jobs that it means, and no others", () => {
  const subjects = subjectsOf("repo:o@1/r@2", { claims: { repository_id: "2" } });
  const name = fc.constantFrom("main", "Main", "release/1", "v1", "a:b", "v1.2");
  const pattern = fc.oneof(name, fc.constantFrom("*", "v*", "release/*", "v?", "m??n"));
  const workflow = fc.constantFrom(`${shared}@refs/heads/main`, `${shared}@refs/tags/v1`);
  const wantedWorkflow = fc.oneof(workflow, fc.constant(`${shared}@refs/tags/v*`));
  const entry: fc.Arbitrary<TrustEntry> = fc.oneof(
    pattern.map((branch) => ({ branch })),
    pattern.map((tag) => ({ tag })),
    fc.constant({ pullRequest: true as const }),
    name.map((environment) => ({ environment })),
    fc.record({ environment: name, workflow: wantedWorkflow }),
    name.map((mergeQueue) => ({ mergeQueue })),
    wantedWorkflow.map((one) => ({ workflow: one })),
  );
  const ref = fc
    .tuple(
      fc.constantFrom("refs/heads/", "refs/tags/", "refs/heads/gh-readonly-queue/"),
      name,
      fc.constantFrom("", "/pr-1-a"),
    )
    .map((parts) => parts.join(""));
  const job: fc.Arbitrary<Job> = fc.record({
    event: fc.constantFrom("push", "pull_request", "pull_request_target", "merge_group", "schedule"),
    ref,
    environment: fc.option(name, { nil: undefined }),
    workflow: fc.option(workflow, { nil: undefined }),
    fromFork: fc.boolean(),
  });

  fc.assert(
    fc.property(entry, job, (trusted, one) => {
      const credentials = federate(subjects, trusted);
      if ("reason" in credentials) throw new Error(credentials.reason);
      const { claims } = tokenOf(subjects, one);
      const isAccepted = credentials
        .map(acceptanceOf)
        .some(
          (credential) =>
            claims !== undefined && credential.acceptsSubject(claims.sub) && credential.unmet(claims).length === 0,
        );

      expect(means(trusted, one)).toBe(isAccepted);
    }),
    { numRuns: 2000 },
  );
});
