import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { stackFilePath, stackOf } from "../src/settings/config.ts";
import { renderProblems } from "../src/settings/problem.ts";
import { Failure } from "./failure.ts";
import { fileOnDisk, folderProblemOnDisk, type FoundFile } from "./files.ts";

/** The folder that the stack files belong to, and what its Pulumi.yaml says. */
export interface Project {
  readonly root: string;
  /** The bytes of Pulumi.yaml. */
  readonly projectFile: Buffer;
}

export const projectFileName = "Pulumi.yaml";

/**
 * The nearest project around a folder.
 * @throws Failure where there is none, or its Pulumi.yaml is no regular file
 */
export function findProject(from = process.cwd()): Project {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, projectFileName);
    if (existsSync(file)) {
      const { content: projectFile, problem } = fileOnDisk(file);
      if (problem !== undefined) throw new Failure(renderProblems(projectFileName, [problem]));
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

/**
 * Every stack file of the working tree, by stack.
 * @throws Failure where their folder is none
 */
export function stackFilesOnDisk({ root }: Project): Map<string, FoundFile> {
  const problem = folderProblemOnDisk(root, stackFolder);
  if (problem !== undefined) throw new Failure(renderProblems(stackFolder, [problem]));
  const folder = join(root, stackFolder);
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder).flatMap((name) => {
    const stack = stackOf(name);
    return stack === undefined ? [] : [[stack, fileOnDisk(join(folder, name))] as const];
  });
  return new Map(files);
}
