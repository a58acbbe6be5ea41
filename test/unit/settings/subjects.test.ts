import { expect, test } from "vitest";
import { judgeSubjects } from "../../../src/settings/subject-rules.ts";
import { subjectsOf } from "../../../src/jobs/repository-subjects.ts";
import { report, reportOf, settingsOf, stackFile, withReader } from "../../support/stack-check.ts";

/** What a user is told of an identity where subjects are made of these claims: problems, then warnings. */
function told(inside: string, template: string) {
  const subjects = subjectsOf("repo:contoso/widgets", {
    template: template.split(" "),
    claims: { repository_id: "2" },
  });
  const { problems, warnings } = judgeSubjects(settingsOf(withReader(inside)), subjects);
  const lines = (list: typeof problems) => list.map(({ path, text }) => `${path}: ${text}`);
  return { problems: lines(problems), warnings: lines(warnings) };
}

test.each([
  "role: reader, trust: [{ branch: main }]",
  "role: contributor, trust: [{ branch: main }], acceptedRisks: [pullRequestWrites]",
])("{ %s } is warned of a template that tells nothing of the run", (inside) => {
  expect(told(inside, "repo ref")).toEqual({
    problems: [],
    warnings: [
      "identities.reader.trust[0]: its subjects are made of repo, ref, which does not tell branch main from other jobs: jobs of other branches, of environments or of pull requests may sign in too; add context to the template",
    ],
  });
});

test.each(["collaborator", "contributor"])("a %s is not warned of what the rule on pull requests refuses", (role) => {
  expect(told(`role: ${role}, trust: [{ branch: main }]`, "repo ref")).toEqual({ problems: [], warnings: [] });
});

test("an environment is told apart by its own claim", () => {
  expect(told("role: contributor, trust: [{ environment: release }]", "repo environment")).toEqual({
    problems: [],
    warnings: [],
  });
});

test.each(["repo context", "repo environment"])("a colon in an environment's name is warned of with %s", (template) => {
  expect(told('role: reader, trust: [{ environment: "release: eu" }]', template)).toEqual({
    problems: [],
    warnings: [
      'identities.reader.trust[0]: GitHub writes a colon as %3A, and does not say what it makes of an environment "release%3A eu": who may push could name that one in a job, GitHub would make it without protection, and its subject may be the same; name the environment without a colon',
    ],
  });
});

test("an entry that no job can match is an error", () => {
  const { problems } = told("role: reader, trust: [{ branch: main }]", "repo environment");

  expect(problems).toEqual([
    "identities.reader.trust[0]: no job can match: its subjects are made of repo, environment, and only jobs in an environment have environment; trust an environment instead, or take environment out of the template",
  ]);
});

test("two entries that come to one subject are an error, with the entry that was first", () => {
  const { problems, warnings } = told("role: reader, trust: [{ branch: main }, { tag: v1 }]", "repo");

  expect(problems).toEqual([
    "identities.reader.trust[1]: its jobs have the subject repo:contoso/widgets, as those of trust[0]; Entra takes a subject once: remove one",
  ]);
  expect(warnings).toHaveLength(2);
});

test("an identity with a secret alone has no subjects to judge", () => {
  const inside = "role: reader, trust: [{ branch: main }], signIn: secret, secretExpires: 2027-01-01";

  expect(told(inside, "repo")).toEqual({ problems: [], warnings: [] });
});

const enterprise = "feedpass:issuer: https://token.actions.githubusercontent.com/contoso";
const expected =
  "expected https://token.actions.githubusercontent.com, with /ENTERPRISE after it, or https://token.actions.SUBDOMAIN.ghe.com";

test.each([
  "https://token.actions.githubusercontent.com",
  "https://token.actions.githubusercontent.com/octo-inc",
  "https://token.actions.octocorp.ghe.com",
  "https://token.actions.octocorp.ghe.com/octocorp",
])("%s can be an issuer", (issuer) => {
  expect(report(stackFile({ more: `feedpass:issuer: ${issuer}` }))).toBe("");
});

test.each([
  ["https://token.actions.githubusercontent.com/", "; write it without the slash at its end"],
  ["https://token.actions.githubusercontent.com.evil.example", ""],
  ["https://token.actions.githubusercontent.com/a/b", ""],
  ["http://token.actions.githubusercontent.com", ""],
  ["https://octocorp.ghe.com", ""],
])("%s is no issuer", (issuer, fix) => {
  const shown = issuer.length > 56 ? `${issuer.slice(0, 57)}` : issuer;

  expect(report(stackFile({ more: `feedpass:issuer: ${issuer}` }))).toBe(
    reportOf(`issuer: got "${shown}", ${expected}${fix}`),
  );
});

test("Entra has flexible credentials for github.com's own issuer alone", () => {
  const file = stackFile({
    identities:
      "feedpass:identities: { reader: { role: reader, trust: [{ tag: v* }, { mergeQueue: main }, { workflow: o/r/.github/workflows/p.yml@refs/heads/main }] } }",
    more: enterprise,
  });
  const alone = "takes a flexible credential, which Entra has for https://token.actions.githubusercontent.com alone";

  expect(report(file)).toBe(
    reportOf(
      `identities.reader.trust[0]: tag v* ${alone}; set patterns: environment, or name each branch and tag`,
      `identities.reader.trust[1]: merge queue of main ${alone}; set patterns: environment, or name each branch and tag`,
      `identities.reader.trust[2]: workflow o/r/.github/workflows/p.yml@refs/heads/main ${alone}; trust an environment instead`,
    ),
  );
});

test("twenty credentials are the most, with both forms counted", () => {
  const entries = (count: number) => Array.from({ length: count }, (_, index) => `{ tag: v${index} }`).join(", ");
  const file = (count: number) =>
    stackFile({
      identities: `feedpass:identities: { reader: { role: reader, trust: [${entries(count)}] } }`,
      more: "feedpass:subjects: both",
    });

  expect(report(file(10))).toBe("");
  expect(report(file(11))).toBe(
    reportOf(
      "identities.reader.trust: got 11 entries, each in two forms, 22 credentials, expected at most 20, as many federated credentials as Entra takes for an application; trust an environment that several branches or tags may deploy to, or split the identity",
    ),
  );
});

test("a place that GitHub would not keep all variables at is told", () => {
  const identities = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `i${index}: { role: reader, trust: [{ environment: e }], variablePrefix: I${index}_ }`,
    ).join(", ");

  expect(report(stackFile({ identities: `feedpass:identities: { ${identities(25)} }` }))).toBe("");
  expect(report(stackFile({ identities: `feedpass:identities: { ${identities(26)} }` }))).toBe(
    reportOf(
      "identities: got 104 variables at the environment e, expected at most 100, as many as GitHub keeps; use fewer identities there",
    ),
  );
});
