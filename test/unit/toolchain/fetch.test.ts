import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { archivesFor, platforms } from "../../../sandbox/toolchain/archives.ts";
import {
  type Checksums,
  parseChecksums,
  publishedChecksums,
  renderChecksums,
} from "../../../sandbox/toolchain/checksums.ts";
import { EngineError } from "../../../sandbox/toolchain/errors.ts";
import { fetchEngine } from "../../../sandbox/toolchain/fetch.ts";
import { engineVersion, officialPlugins, pulumiHome } from "../../../sandbox/toolchain/home.ts";

// Proves, with a stand-in for Pulumi's download site, that nothing is unpacked whose sum is not the recorded one. What
// the real site publishes was not tried here: it cannot be reached.

const platform = { system: "linux", processor: "x64" };
const version = await engineVersion();
const plugins = await officialPlugins();
const archives = await archivesFor(platform);
const [engineArchive = expect.unreachable(), pluginArchive = expect.unreachable()] = archives;

let folder: string;
let environment: Readonly<Record<string, string>>;
/** What the site has, by path. */
let files: Map<string, Buffer>;
let asked: string[];
let answer: ((path: string, response: ServerResponse) => boolean) | undefined;
let site: string;
let close: () => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "feedpass-fetch-"));
  environment = { PULUMI_HOME: join(folder, "home"), PATH: process.env.PATH ?? "" };
  files = new Map();
  asked = [];
  answer = undefined;
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    if (answer?.(path, response)) return;
    const file = files.get(path);
    response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = () => server.close();
});

afterEach(() => {
  close();
  rmSync(folder, { recursive: true, force: true });
});

function archiveOf(top: string, programs: readonly string[]): Buffer {
  const place = mkdtempSync(join(folder, "made-"));
  mkdirSync(join(place, top), { recursive: true });
  for (const program of programs) {
    writeFileSync(join(place, top, program), `#!/bin/sh\necho ${program}\n`);
    chmodSync(join(place, top, program), 0o755);
  }
  return execFileSync("tar", ["-czf", "-", "-C", place, ...readdirSync(place)]);
}

const sum = (algorithm: string, content: Buffer) => createHash(algorithm).update(content).digest("hex");
const engineLayouts = { flat: "pulumi", "with bin": "pulumi/bin" } as const;

/** The site as Pulumi's is: an archive for each platform and part, and the lists of their sums. */
async function publish(layout: keyof typeof engineLayouts = "flat"): Promise<void> {
  const lists = new Map<string, string>();
  const engine = archiveOf(engineLayouts[layout], ["pulumi", "pulumi-language-nodejs"]);
  const ofPlugins = new Map(plugins.map(({ name }) => [name, archiveOf(".", [`pulumi-resource-${name}`])]));
  for (const { name, folder: place, list } of (await Promise.all(platforms.map(archivesFor))).flat()) {
    const plugin = plugins.find((one) => name.startsWith(`pulumi-resource-${one.name}-`));
    const content = plugin ? ofPlugins.get(plugin.name) : engine;
    if (content === undefined) throw new Error("there is one for each plugin");
    files.set(`/${place}/${name}`, content);
    // As Pulumi's release jobs write them: `sha256sum` for the engine, and `shasum ./*` for plugins.
    const line = plugin ? `${sum("sha1", content)}  ./${name}` : `${sum("sha256", content)}  ${name}`;
    lists.set(`/${place}/${list}`, `${lists.get(`/${place}/${list}`) ?? ""}${line}\n`);
  }
  for (const [path, text] of lists) files.set(path, Buffer.from(text));
}

const recorded = (): Checksums =>
  new Map(
    archives.map(({ name, folder: place }) => [name, sum("sha256", files.get(`/${place}/${name}`) ?? Buffer.from(""))]),
  );
const fetchAll = (checksums = recorded()) => fetchEngine({ checksums, environment, platform, site });
const home = () => pulumiHome(version, environment);
const installed = () => [home().binary, home().languageHost, ...plugins.map(home().plugin)].filter(existsSync);

test.each(["flat", "with bin"] as const)(
  "the engine, its language host and its plugins are put where the engine finds them: %s",
  async (layout) => {
    await publish(layout);

    const fetched = await fetchAll();

    expect(fetched).toEqual(archives.map(({ name }) => name));
    expect(installed()).toHaveLength(2 + plugins.length);
    expect(execFileSync(home().binary, { encoding: "utf8" })).toBe("pulumi\n");
    expect(readdirSync(join(folder, "home")).sort()).toEqual(["plugins", "versions"]);
    expect(readdirSync(join(folder, "home/plugins")).sort()).toEqual(
      plugins.map((plugin) => `resource-${plugin.name}-v${plugin.version}`),
    );
  },
);

test("a second time nothing is asked for", async () => {
  await publish();
  await fetchAll();
  asked = [];

  expect(await fetchAll()).toEqual([]);

  expect(asked).toEqual([]);
});

test("what came in another way is replaced, and what an installation left that was cut off", async () => {
  await publish();
  const [plugin = expect.unreachable()] = plugins;
  for (const program of [home().binary, home().plugin(plugin)]) {
    mkdirSync(join(program, ".."), { recursive: true });
    writeFileSync(program, "#!/bin/sh\necho somebody else's\n", { mode: 0o755 });
  }
  writeFileSync(`${join(home().plugin(plugin), "..")}.partial`, "");

  await fetchAll();

  expect(execFileSync(home().binary, { encoding: "utf8" })).toBe("pulumi\n");
  expect(readFileSync(home().plugin(plugin), "utf8")).not.toContain("somebody else's");
  expect(existsSync(`${join(home().plugin(plugin), "..")}.partial`)).toBe(false);
});

