import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { createDevOps } from "../support/azure-devops.ts";
import { expectRoutesExercised } from "../support/coverage.ts";

const devOps = createDevOps();
const { cloud, request, member } = devOps;
const organization = "feeds.dev.azure.com/contoso/_apis/packaging";
const project = `feeds.dev.azure.com/contoso/${devOps.data}/_apis/packaging`;
const scopes = [
  ["of the organization", organization],
  ["of a project", project],
] as const;

let start: Snapshot;
beforeAll(async () => {
  // The first sign-in makes the keys that tokens are signed with.
  await request("GET", `${organization}/feeds`);
  start = cloud.store.snapshot();
});
beforeEach(() => cloud.store.restore(start));
afterAll(() => expectRoutesExercised(cloud, "test/sandbox/azure-devops-feeds.test.ts"));

const notFound = (idOrName: string) => ({
  $id: "1",
  innerException: null,
  message: `The feed with ID '${idOrName}' doesn't exist.`,
  typeName:
    "Microsoft.VisualStudio.Services.Feed.WebApi.FeedIdNotFoundException, Microsoft.VisualStudio.Services.Feed.WebApi",
  typeKey: "FeedIdNotFoundException",
  errorCode: 0,
  eventId: 3000,
});

describe("a feed", () => {
  test("of a project is shown with its project, upstreams, views and links", async () => {
    const { status, body } = await request("GET", `${project}/feeds/python`);

    const url = `https://feeds.dev.azure.com/contoso/${devOps.data}/_apis/Packaging/Feeds/${devOps.python}`;
    expect(status).toBe(200);
    expect(body).toEqual({
      description: null,
      url,
      _links: {
        self: { href: url },
        packages: { href: `${url}/Packages` },
        permissions: { href: `${url}/Permissions` },
      },
      hideDeletedPackageVersions: true,
      badgesEnabled: false,
      defaultViewId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      viewId: null,
      viewName: null,
      fullyQualifiedName: "python",
      fullyQualifiedId: devOps.python,
      view: null,
      id: devOps.python,
      name: "python",
      isReadOnly: false,
      upstreamEnabled: true,
      upstreamSources: [
        {
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          name: "PyPI",
          protocol: "pypi",
          location: "https://pypi.org/",
          displayLocation: "https://pypi.org/",
          upstreamSourceType: "public",
          status: "ok",
        },
      ],
      capabilities: "defaultCapabilities",
      project: { id: devOps.data, name: "data", visibility: "private" },
    });
  });

  test("of the organization has no project", async () => {
    const { body } = await request("GET", `${organization}/feeds/shared`);

    expect(body).not.toHaveProperty("project");
    expect(body.url).toBe(`https://feeds.dev.azure.com/contoso/_apis/Packaging/Feeds/${devOps.shared}`);
  });

  test("is the same by id, and by name in any case, under the project's id or name", async () => {
    const byId = await request("GET", `${project}/feeds/${devOps.python.toUpperCase()}`);
    const byName = await request("GET", "feeds.dev.azure.com/contoso/DATA/_apis/Packaging/Feeds/Python");

    expect(byId.body.id).toBe(devOps.python);
    expect(byName.body).toEqual(byId.body);
  });

  test.each([
    ["a project's feed under the organization, by id", `${organization}/feeds/${devOps.python}`, devOps.python],
    ["a project's feed under the organization, by name", `${organization}/feeds/python`, "python"],
    ["the organization's feed under a project", `${project}/feeds/${devOps.shared}`, devOps.shared],
    ["a feed of another project", `feeds.dev.azure.com/contoso/web/_apis/packaging/feeds/python`, "python"],
  ])("does not exist in the wrong scope: %s", async (_, url, idOrName) => {
    const { status, body } = await request("GET", url);

    expect(status).toBe(404);
    expect(body).toEqual(notFound(idOrName));
  });

  test("of a project that the caller is not in does not exist, nor does the project", async () => {
    const { status, body } = await request("GET", `${project}/feeds/python`, { as: member });

    expect([status, body.typeKey]).toEqual([404, "ProjectDoesNotExistException"]);
  });

  test("is refused to who has no role on it, by the caller's id in the organization", async () => {
    const { status, body } = await request("GET", `${organization}/feeds/shared`, { as: member });

    expect([status, body.typeKey, body.message]).toEqual([
      403,
      "FeedNeedsPermissionsException",
      `User '${devOps.keys.member}' lacks permission to complete this action. You need to have 'ReadPackages'.`,
    ]);
  });
});

describe("lists", () => {
  test("without a project hold the feeds of the organization and of its projects", async () => {
    const { body } = await request("GET", `${organization}/feeds`);

    expect(body.value.map(({ name }) => name)).toEqual(["python", "shared"]);
  });

  test("of a project hold its own", async () => {
    const { body } = await request("GET", `${project}/feeds`);

    expect(body.value.map(({ name }) => name)).toEqual(["python"]);
  });

  test("hold what the caller may read", async () => {
    const { body } = await request("GET", `${organization}/feeds`, { as: member });

    expect(body).toEqual({ count: 0, value: [] });
  });
});

