import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { packageData } from "../../sandbox/cloud/azure-devops/packages/entities.ts";
import { addPackageFile } from "../../sandbox/cloud/azure-devops/packages/feed-packages.ts";
import { seedAzureDevOps } from "../../sandbox/cloud/azure-devops/seed.ts";
import { buildWheel } from "../../sandbox/cloud/python-packages/wheel.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { createDevOps } from "../support/azure-devops.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { tenant } from "../support/directory.ts";
import { lacks, linksOf, refusalOf, uploadForm } from "../support/package-requests.ts";
import { createPackageCloud, type Member } from "../support/packages.ts";
import { findPythonTools, openPythonClients } from "../support/python.ts";

const devOps = createDevOps();
const { request, member } = devOps;
const scopes = [
  ["of the organization", "feeds.dev.azure.com/contoso/_apis/packaging/feeds/shared"],
  ["of a project", `feeds.dev.azure.com/contoso/${devOps.data}/_apis/packaging/feeds/python`],
] as const;

let start: Snapshot;
beforeAll(async () => {
  // The first sign-in makes the keys that tokens are signed with.
  await request("GET", scopes[0][1]);
  start = devOps.cloud.store.snapshot();
});
beforeEach(() => devOps.cloud.store.restore(start));
afterAll(() => expectRoutesExercised(devOps.cloud, "test/sandbox/azure-devops-feed-views.test.ts"));

