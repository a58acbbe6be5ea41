import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensurePython } from "../../../sandbox/toolchain/python.ts";
import { nullDevice, pythonEnvironment } from "../../../sandbox/toolchain/python-environment.ts";
import {
  constraints,
  indexPackages,
  installedAlone,
  installedPackages,
  pinnedVersions,
} from "../../../sandbox/toolchain/python-packages.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "feedpass-python-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A `python3` that writes down what it is asked for, and does what a case in a shell script says. */
function pretend(cases: string): { readonly PATH: string; calls(): string[] } {
  const bin = join(folder, "bin");
  const log = join(folder, "calls");
  const script = `#!/bin/sh\necho "$*" >> ${log}\ncase "$*" in\n${cases}\nesac\n`;
  mkdirSync(bin);
  writeFileSync(join(bin, "python3"), script);
  chmodSync(join(bin, "python3"), 0o755);
  return {
    PATH: `${bin}:/usr/bin:/bin`,
    calls: () => readFileSync(log, "utf8").trim().split("\n"),
  };
}

const installs = [
  "*version_info*) echo 3.12 ;;",
  '*"-m venv"*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;',
  '*"pip download"*) mkdir -p "$(dirname "$0")/../../wheels" ;;',
].join("\n");

describe.skipIf(process.platform === "win32")("ensuring Python", () => {
  test("makes an environment, fetches pinned wheels, and installs from these without asking an index", async () => {
    const python = pretend(installs);
    const steps: string[] = [];

    const outcome = await ensurePython({
      folder: join(folder, "tools"),
      environment: { PATH: python.PATH },
      onProgress: (step) => steps.push(step),
    });

    const tools = join(folder, "tools");
    expect(outcome).toEqual({
      available: true,
      tools: {
        folder: join(tools, "environment"),
        binFolder: join(tools, "environment/bin"),
        python: join(tools, "environment/bin/python"),
        version: "3.12",
        wheelsFolder: join(tools, "wheels"),
      },
    });
    expect(steps).toEqual([
      "making a virtual environment of Python 3.12",
      "fetching pip, build, twine and build back ends from PyPI",
      "installing pip, build and twine",
    ]);
    const quiet = "--quiet --only-binary :all: --dest";
    const offline = `--quiet --no-index --find-links ${tools}/wheels --constraint ${tools}/constraints.txt`;
    expect(python.calls().slice(2)).toEqual([
      `-m venv ${tools}/environment`,
      `-m pip download ${quiet} ${tools}/wheels --no-deps pip==${pinnedVersions.pip}`,
      `-m pip download ${quiet} ${tools}/wheels --constraint ${tools}/constraints.txt ${indexPackages.join(" ")}`,
      `-m pip install ${offline} ${installedPackages.join(" ")}`,
      `-m pip install ${offline} --no-deps twine`,
      "-m twine --version",
    ]);
  });

  test("does nothing where everything is there already, and starts over where the pins changed", async () => {
    const python = pretend(installs);
    const options = { folder: join(folder, "tools"), environment: { PATH: python.PATH } };
    const first = await ensurePython(options);
    const callsOnce = python.calls().length;

    const second = await ensurePython(options);
    const callsTwice = python.calls().length;
    writeFileSync(join(folder, "tools/ready.json"), JSON.stringify({ stamp: "of other pins", version: "3.12" }));
    const third = await ensurePython(options);

    expect([second, third]).toEqual([first, first]);
    expect(callsTwice).toBe(callsOnce);
    expect(python.calls().length).toBe(2 * callsOnce);
  });

  test("installs once for two that ask at the same time", async () => {
    const python = pretend(installs);
    const options = { folder: join(folder, "tools"), environment: { PATH: python.PATH } };

    const [first, second] = await Promise.all([ensurePython(options), ensurePython(options)]);

    expect(first.available).toBe(true);
    expect(second).toEqual(first);
    expect(python.calls().filter((call) => call.startsWith("-m venv"))).toHaveLength(1);
  });

  test("says that there is no Python", async () => {
    const outcome = await ensurePython({ folder, environment: { PATH: folder } });

    expect(outcome).toEqual({
      available: false,
      reason: "no Python 3.9 or newer was found: looked for python3, python",
    });
  });

  test.each([
    ["is too old", "*version_info*) echo 3.8 ;;", "no Python 3.9 or newer was found: python3 is 3.8"],
    [
      "cannot make environments",
      '*version_info*) echo 3.11 ;;\n*"import venv"*) exit 1 ;;',
      "no Python 3.9 or newer was found: python3 has no venv module, which some systems have in a package of its own (python3-venv)",
    ],
    [
      "has no PyPI to ask, without the password in the index's address",
      `${installs.replace(/.*pip download.*/, '*"pip download"*) echo "ERROR: nothing at https://me:secret@index.test/" >&2; exit 1 ;;')}`,
      "PyPI cannot be reached: nothing at https://****@index.test/",
    ],
    [
      "fails to install",
      `${installs}\n*--no-deps*twine*) echo "no space left on device" ; exit 1 ;;`,
      "twine could not be installed: no space left on device",
    ],
  ])("says that Python %s, and leaves nothing that counts as installed", async (_, cases, reason) => {
    const { PATH } = pretend(cases);

    const outcome = await ensurePython({ folder: join(folder, "tools"), environment: { PATH } });

    expect(outcome).toEqual({ available: false, reason });
    expect(existsSync(join(folder, "tools/ready.json"))).toBe(false);
    expect(existsSync(join(folder, "tools/lock"))).toBe(false);
  });
});

