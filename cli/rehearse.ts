import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { stackFilePath, stackOf } from "../src/settings/config.ts";
import { renderProblems } from "../src/settings/problem.ts";
import { type ExitCode, Failure } from "./failure.ts";
import { filesOfCommit } from "./files.ts";
import { listEntries } from "./git.ts";
import { findProject, type Project, projectFileName, stackFilesOnDisk, stackFolder } from "./project.ts";

/** What the command line said. */
export interface RehearseOptions {
  readonly changedSince?: string;
  readonly json?: true;
}

/** Runs `feedpass rehearse`: the sandbox is a program of its own, and no part of this one. */
export async function rehearseStacks(given: readonly string[], options: RehearseOptions): Promise<ExitCode> {
  const project = findProject();
  const entry = join(project.root, "sandbox", "rehearse.ts");
  const loader = join(project.root, "node_modules", "tsx", "dist", "cli.mjs");
  if (!existsSync(entry)) throw new Failure(`the rehearsal needs feedpass's own checkout: there is no ${entry}`);
  if (!existsSync(loader)) throw new Failure("the rehearsal needs the development packages: npm ci installs them");
  // A file's path names its stack too, so that a shell may complete it.
  const named = given.map((name) => stackOf(basename(name)) ?? name);
  const files = stackFilesOnDisk(project);
  const stacks = named.length > 0 ? named : [...files.keys()].sort();
  if (stacks.length === 0) throw new Failure(`there are no stack files in ${stackFolder}`);
  // The sandbox would read what a link leads to.
  for (const stack of stacks) {
    const problem = files.get(stack)?.problem;
    if (problem) throw new Failure(renderProblems(stackFilePath(stack), [problem]));
  }
  const { changedSince: reference, json } = options;
  const before = reference === undefined ? undefined : await writeBefore(project, reference, stacks);
  try {
    if (before !== undefined) summarize(`Tried in a sandbox, against what the file of \`${reference}\` makes.\n\n`);
    return await run(process.execPath, [
      loader,
      entry,
      "--project",
      project.root,
      ...(before === undefined ? [] : ["--before", before]),
      ...(json ? ["--json"] : []),
      "--",
      ...stacks,
    ]);
  } finally {
    if (before !== undefined) rmSync(before, { recursive: true, force: true });
  }
}

/** The files of these stacks as a commit has them, in a folder of their own. What is no file there is left out. */
async function writeBefore({ root }: Project, reference: string, stacks: readonly string[]): Promise<string> {
  const paths = [projectFileName, ...stacks.map(stackFilePath)];
  const files = await filesOfCommit(root, await listEntries(root, reference, paths));
  const folder = mkdtempSync(join(tmpdir(), "feedpass-before-"));
  mkdirSync(join(folder, stackFolder));
  for (const [path, { content }] of files) if (content !== undefined) writeFileSync(join(folder, path), content);
  return folder;
}

/** The fleet's preview, which tells the change, writes its own part after this one. */
function summarize(text: string): void {
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) appendFileSync(summary, text);
}

/** On this terminal. */
function run(file: string, parameters: readonly string[]): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    // Ctrl-C goes to both; the other one tidies up and ends, and then so does this one.
    const wait = () => undefined;
    process.on("SIGINT", wait);
    const child = spawn(file, parameters, { stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("SIGINT", wait);
      resolve(code === 0 ? 0 : 1);
    });
  });
}