describe.each(scopes)("the views of a feed %s", (_, feed) => {
  test("are Local, Prerelease and Release, private at first, by id or by name in any case", async () => {
    const { body: owner } = await request("GET", feed);

    const views = await request("GET", `${feed}/views`);
    const local = await request("GET", `${feed}/views/local`);
    const same = await request("GET", `${feed}/views/${local.body.id.toUpperCase()}`);
    const missing = await request("GET", `${feed}/views/Nightly`);

    expect(views.body.value.map(({ name, type, visibility }) => [name, type, visibility])).toEqual([
      ["Local", "implicit", "private"],
      ["Prerelease", "release", "private"],
      ["Release", "release", "private"],
    ]);
    const url = `${String(owner.url)}/Views/${local.body.id}`;
    expect(local.body).toEqual({
      id: owner.defaultViewId,
      name: "Local",
      url,
      _links: { self: { href: url } },
      type: "implicit",
      visibility: "private",
    });
    expect(same.body).toEqual(local.body);
    expect([missing.status, missing.body.typeKey, missing.body.message]).toEqual([
      404,
      "FeedViewNotFoundException",
      "The view 'Nightly' doesn't exist.",
    ]);
  });

  test.each([
    ["private", "private"],
    ["collection", "collection"],
    ["organization", "organization"],
    ["AadTenant", "aadTenant"],
    [1, "collection"],
  ])("take the visibility %s", async (given, visibility) => {
    const { body: before } = await request("GET", `${feed}/views/Release`);

    const changed = await request("PATCH", `${feed}/views/Release`, { body: { visibility: given } });
    const after = await request("GET", `${feed}/views/Release`);

    expect(changed.status).toBe(200);
    expect(after.body).toEqual({ ...before, visibility });
    expect(changed.body).toEqual(after.body);
  });

  test("refuse another visibility", async () => {
    const { status, body } = await request("PATCH", `${feed}/views/Release`, { body: { visibility: "public" } });

    expect([status, body.typeKey, body.message]).toEqual([
      400,
      "ArgumentException",
      "visibility: 'public' is none of private, collection, organization, aadTenant",
    ]);
  });

  test("can be added, renamed and deleted, all but Local", async () => {
    const made = await request("POST", `${feed}/views`, { body: { name: "Nightly", visibility: "collection" } });
    const renamed = await request("PATCH", `${feed}/views/Nightly`, { body: { name: "nightly", type: "release" } });
    const deleted = await request("DELETE", `${feed}/views/Prerelease`);
    const views = await request("GET", `${feed}/views`);
    const fixed = [
      await request("PATCH", `${feed}/views/Local`, { body: { name: "All" } }),
      await request("DELETE", `${feed}/views/Local`),
    ];

    expect([made.status, renamed.status, deleted.status]).toEqual([201, 200, 204]);
    expect(renamed.body).toEqual({ ...made.body, name: "nightly" });
    expect(views.body.value.map(({ name, visibility }) => [name, visibility])).toEqual([
      ["Local", "private"],
      ["Release", "private"],
      ["nightly", "collection"],
    ]);
    expect(fixed.map(({ status, body }) => [status, body.message])).toEqual(
      Array(2).fill([400, "The view 'Local' cannot be renamed or deleted."]),
    );
  });

  test.each([
    ["POST", "views", {}, 400, "Value cannot be null.\r\nParameter name: view.Name"],
    ["POST", "views", { name: "release" }, 409, "A view named 'release' already exists."],
    ["POST", "views", { name: "a@b" }, 400, "The view name 'a@b' is not valid."],
    ["POST", "views", { name: "All", type: "implicit" }, 400, "The type of the view 'All' cannot be chosen."],
    ["PATCH", "views/Release", { name: "Prerelease" }, 409, "A view named 'Prerelease' already exists."],
    ["PATCH", "views/Release", { type: "implicit" }, 400, "The type of the view 'Release' cannot be chosen."],
  ])("refuse %s %s of %j", async (method, path, body, status, message) => {
    const answer = await request(method, `${feed}/${path}`, { body });

    expect([answer.status, answer.body.message]).toEqual([status, message]);
  });

  test("are what a feed says that it is when it is asked for through one", async () => {
    const { body: view } = await request("GET", `${feed}/views/Release`);
    const { body: whole } = await request("GET", feed);

    const byName = await request("GET", `${feed}@release`);
    const byIds = await request("GET", `${feed.replace(/[^/]+$/, whole.id)}%40${view.id}`);
    const missing = await request("GET", `${feed}@Nightly`);

    expect(byName.body).toEqual({
      ...whole,
      viewId: view.id,
      viewName: "Release",
      fullyQualifiedName: `${whole.name}@Release`,
      fullyQualifiedId: `${whole.id}@${view.id}`,
      view,
      isReadOnly: true,
    });
    expect(byIds.body).toEqual(byName.body);
    expect([missing.status, missing.body.typeKey]).toEqual([404, "FeedViewNotFoundException"]);
  });

  test("go for good with the feed", async () => {
    const { feedViews } = azureDevOpsData(devOps.cloud.store);
    const before = feedViews.all().length;

    await request("DELETE", feed);
    const deleted = feedViews.all().length;
    await request("DELETE", feed.replace("/feeds/", "/feedrecyclebin/"));

    expect([before, deleted, feedViews.all().length]).toEqual([6, 6, 3]);
  });
});

test.each([
  ["POST", "views", { name: "Nightly" }],
  ["PATCH", "views/Release", { visibility: "collection" }],
  ["DELETE", "views/Release", undefined],
])("%s of %s takes an owner of the feed", async (method, path, body) => {
  const [, feed] = scopes[0];
  const descriptor = `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenant.id}\\${member.servicePrincipalId}`;
  await request("PATCH", `${feed}/permissions`, { body: [{ role: "contributor", identityDescriptor: descriptor }] });

  const answer = await request(method, `${feed}/${path}`, { as: member, ...(body && { body }) });

  expect([answer.status, answer.body.typeKey, answer.body.message]).toEqual([
    403,
    "FeedNeedsPermissionsException",
    `User '${devOps.keys.member}' lacks permission to complete this action. You need to have 'EditFeed'.`,
  ]);
});

