import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Failure } from "../failure.ts";
import type { Project } from "../project.ts";

/** The engine of the project: the CLI that its npm package `pulumi` runs. */
export interface Engine {
  readonly binary: string;
  /** The folder that has it as `bin/pulumi`. */
  readonly root: string;
}

/** A stack that the backend has. */
export interface ExistingStack {
  readonly name: string;
  /** Undefined where the backend does not tell. */
  readonly resources: number | undefined;
}

/**
 * Finds the engine, and downloads it where that never happened, as `npx pulumi` does. The fleet starts it without the
 * package's own start, a fifth of a second for each stack.
 */
export async function findEngine({ root }: Project): Promise<Engine> {
  const packages = createRequire(join(root, "package.json"));
  const { resolve }: { resolve(): Promise<string> } = packages("pulumi/lib/resolve.js");
  try {
    const binary = await resolve();
    return { binary, root: dirname(dirname(binary)) };
  } catch (error) {
    throw new Failure(`the engine cannot be had: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The stacks that the backend has for this project.
 * @param folder the project's, or its mirror
 */
export async function listStacks({ binary }: Engine, folder: string): Promise<ExistingStack[]> {
  try {
    const { stdout } = await promisify(execFile)(binary, ["stack", "ls", "--json", "--non-interactive"], {
      cwd: folder,
      maxBuffer: 256 * 1024 * 1024,
    });
    const stacks: { name: string; resourceCount?: number }[] = JSON.parse(stdout);
    // A backend with organizations names them in front.
    return stacks.map(({ name, resourceCount }) => ({
      name: name.split("/").at(-1) ?? name,
      resources: resourceCount,
    }));
  } catch (error) {
    const words = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Failure(`the backend does not tell its stacks: ${words.replace(/^error: /, "")}`);
  }
}
