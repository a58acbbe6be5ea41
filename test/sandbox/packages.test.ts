import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { packageData } from "../../sandbox/cloud/azure-devops/packages/entities.ts";
import { seedPypi } from "../../sandbox/cloud/pypi/seed.ts";
import { buildWheel } from "../../sandbox/cloud/python-packages/wheel.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { tenant } from "../support/directory.ts";
import { createPackageCloud, type Member } from "../support/packages.ts";

const { cloud, projectId, feedIds, keys, token } = createPackageCloud();
const base = "https://pkgs.dev.azure.com/contoso";
const scopes = [
  { scope: "of a project", feed: "python", root: `${base}/data/_packaging/python`, linked: `${base}/${projectId}` },
  { scope: "of the organization", feed: "shared", root: `${base}/_packaging/shared`, linked: base },
] as const;
const shared = scopes[1].root;
const internal = `${base}/_packaging/internal`;

const widgets = buildWheel({
  name: "Contoso.Widgets",
  version: "1.0.0",
  requiresPython: ">=3.9",
  files: { "widgets.py": "" },
});
const requests = ["2.0", "3.0"].map((version) => ({ name: "requests", version, files: { "requests.py": version } }));
const requests2 = buildWheel({ name: "requests", version: "2.0", files: { "requests.py": "2.0" } });

const tokens = new Map<string, string>();
let start: Snapshot;

beforeAll(async () => {
  for (const name of Object.keys(keys)) tokens.set(name, await token(name as Member));
  tokens.set("stranger", await token("stranger"));
  seedPypi(cloud.store, { packages: requests });
  start = cloud.store.snapshot();
});
beforeEach(() => {
  cloud.store.restore(start);
  cloud.faults.clear();
});
afterAll(() => expectRoutesExercised(cloud, "test/sandbox/packages.test.ts"));

const basic = (name: Member | "stranger"): string => `Basic ${btoa(`whoever:${tokens.get(name)}`)}`;

const send = (method: string, url: string, name: Member, body?: string | FormData): Promise<Response> =>
  cloud.fetch(
    new Request(url, { method, headers: { Authorization: basic(name) }, ...(body === undefined ? {} : { body }) }),
  );

const get = (url: string, name: Member): Promise<Response> => send("GET", url, name);

interface FormFields {
  readonly [field: string]: string | undefined;
}

/** The form that twine sends; a field can be changed, or left out. */
function uploadForm(fields: FormFields = {}, { fileName, content } = widgets): FormData {
  const form = new FormData();
  const all: FormFields = {
    ":action": "file_upload",
    protocol_version: "1",
    metadata_version: "2.4",
    name: "Contoso.Widgets",
    version: "1.0.0",
    filetype: "bdist_wheel",
    pyversion: "py3",
    requires_python: ">=3.9",
    md5_digest: digest("md5", content),
    sha256_digest: digest("sha256", content),
    ...fields,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) form.append(name, value);
  form.append("content", new Blob([new Uint8Array(content)]), fileName);
  return form;
}

const upload = (root: string, name: Member = "contributor", form = uploadForm()): Promise<Response> =>
  send("POST", `${root}/pypi/upload`, name, form);