test("a seed says the visibility of a feed's views", async () => {
  seedAzureDevOps(devOps.cloud.store, {
    organizations: [
      {
        name: "fabrikam",
        tenantId: tenant.id,
        administrators: [devOps.admin.servicePrincipalId],
        feeds: [{ name: "wheels", views: { Release: "collection" } }],
      },
    ],
  });

  const { body } = await request("GET", "feeds.dev.azure.com/fabrikam/_apis/packaging/feeds/wheels/views");

  expect(body.value.map(({ name, visibility }) => [name, visibility])).toEqual([
    ["Local", "private"],
    ["Prerelease", "private"],
    ["Release", "collection"],
  ]);
});

describe("packages through a view", async () => {
  const { cloud, feedIds, keys, tokens, send } = await createPackageCloud();
  const root = "https://pkgs.dev.azure.com/contoso/data/_packaging/python";
  const rest = "https://feeds.dev.azure.com/contoso/data/_apis/packaging/feeds/python";
  const wheels = ["1.0", "2.0"].map((version) =>
    buildWheel({ name: "contoso-core", version, files: { "contoso_core.py": `version = "${version}"\n` } }),
  );
  const feedId = feedIds.python ?? "";
  for (const wheel of wheels) {
    addPackageFile(cloud.store, feedId, { ...wheel, requiresPython: null, upstreamId: null });
  }
  const promotion = '{"views":{"op":"add","path":"/views/-","value":"Release"}}';
  const version = `${root.replace("_packaging", "_apis/packaging/feeds")}/pypi/packages/contoso-core/versions/1.0?api-version=7.1-preview.1`;
  expect((await send("PATCH", version, "contributor", promotion)).status).toBe(200);
  const unshared = cloud.store.snapshot();

  const get = (url: string, as: Member = "nobody"): Promise<Response> => send("GET", url, as);
  const show = (view: string, visibility: string): Promise<Response> =>
    send("PATCH", `${rest}/views/${view}?api-version=7.1-preview.1`, "administrator", JSON.stringify({ visibility }));
  const fileNames = async (response: Response) => (await linksOf(response)).map((address) => address.split("/").at(-1));

  beforeEach(() => cloud.store.restore(unshared));

  test.each(["collection", "organization", "aadTenant"])(
    "are read by a member with no role on the feed, where the view is visible to the %s, and no others",
    async (visibility) => {
      await show("Release", visibility);

      const index = await linksOf(await get(`${root}@Release/pypi/simple/`));
      const [address = "", ...others] = await linksOf(await get(`${root}@release/pypi/simple/contoso-core/`));
      const downloaded = await get(address);
      const unpromoted = await get(address.replace("/1/", "/2/").replace("-1.0-", "-2.0-"));

      expect(index).toEqual(["contoso-core/"]);
      expect(address).toMatch(/\/contoso_core-1\.0-py3-none-any\.whl$/);
      expect(others).toEqual([]);
      expect(Buffer.from(await downloaded.arrayBuffer()).equals(wheels[0]?.content ?? Buffer.alloc(0))).toBe(true);
      expect(await refusalOf(unpromoted)).toMatchObject({ status: 404, typeKey: "PackageNotFoundException" });
    },
  );

  test("are nobody's more where the view is private: who may read the feed reads it, too, and nobody else", async () => {
    const seen = await fileNames(await get(`${root}@Release/pypi/simple/contoso-core/`, "reader"));
    const refused = await get(`${root}@Release/pypi/simple/contoso-core/`);

    expect(seen).toEqual(["contoso_core-1.0-py3-none-any.whl"]);
    expect(await refusalOf(refused)).toEqual(lacks(keys.nobody, "ReadPackages"));
  });

  test("do not open the feed, another view of it, or its settings", async () => {
    await show("Release", "collection");
    const [address = ""] = await linksOf(await get(`${root}@Release/pypi/simple/contoso-core/`));

    const refused = await Promise.all([
      get(`${root}/pypi/simple/`),
      get(`${root}/pypi/simple/contoso-core/`),
      get(address.replace(/@[^/]+/, "")),
      get(`${root}@Local/pypi/simple/contoso-core/`),
      get(`${root}@Prerelease/pypi/simple/contoso-core/`),
      get(`${root}@Nightly/pypi/simple/contoso-core/`),
    ]);
    const settings = await Promise.all(
      ["", "/views", "/views/Release", "/permissions"].map((path) => get(`${rest}${path}?api-version=7.1-preview.1`)),
    );

    for (const response of refused) expect(await refusalOf(response)).toEqual(lacks(keys.nobody, "ReadPackages"));
    expect(settings.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  test("let who reads the view ask for the feed through it", async () => {
    await show("Release", "collection");

    const response = await get(`${rest}@Release?api-version=7.1-preview.1`);

    expect(await response.json()).toMatchObject({ id: feedId, fullyQualifiedName: "python@Release", isReadOnly: true });
  });

  test("are all that the feed has, and nothing of upstream, where Local is shared", async () => {
    await show("Local", "collection");

    const seen = await fileNames(await get(`${root}@Local/pypi/simple/contoso-core/`));
    const upstream = await get(`${root}@Local/pypi/simple/requests/`);

    expect(seen).toEqual(["contoso_core-1.0-py3-none-any.whl", "contoso_core-2.0-py3-none-any.whl"]);
    expect((await refusalOf(upstream)).status).toBe(404);
  });

  test("are not uploaded through it: the view is read-only, and without the role the feed refuses", async () => {
    await show("Release", "collection");
    const upload = (as: Member) => send("POST", `${root}@Release/pypi/upload`, as, uploadForm());

    const [nobody, contributor] = await Promise.all([upload("nobody"), upload("contributor")]);

    expect(await refusalOf(nobody)).toEqual(lacks(keys.nobody, "AddPackage"));
    expect(await refusalOf(contributor)).toMatchObject({
      status: 400,
      message: "The view 'python@Release' is read-only.",
    });
    expect(packageData(cloud.store).files.all()).toHaveLength(2);
  });

  test("of a project's feed stay hidden from who does not see the project", async () => {
    await show("Release", "collection");
    azureDevOpsData(cloud.store).memberships.deleteWhere(({ memberId }) => memberId === keys.nobody);

    const response = await get(`${root}@Release/pypi/simple/contoso-core/`);

    expect(await refusalOf(response)).toMatchObject({
      status: 404,
      typeKey: "ProjectDoesNotExistWithNameException",
    });
  });

  test("are refused to who is not in the organization, whatever the view's visibility", async () => {
    await show("Release", "aadTenant");

    const response = await send("GET", `${root}@Release/pypi/simple/contoso-core/`, "stranger");

    expect(response.status).toBe(401);
  });

  const tools = await findPythonTools();
  test.skipIf(!tools)("pip installs what was promoted, and finds nothing else", async () => {
    if (!tools) return;
    await show("Release", "collection");
    const clients = await openPythonClients(cloud, tools);
    try {
      const install = (name: string, requirement: string) =>
        clients.run(["-m", "pip", "install", "-vv", "--target", join(clients.folder, requirement), requirement], {
          PIP_INDEX_URL: `https://build:${tokens.nobody}@pkgs.dev.azure.com/contoso/data/_packaging/${name}/pypi/simple/`,
          COLUMNS: "1000",
          NO_COLOR: "1",
        });

      const promoted = await install("python@Release", "contoso-core");
      const unpromoted = await install("python@Release", "contoso-core==2.0");
      const feed = await install("python", "contoso-core");
      const privateView = await install("python@Prerelease", "contoso-core");

      expect(promoted.output).toContain("Successfully installed contoso-core-1.0");
      expect(unpromoted.output).toContain("No matching distribution found for contoso-core==2.0");
      const refused = `403 Client Error: Forbidden - User '${keys.nobody}' lacks permission to complete this action. You need to have 'ReadPackages'.`;
      expect(feed.output).toContain(refused);
      expect(privateView.output).toContain(refused);
      expect([promoted, unpromoted, feed, privateView].map(({ exitCode }) => exitCode)).toEqual([0, 1, 1, 1]);
    } finally {
      await clients.close();
    }
  });
});
