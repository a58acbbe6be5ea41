import * as pulumi from "@pulumi/pulumi";
import { encryptedProblems, plainValue, rawSettings, stackFilePath } from "../src/settings/config.ts";
import { type Problem, renderProblems } from "../src/settings/problem.ts";
import { issuersElsewhere, issuersKey, usualIssuers } from "../src/settings/project-settings.ts";
import { checkSettings } from "../src/settings/read.ts";
import type { Settings } from "../src/settings/schema.ts";
import { projectIn } from "./project-files.ts";

/**
 * The settings of the stack that the engine runs.
 * @param folder the project's
 * @param today the present day, e.g. `2026-11-30`
 * @throws RunError with every problem of the file, before anything is registered
 */
export function readSettings(folder: string, today: string): Settings {
  const { [issuersKey]: list, ...config } = pulumi.runtime.allConfig();
  const secretKeys = Object.keys(config).filter(isEncrypted);
  // Not checked any further: a message could show what was meant to be hidden.
  refuse(encryptedProblems(secretKeys));
  const { issuers, problems: elsewhere } = allowedIssuers(list, folder);
  const { settings, problems } = checkSettings(rawSettings(config), today, issuers);
  refuse([...elsewhere, ...problems]);
  if (settings === undefined) throw new Error("settings without problems are settings");
  return settings;
}

/**
 * The engine hands over one list, and a stack's file or a Pulumi ESC environment may have put its own in the place of
 * Pulumi.yaml's: so the file itself is read, where there is a list at all.
 * @param list as the engine hands it over; undefined where nobody wrote one
 */
function allowedIssuers(
  list: string | undefined,
  folder: string,
): { readonly issuers: readonly string[]; readonly problems: readonly Problem[] } {
  if (list === undefined) return { issuers: usualIssuers, problems: [] };
  const { file, problems } = projectIn(folder);
  if (problems.length > 0) throw refusalOf("Pulumi.yaml", problems);
  const isIts = JSON.stringify(plainValue(list)) === JSON.stringify(file.issuers);
  return { issuers: file.issuers, problems: isIts ? [] : [issuersElsewhere] };
}

/** Ends the program with all problems at once. Does nothing where there are none. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw refusal(problems);
}

/** What ends the program: every problem of the stack's file, and no stack trace. */
export function refusal(problems: readonly Problem[]): Error {
  return refusalOf(stackFilePath(pulumi.getStack()), problems);
}

function refusalOf(file: string, problems: readonly Problem[]): Error {
  const error = new pulumi.RunError(renderProblems(file, problems));
  // Nobody is shown it, yet the runtime formats it, and Node 20 takes ten seconds for a frame in `node_modules/@pulumi`
  // without a package: https://github.com/pulumi/pulumi/issues/21326
  delete error.stack;
  return error;
}

/** The runtime knows which values were encrypted, and keeps the question out of its types. */
const { isConfigSecret: isEncrypted } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
