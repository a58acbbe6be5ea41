import { describe, expect, test } from "vitest";
import { feedsOfUnknownUpstreams } from "../../../src/settings/meaning.ts";
import { report, reportOf, settingsOf, stackFile } from "../../support/stack-check.ts";

/** A stack file with these feeds beside its own, contoso/data/python, and one identity: the inside of YAML mappings. */
function withFeeds(
  feeds: string,
  identity: string,
  own = "organization: contoso, project: data, name: python",
): string {
  return stackFile({
    feed: `feedpass:feed: { ${own} }`,
    identities: `feedpass:identities: { reader: { ${identity}, trust: [{ branch: main }] } }`,
    more: `feedpass:feeds: { ${feeds} }`,
  });
}

const shared = "shared: { name: shared }";

test("further feeds are in the organization of the stack's own, which comes first", () => {
  const file = withFeeds(
    `stable: { project: web, name: wheels, view: Release }, ${shared}`,
    "feeds: { stable: pull, shared: reader }, publish: true",
  );

  const { feeds, identities } = settingsOf(file);

  expect(Object.entries(feeds)).toEqual([
    ["feed", { organization: "contoso", project: "data", name: "python", create: false, upstreams: undefined }],
    ["shared", { organization: "contoso", name: "shared", create: false, upstreams: undefined }],
    [
      "stable",
      { organization: "contoso", project: "web", name: "wheels", view: "Release", create: false, upstreams: undefined },
    ],
  ]);
  expect(Object.entries(identities.reader?.roles ?? {})).toEqual([
    ["feed", "contributor"],
    ["shared", "reader"],
    ["stable", "reader"],
  ]);
});

describe("whether a feed has upstreams is asked", () => {
  test.each([
    ["of a feed that is pulled from", shared, "pull: true, feeds: { shared: reader }", ["feed", "shared"]],
    [
      "of each of several that an identity installs from",
      shared,
      "role: reader, feeds: { shared: reader }",
      ["feed", "shared"],
    ],
    [
      "of none but those of which the file does not say",
      "shared: { name: shared, upstreams: false }",
      "role: reader, feeds: { shared: reader }",
      ["feed"],
    ],
    [
      "of no view, which shows nothing of them",
      "shared: { name: shared, view: Release }",
      "role: reader, feeds: { shared: pull }",
      ["feed"],
    ],
    [
      "of several no more, where the risk is taken on",
      shared,
      "role: reader, feeds: { shared: pull }, acceptedRisks: [dependencyConfusion]",
      ["shared"],
    ],
  ])("%s", (_, feeds, identity, asked) => {
    expect(feedsOfUnknownUpstreams(settingsOf(withFeeds(feeds, identity)))).toEqual(asked);
  });

  test("of nothing where an identity has one feed and a role on it", () => {
    expect(feedsOfUnknownUpstreams(settingsOf(stackFile({})))).toEqual([]);
  });
});

const confusion =
  "installs from contoso/shared, which has upstream sources, beside contoso/data/python: whoever publishes the name of a private package in public, with a higher version, is installed instead; " +
  "make contoso/data/python an upstream source of shared and install from that alone, install from a view, or take the risk on with acceptedRisks: [dependencyConfusion]";

