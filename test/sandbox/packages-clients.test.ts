import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { packageData } from "../../sandbox/cloud/azure-devops/packages/entities.ts";
import { addPackageFile } from "../../sandbox/cloud/azure-devops/packages/feed-packages.ts";
import { seedPypi } from "../../sandbox/cloud/pypi/seed.ts";
import { buildWheel, type WheelContents } from "../../sandbox/cloud/python-packages/wheel.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import type { Environment } from "../../sandbox/environment.ts";
import { createPackageCloud, type Member } from "../support/packages.ts";
import { type Finished, findPythonTools, openPythonClients, type PythonClients } from "../support/python.ts";

const tools = await findPythonTools();
const { cloud, feedIds, keys, tokens } = await createPackageCloud();
const feed = "pkgs.dev.azure.com/contoso/data/_packaging/python/pypi";
const core = { name: "contoso-core", version: "1.0", files: { "contoso_core.py": "answer = 42\n" } };
const files = {
  "pyproject.toml": `
[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"

[project]
name = "contoso-widgets"
version = "1.0.0"
description = "Widgets"
readme = "README.md"
requires-python = ">=3.9"
dependencies = ["contoso-core"]
`,
  "README.md": "# Widgets\n",
  "src/contoso_widgets/__init__.py": "from contoso_core import answer\n",
};

