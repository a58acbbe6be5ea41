import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { type Environment, mergedEnvironment } from "../../sandbox/environment.ts";
import { type Sandbox, startSandbox } from "../../sandbox/sandbox.ts";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";

const root = new URL("../..", import.meta.url).pathname;

/** How a command of the engine ended. */
export interface EngineResult {
  readonly exitCode: number;
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string;
}

/** One resource of a stack's state. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly dependencies?: readonly string[];
}

/** The project in a folder of its own, with its own stacks, in a sandbox of its own. The code is the repository's. */
export interface TestProject {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** The settings of a stack as its file has them, without `feedpass:`. */
  writeStack(stack: string, settings: Readonly<Record<string, unknown>>): void;
  /** The same, and it is the only file: those of other stacks go, which may be for the same repository. */
  writeOnlyStack(stack: string, settings: Readonly<Record<string, unknown>>): void;
  readStack(stack: string): Record<string, unknown>;
  /**
   * Runs the real engine, by its binary.
   * @param killed ends it as by `kill -9`
   */
  pulumi(args: readonly string[], environment?: Environment, killed?: AbortSignal): Promise<EngineResult>;
  /** The same, and throws with the output where it does not succeed. */
  succeed(args: readonly string[], environment?: Environment): Promise<string>;
  resources(stack: string): Promise<StateResource[]>;
  close(): Promise<void>;
}

export async function openProject(): Promise<TestProject> {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-"));
  const engine = await ensureEngine();
  const sandbox = await startSandbox({ folder: join(folder, ".sandbox"), engine });
  mkdirSync(join(folder, "stacks"));
  copyFileSync(join(root, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  for (const shared of ["src", "infra", "sdks", "cli", "node_modules", "package.json"]) {
    symlinkSync(join(root, shared), join(folder, shared));
  }
  const stackFile = (stack: string) => join(folder, "stacks", `Pulumi.${stack}.yaml`);

  async function pulumi(
    args: readonly string[],
    environment: Environment = {},
    killed?: AbortSignal,
  ): Promise<EngineResult> {
    const { exitCode, all } = await execa(engine.binary, [...args, "--non-interactive", "--color=never"], {
      cwd: folder,
      env: mergedEnvironment(sandbox.environment, environment),
      extendEnv: false,
      reject: false,
      all: true,
      ...(killed ? { cancelSignal: killed, killSignal: "SIGKILL" } : {}),
    });
    return { exitCode: exitCode ?? -1, output: all };
  }

  async function succeed(args: readonly string[], environment: Environment = {}): Promise<string> {
    const { exitCode, output } = await pulumi(args, environment);
    if (exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${output}`);
    return output;
  }

  function writeStack(stack: string, settings: Readonly<Record<string, unknown>>): void {
    const kept = existingSalt(stackFile(stack));
    const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`feedpass:${key}`, value]));
    writeFileSync(stackFile(stack), stringify({ ...kept, config }));
  }

  return {
    sandbox,
    folder,
    pulumi,
    succeed,
    writeStack,
    writeOnlyStack(stack, settings) {
      const files = readdirSync(join(folder, "stacks")).map((name) => join(folder, "stacks", name));
      for (const file of files) if (file !== stackFile(stack)) rmSync(file);
      writeStack(stack, settings);
    },
    readStack: (stack) => parse(readFileSync(stackFile(stack), "utf8")),
    async resources(stack) {
      const exported = JSON.parse(await succeed(["stack", "export", "--stack", stack]));
      return exported.deployment.resources ?? [];
    },
    async close() {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The engine writes the salt of a stack's secrets into its file; a new version of the file must keep it. */
function existingSalt(file: string): Record<string, unknown> {
  try {
    const { encryptionsalt } = parse(readFileSync(file, "utf8"));
    return { encryptionsalt };
  } catch {
    return {};
  }
}
