import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { packageData } from "../../sandbox/cloud/azure-devops/packages/entities.ts";
import { seedPypi } from "../../sandbox/cloud/pypi/seed.ts";
import { buildWheel } from "../../sandbox/cloud/python-packages/wheel.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { tenant } from "../support/directory.ts";
import { digest, lacks, linksOf, refusalOf, uploadForm, widgets } from "../support/package-requests.ts";
import { createPackageCloud, type Member } from "../support/packages.ts";

const { cloud, projectId, feedIds, keys, tokens, send } = await createPackageCloud();
const base = "https://pkgs.dev.azure.com/contoso";
const scopes = [
  { scope: "of a project", feed: "python", root: `${base}/data/_packaging/python`, linked: `${base}/${projectId}` },
  { scope: "of the organization", feed: "shared", root: `${base}/_packaging/shared`, linked: base },
] as const;
const shared = scopes[1].root;
const internal = `${base}/_packaging/internal`;

const requests = ["2.0", "3.0"].map((version) => ({ name: "requests", version, files: { "requests.py": version } }));
const requests2 = buildWheel({ name: "requests", version: "2.0", files: { "requests.py": "2.0" } });

const get = (url: string, as: Member): Promise<Response> => send("GET", url, as);
const upload = (root: string, as: Member = "contributor"): Promise<Response> =>
  send("POST", `${root}/pypi/upload`, as, uploadForm());

let start: Snapshot;
beforeAll(() => {
  seedPypi(cloud.store, { packages: requests });
  start = cloud.store.snapshot();
});
beforeEach(() => {
  cloud.store.restore(start);
  cloud.faults.clear();
});
afterAll(() => expectRoutesExercised(cloud, "test/sandbox/packages.test.ts"));

