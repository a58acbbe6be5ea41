import { basename } from "node:path";
import { stackFilePath, stackOf } from "../src/settings/config.ts";
import { renderProblems } from "../src/settings/problem.ts";
import type { Settings } from "../src/settings/schema.ts";
import { stackSettings } from "../src/settings/stack-file.ts";
import { sharedBy } from "./access/states.ts";
import { Failure } from "./failure.ts";
import { visible } from "./output.ts";
import { type Project, projectFileName, stackFilesOnDisk } from "./project.ts";

/**
 * The settings of one stack, whatever the day: a secret that has ended still has its place.
 * @param given the stack's name; a file's path names it too, so that a shell may complete it
 * @throws Failure with every problem of the file
 */
export function readStack(project: Project, given: string): { readonly stack: string; readonly settings: Settings } {
  const stack = stackOf(basename(given)) ?? given;
  const found = stackFilesOnDisk(project).get(stack);
  if (found === undefined) throw new Failure(`no stack of that name: expected ${stackFilePath(stack)}`);
  if (found.problem) throw new Failure(renderProblems(stackFilePath(stack), [found.problem]));
  const shared = sharedBy({ content: project.projectFile }, projectFileName);
  const { settings, problems } = stackSettings(found.content.toString(), shared, undefined);
  if (settings === undefined) throw new Failure(visible(renderProblems(stackFilePath(stack), problems)));
  return { stack, settings };
}
