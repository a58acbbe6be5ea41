import { expect, test } from "vitest";
import type { OrganizationSubject, RepositorySubject } from "../../sandbox/cloud/github/entities.ts";
import { jobClaims, templateKeys } from "../../sandbox/cloud/github/oidc/claims.ts";
import { issuer, issuerOf } from "../../sandbox/cloud/github/oidc/issuer.ts";
import type { Job } from "../../sandbox/cloud/github/oidc/job.ts";
import {
  buildSubject,
  claimKeysOf,
  formAtBirth,
  MissingClaimError,
  subjectAfterRename,
  subjectContext,
  subjectForm,
  subjectPrefix,
} from "../../sandbox/cloud/github/oidc/subject.ts";

const repository = { owner: "octo-org", ownerId: "123456", name: "octo-repo", id: "456789" };
const usual: RepositorySubject = { defaultForm: "names", optedIn: false, useDefault: true, includeClaimKeys: null };
const organization: OrganizationSubject = { includeClaimKeys: ["repository_owner"], useImmutableSubject: false };

test("the prefix has names, or names with ids", () => {
  expect(subjectPrefix(repository, "names")).toBe("repo:octo-org/octo-repo");
  expect(subjectPrefix(repository, "immutable")).toBe("repo:octo-org@123456/octo-repo@456789");
});

test.each([
  ["push", "refs/heads/main", null, "ref:refs/heads/main"],
  ["push", "refs/tags/v1", null, "ref:refs/tags/v1"],
  ["workflow_dispatch", "refs/heads/feature/x", null, "ref:refs/heads/feature/x"],
  ["merge_group", "refs/heads/gh-readonly-queue/main/pr-7", null, "ref:refs/heads/gh-readonly-queue/main/pr-7"],
  ["pull_request", "refs/pull/7/merge", null, "pull_request"],
  ["pull_request_target", "refs/heads/main", null, "pull_request"],
  ["push", "refs/heads/main", "Production", "environment:Production"],
  ["pull_request", "refs/pull/7/merge", "preview", "environment:preview"],
  ["push", "refs/heads/main", "Production:V1", "environment:Production%3AV1"],
  ["push", "refs/heads/main", "eu/west", "environment:eu/west"],
])("the context of %s on %s with environment %s is %s", (event, ref, environment, context) => {
  expect(subjectContext({ event, ref, environment })).toBe(context);
});

test.each([
  [usual, undefined, "names"],
  [{ ...usual, defaultForm: "immutable" as const }, undefined, "immutable"],
  [{ ...usual, optedIn: true }, undefined, "immutable"],
  [usual, { ...organization, useImmutableSubject: true }, "immutable"],
  [usual, organization, "names"],
])("the form of %j in an organization with %j is %s", (subject, owner, form) => {
  expect(subjectForm(subject, owner)).toBe(form);
});

test("a repository born on 15 July 2026 has immutable subjects, one of the day before has names", () => {
  expect(formAtBirth(Date.parse("2026-07-15T00:00:00Z"))).toBe("immutable");
  expect(formAtBirth(Date.parse("2026-07-14T23:59:59Z"))).toBe("names");
});

test("a rename since that day makes subjects immutable, one before it changes nothing", () => {
  expect(subjectAfterRename(usual, Date.parse("2026-07-15T00:00:00Z"))).toEqual({
    ...usual,
    defaultForm: "immutable",
    optedIn: true,
  });
  expect(subjectAfterRename(usual, Date.parse("2026-07-14T23:59:59Z"))).toEqual(usual);
});

test("the repository's own template comes before the organization's, and neither is used by default", () => {
  const own = { ...usual, useDefault: false, includeClaimKeys: ["repository_id"] };
  const none = { ...usual, useDefault: false };

  expect(claimKeysOf(usual, organization)).toEqual(["repo", "context"]);
  expect(claimKeysOf(own, organization)).toEqual(["repository_id"]);
  expect(claimKeysOf(none, organization)).toEqual(["repository_owner"]);
  expect(claimKeysOf(none, undefined)).toEqual(["repo", "context"]);
});

const reusable = "octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main";

