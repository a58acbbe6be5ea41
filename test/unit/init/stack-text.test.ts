import { describe, expect, test } from "vitest";
import { type NewStack, stackText } from "../../../cli/init/stack-text.ts";
import { nothingShared, stackSettings } from "../../../src/settings/stack-file.ts";

const widgets: NewStack = {
  repository: "contoso/widgets",
  defaultBranch: "main",
  issuer: undefined,
  feed: { organization: "contoso", project: "data", name: "python", hasUpstreams: true },
  role: "contributor",
  environment: "release",
  environments: [],
};
const shared = {
  ...nothingShared,
  config: { "feedpass:tenantId": "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42" },
  issuers: ["https://token.actions.githubusercontent.com", "https://token.actions.octocorp.ghe.com"],
};
const settingsOf = (stack: NewStack) => {
  const { settings, problems } = stackSettings(stackText(stack), shared, "2026-11-30");
  expect(problems).toEqual([]);
  return settings;
};

describe("the stack file of a repository", () => {
  test("tells whoever edits it what can be changed", () => {
    expect(stackText(widgets)).toBe(`# yaml-language-server: $schema=settings.schema.json
# What the workflows of contoso/widgets may do with the feed contoso/data/python.
config:
  feedpass:repository: contoso/widgets
  feedpass:feed:
    organization: contoso # https://dev.azure.com/contoso
    project: data # leave out for a feed of the organization
    name: python
    upstreams: true # whether it has upstream sources
  feedpass:identities:
    reader:
      # The feed has upstreams, and a reader installs what somebody has saved from them. A collaborator saves too,
      # which pull requests are not trusted with.
      role: reader # reader | collaborator | contributor
      trust:
        - branch: main # the default branch
        - pullRequest: true # leave out where pull requests need nothing of the feed
    publisher:
      role: contributor
      trust:
        # Also: branch, tag, workflow. Only an environment can ask for an approval before a job signs in.
        - environment: release
  feedpass:environments:
    release: # made by this stack
      # reviewers: # who approves each release; private repositories need GitHub Enterprise for it
      #   teams: [release-managers]
      deployFrom:
        branches: [main] # or tags: ["v*"]
`);
  });

  test.each<[NewStack["role"], unknown]>([
    ["reader", { reader: { roles: { feed: "reader" }, trust: [{ branch: "main" }, { pullRequest: true }] } }],
    ["collaborator", { reader: { roles: { feed: "collaborator" }, trust: [{ branch: "main" }] } }],
    [
      "contributor",
      {
        reader: { roles: { feed: "reader" }, trust: [{ branch: "main" }, { pullRequest: true }] },
        publisher: { roles: { feed: "contributor" }, trust: [{ environment: "release" }] },
      },
    ],
  ])("has for the role %s what the checks let pass", (role, identities) => {
    expect(settingsOf({ ...widgets, role })?.identities).toMatchObject(identities as object);
  });

  test("leaves an environment that is at GitHub as it is, and tells what stands before it", () => {
    const environments = [
      { name: "release", protection: ["approval by 1 reviewer", "only from tag v*"] },
      { name: "open", protection: [] },
    ];

    expect(settingsOf({ ...widgets, environments })?.environments).toEqual({});
    expect(stackText({ ...widgets, environments })).toContain(
      "What stands before it: approval by 1 reviewer; only from tag v*.",
    );
    expect(stackText({ ...widgets, environments, environment: "open" })).toContain(
      "What stands before it: nothing: pull requests get in, so it may not publish until it has reviewers or deployment branches.",
    );
  });

  test("has no project for a feed of the organization, and says nothing of upstreams that nobody told", () => {
    const feed = { organization: "contoso", project: undefined, name: "internal", hasUpstreams: undefined };

    expect(settingsOf({ ...widgets, feed })?.feeds.feed).toEqual({
      organization: "contoso",
      name: "internal",
      create: false,
      upstreams: undefined,
    });
    expect(stackText({ ...widgets, feed })).not.toContain("upstreams:");
  });

  test("names the issuer of a site on ghe.com", () => {
    const issuer = "https://token.actions.octocorp.ghe.com";

    expect(settingsOf({ ...widgets, issuer })?.issuer).toBe(issuer);
    expect(stackText({ ...widgets, issuer })).toContain(`  feedpass:issuer: ${issuer} # of every job of that site\n`);
  });

  test.each(["release/1.x", "on", "1.0", "feature-{a}", "a,b"])("keeps the branch %s as it is", (defaultBranch) => {
    const settings = settingsOf({ ...widgets, defaultBranch, role: "contributor" });

    expect(settings?.identities.reader?.trust[0]).toEqual({ branch: defaultBranch });
    expect(settings?.environments.release?.deployFrom).toMatchObject({ branches: [defaultBranch] });
  });
});
