import { expect, test } from "vitest";
import { lookUpFeed } from "../../src/components/feed-lookup.ts";
import { RepositoryAccess } from "../../src/components/repository-access.ts";
import type { FeedLocation } from "../../src/feed.ts";
import { accessArgs, feedOfProject, inputsOf } from "../support/access-args.ts";
import { type Called, known, record } from "../support/mocks.ts";

/** The functions of the Azure DevOps provider that were called, in the order of their names. */
function askedOfAzureDevOps(calls: readonly Called[]): [string, object][] {
  const asked = calls.filter(({ token }) => token.startsWith("azuredevops:"));
  return asked.map(({ token, inputs }): [string, object] => [token, inputs]).sort();
}

const projectFeed: FeedLocation = { organization: "contoso", project: "data", name: "python" };
const organizationFeed: FeedLocation = { organization: "contoso", name: "python" };
const feedOfOrganization = { feedId: "id of feed python", project: undefined };

test("a feed of a project is looked up in the project, with the project's readers", async () => {
  const { result, calls } = await record(() => lookUpFeed(projectFeed, false, {}));

  expect(result).toEqual(feedOfProject);
  expect(askedOfAzureDevOps(calls)).toEqual([
    ["azuredevops:index/getFeed:getFeed", { name: "python", projectId: "id of project data" }],
    ["azuredevops:index/getGroup:getGroup", { name: "Readers", projectId: "id of project data" }],
    ["azuredevops:index/getProject:getProject", { name: "data" }],
  ]);
});

test("a feed of the organization needs no project", async () => {
  const { result, calls } = await record(() => lookUpFeed(organizationFeed, false, {}));

  expect(result).toEqual(feedOfOrganization);
  expect(askedOfAzureDevOps(calls)).toEqual([["azuredevops:index/getFeed:getFeed", { name: "python" }]]);
});

test("a feed that the stack makes is not looked up, its project is", async () => {
  const { result, calls } = await record(() => lookUpFeed(projectFeed, true, {}));

  expect(result).toEqual({ ...feedOfProject, feedId: undefined });
  expect(calls.map(({ token }) => token)).not.toContain("azuredevops:index/getFeed:getFeed");
});

test("a missing feed, of which the provider says nothing, is undefined", async () => {
  const answers = { "azuredevops:index/getFeed:getFeed": () => ({}) };

  const { result } = await record(() => lookUpFeed(organizationFeed, false, {}), { answers });

  expect(result).toBeUndefined();
});

test("members of a project's feed also join the project's readers", async () => {
  const { result, resources } = await record(() => new RepositoryAccess("access", accessArgs({})));

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

test("members of an organization's feed join no project", async () => {
  const { result, resources } = await record(
    () => new RepositoryAccess("access", accessArgs({ feed: organizationFeed, place: feedOfOrganization })),
  );

  expect(inputsOf(resources, "GroupMembership")).toEqual({});
  expect(inputsOf(resources, "FeedPermission")).toEqual({
    "access/reader": { feedId: "id of feed python", identityDescriptor: "aadsp of access/reader", role: "reader" },
  });
  expect([result.indexUrl, result.uploadUrl]).toEqual([
    "https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/",
    "https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/upload",
  ]);
});

test.each([
  ["a project", projectFeed, feedOfProject, { name: "python", projectId: "id of project data" }],
  ["the organization", organizationFeed, feedOfOrganization, { name: "python" }],
])("a feed of %s without an id is made", async (_, feed, place, inputs) => {
  const { result, resources } = await record(
    () => new RepositoryAccess("access", accessArgs({ feed, place: { ...place, feedId: undefined } })),
  );

  expect(inputsOf(resources, "Feed")).toEqual({ "access/feed": inputs });
  expect(inputsOf(resources, "FeedPermission")["access/reader"]).toMatchObject({ feedId: "id of access/feed" });
  expect(await known(result.feedId)).toBe("id of access/feed");
});
