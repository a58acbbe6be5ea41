import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { createCloud } from "../../sandbox/cloud/cloud.ts";
import { seedPypi } from "../../sandbox/cloud/pypi/seed.ts";
import { pypi } from "../../sandbox/cloud/pypi/service.ts";
import { buildWheel } from "../../sandbox/cloud/python-packages/wheel.ts";
import { expectRoutesExercised } from "../support/coverage.ts";

const json = "application/vnd.pypi.simple.v1+json";
const contents = { name: "Contoso.Widgets", version: "1.0", requiresPython: ">=3.9", files: { "widgets.py": "" } };
const wheel = buildWheel(contents);
const digest = sha256(wheel.content);
const metadata = "Metadata-Version: 2.1\nName: Contoso.Widgets\nVersion: 1.0\nRequires-Python: >=3.9\n";
const address = `https://files.pythonhosted.org/packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}/${wheel.fileName}`;

const uncovered: string[] = [];
const cloud = createCloud({ services: [pypi], onUncovered: (request) => uncovered.push(request) });

beforeEach(() => {
  cloud.store.restore({});
  seedPypi(cloud.store, { packages: [contents] });
});

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/pypi.test.ts"));

const get = (url: string, accept?: string): Promise<Response> =>
  cloud.fetch(new Request(url, { headers: accept ? { Accept: accept } : {} }));

test("the index lists its projects, as HTML and as JSON", async () => {
  const redirect = await get("https://pypi.org/simple");
  const html = await get("https://pypi.org/simple/");
  const asJson = await get("https://pypi.org/simple/", json);

  expect([redirect.status, redirect.headers.get("Location")]).toEqual([301, "/simple/"]);
  expect(html.headers.get("Content-Type")).toBe("text/html; charset=UTF-8");
  expect(await html.text()).toContain('<a href="contoso-widgets/">contoso-widgets</a>');
  expect(asJson.headers.get("Content-Type")).toBe(json);
  expect(await asJson.json()).toEqual({ meta: { "api-version": "1.1" }, projects: [{ name: "contoso-widgets" }] });
});

test("a project lists its files with their digests and where their metadata is", async () => {
  const response = await get("https://pypi.org/simple/contoso-widgets/", json);

  expect(await response.json()).toEqual({
    meta: { "api-version": "1.1" },
    name: "contoso-widgets",
    versions: ["1.0"],
    files: [
      {
        filename: wheel.fileName,
        url: address,
        hashes: { sha256: digest },
        "requires-python": ">=3.9",
        "core-metadata": { sha256: sha256(metadata) },
        size: wheel.content.length,
        yanked: false,
      },
    ],
  });
});

test("a project's page says the same in HTML", async () => {
  const response = await get("https://pypi.org/simple/contoso-widgets/", "application/vnd.pypi.simple.v1+html");

  expect(response.headers.get("Content-Type")).toBe("application/vnd.pypi.simple.v1+html");
  expect(await response.text()).toContain(
    `<a href="${address}#sha256=${digest}" data-requires-python="&gt;=3.9" data-dist-info-metadata="sha256=${sha256(metadata)}" data-core-metadata="sha256=${sha256(metadata)}">${wheel.fileName}</a>`,
  );
});

test.each([
  ["what pip asks for", `${json}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01`, json],
  ["the latest JSON", "application/vnd.pypi.simple.latest+json", json],
  ["HTML above JSON", `${json};q=0.2, text/html`, "text/html; charset=UTF-8"],
  ["anything", "*/*", "text/html; charset=UTF-8"],
  ["something else", "application/xml", "text/html; charset=UTF-8"],
])("%s is negotiated", async (_, accept, type) => {
  const response = await get("https://pypi.org/simple/contoso-widgets/", accept);

  expect(response.headers.get("Content-Type")).toBe(type);
});

test("another spelling of a project's name, or a missing slash, redirects to the normal form", async () => {
  const spelled = await get("https://pypi.org/simple/Contoso_Widgets/");
  const cut = await get("https://pypi.org/simple/Contoso.Widgets");

  expect([spelled.status, spelled.headers.get("Location")]).toEqual([301, "/simple/contoso-widgets/"]);
  expect([cut.status, cut.headers.get("Location")]).toEqual([301, "/simple/contoso-widgets/"]);
});

test("a project that nobody published is not found", async () => {
  const response = await get("https://pypi.org/simple/fabrikam/");

  expect(response.status).toBe(404);
});

test("files and their metadata are served at their address, and nowhere else", async () => {
  const content = await get(address);
  const described = await get(`${address}.metadata`);
  const misplaced = await get(address.replace(/packages\/../, "packages/zz"));
  const unknown = await get(address.replace("widgets-1.0", "widgets-2.0"));

  expect(sha256(new Uint8Array(await content.arrayBuffer()))).toBe(digest);
  expect(await described.text()).toBe(metadata);
  expect([misplaced.status, unknown.status]).toEqual([404, 404]);
});

test("nothing can be uploaded", async () => {
  const response = await cloud.fetch(new Request("https://pypi.org/legacy/", { method: "POST", body: "x" }));

  expect(response.status).toBe(501);
  expect(uncovered).toEqual(["POST https://pypi.org/legacy/"]);
});

test("a made package cannot be replaced by one of the same name and version", () => {
  seedPypi(cloud.store, { packages: [contents] });

  expect(() => seedPypi(cloud.store, { packages: [{ ...contents, files: { "evil.py": "" } }] })).toThrow(
    `the index has another file named ${wheel.fileName}`,
  );
});

test("an index without a folder has no wheels of one", async () => {
  seedPypi(cloud.store, { folder: join(tmpdir(), "feedpass-no-such-folder") });

  expect((await get("https://pypi.org/simple/", json)).status).toBe(200);
});

test("the state can be saved and restored", async () => {
  const saved = JSON.parse(JSON.stringify(cloud.store.snapshot()));
  const other = createCloud({ services: [pypi] });

  other.store.restore(saved);

  const content = await other.fetch(new Request(address));
  expect(sha256(new Uint8Array(await content.arrayBuffer()))).toBe(digest);
});

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

test("a folder's wheels are offered, stay out of the state, and follow what is in the folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-wheels-"));
  const real = buildWheel({ name: "fabrikam", version: "2.0", files: { "fabrikam.py": "x".repeat(10_000) } });
  writeFileSync(join(folder, real.fileName), real.content);
  writeFileSync(join(folder, "notes.txt"), "no package");
  seedPypi(cloud.store, { folder });
  const first = await get("https://pypi.org/simple/fabrikam/", json);
  const { files } = (await first.json()) as { files: { url: string }[] };

  const content = await get(files[0]?.url ?? "");
  const saved = JSON.stringify(cloud.store.snapshot());
  seedPypi(cloud.store, { folder });
  const unchanged = JSON.stringify(cloud.store.snapshot());
  rmSync(join(folder, real.fileName));
  const removed = await get(files[0]?.url ?? "");
  seedPypi(cloud.store, { folder });
  const forgotten = await get("https://pypi.org/simple/fabrikam/");
  rmSync(folder, { recursive: true });

  expect(files).toHaveLength(1);
  expect(sha256(new Uint8Array(await content.arrayBuffer()))).toBe(sha256(real.content));
  expect(saved).not.toContain(Buffer.from(real.content).toString("base64").slice(0, 100));
  expect(unchanged).toBe(saved);
  expect([removed.status, forgotten.status]).toEqual([404, 404]);
  expect((await get("https://pypi.org/simple/contoso-widgets/")).status).toBe(200);
});
