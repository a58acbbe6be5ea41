import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../environment.ts";
import { runTool } from "./command.ts";
import { withLock } from "./lock.ts";
import { pythonEnvironment, type VirtualEnvironment } from "./python-environment.ts";
import { constraints, indexPackages, installedAlone, installedPackages, pinnedVersions } from "./python-packages.ts";

/** Python, pip, build and twine in a virtual environment of their own, and wheels for the emulated public index. */
export interface PythonTools extends VirtualEnvironment {
  /** The interpreter. */
  readonly python: string;
  /** e.g. `3.11` */
  readonly version: string;
  readonly wheelsFolder: string;
}

/** The tools, or in one line why there are none. */
export type PythonOutcome =
  | { readonly available: true; readonly tools: PythonTools }
  | { readonly available: false; readonly reason: string };

export interface PythonOptions {
  /** A folder for this alone, e.g. `.sandbox/python`. What is in it may be deleted. */
  readonly folder: string;
  /** Told what is going on, where it takes time. Default: nobody is. */
  readonly onProgress?: (step: string) => void;
  /** The machine's own environment, in which it reaches PyPI as it always does. Default: this process's. */
  readonly environment?: Environment;
}

const oldest = [3, 9] as const;

/**
 * Installs what the rehearsal needs of Python, unless it is there already. Has to be called before the sandbox is
 * entered: PyPI is asked as the machine is configured to. It is there as a whole or not at all; two processes that ask
 * for it at once get the same.
 */
export async function ensurePython(options: PythonOptions): Promise<PythonOutcome> {
  const { folder, onProgress = () => {}, environment = process.env } = options;
  const ready = () => readyTools(folder);
  const found = ready();
  if (found) return { available: true, tools: found };
  return await withLock(join(folder, "lock"), { interval: 100 }, async () => {
    const meanwhile = ready();
    if (meanwhile) return { available: true, tools: meanwhile };
    try {
      return { available: true, tools: await install(folder, onProgress, environment) };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      return { available: false, reason: error.message };
    }
  });
}

class Unavailable extends Error {}

/** Changes with everything that decides what is installed. */
const stamp = createHash("sha256")
  .update(JSON.stringify([constraints(), indexPackages, installedPackages, installedAlone]))
  .digest("hex");

/** What was installed from the same pins, if its interpreter is still there. */
function readyTools(folder: string): PythonTools | undefined {
  const file = join(folder, "ready.json");
  if (!existsSync(file)) return undefined;
  const ready = JSON.parse(readFileSync(file, "utf8")) as { readonly stamp: string; readonly version: string };
  const tools = toolsIn(folder, ready.version);
  return ready.stamp === stamp && existsSync(tools.python) ? tools : undefined;
}

function toolsIn(folder: string, version: string): PythonTools {
  const environment = join(folder, "environment");
  const windows = process.platform === "win32";
  const binFolder = join(environment, windows ? "Scripts" : "bin");
  return {
    folder: environment,
    binFolder,
    python: join(binFolder, windows ? "python.exe" : "python"),
    version,
    wheelsFolder: join(folder, "wheels"),
  };
}

async function install(
  folder: string,
  onProgress: (step: string) => void,
  environment: Environment,
): Promise<PythonTools> {
  const base = await findPython(environment);
  const tools = toolsIn(folder, base.version);
  const { python, wheelsFolder } = tools;
  const pins = join(folder, "constraints.txt");
  for (const part of [join(folder, "ready.json"), tools.folder, wheelsFolder]) {
    rmSync(part, { recursive: true, force: true });
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(pins, constraints());

  onProgress(`making a virtual environment of Python ${base.version}`);
  const [command = "", ...first] = base.command;
  await run([command, ...first, "-m", "venv", tools.folder], environment, "no virtual environment could be made");

  onProgress("fetching pip, build, twine and build back ends from PyPI");
  const download = [python, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--dest", wheelsFolder];
  // One file first: where PyPI is out of reach, pip says so of a single file, and talks of conflicts otherwise.
  await run([...download, "--no-deps", `pip==${pinnedVersions.pip}`], environment, "PyPI cannot be reached");
  await run([...download, "--constraint", pins, ...indexPackages], environment, "PyPI has not all that it takes");

  onProgress("installing pip, build and twine");
  const own = { ...environment, ...pythonEnvironment(tools, environment) };
  const pip = [python, "-m", "pip", "install", "--quiet", "--no-index"].concat([
    "--find-links",
    wheelsFolder,
    "--constraint",
    pins,
  ]);
  await run([...pip, ...installedPackages], own, "pip and build could not be installed");
  await run([...pip, "--no-deps", ...installedAlone], own, "twine could not be installed");
  await run([python, "-m", "twine", "--version"], own, "twine does not start");

  const partial = join(folder, "ready.json.partial");
  writeFileSync(partial, JSON.stringify({ stamp, version: base.version }));
  renameSync(partial, join(folder, "ready.json"));
  return tools;
}

interface BasePython {
  readonly command: readonly string[];
  readonly version: string;
}

const candidates: ReadonlyArray<readonly string[]> = [
  ...(process.platform === "win32" ? [["py", "-3"]] : []),
  ["python3"],
  ["python"],
];

/** The first Python that is new enough and can make virtual environments. */
async function findPython(environment: Environment): Promise<BasePython> {
  const refused: string[] = [];
  for (const command of candidates) {
    const name = command.join(" ");
    const asked = await start([...command, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], environment);
    const version = /^(\d+)\.(\d+)\s*$/.exec(asked.output);
    if (asked.exitCode !== 0 || !version) continue;
    const [major, minor] = [Number(version[1]), Number(version[2])];
    if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
      refused.push(`${name} is ${major}.${minor}`);
    } else if ((await start([...command, "-c", "import venv, ensurepip"], environment)).exitCode !== 0) {
      refused.push(`${name} has no venv module, which some systems have in a package of its own (python3-venv)`);
    } else {
      return { command, version: `${major}.${minor}` };
    }
  }
  const why = refused.length > 0 ? refused.join("; ") : `looked for ${candidates.map((c) => c.join(" ")).join(", ")}`;
  throw new Unavailable(`no Python ${oldest.join(".")} or newer was found: ${why}`);
}

/** @throws Unavailable where the command fails */
async function run(command: readonly string[], environment: Environment, problem: string): Promise<void> {
  const { exitCode, output } = await start(command, environment);
  if (exitCode !== 0) throw new Unavailable(`${problem}: ${errorLine(output)}`);
}

async function start([file = "", ...args]: readonly string[], environment: Environment) {
  const { exitCode, stdout, stderr } = await runTool({ file, args, environment });
  return { exitCode, output: `${stdout}\n${stderr}` };
}

/** The line that says what went wrong, without credentials that a configured index may have in its address. */
function errorLine(output: string): string {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== "");
  const line = lines.find((candidate) => /^error/i.test(candidate)) ?? lines.at(-1) ?? "it printed nothing";
  return line
    .trim()
    .replace(/^error:\s*/i, "")
    .replace(/\/\/[^/@\s]*@/g, "//****@");
}
