import { expect, test } from "vitest";
import { report, reportOf, stackFile, withRelease } from "../../support/stack-check.ts";

const minutes = "expected a whole number of minutes from 1 to 43200";

test.each([
  [
    "a list of environments",
    "[release]",
    'environments: got ["release"], expected environments by name, as in { release: {} }',
  ],
  ["environments without content", "", 'environments: got "", expected environments by name, as in { release: {} }'],
  [
    "an environment without content",
    "{ release: }",
    "environments.release: got null, expected the environment's protection; write {} for none",
  ],
  [
    "an environment without a name",
    '{ "": {} }',
    'environments[""]: got "", expected the name of a GitHub environment, 1 to 255 characters',
  ],
  [
    "one environment, written in two ways",
    "{ Release: {}, release: {} }",
    'environments.release: got "release", expected "Release", as in environments.Release; GitHub takes the two for one, Entra does not: write it as GitHub does',
  ],
  [
    "a mistake in an environment whose name has a space",
    "{ my release: { waitMinutes: 0 } }",
    `environments["my release"].waitMinutes: got 0, ${minutes}`,
  ],
  [
    "a missing reviewer in an environment whose name has a dot",
    "{ v1.release: { preventSelfReview: true } }",
    'environments["v1.release"].preventSelfReview: got true, but nobody reviews; name reviewers, or remove it',
  ],
])("%s is told with its place and its fix", (_, environments, problem) => {
  expect(report(stackFile({ more: `feedpass:environments: ${environments}` }))).toBe(reportOf(problem));
});

test.each([
  [
    "unknown keys",
    "reviewer: octocat, wait: 5",
    ': unknown "reviewer" and "wait", expected reviewers, preventSelfReview, adminsMayBypass, waitMinutes or deployFrom',
  ],
  [
    "a list of reviewers",
    "reviewers: [octocat]",
    '.reviewers: got ["octocat"], expected teams, users or both, as in { teams: [release-managers] }',
  ],
  ["no reviewers", "reviewers: {}", ".reviewers: got {}, expected teams, users or both; remove it for no reviewers"],
  [
    "a team without its list",
    "reviewers: { teams: release-managers }",
    '.reviewers.teams: got "release-managers", expected a list, as in [release-managers]',
  ],
  ["an empty list of users", "reviewers: { users: [] }", ".reviewers.users: got [], expected a list, as in [octocat]"],
  [
    "a team with its organization",
    "reviewers: { teams: [contoso/release-managers] }",
    '.reviewers.teams[0]: got "contoso/release-managers", expected the slug of a team, as in release-managers',
  ],
  [
    "a user with the sign of a mention",
    'reviewers: { users: [octocat, "@hubot"] }',
    '.reviewers.users[1]: got "@hubot", expected the login of a user, as in octocat',
  ],
  [
    "a user that YAML reads as a number",
    "reviewers: { users: [1234] }",
    ".reviewers.users[0]: got 1234, expected the login of a user, as in octocat; quote it: YAML reads it as a number",
  ],
  [
    "a user twice",
    "reviewers: { users: [octocat, hubot, octocat] }",
    '.reviewers.users[2]: got "octocat" again, as in [0]; remove one',
  ],
  [
    "an unknown kind of reviewer",
    "reviewers: { groups: [a] }",
    '.reviewers: unknown "groups", expected teams or users',
  ],
  [
    "seven reviewers",
    "reviewers: { teams: [a, b, c], users: [d, e, f, g] }",
    ".reviewers: got 7 teams and users, expected at most 6; name a team that holds them",
  ],
  [
    "a ban on self-review where nobody reviews",
    "preventSelfReview: true",
    ".preventSelfReview: got true, but nobody reviews; name reviewers, or remove it",
  ],
  ["YAML's old word for true", "adminsMayBypass: on", '.adminsMayBypass: got "on", expected true or false'],
  [
    "a ban on self-review in quotes",
    'preventSelfReview: "true"',
    '.preventSelfReview: got "true", expected true or false',
  ],
  ["no time to wait", "waitMinutes: 0", `.waitMinutes: got 0, ${minutes}`],
  ["more than thirty days to wait", "waitMinutes: 43201", `.waitMinutes: got 43201, ${minutes}`],
  ["half a minute to wait", "waitMinutes: 0.5", `.waitMinutes: got 0.5, ${minutes}`],
  ["a time to wait with its unit", "waitMinutes: 5m", `.waitMinutes: got "5m", ${minutes}`],
  [
    "a branch for all that may deploy",
    "deployFrom: main",
    '.deployFrom: got "main", expected branches, tags or protectedBranches, as in { branches: [main] }',
  ],
  [
    "nothing that may deploy",
    "deployFrom: {}",
    ".deployFrom: got {}, expected branches, tags or protectedBranches; remove it to let every branch and tag deploy",
  ],
  [
    "an unknown kind that may deploy",
    "deployFrom: { branch: main }",
    '.deployFrom: unknown "branch", expected branches, tags or protectedBranches',
  ],
  [
    "a branch without its list",
    "deployFrom: { branches: main }",
    '.deployFrom.branches: got "main", expected a list, as in [main]',
  ],
  ["an empty list of tags", "deployFrom: { tags: [] }", '.deployFrom.tags: got [], expected a list, as in ["v*"]'],
  [
    "a branch as a full reference",
    "deployFrom: { branches: [refs/heads/main] }",
    '.deployFrom.branches[0]: got "refs/heads/main", expected the name or pattern of a branch; write it without refs/heads/',
  ],
  [
    "a branch with a space",
    "deployFrom: { branches: [my branch] }",
    '.deployFrom.branches[0]: got "my branch", expected the name or pattern of a branch',
  ],
  [
    "a tag that YAML reads as a number",
    "deployFrom: { tags: [1.0] }",
    ".deployFrom.tags[0]: got 1, expected the name or pattern of a tag; quote it: YAML reads it as a number",
  ],
  [
    "a pattern twice",
    'deployFrom: { tags: ["v*", "v*"] }',
    '.deployFrom.tags[1]: got "v*" again, as in [0]; remove one',
  ],
  [
    "protected branches switched off",
    "deployFrom: { protectedBranches: false }",
    ".deployFrom.protectedBranches: got false, expected true; leave it out otherwise",
  ],
  [
    "protected branches beside named ones",
    "deployFrom: { protectedBranches: true, branches: [main] }",
    ".deployFrom: got protectedBranches beside branches or tags, expected one of the two; GitHub keeps either the one or the other",
  ],
])("%s is told with its place and its fix", (_, release, problem) => {
  expect(report(withRelease(release))).toBe(reportOf(`environments.release${problem}`));
});

test("an environment is trusted as it is written where it is made", () => {
  const file = stackFile({
    identities: "feedpass:identities: { reader: { role: reader, trust: [{ environment: Release }] } }",
    more: "feedpass:environments: { release: {} }",
  });

  expect(report(file)).toBe(
    reportOf(
      'identities.reader.trust[0].environment: got "Release", expected "release", as in environments.release; GitHub takes the two for one, Entra does not: write it as GitHub does',
    ),
  );
});