test("every package that is asked for by name is pinned", () => {
  const named = [...indexPackages, ...installedPackages, ...installedAlone].map(
    (requirement) => requirement.split(";")[0],
  );

  expect(named.filter((name) => !(name && name in pinnedVersions))).toEqual([]);
  expect(constraints()).toContain("twine==6.2.0\n");
  expect(constraints().split("\n")).toHaveLength(Object.keys(pinnedVersions).length + 1);
});

test("a Python environment forgets what the machine was told about indexes, and keeps the sandbox's authority", () => {
  const present = {
    Path: "/usr/bin",
    HOME: "/home/ada",
    PIP_CERT: "/sandbox/ca.pem",
    PIP_FIND_LINKS: "/opt/wheels",
    PIP_EXTRA_INDEX_URL: "https://elsewhere.test/simple/",
    PIP_NO_INDEX: "1",
    pip_proxy: "http://elsewhere.test",
    UV_INDEX_URL: "https://elsewhere.test/simple/",
    TWINE_PASSWORD: "secret",
    PYTHONPATH: "/elsewhere",
  };

  const environment = pythonEnvironment({ folder: "/venv", binFolder: "/venv/bin" }, present);

  expect(environment).toEqual({
    PIP_FIND_LINKS: undefined,
    PIP_EXTRA_INDEX_URL: undefined,
    PIP_NO_INDEX: undefined,
    pip_proxy: undefined,
    UV_INDEX_URL: undefined,
    TWINE_PASSWORD: undefined,
    PYTHONHOME: undefined,
    PYTHONPATH: undefined,
    VIRTUAL_ENV: "/venv",
    Path: process.platform === "win32" ? "/venv/bin;/usr/bin" : "/venv/bin:/usr/bin",
    PYTHONUTF8: "1",
    PIP_CONFIG_FILE: nullDevice,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_INPUT: "1",
    PIP_NO_CACHE_DIR: "1",
    UV_NO_CACHE: "1",
    UV_NO_CONFIG: "1",
    UV_PYTHON_DOWNLOADS: "never",
    TWINE_NON_INTERACTIVE: "1",
    PIP_KEYRING_PROVIDER: "disabled",
    UV_KEYRING_PROVIDER: "disabled",
    PYTHON_KEYRING_BACKEND: "keyring.backends.null.Keyring",
    NETRC: nullDevice,
  });
});