describe("signing in", () => {
  test.each([
    ["no credential", undefined, "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"],
    ["a password that is no token", `Basic ${btoa("whoever:secret")}`, "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"],
  ])("with %s is refused, and says how to do it", async (_, authorization, user) => {
    const headers = authorization ? { Authorization: authorization } : {};

    const response = await cloud.fetch(new Request(`${shared}/pypi/simple/requests/`, { headers }));

    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toContain(
      `Bearer authorization_uri=https://login.microsoftonline.com/${tenant.id}, Basic realm=`,
    );
    expect(await response.json()).toMatchObject({
      message: `TF400813: The user '${user}' is not authorized to access this resource.`,
      typeKey: "UnauthorizedRequestException",
    });
  });

  test("as a principal that is not in the organization is refused", async () => {
    const response = await send("GET", `${shared}/pypi/simple/requests/`, "stranger");

    expect(response.status).toBe(401);
  });

  test("takes the token as a bearer, or as the password of any user name", async () => {
    const bearer = { Authorization: `Bearer ${tokens.contributor}` };

    const responses = await Promise.all([
      cloud.fetch(new Request(`${shared}/pypi/simple/requests/`, { headers: bearer })),
      get(`${shared}/pypi/simple/requests/`, "contributor"),
    ]);

    expect(responses.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe.each(scopes)("a feed $scope", ({ feed, root, linked }) => {
  test("takes a package of a contributor and gives it to a reader, unchanged", async () => {
    const uploaded = await upload(root);
    const listed = await get(`${root}/pypi/simple/contoso-widgets/`, "reader");
    const page = await listed.clone().text();
    const [address = ""] = await linksOf(listed);
    const downloaded = await get(address, "reader");

    const path = "pypi/download/contoso-widgets/1/contoso_widgets-1.0.0-py3-none-any.whl";
    expect(uploaded.status).toBe(202);
    expect(listed.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    expect(address).toBe(`${linked}/_packaging/${feedIds[feed]}/${path}`);
    expect(page).toContain(
      `#sha256=${digest("sha256", widgets.content)}" data-requires-python="&gt;=3.9">contoso_widgets-1.0.0-py3-none-any.whl</a>`,
    );
    expect(Buffer.from(await downloaded.arrayBuffer()).equals(widgets.content)).toBe(true);
  });

  test("answers without a slash at the end, whatever the case of the path and the spelling of names", async () => {
    await upload(root);

    const paths = ["/pypi/simple/contoso-widgets", "/PyPI/Simple/Contoso_Widgets/", "/pypi/simple"];
    const statuses = await Promise.all(paths.map(async (path) => (await get(root + path, "reader")).status));

    expect(statuses).toEqual([200, 200, 200]);
  });

  test("lists what it has itself", async () => {
    await upload(root);

    const response = await get(`${root}/pypi/simple/`, "reader");

    expect(await linksOf(response)).toEqual(["contoso-widgets/"]);
  });

  test.each(["reader", "collaborator"] as const)("refuses an upload of a %s", async (role) => {
    const response = await upload(root, role);

    expect(await refusalOf(response)).toEqual(lacks(keys[role], "AddPackage"));
  });

  test("shows nothing to who has no role on it", async () => {
    const listed = await get(`${root}/pypi/simple/requests/`, "nobody");
    const downloaded = await get(`${root}/pypi/download/requests/2/${requests2.fileName}`, "nobody");
    const uploaded = await upload(root, "nobody");

    for (const response of [listed, downloaded, uploaded]) {
      expect(await refusalOf(response)).toEqual(lacks(keys.nobody, "ReadPackages"));
    }
  });

  test("refuses the index's address as the one to upload to", async () => {
    const responses = await Promise.all(
      ["/pypi/simple/", "/pypi/simple/contoso-widgets/"].map((path) =>
        send("POST", root + path, "contributor", uploadForm()),
      ),
    );

    for (const response of responses) {
      expect(response.status).toBe(405);
      expect(await response.json()).toEqual({
        count: 1,
        value: { Message: "The requested resource does not support http method 'POST'." },
      });
    }
  });

  test("knows no HEAD", async () => {
    await upload(root);
    const file = `${root}/pypi/download/contoso-widgets/1.0.0/${widgets.fileName}`;

    const addresses = [file, `${root}/pypi/simple/contoso-widgets/`, `${root}/pypi/simple/`];
    const statuses = await Promise.all(addresses.map(async (url) => (await send("HEAD", url, "reader")).status));

    expect(statuses).toEqual([405, 405, 405]);
  });

  test("saves an upstream package when a collaborator downloads it, and not before", async () => {
    const page = `${root}/pypi/simple/requests/`;
    const file = `${root}/pypi/download/requests/2/${requests2.fileName}`;

    const unseen = await get(page, "reader");
    const offered = await linksOf(await get(page, "collaborator"));
    const before = await get(file, "reader");
    const saved = await get(file, "collaborator");
    const after = await get(file, "reader");

    expect(await refusalOf(unseen)).toEqual({
      status: 404,
      typeKey: "PackageNotFoundException",
      message: `The package 'requests' was not found in the feed '${feed}'.`,
    });
    expect(offered.map((address) => address.split("/").at(-1))).toEqual([
      "requests-2.0-py3-none-any.whl",
      "requests-3.0-py3-none-any.whl",
    ]);
    expect(await refusalOf(before)).toEqual(lacks(keys.reader, "AddUpstreamPackage"));
    expect(Buffer.from(await saved.arrayBuffer()).equals(requests2.content)).toBe(true);
    expect(Buffer.from(await after.arrayBuffer()).equals(requests2.content)).toBe(true);
  });

  test("keeps what it saved when the upstream is gone", async () => {
    const file = `${root}/pypi/download/requests/2.0/${requests2.fileName}`;
    await get(file, "collaborator");
    cloud.faults.add({ service: "pypi", effect: { kind: "status", status: 503 } });

    const response = await get(file, "reader");

    expect(response.status).toBe(200);
  });

  test("hides public versions of a name that was published to it, until an owner allows them", async () => {
    const evil = { name: "contoso-widgets", version: "99.0", files: { "widgets.py": "evil" } };
    const page = `${root}/pypi/simple/contoso-widgets/`;
    const file = `${root}/pypi/download/contoso-widgets/99/contoso_widgets-99.0-py3-none-any.whl`;
    await upload(root);
    seedPypi(cloud.store, { packages: [evil] });
    const setting = `${root.replace(`_packaging/${feed}`, "")}_apis/packaging/feeds/${feed}/pypi/packages/Contoso.Widgets/upstreaming?api-version=7.1-preview.1`;

    const hidden = await linksOf(await get(page, "contributor"));
    const refused = await get(file, "contributor");
    const denied = await send(
      "PATCH",
      setting,
      "contributor",
      '{"versionsFromExternalUpstreams":"AllowExternalVersions"}',
    );
    const allowed = await send(
      "PATCH",
      setting,
      "administrator",
      '{"versionsFromExternalUpstreams":"AllowExternalVersions"}',
    );
    const behavior = await get(setting, "reader");
    const shown = await linksOf(await get(page, "contributor"));
    await send("PATCH", setting, "administrator", '{"versionsFromExternalUpstreams":"Auto"}');
    const hiddenAgain = await linksOf(await get(page, "contributor"));

    expect(hidden).toHaveLength(1);
    expect(await refusalOf(refused)).toMatchObject({ status: 404, typeKey: "PackageNotFoundException" });
    expect(await refusalOf(denied)).toEqual(lacks(keys.contributor, "AdministerFeed"));
    expect(allowed.status).toBe(200);
    expect(await behavior.json()).toEqual({ versionsFromExternalUpstreams: "allowExternalVersions" });
    expect(shown).toHaveLength(2);
    expect(hiddenAgain).toEqual(hidden);
  });

  test("shows in its views what was promoted to them, and in Local what it has", async () => {
    await upload(root);
    await get(`${root}/pypi/download/requests/2/${requests2.fileName}`, "collaborator");
    const version = `${root.replace(`_packaging/${feed}`, "")}_apis/packaging/feeds/${feed}/pypi/packages/contoso.widgets/versions/1.0?api-version=7.1-preview.1`;
    const promotion = '{"views":{"op":"add","path":"/views/-","value":"Release"}}';

    const denied = await send("PATCH", version, "collaborator", promotion);
    const unpromoted = await get(`${root}@Release/pypi/simple/contoso-widgets/`, "reader");
    const promoted = await send("PATCH", version, "contributor", promotion);
    const released = await linksOf(await get(`${root}%40release/pypi/simple/contoso-widgets/`, "reader"));
    const [address = ""] = released;
    const downloaded = await get(address, "reader");
    const index = await linksOf(await get(`${root}@Release/pypi/simple/`, "reader"));
    const local = await linksOf(await get(`${root}@Local/pypi/simple/requests/`, "collaborator"));
    const uploaded = await upload(`${root}@Release`);

    expect(await refusalOf(denied)).toEqual(lacks(keys.collaborator, "UpdatePackage"));
    expect(unpromoted.status).toBe(404);
    expect(promoted.status).toBe(200);
    expect(address).toMatch(new RegExp(`/_packaging/${feedIds[feed]}@[0-9a-f-]{36}/pypi/download/`));
    expect(downloaded.status).toBe(200);
    expect(index).toEqual(["contoso-widgets/"]);
    expect(local).toHaveLength(1);
    expect((await refusalOf(uploaded)).status).toBe(400);
  });
});

test.each([
  ["a feed that is not there", `${base}/_packaging/nowhere/pypi/simple/`, "The feed with ID 'nowhere' doesn't exist."],
  [
    "a project's feed without its project",
    `${base}/_packaging/python/pypi/simple/`,
    "The feed with ID 'python' doesn't exist.",
  ],
  [
    "an organization's feed in a project",
    `${base}/data/_packaging/shared/pypi/simple/`,
    "The feed with ID 'shared' doesn't exist.",
  ],
  ["a view that is not there", `${shared}@Nightly/pypi/simple/`, "The view 'Nightly' doesn't exist."],
])("%s is not found", async (_, url, message) => {
  const response = await get(url, "reader");

  expect(await refusalOf(response)).toMatchObject({ status: 404, message });
});

test("an organization that is not there is not found", async () => {
  const response = await get("https://pkgs.dev.azure.com/fabrikam/_packaging/shared/pypi/simple/", "reader");

  expect(response.status).toBe(404);
});

test("a message that no status line can carry is in the body alone", async () => {
  const response = await get(`${base}/_packaging/${encodeURIComponent("päckchen✓")}/pypi/simple/`, "reader");

  expect(response.statusText).toContain("The feed with ID 'p?ckchen?' doesn't exist.");
  expect(await response.json()).toMatchObject({ message: "The feed with ID 'päckchen✓' doesn't exist." });
});

test("an upstream that fails is not taken for one that has nothing", async () => {
  cloud.faults.add({ service: "pypi", effect: { kind: "status", status: 503 } });

  const response = await get(`${shared}/pypi/simple/requests/`, "collaborator");

  expect(await refusalOf(response)).toMatchObject({ status: 502, message: "The upstream source 'PyPI' answered 503." });
});

test("packages survive in a saved state, each content once, and go when the feed does", async () => {
  await upload(internal);
  await upload(shared);
  const saved = JSON.parse(JSON.stringify(cloud.store.snapshot())) as Snapshot;
  const { files, contents } = packageData(cloud.store);
  const counts = () => [files.all().length, contents.all().length];
  const both = counts();
  const purge = async (feed: string) => {
    const feedsRoot = "https://feeds.dev.azure.com/contoso/_apis/packaging";
    await send("DELETE", `${feedsRoot}/feeds/${feed}?api-version=7.1-preview.1`, "administrator");
    await send("DELETE", `${feedsRoot}/feedrecyclebin/${feed}?api-version=7.1-preview.1`, "administrator");
  };

  await purge("internal");
  const one = counts();
  await purge("shared");
  const none = counts();
  cloud.store.restore(saved);
  const restored = await get(`${internal}/pypi/download/contoso-widgets/1/${widgets.fileName}`, "reader");

  expect([both, one, none]).toEqual([
    [2, 1],
    [1, 1],
    [0, 0],
  ]);
  expect(Buffer.from(await restored.arrayBuffer()).equals(widgets.content)).toBe(true);
});
