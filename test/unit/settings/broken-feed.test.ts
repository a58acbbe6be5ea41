import { expect, test } from "vitest";
import { report, reportOf, stackFile } from "../../support/stack-check.ts";

function withFeed(feed: string): string {
  return stackFile({ feed: `feedpass:feed: ${feed}` });
}

test.each([
  ["no feed", stackFile({ feed: "" }), "feed: missing, expected a feed with its name, as in { name: python }"],
  [
    "a feed by its name alone",
    withFeed("python"),
    'feed: got "python", expected a feed with its name, as in { name: python }',
  ],
  [
    "a list of feeds",
    withFeed("[python]"),
    'feed: got ["python"], expected a feed with its name, as in { name: python }',
  ],
  ["a feed without content", withFeed(""), 'feed: got "", expected a feed with its name, as in { name: python }'],
  ["a feed without a name", withFeed("{ organization: contoso }"), "feed.name: missing, expected the name of a feed"],
  [
    "a feed with its path for a name",
    withFeed("{ organization: contoso, name: data/python }"),
    'feed.name: got "data/python", expected the name of a feed; write it without organization, project or view',
  ],
  [
    "a view of a feed",
    withFeed("{ organization: contoso, name: python@Release }"),
    'feed.name: got "python@Release", expected the name of a feed; write it without organization, project or view',
  ],
  [
    "a name that YAML reads as a number",
    withFeed("{ organization: contoso, name: 2026 }"),
    "feed.name: got 2026, expected the name of a feed; quote it: YAML reads it as a number",
  ],
  [
    "a name that YAML reads as a date",
    withFeed("{ organization: contoso, name: 2026-11-30 }"),
    'feed.name: got "2026-11-30 00:00:00 +0000 UTC", expected the name of a feed; quote it: YAML reads it as a date',
  ],
  [
    "a project without a name",
    withFeed('{ organization: contoso, project: "", name: python }'),
    'feed.project: got "", expected the name of an Azure DevOps project; leave it out for a feed of the organization',
  ],
  [
    "a project without a value",
    withFeed("{ organization: contoso, project: , name: python }"),
    "feed.project: got null, expected the name of an Azure DevOps project; leave it out for a feed of the organization",
  ],
  [
    "no organization anywhere",
    withFeed("{ name: python }"),
    "feed.organization: missing, expected the feed's Azure DevOps organization; name it here, or set feedpass:organization in Pulumi.yaml for all stacks",
  ],
  [
    "the address of an organization",
    withFeed("{ organization: https://dev.azure.com/contoso, name: python }"),
    'feed.organization: got "https://dev.azure.com/contoso", expected the name of an Azure DevOps organization; write contoso for https://dev.azure.com/contoso',
  ],
  [
    "the address of the organization of all stacks",
    stackFile({
      feed: "feedpass:feed: { name: python }",
      more: "feedpass:organization: https://contoso.visualstudio.com",
    }),
    'organization: got "https://contoso.visualstudio.com", expected the name of an Azure DevOps organization; write contoso for https://dev.azure.com/contoso',
  ],
  [
    "an organization with a space",
    withFeed("{ organization: Contoso Ltd, name: python }"),
    'feed.organization: got "Contoso Ltd", expected the name of an Azure DevOps organization',
  ],
  [
    "a word for the making of the feed",
    withFeed("{ organization: contoso, name: python, create: always }"),
    'feed.create: got "always", expected true or false',
  ],
  [
    "unknown keys",
    withFeed("{ organization: contoso, name: python, organisation: contoso, scope: project }"),
    'feed: unknown "organisation" and "scope", expected organization, project, name, view, upstreams or create',
  ],
])("%s is told with its place and its fix", (_, file, problem) => {
  expect(report(file)).toBe(reportOf(problem));
});
