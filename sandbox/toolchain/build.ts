import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createBuildProgress } from "./build-progress.ts";
import { type RunTool, runTool, type ToolResult } from "./command.ts";
import { EngineError } from "./errors.ts";
import type { Environment, PulumiHome } from "./home.ts";

const cliPackage = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** Releases of Go from this one on fetch a newer toolchain themselves where a module needs it: https://go.dev/doc/toolchain */
const oldestGo = [1, 21] as const;

/** What a build needs. */
export interface BuildOptions {
  readonly version: string;
  readonly home: PulumiHome;
  readonly environment: Environment;
  readonly onProgress: (message: string) => void;
  /** Default: runs the commands on this machine. */
  readonly run?: RunTool;
}

/**
 * Builds the official CLI from its Go module and moves it to its place in one step. A build that fails leaves nothing;
 * what an ended process left of one is removed, so no two may build at once.
 * @throws EngineError where Go is missing or too old, or the build fails
 */
export async function buildEngine(options: BuildOptions): Promise<void> {
  const { version, home, run = runTool } = options;
  await requireGo(options, run);
  const prefix = `.building-${version}-`;
  await mkdir(home.versions, { recursive: true });
  for (const name of await readdir(home.versions)) {
    if (name.startsWith(prefix)) await rm(join(home.versions, name), { recursive: true, force: true });
  }
  // Beside its place, so that the move is a rename.
  const folder = await mkdtemp(join(home.versions, prefix));
  const progress = createBuildProgress(`building Pulumi ${version} from its Go module`, options.onProgress);
  try {
    const built = join(folder, "pulumi");
    await compile({ ...options, run, folder, built, progress });
    await mkdir(dirname(home.binary), { recursive: true });
    await rename(built, home.binary);
  } finally {
    progress.end();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Compilation extends BuildOptions {
  readonly run: RunTool;
  readonly folder: string;
  readonly built: string;
  readonly progress: ReturnType<typeof createBuildProgress>;
}

async function compile({ version, environment, run, folder, built, progress }: Compilation): Promise<void> {
  const go = async (args: readonly string[], onLine?: (line: string) => void): Promise<string> => {
    const command = { file: "go", args, cwd: folder, environment: goEnvironment(environment) };
    return succeeded(`go ${args[0]}`, await run(command, onLine));
  };
  await writeFile(join(folder, "go.mod"), goModule);
  await go(["get", "-tool", `${cliPackage}@v${version}`], progress.downloading);
  const stale = await go(["list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}", cliPackage]);
  progress.compile(stale.split("\n").filter((line) => line !== "").length);
  const flags = `-X ${versionVariable}=v${version}`;
  await go(["build", "-v", "-ldflags", flags, "-o", built, cliPackage], progress.compiled);

  const check = await run({ file: built, args: ["version"], environment });
  if (check.stdout.trim() !== `v${version}`) {
    throw new EngineError(
      `the engine that was built from ${cliPackage}@v${version} does not run:\n${lastLines(check)}`,
    );
  }
}

/** What the CLI's own module replaces must be said again: a module's replacements count for itself only. */
const goModule = `module engine

go 1.25

replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e
`;

/** Without what the user's own Go work sets up. */
function goEnvironment(environment: Environment): Environment {
  return { ...environment, GOFLAGS: "-mod=mod", GOWORK: "off", GOOS: undefined, GOARCH: undefined };
}

async function requireGo({ version, home, environment }: BuildOptions, run: RunTool): Promise<void> {
  const { exitCode, stdout } = await run({ file: "go", args: ["env", "GOVERSION"], environment });
  const ways =
    `Either install Go 1.25 or newer (https://go.dev/dl/) and run this again, ` +
    `or put Pulumi ${version} (https://www.pulumi.com/docs/install/) at ${home.binary}, ` +
    "or run this where https://get.pulumi.com can be reached.";
  const because = "Pulumi's download site cannot be reached, and the engine cannot be built";
  if (exitCode === undefined) throw new EngineError(`${because}: there is no Go on this machine. ${ways}`);
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(stdout.trim()) ?? [];
  const isOld = Number(major) < oldestGo[0] || (Number(major) === oldestGo[0] && Number(minor) < oldestGo[1]);
  if (isOld) throw new EngineError(`${because}: ${stdout.trim()} is too old. ${ways}`);
}

function succeeded(what: string, result: ToolResult): string {
  if (result.exitCode === 0) return result.stdout;
  throw new EngineError(`${what} failed while building the engine:\n${lastLines(result)}`);
}

function lastLines({ stdout, stderr }: ToolResult): string {
  return `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n");
}
