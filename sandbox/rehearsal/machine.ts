import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import type { Environment } from "../environment.ts";
import type { PythonTools } from "../toolchain/python.ts";
import { pythonEnvironment } from "../toolchain/python-environment.ts";
import { makeTemporaryFolder, removeTemporaryFolder } from "./temporary-folder.ts";

/** The machine that one job runs on: fresh, and gone after it. */
export interface Machine {
  readonly home: string;
  /** RUNNER_TEMP. */
  readonly temp: string;
  /** GITHUB_WORKSPACE. */
  readonly workspace: string;
  /** The variables of every process on it; what it has of the host is where programs are. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a script as a step does, in bash. */
  run(script: string, options: RunOptions): Promise<Finished>;
  remove(): void;
}

export interface RunOptions {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** `bash` was asked for by name, and then ends at the first failure within a pipe too. */
  readonly strict: boolean;
}

/** How a script ended, and what it printed, in the order in which it came. */
export interface Finished {
  readonly exitCode: number;
  readonly output: string;
}

const longestStep = 5 * 60 * 1000;

/**
 * Sets a machine up: folders, and a Python with pip, build and twine that a job may install into without another one
 * seeing it.
 * @param network what leads into the private internet
 */
export async function createMachine(tools: PythonTools, network: Environment): Promise<Machine> {
  const root = makeTemporaryFolder("job");
  const folder = (name: string) => {
    const path = join(root, name);
    mkdirSync(path);
    return path;
  };
  const [home, temp, workspace, tmp] = ["home", "temp", "workspace", "tmp"].map(folder) as [
    string,
    string,
    string,
    string,
  ];
  const own = join(root, "python");
  await makeEnvironment(tools, own);
  const { PATH, LANG = "C.UTF-8" } = process.env;
  const environment = present({
    LANG,
    ...pythonEnvironment({ folder: own, binFolder: join(own, "bin") }, { PATH }),
    ...network,
    HOME: home,
    USERPROFILE: home,
    TMPDIR: tmp,
    COLUMNS: "200",
    NO_COLOR: "1",
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    RUNNER_OS: "Linux",
  });
  let scripts = 0;
  return {
    home,
    temp,
    workspace,
    environment,
    async run(script, { folder: cwd, environment: env, strict }) {
      const file = join(temp, `step-${++scripts}.sh`);
      writeFileSync(file, script);
      // https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
      const flags = strict ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"];
      const { exitCode, all, timedOut } = await execa("bash", [...flags, file], {
        cwd,
        env,
        extendEnv: false,
        stdin: "ignore",
        all: true,
        reject: false,
        timeout: longestStep,
      });
      return { exitCode: exitCode ?? 1, output: timedOut ? `${all}\nThe step took too long.` : (all ?? "") };
    },
    remove: () => removeTemporaryFolder(root),
  };
}

/**
 * A virtual environment upon the tools' own: it finds what is installed there, and installs into itself. Making it takes
 * a twentieth of a second, against several for one with a pip of its own.
 */
async function makeEnvironment(tools: PythonTools, folder: string): Promise<void> {
  await execa(tools.python, ["-m", "venv", "--without-pip", folder]);
  const [shared, own] = [tools.folder, folder].map((place) =>
    join(place, "lib", `python${tools.version}`, "site-packages"),
  );
  writeFileSync(join(own ?? "", "tools.pth"), `${shared}\n`);
  const python = join(folder, "bin", "python");
  const commands = { pip: "pip", pip3: "pip", twine: "twine", "pyproject-build": "build" };
  const known = new Set(readdirSync(join(folder, "bin")));
  for (const [command, module] of Object.entries(commands)) {
    if (known.has(command)) continue;
    const file = join(folder, "bin", command);
    writeFileSync(file, `#!/bin/sh\nexec "${python}" -m ${module} "$@"\n`);
    chmodSync(file, 0o755);
  }
}

/** PATH with folders before all others. */
export function pathWith(folders: readonly string[], path: string | undefined): string {
  return [...folders, ...(path === undefined ? [] : [path])].join(delimiter);
}

function present(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
