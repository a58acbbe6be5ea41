import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { isPassing } from "../../src/diagnosis/again.ts";
import { type EngineCommand, EngineRefusal } from "../engine-command.ts";
import { Failure } from "../failure.ts";
import type { Project } from "../project.ts";
import { mendAttributes } from "../recover/attributes.ts";
import { readState } from "../recover/state.ts";

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
 * @param wanted those that the run is for: where one state cannot be read, the engine lists none, and these are asked for
 * @param say hears what was mended
 * @throws Failure where the backend cannot be asked
 */
export async function listStacks(
  engine: EngineCommand,
  wanted: readonly string[],
  say: (line: string) => void,
): Promise<ExistingStack[]> {
  try {
    return await list(engine);
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    const { message } = error;
    if (await mendAttributes(engine, message, say)) return listStacks(engine, wanted, say);
    // Each says by itself what is wrong with it.
    if (/JSON|checkpoint|snapshot/i.test(message)) return listOneByOne(engine, wanted);
    throw new Failure(`the backend does not tell its stacks: ${message}`, isPassing([message]) ? 4 : 1);
  }
}

async function list(engine: EngineCommand): Promise<ExistingStack[]> {
  const stacks: { name: string; resourceCount?: number }[] = JSON.parse(await engine(["stack", "ls", "--json"]));
  // A backend with organizations names them in front.
  return stacks.map(({ name, resourceCount }) => ({ name: name.split("/").at(-1) ?? name, resources: resourceCount }));
}

async function listOneByOne(engine: EngineCommand, wanted: readonly string[]): Promise<ExistingStack[]> {
  const found: ExistingStack[] = [];
  for (const name of wanted) {
    try {
      found.push({ name, resources: (await readState(engine, name)).resources.length });
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      if (!/no stack named/.test(error.message)) found.push({ name, resources: undefined });
    }
  }
  return found;
}
