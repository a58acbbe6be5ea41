import { expect, test } from "vitest";
import { feedsOfUnknownUpstreams, intendedRoles } from "../../../src/settings/meaning.ts";
import { report, reportOf, settingsOf, stackFile } from "../../support/stack-check.ts";

/** A stack file with one identity, given as the inside of a YAML mapping, and a feed of which more is said. */
function intending(inside: string, feed = ""): string {
  return stackFile({
    feed: `feedpass:feed: { organization: contoso, name: python${feed} }`,
    identities: `feedpass:identities: { reader: { ${inside}, trust: [{ branch: main }] } }`,
  });
}

test.each([
  ["pull: true", "", "collaborator", "saves packages from the feed's upstreams, if it has any"],
  ["pull: true", ", upstreams: true", "collaborator", "saves packages from the feed's upstreams"],
  ["pull: true", ", upstreams: false", "reader", "no more where the feed has no upstreams"],
  ["pull: true", ", create: true", "reader", "no more where the feed has no upstreams"],
  ["pull: true", ", view: Release", "reader", "a view shows nothing of upstreams"],
  ["publish: true", "", "contributor", "the role that uploads"],
  ["publish: true", ", upstreams: true", "contributor", "the role that uploads"],
])("%s on a feed with %j takes the role %s %s", (inside, feed, role, reason) => {
  const settings = settingsOf(intending(inside, feed));
  const { reader } = settings.identities;

  expect(reader?.roles).toEqual({ feed: role });
  expect(reader && intendedRoles(reader, settings.feeds).feed?.reason).toContain(reason);
});

test("a role that is written needs no reason", () => {
  const { identities, feeds } = settingsOf(intending("role: reader"));

  expect(identities.reader && intendedRoles(identities.reader, feeds)).toEqual({});
});

const only = "expected one of role, pull or publish; publish includes what pull gives: keep one";

test.each([
  ["a role and an intent", intending("role: reader, pull: true"), `identities.reader: got role and pull, ${only}`],
  ["both intents", intending("pull: true, publish: true"), `identities.reader: got pull and publish, ${only}`],
  [
    "neither",
    intending("signIn: oidc"),
    "identities.reader.role: missing, expected reader, collaborator or contributor",
  ],
  [
    "an intent that is switched off",
    intending("role: reader, publish: false"),
    "identities.reader.publish: got false, expected true; leave it out otherwise",
  ],
  [
    "a licence that there is not",
    intending("role: reader, licence: basic"),
    'identities.reader.licence: got "basic", expected stakeholder or express',
  ],
])("%s is refused with its fix", (_, file, problem) => {
  expect(report(file)).toContain(problem);
});

test("pull requests that would save from upstreams are as refused as with the role itself", () => {
  const file = stackFile({
    feed: "feedpass:feed: { organization: contoso, name: python, upstreams: true }",
    identities: "feedpass:identities: { reader: { pull: true, trust: [{ pullRequest: true }] } }",
  });

  expect(report(file)).toBe(
    reportOf(
      "identities.reader.trust[0]: trusts pull requests: whoever can open one could write to the feed, with the role collaborator; give pull requests an identity of their own with the role reader and publish from the push that the merge makes, or take the risk on with acceptedRisks: [pullRequestWrites]",
    ),
  );
});

test("pull requests that pull from a feed of which nothing is said are judged when it has been asked", () => {
  const identities = "feedpass:identities: { reader: { pull: true, trust: [{ pullRequest: true }] } }";

  const settings = settingsOf(stackFile({ identities }));

  expect(settings.identities.reader?.roles).toEqual({ feed: "collaborator" });
  expect(feedsOfUnknownUpstreams(settings)).toEqual(["feed"]);
});

/** A stack file whose patterns become environments. */
function inEnvironments(trust: string, environments = "{}"): string {
  return stackFile({
    identities: `feedpass:identities: { publisher: { role: contributor, trust: [${trust}] } }`,
    more: `feedpass:patterns: environment\nfeedpass:environments: ${environments}`,
  });
}

test("patterns become the deployment policy of an environment that is named after the identity", () => {
  const settings = settingsOf(
    inEnvironments('{ branch: main }, { tag: "v*" }, { branch: release/* }, { mergeQueue: main }'),
  );

  expect(settings.identities.publisher?.trust).toEqual([{ branch: "main" }, { environment: "publisher" }]);
  expect(settings.environments).toEqual({
    publisher: {
      preventSelfReview: false,
      adminsMayBypass: false,
      deployFrom: { branches: ["release/*", "gh-readonly-queue/main/pr-*"], tags: ["v*"] },
    },
  });
});

test("such an environment keeps the protection that the file gives it", () => {
  const settings = settingsOf(
    inEnvironments('{ tag: "v*" }, { environment: publisher }', "{ publisher: { reviewers: { users: [ada] } } }"),
  );

  expect(settings.identities.publisher?.trust).toEqual([{ environment: "publisher" }]);
  expect(settings.environments.publisher).toEqual({
    preventSelfReview: false,
    adminsMayBypass: false,
    reviewers: { users: ["ada"] },
    deployFrom: { tags: ["v*"] },
  });
});

test("what deploys there is said once", () => {
  const file = inEnvironments('{ tag: "v*" }', "{ publisher: { deployFrom: { branches: [main] } } }");

  expect(report(file)).toBe(
    reportOf(
      "environments.publisher.deployFrom: the patterns of the identity publisher decide what deploys there; remove it, or give the identity another name",
    ),
  );
});

test("a reusable workflow is no matter of a deployment policy, and stays a credential", () => {
  const workflow = "contoso/shared/.github/workflows/publish.yml@refs/heads/main";

  const { identities, environments } = settingsOf(inEnvironments(`{ workflow: ${workflow} }`));

  expect(identities.publisher?.trust).toEqual([{ workflow }]);
  expect(environments).toEqual({});
});

test("unless the file asks for environments, patterns stay as they are", () => {
  const { identities, environments } = settingsOf(
    stackFile({ identities: 'feedpass:identities: { reader: { role: reader, trust: [{ tag: "v*" }] } }' }),
  );

  expect(identities.reader?.trust).toEqual([{ tag: "v*" }]);
  expect(environments).toEqual({});
});