describe.each(scopes)("making and changing a feed %s", (_, scope) => {
  test("needs a name only, and gives a feed without upstreams", async () => {
    const { status, body } = await request("POST", `${scope}/feeds`, { body: { name: "wheels" } });

    expect(status).toBe(201);
    expect(body).toMatchObject({ name: "wheels", upstreamEnabled: true, upstreamSources: [] });
    expect((await request("GET", `${scope}/feeds/${body.id}`)).body).toEqual(body);
  });

  test("keeps what is not named, and takes new settings", async () => {
    const { body: before } = await request("POST", `${scope}/feeds`, { body: { name: "wheels" } });

    const untouched = await request("PATCH", `${scope}/feeds/wheels`, { body: {} });
    const changed = await request("PATCH", `${scope}/feeds/wheels`, {
      body: { name: "eggs", description: "Python", upstreamEnabled: false },
    });

    expect(untouched.body).toEqual(before);
    expect(changed.body).toMatchObject({ id: before.id, name: "eggs", description: "Python", upstreamEnabled: false });
  });

  test("a name is free again only when the feed is deleted for good", async () => {
    const { body: feed } = await request("POST", `${scope}/feeds`, { body: { name: "wheels" } });

    const taken = await request("POST", `${scope}/feeds`, { body: { name: "Wheels" } });
    const deleted = await request("DELETE", `${scope}/feeds/wheels`);
    const reserved = await request("POST", `${scope}/feeds`, { body: { name: "wheels" } });
    const purged = await request("DELETE", `${scope}/feedrecyclebin/wheels`);
    const again = await request("POST", `${scope}/feeds`, { body: { name: "wheels" } });

    expect([taken.status, taken.body.typeKey]).toEqual([409, "FeedNameAlreadyExistsException"]);
    expect([deleted.status, purged.status]).toEqual([204, 204]);
    expect([reserved.status, reserved.body.typeKey]).toEqual([409, "FeedNotReleasedException"]);
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(feed.id);
  });

  test("a deleted feed is in the recycle bin, does not exist, and can be restored", async () => {
    const { body: feed } = await request("POST", `${scope}/feeds`, { body: { name: "wheels" } });
    await request("DELETE", `${scope}/feeds/wheels`);

    const gone = await request("GET", `${scope}/feeds/${feed.id}`);
    const bin = await request("GET", `${scope}/feedrecyclebin`);
    const change = await request("GET", `${scope}/feedchanges/wheels`);
    const restored = await request("PATCH", `${scope}/feedrecyclebin/wheels`, {
      body: [{ op: "replace", path: "/isDeleted", value: false }],
    });
    const back = await request("GET", `${scope}/feeds/${feed.id}`);

    expect([gone.status, gone.body]).toEqual([404, notFound(feed.id)]);
    expect(bin.body.value.map(({ id, deletedDate }) => [id, deletedDate])).toEqual([
      [feed.id, "2026-05-04T10:00:00.000Z"],
    ]);
    expect(bin.body.value[0]?.scheduledPermanentDeleteDate).toBe("2026-06-03T10:00:00.000Z");
    expect(change.body.changeType).toBe("delete");
    expect([restored.status, back.status]).toEqual([204, 200]);
  });

  test("changes are logged in their order, deleted feeds where they are asked for", async () => {
    await request("POST", `${scope}/feeds`, { body: { name: "wheels" } });
    await request("POST", `${scope}/feeds`, { body: { name: "eggs" } });
    await request("DELETE", `${scope}/feeds/wheels`);

    const inUse = await request("GET", `${scope}/feedchanges?continuationToken=2`);
    const all = await request("GET", `${scope}/feedchanges?continuationToken=2&includeDeleted=true`);
    const missing = await request("GET", `${scope}/feedchanges/nothing`);

    const log = (answer: typeof all) =>
      (answer.body.feedChanges as readonly { changeType: string; feed: { name: string } }[]).map((change) => [
        change.changeType,
        change.feed.name,
      ]);
    expect(log(inUse)).toEqual([["addOrUpdate", "eggs"]]);
    expect(log(all)).toEqual([
      ["addOrUpdate", "eggs"],
      ["delete", "wheels"],
    ]);
    expect(all.body.nextFeedContinuationToken).toBe(5);
    expect([missing.status, missing.body]).toEqual([404, notFound("nothing")]);
  });

  test.each(["", "a b", "_private", ".hidden", "ends.", "a/b", "a@Local", "a".repeat(65)])(
    "the name '%s' is refused",
    async (name) => {
      const { status, body } = await request("POST", `${scope}/feeds`, { body: { name } });

      expect([status, body.typeKey]).toEqual([400, "InvalidFeedNameException"]);
    },
  );

  test("a body without a name, or that is no JSON, is refused", async () => {
    const unnamed = await request("POST", `${scope}/feeds`, { body: {} });
    const wrong = await request("POST", `${scope}/feeds`, { body: { name: 7 } });
    const broken = await request("PATCH", `${scope}/feedrecyclebin/wheels`, { body: [{ op: "remove", path: "/x" }] });

    expect([unnamed.status, wrong.status, broken.status]).toEqual([400, 400, 400]);
  });
});

test("every member of the organization may make a feed, and administers it", async () => {
  const made = await request("POST", `${organization}/feeds`, { as: member, body: { name: "mine" } });
  const deleted = await request("DELETE", `${organization}/feeds/mine`, { as: member });

  expect([made.status, deleted.status]).toEqual([201, 204]);
});

test.each([
  ["PATCH", `${organization}/feeds/shared`, { description: "x" }, "EditFeed"],
  ["DELETE", `${organization}/feeds/shared`, undefined, "DeleteFeed"],
])("%s of a feed needs more than reading", async (method, url, body, permission) => {
  const grant = [{ role: "contributor", identityDescriptor: legacy(member.servicePrincipalId) }];
  await request("PATCH", `${organization}/feeds/shared/permissions`, { body: grant });

  const answer = await request(method, url, { as: member, ...(body && { body }) });

  expect([answer.status, answer.body.message]).toEqual([
    403,
    `User '${devOps.keys.member}' lacks permission to complete this action. You need to have '${permission}'.`,
  ]);
});

function legacy(objectId: string): string {
  return `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;11111111-2222-4333-8444-555555555555\\${objectId}`;
}
