import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { report, settingsOf, stackFile, withReader, withRelease, withTrust } from "../../support/stack-check.ts";

/** What Pulumi.yaml says for all stacks. */
const shared = `
  feedpass:tenantId: 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42
  feedpass:organization: contoso
`;

test("a minimal file needs a repository, a feed and an identity, and gets the defaults", () => {
  const settings = settingsOf(`
config:${shared}
  feedpass:repository: contoso/widgets
  feedpass:feed: { name: python }
  feedpass:identities: { reader: { role: reader, trust: [{ branch: main }] } }
`);

  expect(settings).toStrictEqual({
    repository: "contoso/widgets",
    tenantId: "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
    feeds: { feed: { organization: "contoso", name: "python", create: false, upstreams: undefined } },
    identities: { reader: { roles: { feed: "reader" }, trust: [{ branch: "main" }], signIn: "oidc" } },
    environments: {},
    removable: false,
  });
});

test("the example file is sound", () => {
  const file = readFileSync("stacks/Pulumi.contoso-widgets.yaml", "utf8");

  const settings = settingsOf(file.replace("config:", `config:${shared.trimEnd()}`));

  expect(settings).toStrictEqual({
    repository: "contoso/widgets",
    tenantId: "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
    feeds: {
      feed: { organization: "contoso", project: "data", name: "python", create: false, upstreams: undefined },
    },
    identities: {
      reader: { roles: { feed: "reader" }, trust: [{ branch: "main" }, { pullRequest: true }], signIn: "oidc" },
      publisher: { roles: { feed: "contributor" }, trust: [{ environment: "release" }], signIn: "oidc" },
    },
    environments: {
      release: {
        reviewers: { teams: ["release-managers"] },
        deployFrom: { tags: ["v*"] },
        preventSelfReview: false,
        adminsMayBypass: false,
      },
    },
    removable: true,
  });
});

test("a file that uses every key is taken over as it is written", () => {
  const settings = settingsOf(`
config:${shared}
  feedpass:repository: contoso/widgets
  feedpass:subjectPrefix: repo:contoso@1/widgets@2
  feedpass:subscriptionId: 0b1f6471-1bf0-4dda-aec3-cb9272f09590
  feedpass:feed: { organization: fabrikam, project: Data Platform, name: python, create: true }
  feedpass:feeds: { stable: { name: wheels, view: Release } }
  feedpass:identities:
    publisher:
      role: contributor
      feeds: { stable: pull }
      trust: [{ branch: main }, { tag: "2026-11-30" }, { pullRequest: true }, { environment: "my release" }]
      signIn: both
      secretExpires: 2027-06-30
      variablePrefix: PUBLISHER_2_
      acceptedRisks: [pullRequestWrites]
  feedpass:environments:
    my release:
      reviewers: { teams: [release-managers, a_b], users: [octocat] }
      preventSelfReview: true
      adminsMayBypass: true
      waitMinutes: 43200
      deployFrom: { branches: [main, "release/*"], tags: ["v[0-9]*"] }
    guarded:
      deployFrom: { protectedBranches: true }
  feedpass:removable: false
`);

  expect(settings).toStrictEqual({
    repository: "contoso/widgets",
    subjectPrefix: "repo:contoso@1/widgets@2",
    tenantId: "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
    subscriptionId: "0b1f6471-1bf0-4dda-aec3-cb9272f09590",
    feeds: {
      feed: { organization: "fabrikam", project: "Data Platform", name: "python", create: true, upstreams: false },
      stable: { organization: "fabrikam", name: "wheels", view: "Release", create: false, upstreams: undefined },
    },
    identities: {
      publisher: {
        feeds: { stable: "pull" },
        roles: { feed: "contributor", stable: "reader" },
        trust: [{ branch: "main" }, { tag: "2026-11-30" }, { pullRequest: true }, { environment: "my release" }],
        signIn: "both",
        secretExpires: "2027-06-30",
        variablePrefix: "PUBLISHER_2_",
        acceptedRisks: ["pullRequestWrites"],
      },
    },
    environments: {
      "my release": {
        reviewers: { teams: ["release-managers", "a_b"], users: ["octocat"] },
        preventSelfReview: true,
        adminsMayBypass: true,
        waitMinutes: 43200,
        deployFrom: { branches: ["main", "release/*"], tags: ["v[0-9]*"] },
      },
      guarded: { preventSelfReview: false, adminsMayBypass: false, deployFrom: { protectedBranches: true } },
    },
    removable: false,
  });
});

test.each([
  ["an owner that an enterprise manages", stackFile({ repository: "feedpass:repository: octo_contoso/.github" })],
  ["a prefix in another case than the repository", stackFile({ more: "feedpass:subjectPrefix: repo:Contoso/Widgets" })],
  ["a repository of another owner's case", stackFile({ repository: "feedpass:repository: Contoso/widgets" })],
  ["an environment that somebody else makes", withTrust("environment: release")],
  ["an environment with a slash and a colon", withTrust('environment: "a/b: c"')],
  ["twenty entries", withTrust(...Array.from({ length: 20 }, (_, index) => `branch: release-${index}`))],
  [
    "more than twenty entries where no credential is made",
    withReader(
      `role: reader, signIn: secret, secretExpires: 2027-01-01, trust: [${Array.from({ length: 21 }, (_, index) => `{ branch: b${index} }`).join(", ")}]`,
    ),
  ],
  ["a branch and a tag of one name", withTrust("branch: v1", "tag: v1")],
  ["branches that differ in case", withTrust("branch: main", "branch: Main")],
  ["pull requests that read", withTrust("pullRequest: true")],
  [
    "a secret that ends tomorrow",
    withReader("role: reader, trust: [{ branch: main }], signIn: secret, secretExpires: 2026-12-01"),
  ],
  [
    "a secret for two years",
    withReader('role: reader, trust: [{ branch: main }], signIn: both, secretExpires: "2028-11-29"'),
  ],
  [
    "an identity that uses one environment twice over, with another",
    withReader("role: reader, trust: [{ environment: a }, { environment: b }, { branch: main }]"),
  ],
  ["six reviewers", withRelease("reviewers: { teams: [a, b, c], users: [d, e, f] }")],
  ["the pattern that lets pull requests deploy", withRelease("deployFrom: { branches: [refs/pull/*/merge] }")],
  ["one minute to wait", withRelease("waitMinutes: 1")],
])("%s is sound", (_, file) => {
  expect(report(file)).toBe("");
});
