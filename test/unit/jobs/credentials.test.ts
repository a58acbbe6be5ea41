import { expect, test } from "vitest";
import { federate } from "../../../src/jobs/credentials.ts";
import { subjectsOf } from "../../../src/jobs/repository-subjects.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";

/** What GitHub tells of contoso/widgets. */
const claims = {
  repository: "contoso/widgets",
  repository_id: "2",
  repository_owner: "contoso",
  repository_owner_id: "1",
  repository_visibility: "private",
};
const names = "repo:contoso/widgets";
const ids = "repo:contoso@1/widgets@2";
const shared = "contoso/shared/.github/workflows/publish.yml@refs/heads/main";

/** The credentials of an entry in a repository whose subjects are made of these claims, or why there are none. */
function credentials(entry: TrustEntry, template: string, prefix = names, options = {}): readonly string[] | string {
  const trusts = federate(subjectsOf(prefix, { template: template.split(" "), claims }), entry, options);
  return "reason" in trusts ? trusts.reason : trusts.map(({ form, by, value }) => `${form} ${by} ${value}`);
}

// GitHub's own examples among them:
// https://docs.github.com/actions/reference/security/oidc#customizing-the-subject-claims-for-an-organization-or-repository
test.each<[string, TrustEntry, string]>([
  ["repo context", { branch: "main" }, "repo:contoso/widgets:ref:refs/heads/main"],
  ["repo context", { environment: "a:b" }, "repo:contoso/widgets:environment:a%3Ab"],
  ["repo", { branch: "main" }, "repo:contoso/widgets"],
  ["repository_id", { branch: "main" }, "repository_id:2"],
  [
    "repository_owner repository_id context",
    { tag: "v1" },
    "repository_owner:contoso:repository_id:2:ref:refs/tags/v1",
  ],
  [
    "repository_owner_id repository_id environment",
    { environment: "release" },
    "repository_owner_id:1:repository_id:2:environment:release",
  ],
  ["repo environment", { environment: "a:b" }, "repo:contoso/widgets:environment:a%3Ab"],
  ["repo context environment", { environment: "e" }, "repo:contoso/widgets:environment:e:environment:e"],
  ["repo ref ref_type", { tag: "v1" }, "repo:contoso/widgets:ref:refs/tags/v1:ref_type:tag"],
  ["repo repository_visibility context", { pullRequest: true }, `${names}:repository_visibility:private:pull_request`],
  ["repo context job_workflow_ref", { pullRequest: true }, ""],
  ["context repo", { branch: "main" }, "ref:refs/heads/main:repo:contoso/widgets"],
])("with the template %s, %j is the subject %s", (template, entry, subject) => {
  const made = credentials(entry, template);

  expect(made).toEqual(
    subject === ""
      ? [
          "names expression claims['sub'] matches 'repo:contoso/widgets:pull_request:job_workflow_ref:*' and claims['repository_id'] eq '2'",
        ]
      : [`names subject ${subject}`],
  );
});

test.each<[string, TrustEntry, string]>([
  ["repo context", { tag: "v*" }, "claims['sub'] matches 'repo:contoso/widgets:ref:refs/tags/v*'"],
  ["repo context", { branch: "re?ease" }, "claims['sub'] matches 'repo:contoso/widgets:ref:refs/heads/re?ease'"],
  ["repo context", { branch: "*-stable" }, "claims['sub'] matches 'repo:contoso/widgets:ref:refs/heads/*-stable'"],
  [
    "repo context",
    { mergeQueue: "main" },
    "claims['sub'] matches 'repo:contoso/widgets:ref:refs/heads/gh-readonly-queue/main/pr-*'",
  ],
  [
    "repo context",
    { workflow: shared },
    `claims['sub'] matches 'repo:contoso/widgets:ref:refs/*' and claims['job_workflow_ref'] eq '${shared}'`,
  ],
  [
    "repo context",
    { workflow: "contoso/shared/.github/workflows/p.yml@refs/tags/v*" },
    "claims['sub'] matches 'repo:contoso/widgets:ref:refs/*' and claims['job_workflow_ref'] matches 'contoso/shared/.github/workflows/p.yml@refs/tags/v*'",
  ],
  [
    "repo context job_workflow_ref",
    { workflow: shared },
    `claims['sub'] matches 'repo:contoso/widgets:ref:refs/*:job_workflow_ref:${shared}'`,
  ],
  [
    "repo job_workflow_ref context",
    { branch: "main" },
    "claims['sub'] matches 'repo:contoso/widgets:job_workflow_ref:*:ref:refs/heads/main'",
  ],
  ["repo context actor", { tag: "v*" }, "claims['sub'] matches 'repo:contoso/widgets:ref:refs/tags/v*:actor:*'"],
  // A subject that any repository of the owner could have.
  ["repository_owner context", { branch: "main" }, "claims['sub'] eq 'repository_owner:contoso:ref:refs/heads/main'"],
])("with the template %s, %j takes an expression that names the repository", (template, entry, expression) => {
  expect(credentials(entry, template)).toEqual([`names expression ${expression} and claims['repository_id'] eq '2'`]);
});

test("a repository with ids in its subjects has them in every subject", () => {
  expect(credentials({ branch: "main" }, "repo context", ids)).toEqual([`ids subject ${ids}:ref:refs/heads/main`]);
  expect(credentials({ tag: "v*" }, "repo context", ids)).toEqual([
    `ids expression claims['sub'] matches '${ids}:ref:refs/tags/v*' and claims['repository_id'] eq '2'`,
  ]);
});

test.each([names, ids])("while a repository moves, both forms are trusted, whichever it has: %s", (prefix) => {
  const made = credentials({ branch: "main" }, "repo context", prefix, { bothForms: true });

  expect(made).toEqual([`names subject ${names}:ref:refs/heads/main`, `ids subject ${ids}:ref:refs/heads/main`]);
});