// The examples of https://docs.github.com/actions/reference/security/oidc#customizing-the-subject-claims-for-an-organization-or-repository
test.each([
  [["repo", "context"], "repo:octo-org/octo-repo:environment:prod"],
  [["repo"], "repo:octo-org/octo-repo"],
  [["repository_owner", "repository_visibility"], "repository_owner:monalisa:repository_visibility:private"],
  [["job_workflow_ref"], `job_workflow_ref:${reusable}`],
  [["repo", "context", "job_workflow_ref"], `repo:octo-org/octo-repo:environment:prod:job_workflow_ref:${reusable}`],
  [["repository_id"], "repository_id:456789"],
  [["workflow"], "workflow:Build%3A all"],
])("the template %j makes %s", (keys, subject) => {
  const claims = {
    repository_owner: "monalisa",
    repository_visibility: "private",
    job_workflow_ref: reusable,
    repository_id: "456789",
    workflow: "Build: all",
  };

  expect(buildSubject(keys, subjectPrefix(repository, "names"), "environment:prod", claims)).toBe(subject);
});

test("immutable ids stay in the repo segment of a template", () => {
  const prefix = subjectPrefix(repository, "immutable");

  expect(buildSubject(["repo", "context"], prefix, "pull_request", {})).toBe(
    "repo:octo-org@123456/octo-repo@456789:pull_request",
  );
});

test("a template that asks for what the job does not have makes no subject", () => {
  expect(() => buildSubject(["repo", "environment"], "repo:a/b", "pull_request", {})).toThrow(MissingClaimError);
});

const job: Job = {
  id: "job",
  planId: "plan",
  site: "github.com",
  repositoryId: "456789",
  actorId: "12",
  event: "push",
  ref: "refs/heads/main",
  sha: "a".repeat(40),
  headRef: "",
  baseRef: "",
  environment: null,
  environmentNodeId: null,
  workflow: {
    name: "Publish",
    ref: "octo-org/octo-repo/.github/workflows/publish.yml@refs/heads/main",
    sha: "a".repeat(40),
    jobRef: reusable,
    jobSha: "b".repeat(40),
  },
  runId: "10988497055",
  runNumber: 19,
  runAttempt: 1,
  checkRunId: "77383889307",
  runner: "github-hosted",
  requestTokenHash: null,
  endsAt: "2026-11-23T18:00:00Z",
};

test("the claims of a push are those that GitHub's tokens have, all of them text", () => {
  const claims = jobClaims({
    job,
    repository: { ...repository, visibility: "public" },
    actor: { login: "octocat", id: "12" },
    isRefProtected: true,
    enterprise: null,
  });

  expect(claims).toEqual({
    ref: "refs/heads/main",
    sha: "a".repeat(40),
    repository: "octo-org/octo-repo",
    repository_owner: "octo-org",
    repository_owner_id: "123456",
    run_id: "10988497055",
    run_number: "19",
    run_attempt: "1",
    repository_visibility: "public",
    repository_id: "456789",
    actor_id: "12",
    actor: "octocat",
    workflow: "Publish",
    head_ref: "",
    base_ref: "",
    event_name: "push",
    ref_protected: "true",
    ref_type: "branch",
    workflow_ref: "octo-org/octo-repo/.github/workflows/publish.yml@refs/heads/main",
    workflow_sha: "a".repeat(40),
    job_workflow_ref: reusable,
    job_workflow_sha: "b".repeat(40),
    runner_environment: "github-hosted",
    check_run_id: "77383889307",
  });
});

test("an environment, a tag and an enterprise add their claims", () => {
  const claims = jobClaims({
    job: { ...job, ref: "refs/tags/v1", environment: "Production", environmentNodeId: "EN_kwDO" },
    repository: { ...repository, visibility: "private" },
    actor: { login: "octocat", id: "12" },
    isRefProtected: false,
    enterprise: { slug: "octo-inc", id: "123" },
  });

  expect(claims).toMatchObject({
    ref_type: "tag",
    ref_protected: "false",
    environment: "Production",
    environment_node_id: "EN_kwDO",
    enterprise: "octo-inc",
    enterprise_id: "123",
  });
});

test("a template can have every claim but those that every token has", () => {
  expect(templateKeys).toEqual(expect.arrayContaining(["repo", "context", "environment", "job_workflow_ref"]));
  expect(templateKeys.filter((key) => ["sub", "aud", "iss", "exp", "iat", "nbf", "jti"].includes(key))).toEqual([]);
});

test("the issuer is GitHub's own, but for an enterprise that has its slug in it", () => {
  const enterprise = { slug: "octocat-inc", includesSlugInIssuer: true };

  expect(issuer).toBe("https://token.actions.githubusercontent.com");
  expect([undefined, { ...enterprise, includesSlugInIssuer: false }].map((one) => issuerOf(one))).toEqual([
    issuer,
    issuer,
  ]);
  expect(issuerOf(enterprise)).toBe("https://token.actions.githubusercontent.com/octocat-inc");
});
