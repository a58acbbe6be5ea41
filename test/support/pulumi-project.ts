import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How a command of the CLI ended. */
export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A resource in a stack's exported state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** A throw-away Pulumi project with a state backend of its own. */
export interface PulumiProject {
  readonly folder: string;
  /** Replaces the program, an ES module of plain JavaScript. */
  program(source: string): Promise<void>;
  /** Runs the CLI in the project's folder, without questions, without colour. */
  pulumi(...args: readonly string[]): Promise<CliResult>;
  /** The resources in the state, without the stack itself. */
  resources(): Promise<readonly StateResource[]>;
  /** The state file as it lies on disk. */
  stateFile(): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Makes a project in a temporary folder, with the stack `test`.
 * @param binary the CLI
 * @param environment what the CLI sees beside PATH and HOME, e.g. what attaches the offline parts
 */
export async function createPulumiProject(
  binary: string,
  environment: Readonly<Record<string, string>>,
): Promise<PulumiProject> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-project-"));
  const backend = join(folder, "state");
  await mkdir(backend);
  await symlink(join(import.meta.dirname, "..", "..", "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const runtime = "{ name: nodejs, options: { typescript: false } }";
  await writeFile(join(folder, "Pulumi.yaml"), `name: project\nruntime: ${runtime}\nmain: index.js\n`);

  const variables = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PULUMI_HOME: process.env.PULUMI_HOME,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...environment,
  };
  const env = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));

  function pulumi(...args: readonly string[]): Promise<CliResult> {
    const all = ["--non-interactive", "--color", "never", ...args];
    return new Promise((resolve) => {
      execFile(binary, all, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ exitCode, stdout, stderr: error && stderr === "" ? error.message : stderr });
      });
    });
  }

  const created = await pulumi("stack", "init", "test");
  if (created.exitCode !== 0) throw new Error(created.stderr);
  return {
    folder,
    pulumi,
    program: (source) => writeFile(join(folder, "index.js"), source),
    async resources() {
      const { stdout } = await pulumi("stack", "export");
      const { deployment } = JSON.parse(stdout) as { deployment: { resources?: StateResource[] } };
      return (deployment.resources ?? []).filter((resource) => resource.type !== "pulumi:pulumi:Stack");
    },
    stateFile: () => readFile(join(backend, ".pulumi", "stacks", "project", "test.json"), "utf8"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
