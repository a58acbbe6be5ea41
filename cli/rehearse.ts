import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { type ExitCode, Failure } from "./failure.ts";
import { findProject, stackFilesOnDisk, stackFolder, stackOf } from "./project.ts";

/** What the command line said. */
export interface RehearseOptions {
  readonly json?: true;
}

/** Runs `feedpass rehearse`: the sandbox is a program of its own, and no part of this one. */
export async function rehearseStacks(given: readonly string[], { json }: RehearseOptions): Promise<ExitCode> {
  const project = findProject();
  const entry = join(project.root, "sandbox", "rehearse.ts");
  const loader = join(project.root, "node_modules", "tsx", "dist", "cli.mjs");
  if (!existsSync(entry)) throw new Failure(`the rehearsal needs feedpass's own checkout: there is no ${entry}`);
  if (!existsSync(loader)) throw new Failure("the rehearsal needs the development packages: npm ci installs them");
  // A file's path names its stack too, so that a shell may complete it.
  const named = given.map((name) => stackOf(basename(name)) ?? name);
  const stacks = named.length > 0 ? named : [...stackFilesOnDisk(project).keys()].sort();
  if (stacks.length === 0) throw new Failure(`there are no stack files in ${stackFolder}`);
  return run(process.execPath, [
    loader,
    entry,
    "--project",
    project.root,
    ...(json ? ["--json"] : []),
    "--",
    ...stacks,
  ]);
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
