import { expect, test } from "vitest";
import type { EnvironmentProtection } from "../../../src/jobs/environment.ts";
import { knownOf, withUpstreams } from "../../../src/settings/meaning.ts";
import { pullRequestProblems } from "../../../src/settings/pull-request-rules.ts";
import { report, reportOf, settingsOf, stackFile } from "../../support/stack-check.ts";

// Proves that no identity writes to a feed that the job of a pull request can become, whatever the way, unless the file
// takes the risk on by name; from the file alone, and once more with what GitHub says.

const usual =
  "give pull requests an identity of their own with the role reader and publish from the push that the merge makes, or take the risk on with acceptedRisks: [pullRequestWrites]";
const writes = "whoever can open one could write to the feed, with the role contributor";
const until = 'secretExpires: "2027-06-30"';

/** A file with the identity `publisher`, its environments, and more lines. */
function withPublisher(inside: string, environments = "", more = ""): string {
  return stackFile({
    identities: `feedpass:identities: { publisher: { ${inside} } }`,
    more: `feedpass:environments: { ${environments} }\n${more}`,
  });
}

const publishesFromRelease = "role: contributor, trust: [{ environment: release }]";

test("trusted pull requests are refused where the identity trusts them", () => {
  expect(report(withPublisher("role: contributor, trust: [{ tag: v1 }, { pullRequest: true }]"))).toBe(
    reportOf(`identities.publisher.trust[1]: trusts pull requests: ${writes}; ${usual}`),
  );
});

test.each(["{}", "{ waitMinutes: 30 }", "{ adminsMayBypass: true }"])(
  "an environment that every ref may deploy to without approval lets pull requests in: %s",
  (protection) => {
    expect(report(withPublisher(publishesFromRelease, `release: ${protection}`))).toBe(
      reportOf(
        `identities.publisher.trust[0]: pull requests get into the environment release, which has neither reviewers nor deployFrom: ${writes}; give it reviewers or deployFrom, ${usual}`,
      ),
    );
  },
);

test.each([
  "refs/pull/*/merge",
  "refs/**",
  "refs/**/*",
  "**",
  "*/*/*/*",
  "**/*",
  "**/merge",
  "refs/pull/7/merge",
  "refs/pull/[0-9]*/merge",
  "refs/pul[l-a]/*/merge",
  "?efs/p[!x]ll/1?/m*e",
])("an environment whose branches can be the merge of a pull request lets it in: %s", (pattern) => {
  const release = `release: { deployFrom: { branches: [main, ${JSON.stringify(pattern)}], tags: ["v*"] } }`;

  expect(report(withPublisher(publishesFromRelease, release))).toBe(
    reportOf(
      `identities.publisher.trust[0]: pull requests get into the environment release, which has no reviewers and deploys from ${pattern}, of which the pull request's refs/pull/N/merge is one: ${writes}; give it reviewers or another deployFrom, ${usual}`,
    ),
  );
});

test.each([
  "{ reviewers: { users: [octocat] } }",
  "{ reviewers: { teams: [a] }, deployFrom: { branches: ['refs/pull/*/merge'] } }",
  "{ deployFrom: { protectedBranches: true } }",
  "{ deployFrom: { tags: ['refs/pull/*/merge', '**/*'] } }",
  ...["main", "*", "release/*", "*/*/*", "refs/*/merge", "refs/pull/*/head", "refs/pull/[a-z]*/merge"].map(branches),
  ...["refs/pull/[/merge", "refs/pul[]/*/merge", "refs[/]pull/*/merge", "refs**/merge"].map(branches),
])("an environment that keeps pull requests out may publish: %s", (protection) => {
  expect(report(withPublisher(publishesFromRelease, `release: ${protection}`))).toBe("");
});

function branches(pattern: string): string {
  return `{ deployFrom: { branches: [${JSON.stringify(pattern)}] } }`;
}

test("an environment in the jobs of one workflow is as open as the environment", () => {
  const workflow = "contoso/w/.github/workflows/a.yml@refs/heads/main";
  const file = withPublisher(
    `role: collaborator, trust: [{ tag: v1 }, { environment: release, workflow: ${workflow} }]`,
    "release: {}",
  );

  expect(report(file)).toContain("identities.publisher.trust[1]: pull requests get into the environment release");
});

test("patterns that become an environment are told at the trust list, whose entries they are", () => {
  const file = withPublisher(
    "role: contributor, trust: [{ branch: 'r*/pull/*/merge' }]",
    "",
    "feedpass:patterns: environment",
  );

  expect(report(file)).toBe(
    reportOf(
      `identities.publisher.trust: pull requests get into the environment publisher, which has no reviewers and deploys from r*/pull/*/merge, of which the pull request's refs/pull/N/merge is one: ${writes}; give it reviewers or another deployFrom, ${usual}`,
    ),
  );
});

test("a client secret at the repository is refused where the file asks for it", () => {
  const told = `identities.publisher.signIn: the client secret is written at the repository, where the jobs of pull requests read it: ${writes}; sign in with oidc, or trust only environments that have reviewers or deployFrom, ${usual}`;

  for (const signIn of ["secret", "both"]) {
    const file = withPublisher(`role: contributor, trust: [{ tag: v1 }], signIn: ${signIn}, ${until}`);
    expect(report(file)).toBe(reportOf(told));
  }
});