describe.skipIf(!tools)("real clients of a feed", () => {
  let clients: PythonClients;
  let dist: readonly string[] = [];
  let build: Finished;
  let start: Snapshot;
  let targets = 0;

  beforeAll(async () => {
    if (!tools) return;
    clients = await openPythonClients(cloud, tools);
    for (const [path, text] of Object.entries(files)) {
      const file = join(clients.folder, "widgets", path);
      mkdirSync(join(file, ".."), { recursive: true });
      writeFileSync(file, text);
    }
    seedPypi(cloud.store, { folder: tools.wheelsFolder });
    publish(core);
    start = cloud.store.snapshot();
    build = await run("contributor", ["-m", "build", "widgets"]);
    const folder = join(clients.folder, "widgets/dist");
    dist = readdirSync(folder).map((name) => join(folder, name));
  });
  beforeEach(() => {
    cloud.faults.clear();
    cloud.requests.clear();
  });
  afterAll(() => clients?.close());

  /** A package that somebody published to the feed before. */
  function publish(contents: WheelContents): void {
    const wheel = buildWheel(contents);
    addPackageFile(cloud.store, feedIds.python ?? "", { ...wheel, requiresPython: null, upstreamId: null });
  }

  /** Runs Python with what a job of this identity has, and checks that its token is not in what is printed. */
  async function run(as: Member, args: readonly string[], environment: Environment = {}): Promise<Finished> {
    const password = tokens[as];
    const finished = await clients.run(args, {
      PIP_INDEX_URL: `https://build:${password}@${feed}/simple/`,
      TWINE_REPOSITORY_URL: `https://${feed}/upload`,
      TWINE_USERNAME: "build",
      TWINE_PASSWORD: password,
      // Nothing is wrapped or coloured.
      COLUMNS: "1000",
      NO_COLOR: "1",
      ...environment,
    });
    expect(finished.output).not.toContain(password);
    return finished;
  }

  const pipInstall = (as: Member, args: readonly string[], environment: Environment = {}): Promise<Finished> =>
    run(as, ["-m", "pip", "install", "--target", join(clients.folder, `target-${++targets}`), ...args], environment);

  const upload = (as: Member, environment: Environment = {}): Promise<Finished> =>
    run(as, ["-m", "twine", "upload", ...dist], environment);

  const wheel = (): string => dist.find((file) => file.endsWith(".whl")) ?? "";

  test("build gets its back end through the feed, which saves it from upstream, and twine finds nothing wrong", async () => {
    const check = await run("nobody", ["-m", "twine", "check", "--strict", ...dist]);

    const saved = packageData(cloud.store).files.filter(({ upstreamId }) => upstreamId !== null);
    expect(build).toMatchObject({ exitCode: 0 });
    expect(dist.map((file) => file.split(/[\\/]/).at(-1)).sort()).toEqual([
      "contoso_widgets-1.0.0-py3-none-any.whl",
      "contoso_widgets-1.0.0.tar.gz",
    ]);
    expect(saved.map(({ project }) => project)).toEqual(["setuptools"]);
    expect(check.exitCode).toBe(0);
    expect(check.output.match(/PASSED/g)).toHaveLength(2);
  });

  describe("from the start", () => {
    beforeEach(() => cloud.store.restore(start));

    test("what a contributor uploads a reader installs by its hash, with what it needs, and it runs", async () => {
      const uploaded = await upload("contributor");
      const hash = createHash("sha256").update(readFileSync(wheel())).digest("hex");
      const coreHash = createHash("sha256").update(buildWheel(core).content).digest("hex");
      const requirements = join(clients.folder, "requirements.txt");
      writeFileSync(
        requirements,
        `contoso-widgets==1.0.0 --hash=sha256:${hash}\ncontoso-core==1.0 --hash=sha256:${coreHash}\n`,
      );
      const installed = await pipInstall("reader", ["--require-hashes", "--requirement", requirements]);
      const ran = await clients.run(["-c", "import contoso_widgets; print(contoso_widgets.answer)"], {
        PYTHONPATH: join(clients.folder, `target-${targets}`),
      });

      expect(uploaded).toMatchObject({ exitCode: 0 });
      expect(installed).toMatchObject({ exitCode: 0 });
      expect(installed.output).toContain("Successfully installed contoso-core-1.0 contoso-widgets-1.0.0");
      expect(ran.output).toBe("42");
    });

    test("a file that is not what the index announced is not installed", async () => {
      const [file] = packageData(cloud.store).files.filter(({ project }) => project === "contoso-core");
      const evil = buildWheel({ ...core, files: { "contoso_core.py": "answer = 0\n" } });
      packageData(cloud.store).contents.update(file?.sha256 ?? "", {
        base64: Buffer.from(evil.content).toString("base64"),
      });

      const { exitCode, output } = await pipInstall("reader", ["contoso-core"]);

      expect(exitCode).toBe(1);
      expect(output).toContain("THESE PACKAGES DO NOT MATCH THE HASHES");
    });

    test("twine shows why a second upload is refused", async () => {
      await upload("contributor");

      const { exitCode, output } = await upload("contributor");

      expect(exitCode).toBe(1);
      expect(output).toContain(`HTTPError: 409 Conflict from https://${feed}/upload`);
      expect(output).toContain(
        "Conflict - The feed 'python' already contains file 'contoso_widgets-1.0.0-py3-none-any.whl' in package 'contoso-widgets 1.0.0'. (DevOps Activity ID: ",
      );
    });

    test("twine shows why a reader's upload is refused", async () => {
      const { exitCode, output } = await upload("reader");

      expect(exitCode).toBe(1);
      expect(output).toContain(`HTTPError: 403 Forbidden from https://${feed}/upload`);
      expect(output).toContain(
        `Forbidden - User '${keys.reader}' lacks permission to complete this action. You need to have 'AddPackage'.`,
      );
    });

    test("twine says that a token which is none is not accepted", async () => {
      const { exitCode, output } = await upload("contributor", { TWINE_PASSWORD: "expired" });

      expect(exitCode).toBe(1);
      expect(output).toContain(`HTTPError: 401 Unauthorized from https://${feed}/upload`);
    });

    test("twine says that the index's address is none to upload to", async () => {
      const { exitCode, output } = await upload("contributor", { TWINE_REPOSITORY_URL: `https://${feed}/simple/` });

      expect(exitCode).toBe(1);
      expect(output).toContain("HTTPError: 405 Method Not Allowed");
    });

    // pip takes an index that refuses it for one that has nothing, and tells the reason only when it is asked.
    test.each([
      [
        "no role on the feed",
        {},
        `403 Client Error: Forbidden - User '${keys.nobody}' lacks permission to complete this action. You need to have 'ReadPackages'.`,
      ],
      ["no credentials", { PIP_INDEX_URL: `https://${feed}/simple/` }, "401 Client Error: Unauthorized"],
      ["a token which is none", { PIP_INDEX_URL: `https://build:x@${feed}/simple/` }, "401 Client Error: Unauthorized"],
    ])("pip finds nothing with %s", async (_, environment, reason) => {
      const { exitCode, output } = await pipInstall("nobody", ["-vv", "contoso-core"], environment);

      expect(exitCode).toBe(1);
      expect(output).toContain("No matching distribution found for contoso-core");
      expect(output).toContain(reason);
    });

    test("pip is told that a feed is not there in another scope", async () => {
      const index = `https://build:${tokens.reader}@${feed.replace("/data", "")}/simple/`;

      const { output } = await pipInstall("reader", ["-vv", "contoso-core"], { PIP_INDEX_URL: index });

      expect(output).toContain("404 Client Error: Not Found - The feed with ID 'python' doesn't exist.");
    });

    test("a reader cannot install, nor build with, what nobody saved from upstream", async () => {
      const installed = await pipInstall("reader", ["pluggy"]);
      const built = await run("reader", ["-m", "build", "widgets"]);

      expect(installed.exitCode).toBe(1);
      expect(installed.output).toContain("No matching distribution found for pluggy");
      expect(built.exitCode).toBe(1);
      expect(built.output).toContain("No matching distribution found for setuptools>=80");
    });

    test("a reader gets what a collaborator saved, until upstream has something newer", async () => {
      const saved = await pipInstall("collaborator", ["pluggy"]);
      const installed = await pipInstall("reader", ["pluggy"]);
      seedPypi(cloud.store, { packages: [{ name: "pluggy", version: "999.0", files: {} }] });
      const newer = await pipInstall("reader", ["pluggy"]);

      expect([saved.exitCode, installed.exitCode]).toEqual([0, 0]);
      expect(newer.exitCode).toBe(1);
      expect(newer.output).toContain(
        `403 Client Error: Forbidden - User '${keys.reader}' lacks permission to complete this action. You need to have 'AddUpstreamPackage'.`,
      );
    });

    test("a public package with a private name and a higher version is installed from an extra index, and never from the feed alone", async () => {
      const evil = { name: "contoso-core", version: "99.0", files: { "contoso_core.py": "answer = 0\n" } };
      seedPypi(cloud.store, { packages: [evil] });

      const safe = await pipInstall("contributor", ["contoso-core"]);
      const confused = await pipInstall("contributor", ["contoso-core"], {
        PIP_EXTRA_INDEX_URL: "https://pypi.org/simple/",
      });

      expect(safe.output).toContain("Successfully installed contoso-core-1.0");
      expect(confused.output).toContain("Successfully installed contoso-core-99.0");
    });
  });

  test("pip reads the public index as JSON, and a wheel's metadata without the wheel", async () => {
    const folder = join(clients.folder, "resolved");

    const { exitCode } = await clients.run(
      ["-m", "pip", "install", "--dry-run", "--ignore-installed", "--target", folder, "requests"],
      { PIP_INDEX_URL: "https://pypi.org/simple/" },
    );

    const paths = cloud.requests
      .all()
      .filter(({ host }) => host === "files.pythonhosted.org")
      .map(({ path }) => path);
    expect(exitCode).toBe(0);
    expect(paths.map((path) => path.split(/[/-]/).at(5)).sort()).toEqual([
      "certifi",
      "charset_normalizer",
      "idna",
      "requests",
      "urllib3",
    ]);
    expect(paths.filter((path) => !path.endsWith(".whl.metadata"))).toEqual([]);
  });
});
