import { expect, test } from "vitest";
import { report, reportOf, withReader, withTrust } from "../../support/stack-check.ts";

const everyKind =
  "expected exactly one of branch, tag, pullRequest, environment, mergeQueue or workflow, as in { branch: main }";
const aWorkflow =
  "expected a reusable workflow with its ref in full, like contoso/workflows/.github/workflows/publish.yml@refs/heads/main";

test.each([
  [
    "no list",
    withReader("role: reader"),
    "trust: missing, expected a list of who may sign in, as in [{ branch: main }]",
  ],
  [
    "an empty list",
    withReader("role: reader, trust: []"),
    "trust: got [], expected a list of who may sign in, as in [{ branch: main }]",
  ],
  [
    "an entry without the list",
    withReader("role: reader, trust: { branch: main }"),
    'trust: got {"branch":"main"}, expected a list of who may sign in, as in [{ branch: main }]',
  ],
  [
    "a name without the list",
    withReader("role: reader, trust: main"),
    'trust: got "main", expected a list of who may sign in, as in [{ branch: main }]',
  ],
  ["a name without its kind", withReader("role: reader, trust: [main]"), `trust[0]: got "main", ${everyKind}`],
  ["an entry without content", withReader("role: reader, trust: [~]"), `trust[0]: got null, ${everyKind}`],
  ["an entry of no kind", withReader("role: reader, trust: [{}]"), `trust[0]: got {}, ${everyKind}`],
  [
    "a workflow in an environment that is none",
    withTrust("environment: release, workflow: publish.yml"),
    `trust[0].workflow: got "publish.yml", ${aWorkflow}; add @refs/heads/BRANCH, @refs/tags/TAG or @ and the commit that jobs call it by`,
  ],
  [
    "a workflow in an environment without a name",
    withTrust("environment: '', workflow: contoso/w/.github/workflows/a.yml@refs/heads/main"),
    'trust[0].environment: got "", expected the name of a GitHub environment, 1 to 255 characters',
  ],
  [
    "an entry of two kinds",
    withTrust("branch: main, tag: v1"),
    `trust[0]: got {"branch":"main","tag":"v1"}, ${everyKind}; write each as an entry of its own`,
  ],
  ["an unknown kind", withTrust("schedule: nightly"), `trust[0]: got {"schedule":"nightly"}, ${everyKind}`],
  [
    "a kind that every object seems to have",
    withTrust("constructor: x"),
    `trust[0]: got {"constructor":"x"}, ${everyKind}`,
  ],
  ["a misspelt kind", withTrust("pull_request: true"), `trust[0]: got {"pull_request":true}, ${everyKind}`],
  [
    "pull requests switched off",
    withTrust("pullRequest: false"),
    "trust[0].pullRequest: got false, expected true; leave the entry out to trust no pull requests",
  ],
  [
    "pull requests with YAML's old word for true",
    withTrust("pullRequest: yes"),
    'trust[0].pullRequest: got "yes", expected true; leave the entry out to trust no pull requests',
  ],
  [
    "a pattern of every branch",
    withTrust('branch: "*"'),
    'trust[0].branch: got "*", expected the name of a branch, or a pattern of names; this would trust every branch: write what the names begin with, like release/*',
  ],
  [
    "a pattern of every tag",
    withTrust("branch: main", 'tag: "?*/**"'),
    'trust[1].tag: got "?*/**", expected the name of a tag, or a pattern of names; this would trust every tag: write what the names begin with, like v*',
  ],
  [
    "a pattern with a quote",
    withTrust("branch: it's/*"),
    "trust[0].branch: got \"it's/*\", expected the name of a branch, or a pattern of names; Entra's expressions cannot hold a quote: trust an environment",
  ],
  [
    "a pattern that would end the subject and begin another",
    withTrust('tag: "v*:environment:*"'),
    'trust[0].tag: got "v*:environment:*", expected the name of a tag, or a pattern of names; git allows no tag of that name',
  ],
  [
    "a pattern as GitHub has it",
    withTrust('tag: "v[0-9]*"'),
    'trust[0].tag: got "v[0-9]*", expected the name of a tag, or a pattern of names; git allows no tag of that name',
  ],
  [
    "a merge queue of a pattern",
    withTrust('mergeQueue: "release/*"'),
    'trust[0].mergeQueue: got "release/*", expected the branch that the merge queue is for; every branch has a merge queue of its own: name the branch',
  ],
  [
    "a merge queue of no branch",
    withTrust("mergeQueue: refs/heads/main"),
    'trust[0].mergeQueue: got "refs/heads/main", expected the branch that the merge queue is for; write the name without refs/heads/',
  ],
  [
    "a workflow without its ref",
    withTrust("workflow: contoso/shared/.github/workflows/publish.yml"),
    `trust[0].workflow: got "contoso/shared/.github/workflows/publish.yml", ${aWorkflow}; add @refs/heads/BRANCH, @refs/tags/TAG or @ and the commit that jobs call it by`,
  ],
  [
    "a workflow with a short ref",
    withTrust("workflow: contoso/shared/.github/workflows/publish.yml@v1"),
    `trust[0].workflow: got "contoso/shared/.github/workflows/publish.yml@v1", ${aWorkflow}; write the ref in full: refs/heads/main, refs/tags/v1`,
  ],
  [
    "a workflow at any branch",
    withTrust("workflow: contoso/shared/.github/workflows/publish.yml@refs/heads/*"),
    `trust[0].workflow: got "contoso/shared/.github/workflows/publish.yml@refs/heads/*", ${aWorkflow}; write what the refs begin with, like refs/tags/v*`,
  ],
  [
    "any workflow of a repository",
    withTrust("workflow: contoso/shared/.github/workflows/*@refs/heads/main"),
    `trust[0].workflow: got "contoso/shared/.github/workflows/*@refs/heads/main", ${aWorkflow}`,
  ],
  [
    "a workflow with its folder twice",
    withTrust("workflow: contoso/shared/.github/workflows/.github/workflows/publish.yml@refs/heads/main"),
    `trust[0].workflow: got "contoso/shared/.github/workflows/.github/workflows/publi...", ${aWorkflow}; write OWNER/REPO/.github/workflows/FILE.yml before the @, once`,
  ],
  [
    "a branch as a full reference",
    withTrust("branch: refs/heads/main"),
    'trust[0].branch: got "refs/heads/main", expected the exact name of a branch; write the name without refs/heads/',
  ],
  [
    "a tag as a full reference",
    withTrust("tag: refs/tags/v1"),
    'trust[0].tag: got "refs/tags/v1", expected the exact name of a tag; write the name without refs/tags/',
  ],
  [
    "a tag's reference for a branch",
    withTrust("branch: refs/tags/v1"),
    'trust[0].branch: got "refs/tags/v1", expected the exact name of a branch; trust it as { tag: v1 }',
  ],
  [
    "another reference for a branch",
    withTrust("branch: refs/pull/7/merge"),
    'trust[0].branch: got "refs/pull/7/merge", expected the exact name of a branch; write the name without refs/',
  ],
  [
    "several branches in one entry",
    withTrust("branch: [main, next]"),
    'trust[0].branch: got ["main","next"], expected the exact name of a branch; write each branch as an entry of its own',
  ],
  [
    "a branch without a name",
    withTrust('branch: ""'),
    'trust[0].branch: got "", expected the exact name of a branch; git allows no branch of that name',
  ],
  ["a branch without a value", withTrust("branch:"), "trust[0].branch: got null, expected the exact name of a branch"],
  [
    "a tag that YAML reads as a number",
    withTrust("tag: 1.0"),
    "trust[0].tag: got 1, expected the exact name of a tag; quote it: YAML reads it as a number",
  ],
  [
    "a tag that YAML reads as a date",
    withTrust("tag: 2026-11-30"),
    'trust[0].tag: got "2026-11-30 00:00:00 +0000 UTC", expected the exact name of a tag; quote it: YAML reads it as a date',
  ],
  [
    "a branch that YAML reads as a truth value",
    withTrust("branch: true"),
    "trust[0].branch: got true, expected the exact name of a branch; quote it: YAML reads it as true or false",
  ],
  [
    "an environment without a name",
    withTrust('environment: " "'),
    'trust[0].environment: got U+0020 (space) at position 1 of " ", expected no space at the beginning or the end; remove it',
  ],
  [
    "an environment with a tab in its name",
    withTrust('environment: "my\\trelease"'),
    'trust[0].environment: got U+0009 (control character) at position 3 of "my\\trelease", expected characters that can be seen; remove it',
  ],
  [
    "an environment that YAML reads as a number",
    withTrust("environment: 2026"),
    "trust[0].environment: got 2026, expected the name of a GitHub environment, 1 to 255 characters; quote it: YAML reads it as a number",
  ],
  [
    "an environment that YAML reads as a date",
    withTrust("environment: 2026-11-30"),
    'trust[0].environment: got "2026-11-30 00:00:00 +0000 UTC", expected the name of a GitHub environment, 1 to 255 characters; quote it: YAML reads it as a date',
  ],
  [
    "several environments in one entry",
    withTrust("environment: [staging, release]"),
    'trust[0].environment: got ["staging","release"], expected the name of a GitHub environment, 1 to 255 characters; write each environment as an entry of its own',
  ],
  [
    "an environment with a long name",
    withTrust(`environment: ${"e".repeat(256)}`),
    `trust[0].environment: got "${"e".repeat(56)}...", expected the name of a GitHub environment, 1 to 255 characters`,
  ],
  [
    "the same branch twice",
    withTrust("branch: main", "tag: v1", "branch: main"),
    "trust[2]: trusts branch main again, as trust[0] does; Entra takes a subject once: remove one",
  ],
  [
    "pull requests twice",
    withTrust("pullRequest: true", "pullRequest: true"),
    "trust[1]: trusts pull requests again, as trust[0] does; Entra takes a subject once: remove one",
  ],
  [
    "an environment that is named as GitHub would write another one's colon",
    withTrust("environment: a%3ab"),
    'trust[0].environment: got "a%3ab", expected the name of a GitHub environment, 1 to 255 characters; GitHub writes %3A into a subject for a colon, so that the two names would be one: write the colon, or rename it',
  ],
  [
    "one environment, written in two ways",
    withTrust("environment: release", "environment: Release"),
    'trust[1].environment: got "Release", expected "release", as in identities.reader.trust[0].environment; GitHub takes the two for one, Entra does not: write it as GitHub does',
  ],
  [
    "more entries than an application can have credentials",
    withTrust(...Array.from({ length: 21 }, (_, index) => `branch: release-${index}`)),
    "trust: got 21 entries, expected at most 20, as many federated credentials as Entra takes for an application; trust an environment that several branches or tags may deploy to, or split the identity",
  ],
  [
    "pull requests that publish",
    withReader("role: contributor, trust: [{ branch: main }, { pullRequest: true }]"),
    "trust[1]: trusts pull requests: whoever can open one could write to the feed, with the role contributor; give pull requests an identity of their own with the role reader and publish from the push that the merge makes, or take the risk on with acceptedRisks: [pullRequestWrites]",
  ],
  [
    "pull requests that save from upstreams",
    withReader("role: collaborator, trust: [{ pullRequest: true }]"),
    "trust[0]: trusts pull requests: whoever can open one could write to the feed, with the role collaborator; give pull requests an identity of their own with the role reader and publish from the push that the merge makes, or take the risk on with acceptedRisks: [pullRequestWrites]",
  ],
])("%s is told with its place and its fix", (_, file, problem) => {
  expect(report(file)).toBe(reportOf(`identities.reader.${problem}`));
});

test.each([
  "/main",
  "main/",
  "a//b",
  ".hidden",
  "a/.hidden",
  "a.",
  "a..b",
  "a.lock",
  "a.lock/b",
  "@",
  "a@{b",
  "a b",
  "a~b",
  "a^b",
  "a:b",
  "a[b",
  "a\\b",
  "a\tb",
])("%j is a name that git allows no branch", (name) => {
  const problem = `got ${JSON.stringify(name)}, expected the exact name of a branch; git allows no branch of that name`;

  expect(report(withTrust(`branch: ${JSON.stringify(name)}`))).toBe(
    reportOf(`identities.reader.trust[0].branch: ${problem}`),
  );
});

test.each(["main", "feat/x", "a-b", "a.b", "a@b", "@a", "ünï", "日本", "-a", "HEAD", "a%b", "a!b", "2.0", "a{b"])(
  "%j is a name that a branch can have",
  (name) => {
    expect(report(withTrust(`branch: ${JSON.stringify(name)}`))).toBe("");
  },
);
