import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildSubject, subjectContext } from "../../../sandbox/cloud/github/oidc/subject.ts";
import type { Job } from "../../../src/jobs/job.ts";
import { subjectsOf } from "../../../src/jobs/repository-subjects.ts";
import { tokenOf } from "../../../src/jobs/token.ts";

// Proves that a job's subject is what the emulated GitHub mints, which was written apart from the project.

const prefix = "repo:contoso@1/widgets@2";

function subject(job: Job, template?: readonly string[]): string | undefined {
  return tokenOf(subjectsOf(prefix, template ? { template } : {}), job).claims?.sub;
}

describe("the default template", () => {
  test.each<[string, Job, string]>([
    ["a push", { event: "push", ref: "refs/heads/main" }, "ref:refs/heads/main"],
    ["a tag", { event: "push", ref: "refs/tags/v1:2" }, "ref:refs/tags/v1%3A2"],
    ["a schedule", { event: "schedule", ref: "refs/heads/main" }, "ref:refs/heads/main"],
    ["a pull request", { event: "pull_request", ref: "refs/pull/7/merge" }, "pull_request"],
    ["a pull request without its ref", { event: "pull_request" }, "pull_request"],
    ["pull_request_target of a fork", { event: "pull_request_target", fromFork: true }, "pull_request"],
    ["an environment", { event: "pull_request", environment: "release: eu" }, "environment:release%3A eu"],
  ])("%s", (_title, job, context) => {
    expect(subject(job)).toBe(`${prefix}:${context}`);
  });

  test("for any job it is GitHub's", () => {
    const name = fc.string({ unit: fc.constantFrom("a", ":", "/", "-"), minLength: 1, maxLength: 6 });
    const jobs = fc.record({
      event: fc.constantFrom("push", "pull_request", "pull_request_target", "merge_group", "workflow_dispatch"),
      ref: fc.tuple(fc.constantFrom("refs/heads/", "refs/tags/"), name).map((parts) => parts.join("")),
      environment: fc.option(name, { nil: null }),
    });
    const keys = ["repo", "context", "event_name"];

    fc.assert(
      fc.property(jobs, ({ event, ref, environment }) => {
        const wanted = buildSubject(keys, prefix, subjectContext({ event, ref, environment }), { event_name: event });

        expect(subject({ event, ref, ...(environment === null ? {} : { environment }) }, keys)).toBe(wanted);
      }),
    );
  });
});

describe("no token", () => {
  test("the pull request of a fork gets none", () => {
    const token = tokenOf(subjectsOf(prefix), { event: "pull_request", fromFork: true });

    expect(token).toMatchObject({ claims: undefined, isUnsaid: false });
  });

  test("a job without an environment gets none where subjects are made of it", () => {
    const token = tokenOf(subjectsOf(prefix, { template: ["repo", "environment"] }), { event: "push" });

    expect(token).toMatchObject({ claims: undefined, isUnsaid: false });
  });
});

test.each<[string, readonly string[], Job, string]>([
  ["the ref", ["repo", "context"], { event: "push" }, "--ref refs/heads/BRANCH"],
  ["the ref", ["repo", "ref_type"], { event: "push" }, "--ref refs/heads/BRANCH"],
  ["the workflow", ["repo", "job_workflow_ref"], { event: "push" }, "--workflow OWNER/REPO"],
  ["any other claim", ["repo", "actor"], { event: "push" }, "--claim actor=VALUE"],
  [
    "the environment's id",
    ["repo", "environment_node_id"],
    { event: "push", environment: "release" },
    "--claim environment_node_id=VALUE",
  ],
])("asks for %s where nobody said it", (_title, template, job, option) => {
  const token = tokenOf(subjectsOf(prefix, { template }), job);

  expect(token).toMatchObject({ claims: undefined, isUnsaid: true, reason: expect.stringContaining(option) });
});

test("claims of the job and of the repository make up a customized subject", () => {
  const template = ["repository_id", "ref_type", "job_workflow_ref", "actor"];
  const workflow = "contoso/workflows/.github/workflows/publish.yml@refs/heads/main";

  expect(subject({ event: "push", ref: "refs/tags/v1", workflow, claims: { actor: "mona" } }, template)).toBe(
    `repository_id:2:ref_type:tag:job_workflow_ref:${workflow}:actor:mona`,
  );
});
