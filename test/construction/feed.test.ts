import { describe, expect, test } from "vitest";
import { lookUpFeed } from "../../src/components/feed-lookup.ts";
import { RepositoryAccess } from "../../src/components/repository-access.ts";
import type { FeedLocation } from "../../src/feed.ts";
import { accessArgs, feedOfProject, identity, inputsOf } from "../support/access-args.ts";
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
    "access/reader/project:data": {
      group: "vssgp of Readers in id of project data",
      members: ["aadsp of access/reader"],
      mode: "add",
    },
  });
  expect(inputsOf(resources, "FeedPermission")).toEqual({
    "access/reader/feed:data/python": {
      feedId: "id of feed python",
      identityDescriptor: "aadsp of access/reader",
      projectId: "id of project data",
      role: "reader",
    },
  });
  expect(await known(result.feeds)).toEqual({
    feed: {
      path: "contoso/data/python",
      feedId: "id of feed python",
      indexUrl: "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/simple/",
      uploadUrl: "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/upload",
    },
  });
});

test("members of an organization's feed join no project", async () => {
  const { result, resources } = await record(
    () =>
      new RepositoryAccess(
        "access",
        accessArgs({ feeds: { feed: { location: organizationFeed, place: feedOfOrganization } } }),
      ),
  );

  expect(inputsOf(resources, "GroupMembership")).toEqual({});
  expect(inputsOf(resources, "FeedPermission")).toEqual({
    "access/reader/feed:python": {
      feedId: "id of feed python",
      identityDescriptor: "aadsp of access/reader",
      role: "reader",
    },
  });
  expect((await known(result.feeds)).feed).toMatchObject({
    indexUrl: "https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/simple/",
    uploadUrl: "https://pkgs.dev.azure.com/contoso/_packaging/python/pypi/upload",
  });
});

test.each([
  ["a project", projectFeed, feedOfProject, "data/python", { name: "python", projectId: "id of project data" }],
  ["the organization", organizationFeed, feedOfOrganization, "python", { name: "python" }],
])("a feed of %s without an id is made", async (_, location, place, path, inputs) => {
  const feeds = { feed: { location, place: { ...place, feedId: undefined } } };

  const { result, resources } = await record(() => new RepositoryAccess("access", accessArgs({ feeds })));

  const id = `id of access/feed:${path}`;
  expect(inputsOf(resources, "Feed")).toEqual({ [`access/feed:${path}`]: inputs });
  expect(inputsOf(resources, "FeedPermission")[`access/reader/feed:${path}`]).toMatchObject({ feedId: id });
  expect((await known(result.feeds)).feed?.feedId).toBe(id);
});

describe("several feeds", () => {
  const feeds = {
    feed: { location: projectFeed, place: feedOfProject },
    shared: {
      location: { organization: "contoso", name: "shared" },
      place: { feedId: "id of shared", project: undefined },
    },
    stable: {
      location: { organization: "contoso", project: "Data", name: "wheels", view: "Release" },
      place: { ...feedOfProject, feedId: "id of wheels" },
    },
  };

  test("take one entitlement, a role on each feed but none for a view, and each project once", async () => {
    const roles = { feed: "contributor", shared: "reader", stable: "reader" } as const;

    const { resources } = await record(
      () => new RepositoryAccess("access", accessArgs({ feeds, identities: { publisher: { ...identity(), roles } } })),
    );

    const given = Object.entries(inputsOf(resources, "FeedPermission")).map(([name, { role }]) => [name, role]);
    given.sort();
    expect(Object.keys(inputsOf(resources, "ServicePrincipalEntitlement"))).toEqual(["access/publisher"]);
    expect(Object.keys(inputsOf(resources, "GroupMembership"))).toEqual(["access/publisher/project:data"]);
    expect(given).toEqual([
      ["access/publisher/feed:data/python", "contributor"],
      ["access/publisher/feed:shared", "reader"],
    ]);
  });

  test("are told to clients: the stack's own first, the others by name, and the one to publish to", async () => {
    const roles = { stable: "reader", shared: "contributor", feed: "reader" } as const;

    const { resources } = await record(
      () => new RepositoryAccess("access", accessArgs({ feeds, identities: { publisher: { ...identity(), roles } } })),
    );

    const told = Object.values(inputsOf(resources, "ActionsVariable")).map(({ variableName, value }) => [
      variableName,
      value,
    ]);
    const packaging = "https://pkgs.dev.azure.com/contoso";
    expect(Object.fromEntries(told)).toMatchObject({
      AZURE_ARTIFACTS_INDEX_URL: `${packaging}/data/_packaging/python/pypi/simple/`,
      AZURE_ARTIFACTS_EXTRA_INDEX_URL: `${packaging}/_packaging/shared/pypi/simple/ ${packaging}/Data/_packaging/wheels@Release/pypi/simple/`,
      AZURE_ARTIFACTS_UPLOAD_URL: `${packaging}/_packaging/shared/pypi/upload`,
    });
  });

  test("of which an identity has one are that one's alone", async () => {
    const roles = { shared: "reader" } as const;

    const { resources } = await record(
      () => new RepositoryAccess("access", accessArgs({ feeds, identities: { reader: { ...identity(), roles } } })),
    );

    expect(Object.keys(inputsOf(resources, "FeedPermission"))).toEqual(["access/reader/feed:shared"]);
    expect(inputsOf(resources, "GroupMembership")).toEqual({});
    expect(Object.keys(inputsOf(resources, "ActionsVariable"))).not.toContain("access/AZURE_ARTIFACTS_EXTRA_INDEX_URL");
  });
});
