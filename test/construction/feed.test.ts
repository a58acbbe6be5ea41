import { expect, test } from "vitest";
import { RepositoryAccess } from "../../src/components/repository-access.ts";
import type { FeedLocation } from "../../src/feed.ts";
import { accessArgs, inputsOf } from "../support/access-args.ts";
import { type Called, failuresOf, record, known } from "../support/mocks.ts";

/** The functions of the Azure DevOps provider that were called, in the order of their names. */
function askedOfAzureDevOps(calls: readonly Called[]): [string, object][] {
  const asked = calls.filter(({ token }) => token.startsWith("azuredevops:"));
  return asked.map(({ token, inputs }): [string, object] => [token, inputs]).sort();
}

const organizationFeed: FeedLocation = { organization: "contoso", name: "python" };

test("a feed of a project is looked up in the project, and its members also join the project's readers", async () => {
  const { result, resources, calls } = await record(() => new RepositoryAccess("access", accessArgs({})));

  expect(askedOfAzureDevOps(calls)).toEqual([
    ["azuredevops:index/getFeed:getFeed", { name: "python", projectId: "id of project data" }],
    ["azuredevops:index/getGroup:getGroup", { name: "Readers", projectId: "id of project data" }],
    ["azuredevops:index/getProject:getProject", { name: "data" }],
  ]);
  expect(inputsOf(resources, "GroupMembership")).toEqual({
    "access/reader": {
      group: "vssgp of Readers in id of project data",
      members: ["aadsp of access/reader"],
      mode: "add",
    },
  });
  expect(inputsOf(resources, "FeedPermission")).toEqual({
    "access/reader": {
      feedId: "id of feed python",
      identityDescriptor: "aadsp of access/reader",
      projectId: "id of project data",
      role: "reader",
    },
  });
  expect(await known(result.feedId)).toBe("id of feed python");
  expect([result.indexUrl, result.uploadUrl]).toEqual([
    "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/simple/",
    "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/upload",
  ]);
});

test("a feed of the organization needs no project, and no membership in one", async () => {
  const { result, resources, calls } = await record(
    () => new RepositoryAccess("access", accessArgs({ feed: organizationFeed })),
  );

  expect(askedOfAzureDevOps(calls)).toEqual([["azuredevops:index/getFeed:getFeed", { name: "python" }]]);
  expect(inputsOf(resources, "GroupMembership")).toEqual({});
  expect(inputsOf(resources, "FeedPermission")).toEqual({
    "access/reader": { feedId: "id of feed python", identityDescriptor: "aadsp of access/reader", role: "reader" },
  });
  expect([result.indexUrl, result.uploadUrl]).toEqual([
    "https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/",
    "https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/upload",
  ]);
});

test.each<[string, FeedLocation, object]>([
  [
    "a project",
    { organization: "contoso", project: "data", name: "python" },
    { name: "python", projectId: "id of project data" },
  ],
  ["the organization", organizationFeed, { name: "python" }],
])("a feed of %s is made where that is asked for, and not looked up", async (_, feed, inputs) => {
  const { result, resources, calls } = await record(
    () => new RepositoryAccess("access", accessArgs({ feed, createFeed: true })),
  );

  expect(calls.map(({ token }) => token)).not.toContain("azuredevops:index/getFeed:getFeed");
  expect(inputsOf(resources, "Feed")).toEqual({ "access/feed": inputs });
  expect(inputsOf(resources, "FeedPermission")["access/reader"]).toMatchObject({ feedId: "id of access/feed" });
  expect(await known(result.feedId)).toBe("id of access/feed");
});

test.each<[string, FeedLocation, string]>([
  [
    "a project",
    { organization: "contoso", project: "data", name: "python" },
    "feed: there is no feed contoso/data/python that this sign-in can see; it was looked for in the project data; a feed of the organization needs no feed.project; feed.create: true makes it",
  ],
  [
    "the organization",
    organizationFeed,
    "feed: there is no feed contoso/python that this sign-in can see; it was looked for in the organization; a feed of a project needs feed.project; feed.create: true makes it",
  ],
])("a missing feed of %s is an error that says where it was looked for", async (_, feed, message) => {
  const answers = { "azuredevops:index/getFeed:getFeed": () => ({}) };

  const failures = await failuresOf(() => new RepositoryAccess("access", accessArgs({ feed })), { answers });

  expect(failures).toEqual([message]);
});