test("an issuer of an enterprise takes exact subjects", () => {
  const issuer = "https://token.actions.githubusercontent.com/contoso";

  expect(credentials({ branch: "main" }, "repo context", names, { issuer })).toEqual([
    `names subject ${names}:ref:refs/heads/main`,
  ]);
});

const noExpression =
  "which takes a flexible credential, and Entra has those for https://token.actions.githubusercontent.com alone; name each branch and tag, or trust an environment";

test.each<[string, TrustEntry, string, string, object, string]>([
  [
    "a branch, where jobs need an environment",
    { branch: "main" },
    "repo environment",
    names,
    {},
    "no job can match: its subjects are made of repo, environment, and only jobs in an environment have environment; trust an environment instead, or take environment out of the template",
  ],
  [
    "pull requests, where jobs need an environment",
    { pullRequest: true },
    "repo context environment_node_id",
    names,
    {},
    "no job can match: its subjects are made of repo, context, environment_node_id, and only jobs in an environment have environment_node_id; trust an environment instead, or take environment_node_id out of the template",
  ],
  [
    "a template without the repository's ids where they are always there",
    { branch: "main" },
    "repository_id context",
    ids,
    {},
    "its subjects are made of repository_id, context: repo is missing there, and how GitHub adds a repository's ids without it is not documented; add repo to the template",
  ],
  [
    "the same for a repository that is to have ids",
    { branch: "main" },
    "repository_id context",
    names,
    { bothForms: true },
    "its subjects are made of repository_id, context: repo is missing there, and how GitHub adds a repository's ids without it is not documented; add repo to the template",
  ],
  [
    "a pattern of an enterprise's issuer",
    { tag: "v*" },
    "repo context",
    names,
    { issuer: "https://token.actions.githubusercontent.com/contoso" },
    `it is a pattern, ${noExpression}`,
  ],
  [
    "an open template of an enterprise's issuer",
    { tag: "v1" },
    "repo context actor",
    names,
    { issuer: "https://token.actions.contoso.ghe.com" },
    `its subjects are made of repo, context, actor, ${noExpression}`,
  ],
  [
    "an environment with a star beside an open claim",
    { environment: "v*" },
    "repo context actor",
    names,
    {},
    "its subjects are made of repo, context, actor, where Entra would take the * or ? in the name for any character; choose a name without one",
  ],
  [
    "a branch with a quote beside an open claim",
    { branch: "it's" },
    "repo context actor",
    names,
    {},
    "its subjects are made of repo, context, actor, and Entra's expressions cannot hold a quote; choose a name without one",
  ],
  [
    "a pattern that goes on after its star, before other claims",
    { branch: "release/*-stable" },
    "repo context actor",
    names,
    {},
    "its subjects are made of repo, context, actor, where a pattern could reach into what comes after it; end it with its only *",
  ],
])("%s cannot be trusted, and the reason is told", (_, entry, template, prefix, options, reason) => {
  expect(credentials(entry, template, prefix, options)).toBe(reason);
});

test("what a prefix does not tell is asked for, whoever gave it", () => {
  const known = subjectsOf(names);

  expect(federate(known, { tag: "v*" })).toEqual({
    reason:
      "it is a pattern, which takes the repository's id, and the prefix repo:contoso/widgets does not tell it; set feedpass:repositoryId, or give no prefix and GitHub is asked",
    isUnsaid: true,
  });
  expect(federate(known, { tag: "v1" }, { bothForms: true })).toEqual({
    reason:
      "subjects: both needs the ids of the owner and the repository, and repo:contoso/widgets does not tell them; give the prefix that has them, or none and GitHub is asked",
    isUnsaid: true,
  });
});

test("an entry that could never become a credential does not wait for the id", () => {
  const environment = { environment: "it's", workflow: shared };

  expect(federate(subjectsOf(names), environment)).toMatchObject({ isUnsaid: false });
});

test("a pinned prefix with ids tells the repository's id", () => {
  expect(federate(subjectsOf(ids), { tag: "v*" })).toEqual([
    {
      form: "ids",
      by: "expression",
      value: `claims['sub'] matches '${ids}:ref:refs/tags/v*' and claims['repository_id'] eq '2'`,
    },
  ]);
});

test.each<[string, string, string]>([
  [
    shared,
    "repo context",
    `names expression claims['sub'] eq 'repo:contoso/widgets:environment:release' and claims['job_workflow_ref'] eq '${shared}' and claims['repository_id'] eq '2'`,
  ],
  [
    shared.replace("main", "v*"),
    "repo context",
    `names expression claims['sub'] eq 'repo:contoso/widgets:environment:release' and claims['job_workflow_ref'] matches '${shared.replace("main", "v*")}' and claims['repository_id'] eq '2'`,
  ],
  [
    shared,
    "repo context job_workflow_ref",
    `names subject repo:contoso/widgets:environment:release:job_workflow_ref:${shared}`,
  ],
])("the workflow %s in an environment, with the template %s", (workflow, template, credential) => {
  expect(credentials({ environment: "release", workflow }, template)).toEqual([credential]);
});

test("a workflow in an environment takes a flexible credential, which another issuer has none of", () => {
  const issuer = "https://token.actions.githubusercontent.com/contoso";

  const [byExpression, bySubject] = ["repo context", "repo context job_workflow_ref"].map((template) =>
    credentials({ environment: "release", workflow: shared }, template, names, { issuer }),
  );

  expect(byExpression).toContain("it means a reusable workflow, which takes a flexible credential");
  expect(bySubject).toHaveLength(1);
});