test("another sum than the recorded one is refused, and then nothing at all is unpacked", async () => {
  await publish();
  const checksums = recorded();
  const path = `/${pluginArchive.folder}/${pluginArchive.name}`;
  const other = archiveOf(".", [`pulumi-resource-${plugins[0]?.name}`, "more"]);
  files.set(path, other);

  await expect(fetchAll(checksums)).rejects.toThrow(
    new EngineError(
      `${pluginArchive.name} has the SHA-256 ${sum("sha256", other)}, expected ${checksums.get(pluginArchive.name)} ` +
        "of engine-checksums.json: it is not what was recorded, and nothing was unpacked",
    ),
  );

  expect(installed()).toEqual([]);
  expect(readdirSync(join(folder, "home"))).toEqual(["versions"]);
});

test("a missing sum is refused with what to do, before anything is asked for", async () => {
  await publish();

  await expect(fetchAll(new Map())).rejects.toThrow(
    `no checksum is recorded for ${archives.map(({ name }) => name).join(", ")}: nothing is fetched; run npm run ` +
      "engine:lock where https://get.pulumi.com can be reached, and commit engine-checksums.json",
  );

  expect(asked).toEqual([]);
  expect(installed()).toEqual([]);
});

test.each([
  [
    "is cut off on the way",
    (path: string, response: ServerResponse) => {
      const content = files.get(path) ?? Buffer.from("");
      response.writeHead(200, { "content-length": content.length });
      response.write(content.subarray(0, 100), () => response.destroy());
      return true;
    },
    /could not be fetched: \w+/,
  ],
  [
    "is cut off at the site",
    (path: string, response: ServerResponse) => {
      response.writeHead(200).end((files.get(path) ?? Buffer.from("")).subarray(0, 100));
      return true;
    },
    /has the SHA-256 [0-9a-f]{64}, expected/,
  ],
  [
    "is not there",
    (_: string, response: ServerResponse) => {
      response.writeHead(404).end();
      return true;
    },
    /could not be fetched: the site answered 404$/,
  ],
])("an archive that %s leaves nothing", async (_what, how, says) => {
  await publish();
  answer = (path, response) => path.endsWith(engineArchive.name) && how(path, response);

  const failure = await fetchAll().catch((error: unknown) => error);

  expect(failure).toBeInstanceOf(EngineError);
  expect(String(failure)).toMatch(says);
  expect(installed()).toEqual([]);
});

test("a site that cannot be reached is named", async () => {
  await publish();
  const checksums = recorded();
  close();

  await expect(fetchAll(checksums)).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:\d+\/releases\/sdk\/.* could not be fetched/,
  );
});

test("an archive with nothing of what it is for is refused", async () => {
  await publish();
  files.set(`/${engineArchive.folder}/${engineArchive.name}`, archiveOf("pulumi", ["something"]));

  await expect(fetchAll()).rejects.toThrow(`${engineArchive.name} has no program pulumi`);

  expect(installed()).toEqual([]);
});

test("a platform without an engine is refused", async () => {
  const elsewhere = { system: "aix", processor: "ppc64" };

  await expect(fetchEngine({ checksums: new Map(), environment, platform: elsewhere, site })).rejects.toThrow(
    "there is no engine to fetch for aix on ppc64",
  );
});

test("the command writes the SHA-256 of every platform's archives, from what is published and what it fetches", async () => {
  await publish();

  const sums = await publishedChecksums({ site });
  const written = parseChecksums(renderChecksums(sums));

  expect(written.size).toBe(platforms.length * (1 + plugins.length));
  for (const [name, value] of recorded()) expect(written.get(name)).toBe(value);
  expect(await fetchAll(written)).toHaveLength(archives.length);
  // The published list has the engine's own SHA-256.
  expect(asked.filter((path) => path.endsWith(engineArchive.name))).toHaveLength(1);
});

test("an archive that is not the one that was published is recorded by no command", async () => {
  await publish();
  files.set(`/${pluginArchive.folder}/${pluginArchive.name}`, Buffer.from("another one"));

  await expect(publishedChecksums({ site })).rejects.toThrow(
    `${pluginArchive.name} has the sum ${sum("sha1", Buffer.from("another one"))}, and ${pluginArchive.list} says`,
  );
});

test("an archive that the published list does not have is recorded by no command", async () => {
  await publish();
  files.set(`/${engineArchive.folder}/${engineArchive.list}`, Buffer.from("# nothing yet\n"));

  await expect(publishedChecksums({ site })).rejects.toThrow(`${engineArchive.list} has no sum of `);
});

test.each(["", "[", '"text"', '{ "pulumi.tar.gz": "abc" }', '{ "pulumi.tar.gz": null }'])(
  "a file that has no sums is refused: %s",
  (text) => {
    expect(() => parseChecksums(text)).toThrow(/^engine-checksums\.json: .*npm run engine:lock writes it anew$/);
  },
);

test("the repository's own file can be read", () => {
  parseChecksums(readFileSync(new URL("../../../engine-checksums.json", import.meta.url), "utf8"));
});