const linksOf = async (response: Response): Promise<string[]> =>
  [...(await response.text()).matchAll(/href="([^"#]*)/g)].map(([, address = ""]) => address);

/** Status, class and message of a refusal, and that its status line says the same. */
async function refusalOf(response: Response) {
  const body = (await response.json()) as { readonly typeKey: string; readonly message: string };
  expect(response.statusText).toMatch(/^[A-Z][A-Za-z ]+ - .* \(DevOps Activity ID: [0-9A-F-]{36}\)$/);
  expect(response.statusText).toContain(` - ${body.message} (`);
  return { status: response.status, typeKey: body.typeKey, message: body.message };
}

const lacks = (name: Member, permission: string) => ({
  status: 403,
  typeKey: "FeedNeedsPermissionsException",
  message: `User '${keys[name]}' lacks permission to complete this action. You need to have '${permission}'.`,
});

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
    const headers = { Authorization: basic("stranger") };

    const response = await cloud.fetch(new Request(`${shared}/pypi/simple/requests/`, { headers }));

    expect(response.status).toBe(401);
  });

  test("takes the token as a bearer, or as the password of any user name", async () => {
    const bearer = { Authorization: `Bearer ${tokens.get("contributor")}` };

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

    expect(await refusalOf(response)).toEqual(lacks(role, "AddPackage"));
  });

  test("shows nothing to who has no role on it", async () => {
    const listed = await get(`${root}/pypi/simple/requests/`, "nobody");
    const downloaded = await get(`${root}/pypi/download/requests/2/${requests2.fileName}`, "nobody");
    const uploaded = await upload(root, "nobody");

    for (const response of [listed, downloaded, uploaded]) {
      expect(await refusalOf(response)).toEqual(lacks("nobody", "ReadPackages"));
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
    expect(await refusalOf(before)).toEqual(lacks("reader", "AddUpstreamPackage"));
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
    expect(await refusalOf(denied)).toEqual(lacks("contributor", "AdministerFeed"));
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

    expect(await refusalOf(denied)).toEqual(lacks("collaborator", "UpdatePackage"));
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

describe("an upload", () => {
  test("of a file that is there is refused, even of the same bytes", async () => {
    await upload(internal);

    const response = await upload(internal);

    expect(await response.clone().json()).toEqual({
      $id: "1",
      innerException: null,
      message:
        "The feed 'internal' already contains file 'contoso_widgets-1.0.0-py3-none-any.whl' in package 'Contoso.Widgets 1.0.0'.",
      typeName:
        "Microsoft.VisualStudio.Services.Packaging.Shared.WebApi.Exceptions.PackageAlreadyExistsException, Microsoft.VisualStudio.Services.Packaging.Shared.WebApi",
      typeKey: "PackageAlreadyExistsException",
      errorCode: 0,
      eventId: 3000,
    });
    expect((await refusalOf(response)).status).toBe(409);
  });

  test("of a version that an upstream has is refused, and accepted by a feed without upstreams", async () => {
    const form = () =>
      uploadForm({ name: "requests", version: "2.0", md5_digest: undefined, sha256_digest: undefined }, requests2);

    const refused = await upload(shared, "contributor", form());
    const accepted = await upload(internal, "contributor", form());

    expect(await refusalOf(refused)).toEqual({
      status: 409,
      typeKey: "PackageExistsInUpstreamException",
      message:
        "'requests 2.0' cannot be published to the feed because it exists in at least one of the feed's upstream sources. Publishing this copy would prevent you from using 'requests 2.0' from 'PyPI'. For more information, see https://go.microsoft.com/fwlink/?linkid=864880",
    });
    expect(accepted.status).toBe(202);
  });

  test.each<[string, FormFields, string]>([
    ["another action", { ":action": "submit" }, "The field ':action' has to be 'file_upload'."],
    ["no protocol version", { protocol_version: undefined }, "The field 'protocol_version' is missing."],
    ["no name", { name: undefined }, "The field 'name' is missing."],
    ["an empty version", { version: "" }, "The field 'version' is missing."],
    ["a version that is none", { version: "latest" }, "'latest' is not a valid version."],
    [
      "a metadata version to come",
      { metadata_version: "3.0" },
      "Metadata version '3.0' is unsupported. Supported versions are: 1.0,1.1,1.2,2.0,2.1,2.2,2.3,2.4.",
    ],
    [
      "another name than the file's",
      { name: "fabrikam" },
      "The file name 'contoso_widgets-1.0.0-py3-none-any.whl' does not match the package 'fabrikam 1.0.0' of type 'bdist_wheel'.",
    ],
    [
      "another version than the file's",
      { version: "1.0.1" },
      "The file name 'contoso_widgets-1.0.0-py3-none-any.whl' does not match the package 'Contoso.Widgets 1.0.1' of type 'bdist_wheel'.",
    ],
    [
      "another type than the file's",
      { filetype: "sdist" },
      "The file name 'contoso_widgets-1.0.0-py3-none-any.whl' does not match the package 'Contoso.Widgets 1.0.0' of type 'sdist'.",
    ],
    ["a wrong digest", { sha256_digest: "0".repeat(64) }, "The field 'sha256_digest' does not match the content."],
    ["a wrong old digest", { md5_digest: "0".repeat(32) }, "The field 'md5_digest' does not match the content."],
  ])("with %s is refused", async (_, fields, message) => {
    const response = await upload(internal, "contributor", uploadForm(fields));

    expect(await refusalOf(response)).toEqual({ status: 400, typeKey: "InvalidPackageException", message });
    expect(packageData(cloud.store).files.all()).toEqual([]);
  });

  test("that is no form, has no file, or one that is no package is refused", async () => {
    const withoutFile = uploadForm();
    withoutFile.delete("content");
    const responses = await Promise.all([
      send("POST", `${internal}/pypi/upload`, "contributor", "hello"),
      upload(internal, "contributor", withoutFile),
      upload(internal, "contributor", uploadForm({}, { fileName: "widgets.exe", content: widgets.content })),
    ]);

    const refusals = await Promise.all(responses.map(refusalOf));
    expect(refusals.map(({ status, message }) => [status, message])).toEqual([
      [400, "The request is not a form with a file."],
      [400, "The field 'content' has to be a file."],
      [400, "'widgets.exe' is not the name of a wheel or source distribution."],
    ]);
  });
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

function digest(algorithm: string, content: Uint8Array): string {
  return createHash(algorithm).update(content).digest("hex");
}
