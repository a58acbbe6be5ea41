import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { repositoryKey } from "../src/repository.ts";
import { stackFilePath, stackOf } from "../src/settings/config.ts";
import { doubleFile, stacksFor } from "../src/settings/one-file.ts";
import type { Problem } from "../src/settings/problem.ts";
import type { Settings } from "../src/settings/schema.ts";
import { nothingShared, type ProjectFile, readProjectFile } from "../src/settings/stack-file.ts";

/** What the engine does not hand over: what Pulumi.yaml says itself, and the files of other stacks. */

/** What the files of one folder said. The process of a fleet runs many stacks of one. */
const read = new Map<string, { project: ReturnType<typeof readProject>; texts?: ReadonlyMap<string, string> }>();

/**
 * Pulumi.yaml, whatever a stack's file or a Pulumi ESC environment says in its place.
 * @param folder the project's; one without the file says nothing
 */
export function projectIn(folder: string): { readonly file: ProjectFile; readonly problems: readonly Problem[] } {
  return filesIn(folder).project;
}

/** Every other file that is for the repository of a stack is one too many. A folder without files has none. */
export function doubleProblems(folder: string, stack: string, { repository, issuer }: Settings): Problem[] {
  const files = filesIn(folder);
  files.texts ??= textsIn(join(folder, dirname(stackFilePath(stack))));
  const own = stackOf(basename(stackFilePath(stack)));
  const others = [...files.texts].filter(([other]) => other !== own);
  const doubles = stacksFor(others, new Set([repositoryKey(repository, issuer)]), files.project.file);
  return doubles.length === 0 ? [] : [doubleFile(doubles)];
}

function filesIn(folder: string) {
  const files = read.get(folder) ?? { project: readProject(folder) };
  read.set(folder, files);
  return files;
}

function readProject(folder: string): { readonly file: ProjectFile; readonly problems: readonly Problem[] } {
  const path = join(folder, "Pulumi.yaml");
  if (!existsSync(path)) return { file: nothingShared, problems: [] };
  const { file, problems } = readProjectFile(readFileSync(path, "utf8"));
  return { file: file ?? nothingShared, problems };
}

function textsIn(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const texts = readdirSync(folder).flatMap((name) => {
    const stack = stackOf(name);
    return stack === undefined ? [] : [[stack, readFileSync(join(folder, name), "utf8")] as const];
  });
  return new Map(texts);
}