test("a client secret at an open environment is one problem, with the token's where there is one", () => {
  const publisher = (signIn: string) => `${publishesFromRelease}, signIn: ${signIn}, ${until}`;
  const open = `pull requests get into the environment release, which has neither reviewers nor deployFrom: ${writes}; give it reviewers or deployFrom, ${usual}`;

  expect(report(withPublisher(publisher("secret"), "release: {}"))).toBe(
    reportOf(`identities.publisher.signIn: ${open}`),
  );
  expect(report(withPublisher(publisher("both"), "release: {}"))).toBe(
    reportOf(`identities.publisher.trust[0]: ${open}`),
  );
  expect(report(withPublisher(publisher("both"), "release: { reviewers: { teams: [a] } }"))).toBe("");
});

test("a pinned template that does not tell jobs apart is refused for who writes", () => {
  const pinned = "feedpass:subjectPrefix: repo:contoso@1/widgets@2\nfeedpass:subjectTemplate: [repo, ref]";

  expect(report(withPublisher("role: contributor, trust: [{ tag: v1 }]", "", pinned))).toBe(
    reportOf(
      `identities.publisher.trust[0]: its subjects are made of repo, ref, which does not tell tag v1 from pull requests: ${writes}; add context to the template or set it back to the default, ${usual}`,
    ),
  );
});

test("every way is told at once, with the feed that is not the stack's own", () => {
  const file = stackFile({
    identities: `feedpass:identities: { reader: { role: reader, feeds: { shared: contributor }, signIn: both, ${until}, trust: [{ pullRequest: true }, { environment: release }, { tag: v1 }] } }`,
    more: "feedpass:feeds: { shared: { name: wheels } }\nfeedpass:environments: { release: {} }",
  });

  expect(report(file).split("\n").slice(1)).toEqual([
    expect.stringContaining(
      "identities.reader.trust[0]: trusts pull requests: whoever can open one could write to the feed shared",
    ),
    expect.stringContaining("identities.reader.trust[1]: pull requests get into the environment release"),
    expect.stringContaining("identities.reader.signIn: the client secret is written at the repository"),
  ]);
});

test.each([
  ["that the file takes on by name", `${publishesFromRelease}, acceptedRisks: [pullRequestWrites]`],
  ["to what is only read", "role: reader, trust: [{ pullRequest: true }, { environment: release }]"],
  ["to what may only be read, as far as is known", "pull: true, trust: [{ environment: release }]"],
])("a way %s is no problem", (_, inside) => {
  expect(report(withPublisher(inside, "release: {}"))).toBe("");
});

test("another risk that the file takes on is not this one", () => {
  const inside = `${publishesFromRelease}, acceptedRisks: [dependencyConfusion]`;

  expect(report(withPublisher(inside, "release: {}"))).toContain("pull requests get into the environment release");
});

/** What is said once GitHub told how the environment `release` is protected, which the file leaves to somebody else. */
function toldOf(release: EnvironmentProtection, inside = publishesFromRelease) {
  const settings = settingsOf(withPublisher(inside));
  return pullRequestProblems(settings, knownOf(settings, { environments: { Release: release } }));
}

test("an environment that the file does not keep is judged by what GitHub says", () => {
  expect(report(withPublisher(publishesFromRelease))).toBe("");
  expect(toldOf({ reviewers: { teams: ["a"] } })).toEqual([]);
  expect(toldOf({ deployFrom: { branches: ["main"] } })).toEqual([]);
  expect(toldOf({})).toEqual([
    {
      path: "identities.publisher.trust[0]",
      text: `pull requests get into the environment release, which has neither reviewers nor deployFrom, as GitHub says: ${writes}; keep it under environments with reviewers or deployFrom, ${usual}`,
    },
  ]);
  expect(toldOf({ deployFrom: { branches: ["refs/pull/*/merge"] } })).toEqual([
    expect.objectContaining({ text: expect.stringContaining("deploys from refs/pull/*/merge") }),
  ]);
});

test("a secret at an environment that GitHub leaves open is refused too", () => {
  const [problem] = toldOf({}, `${publishesFromRelease}, signIn: secret, ${until}`);

  expect(problem?.path).toBe("identities.publisher.signIn");
});

test("what the file says of an environment counts more than what GitHub said of it", () => {
  const settings = settingsOf(withPublisher(publishesFromRelease, "release: { reviewers: { teams: [a] } }"));

  expect(pullRequestProblems(settings, knownOf(settings, { environments: { release: {} } }))).toEqual([]);
});

test("the template is judged as GitHub tells it", () => {
  const settings = settingsOf(withPublisher("role: contributor, trust: [{ tag: v1 }, { environment: release }]"));
  const paths = (...template: readonly string[]) =>
    pullRequestProblems(settings, knownOf(settings, { template })).map(({ path }) => path);

  expect(paths("repo", "context")).toEqual([]);
  // No job of a tag has such a subject, and that is told of the subjects.
  expect(paths("repo", "environment")).toEqual([]);
  expect(paths("repo", "ref")).toEqual(["identities.publisher.trust[0]", "identities.publisher.trust[1]"]);
});

test("a role that depends on upstreams is judged once it is known whether there are any", () => {
  const settings = settingsOf(withPublisher("pull: true, trust: [{ pullRequest: true }]"));
  const told = (feed: boolean) => {
    const asked = withUpstreams(settings, { feed });
    return pullRequestProblems(asked, knownOf(asked)).map(({ path }) => path);
  };

  expect(pullRequestProblems(settings, knownOf(settings))).toEqual([]);
  expect(told(false)).toEqual([]);
  expect(told(true)).toEqual(["identities.publisher.trust[0]"]);
});
