import * as pulumi from "@pulumi/pulumi";
import { encryptedProblems, rawSettings, stackFilePath } from "../src/settings/config.ts";
import { type Problem, renderProblems } from "../src/settings/problem.ts";
import { checkSettings } from "../src/settings/read.ts";
import type { Settings } from "../src/settings/schema.ts";

/**
 * The settings of the stack that the engine runs.
 * @throws RunError with every problem of the file, before anything is registered
 */
export function readSettings(): Settings {
  const config = pulumi.runtime.allConfig();
  const secretKeys = Object.keys(config).filter(isEncrypted);
  // Not checked any further: a message could show what was meant to be hidden.
  refuse(encryptedProblems(secretKeys));
  const today = new Date().toISOString().slice(0, 10);
  const { settings, problems } = checkSettings(rawSettings(config), today);
  refuse(problems);
  if (settings === undefined) throw new Error("settings without problems are settings");
  return settings;
}

/** Ends the program with all problems at once. Does nothing where there are none. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw refusal(problems);
}

/** What ends the program: every problem of the stack's file, and no stack trace. */
export function refusal(problems: readonly Problem[]): Error {
  const error = new pulumi.RunError(renderProblems(stackFilePath(pulumi.getStack()), problems));
  // Nobody is shown it, yet the runtime formats it, and Node 20 takes ten seconds for a frame in `node_modules/@pulumi`
  // without a package: https://github.com/pulumi/pulumi/issues/21326
  delete error.stack;
  return error;
}

/** The runtime knows which values were encrypted, and keeps the question out of its types. */
const { isConfigSecret: isEncrypted } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