test.each([
  [
    "the same feed twice, in another case",
    withFeeds("again: { project: Data, name: Python }", "role: reader, feeds: { again: reader }"),
    "feeds.again: got contoso/Data/Python again, as in feed; remove one",
  ],
  [
    "a feed that nobody has access to",
    withFeeds(shared, "role: reader"),
    "feeds.shared: no identity has access to it; give one access with feeds: { shared: reader }, or remove it",
  ],
  [
    "a feed of the stack's own that nobody has access to",
    withFeeds(shared, "feeds: { shared: reader }"),
    "feed: no identity has access to it; give one a role on it, or put a feed that they use in its place",
  ],
  [
    "access to a feed that is not there",
    withFeeds(shared, "role: reader, feeds: { shared: reader, sharde: reader }"),
    'identities.reader.feeds: got "sharde", expected shared; name the feed under feedpass:feeds',
  ],
  [
    "access to a feed where there are none",
    stackFile({
      identities:
        "feedpass:identities: { reader: { role: reader, feeds: { shared: reader }, trust: [{ branch: main }] } }",
    }),
    'identities.reader.feeds: got "shared", expected the name of a feed under feedpass:feeds, which has none; name the feed under feedpass:feeds',
  ],
  [
    "to publish to a view",
    withFeeds("stable: { name: wheels, view: Release }", "role: reader, feeds: { stable: publish }"),
    "identities.reader.feeds.stable: the role contributor is for feeds, and from the view Release packages are only installed; make it reader or pull, or leave the view out",
  ],
  [
    "a view of a feed that this stack makes",
    stackFile({ feed: "feedpass:feed: { organization: contoso, name: python, create: true, view: Release }" }),
    'feed.view: got "Release", but a feed that this stack makes has nothing in any view; remove it',
  ],
  [
    "a view with its sign",
    stackFile({ feed: 'feedpass:feed: { organization: contoso, name: python, view: "@Release" }' }),
    'feed.view: got "@Release", expected the name of a view, as in Release; write it without @',
  ],
  [
    "to publish to two feeds",
    withFeeds(shared, "publish: true, feeds: { shared: contributor }"),
    "identities.reader.feeds.shared: publishes here and to feed, expected one feed to publish to; give each an identity of its own",
  ],
  [
    "several feeds of which one has public packages",
    withFeeds("shared: { name: shared, upstreams: true }", "role: reader, feeds: { shared: reader }"),
    `identities.reader.feeds: ${confusion}`,
  ],
  [
    "a name that stands for the stack's own feed",
    withFeeds("feed: { name: shared }", "role: reader"),
    `feeds.feed: got "feed", expected a name of at most 32 lower-case letters, digits and hyphens, a letter first; the stack's own feed is feedpass:feed, and role, pull or publish is for it`,
  ],
  [
    "an organization of its own",
    withFeeds("shared: { organization: fabrikam, name: shared }", "role: reader, feeds: { shared: reader }"),
    'feeds.shared: unknown "organization", expected project, name, view or upstreams',
  ],
  [
    "a role that there is not",
    withFeeds(shared, "role: reader, feeds: { shared: owner }"),
    'identities.reader.feeds.shared: got "owner", expected reader, collaborator, contributor, pull or publish; feedpass gives no role that administers a feed',
  ],
])("%s is told with its place and its fix", (_, file, problem) => {
  expect(report(file)).toContain(problem);
});

test.each([
  ["a view of the feed with public packages", "shared: { name: shared, upstreams: true, view: Release }", ""],
  ["the risk taken on", "shared: { name: shared, upstreams: true }", ", acceptedRisks: [dependencyConfusion]"],
  ["no public packages anywhere", "shared: { name: shared, upstreams: false }", ""],
])("several feeds are sound with %s", (_, feeds, more) => {
  expect(report(withFeeds(feeds, `role: reader, feeds: { shared: reader }${more}`))).toBe("");
});

test("pull requests that write to any feed are refused by its name", () => {
  const file = stackFile({
    identities:
      "feedpass:identities: { reader: { role: reader, feeds: { shared: collaborator }, trust: [{ pullRequest: true }] } }",
    more: `feedpass:feeds: { ${shared} }`,
  });

  expect(report(file)).toBe(
    reportOf(
      "identities.reader.trust[0]: trusts pull requests: whoever can open one could write to the feed shared, with the role collaborator; give pull requests an identity of their own with the role reader and publish from the push that the merge makes, or take the risk on with acceptedRisks: [pullRequestWrites]",
    ),
  );
});

test("a feed that only an identity with a mistake names is not told as unused", () => {
  const file = stackFile({
    identities:
      "feedpass:identities: { reader: { role: reader, trust: [{ branch: main }] }, other: { role: reader, feeds: { shared: owner }, trust: [{ tag: v1 }], variablePrefix: O_ } }",
    more: `feedpass:feeds: { ${shared} }`,
  });

  expect(report(file)).not.toContain("no identity has access");
});
