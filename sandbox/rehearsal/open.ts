import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stackFilePath } from "../../src/settings/config.ts";
import { renderProblems } from "../../src/settings/problem.ts";
import { hasEnded, type SecretEnd, secretEnds } from "../../src/settings/secret-end.ts";
import { readProjectFile, readStackFile, settingsOf } from "../../src/settings/stack-file.ts";
import { siteOfIssuer } from "../cloud/github/site.ts";
import { UserError } from "../local.ts";
import { withProgress } from "../progress.ts";
import { ensurePython, type PythonOutcome } from "../toolchain/python.ts";
import type { StagedStack } from "./staging.ts";

/**
 * Reads a stack's file as the engine would.
 * @param project the folder of Pulumi.yaml
 * @throws UserError with every problem of the file
 */
export function readStack(stack: string, project: string): StagedStack {
  const name = stackFilePath(stack);
  const file = join(project, name);
  if (!existsSync(file)) throw new UserError(`there is no stack file ${name}`);
  const text = readFileSync(file, "utf8");
  const projectText = readFileSync(join(project, "Pulumi.yaml"), "utf8");
  const shared = readProjectFile(projectText);
  if (shared.file === undefined) throw new UserError(renderProblems("Pulumi.yaml", shared.problems));
  const own = readStackFile(text);
  if (own.file === undefined) throw new UserError(renderProblems(name, own.problems));
  const { environments } = own.file;
  if (environments.length > 0) {
    throw new UserError(
      `${name}: settings also come from Pulumi ESC (${environments.join(", ")}), which no sandbox can read`,
    );
  }
  const today = new Date().toISOString().slice(0, 10);
  const { settings, problems } = settingsOf(own.file, shared.file, today);
  if (settings === undefined) throw new UserError(renderProblems(name, problems));
  return { stack, text, projectText, settings, ended: secretEnds(settings.identities, today).filter(hasEnded) };
}

/** The secrets of a changed file that have ended, and that its former file has made: no up can make the others any more. */
export function madeBefore({ ended = [] }: StagedStack, before: StagedStack | undefined): readonly SecretEnd[] {
  const isMade = ({ identity, day }: SecretEnd) =>
    before?.ended?.some((one) => one.identity === identity && one.day === day) === true;
  return ended.filter(isMade);
}

/**
 * Reads the same stack as another folder has it, from which its file has come here.
 * @param folder has stack files and a Pulumi.yaml, as the project's
 * @returns undefined where there is none, or why the stack cannot have been made from it
 */
export function readBefore({ stack, settings }: StagedStack, folder: string): StagedStack | string | undefined {
  if (!existsSync(join(folder, stackFilePath(stack)))) return undefined;
  try {
    const before = readStack(stack, folder);
    const [formerSite, site] = [before.settings, settings].map(({ issuer = "" }) => siteOfIssuer(issuer).host);
    const others = [
      ...(["repository", "tenantId"] as const).filter((key) => !isSame(before.settings[key], settings[key])),
      ...(formerSite === site ? [] : ["GitHub"]),
    ];
    return others.length === 0 ? before : `it had another ${others.join(" and ")}`;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

const isSame = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

/** This checkout's Python tools, installed if they are not there yet, with progress shown; or why there are none. */
export async function openPython(): Promise<PythonOutcome> {
  if (process.platform === "win32") {
    return { available: false, reason: "jobs run in bash, as on GitHub's Linux runners; use WSL or the dev container" };
  }
  const folder = fileURLToPath(new URL("../../.sandbox/python", import.meta.url));
  return withProgress((onProgress) => ensurePython({ folder, onProgress }));
}
