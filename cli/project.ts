import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stackFilePath, stackOf } from "../src/settings/config.ts";
import { Failure } from "./failure.ts";

/** The folder that the stack files belong to, and what its Pulumi.yaml says. */
export interface Project {
  readonly root: string;
  /** The bytes of Pulumi.yaml. */
  readonly projectFile: Buffer;
}

export const projectFileName = "Pulumi.yaml";

/**
 * The nearest project around a folder.
 * @throws Failure where there is none
 */
export function findProject(from = process.cwd()): Project {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, projectFileName);
    if (existsSync(file)) {
      const projectFile = readFileSync(file);
      if (/^name:\s*["']?feedpass["']?\s*(#.*)?$/m.test(projectFile.toString())) return { root: folder, projectFile };
    }
    if (folder === dirname(folder)) {
      throw new Failure(
        `no feedpass project here: neither ${from} nor a folder above it has a ${projectFileName} with "name: feedpass"`,
      );
    }
  }
}

/** The folder of the stack files, from the project's. */
export const stackFolder = dirname(stackFilePath("x"));

/** The bytes of every stack file, by stack. */
export function stackFilesOnDisk({ root }: Project): Map<string, Buffer> {
  const folder = join(root, stackFolder);
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).flatMap((name) => {
    const stack = stackOf(name);
    return stack === undefined ? [] : [[stack, readFileSync(join(folder, name))] as const];
  });
  return new Map(files);
}
