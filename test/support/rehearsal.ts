import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse, stringify } from "yaml";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import type { Rehearsal } from "../../sandbox/rehearsal/rehearse.ts";
import { stageStack } from "../../sandbox/rehearsal/staging.ts";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { readAction } from "../../sandbox/rehearsal/definitions.ts";
import type { Stage } from "../../sandbox/rehearsal/run-job.ts";
import { openWorld } from "../../sandbox/rehearsal/world.ts";
import type { PythonTools } from "../../sandbox/toolchain/python.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { readProjectFile, stackSettings } from "../../src/settings/stack-file.ts";
import { widgets } from "./stacks.ts";

const ownProjectText = readFileSync(fileURLToPath(new URL("../../Pulumi.yaml", import.meta.url)), "utf8");

/** The text of a stack file with these settings, without `feedpass:`. */
export function stackText(settings: Readonly<Record<string, unknown>>): string {
  return stringify({
    config: Object.fromEntries(Object.entries(settings).map(([key, value]) => [`feedpass:${key}`, value])),
  });
}

/** A stack that the real engine has applied, in a sandbox that is gone. */
export interface AppliedStack {
  readonly settings: Settings;
  readonly state: Snapshot;
}

export async function applyStack(written: Readonly<Record<string, unknown>>): Promise<AppliedStack> {
  return applyText(stackText(written), projectTextWith(written.issuer));
}

/** Pulumi.yaml as it is, and whose tokens stacks may trust beside. */
function projectTextWith(issuer: unknown): string {
  const project = parse(ownProjectText);
  project.config["feedpass:issuers"].default.push(...(issuer === undefined ? [] : [issuer]));
  return stringify(project);
}

/** The same for the text of a stack file. @param projectText of Pulumi.yaml. Default: the repository's own */
export async function applyText(text: string, projectText = ownProjectText): Promise<AppliedStack> {
  const shared = readProjectFile(projectText);
  if (shared.file === undefined) throw new Error("Pulumi.yaml is sound");
  const { settings, problems } = stackSettings(text, shared.file, undefined);
  if (settings === undefined) throw new Error(JSON.stringify(problems));
  const { state } = await stageStack({ stack: "test", text, projectText, settings }, await ensureEngine());
  return { settings, state };
}

/** Where jobs of the example's repository run, once its stack is applied. */
export async function openStage(tools: PythonTools): Promise<Stage> {
  const { settings, state } = await applyStack(widgets);
  const { repository, feeds } = settings;
  const world = await openWorld({ state, repository, feeds, tools, publicPackages: 0 });
  return { world, tools, action: readAction(fileURLToPath(new URL("../../actions/azure-artifacts", import.meta.url))) };
}

/** A job of the example's repository that its reader trusts. */
export const pushToMain = {
  repository: "contoso/widgets",
  event: "push",
  ref: "refs/heads/main",
  permissions: { "id-token": "write" },
} as const;

/** What was seen, in lines: a minus before what was refused, a question mark before what failed. */
export function seenLines({ cases }: Rehearsal): string[] {
  const marks = { works: "", refused: "-", failed: "?" };
  return cases.map(({ checks, ...tried }) => {
    const seen = checks.map(({ action, seen, feed }) => marks[seen] + action + (feed ? ` from ${feed}` : ""));
    return `${tried.identity} ${tried.way} | ${tried.job} | ${seen.join(", ")}`;
  });
}

/** Every log of a rehearsal, and every word that it tells. */
export function allOutput(rehearsal: Rehearsal): string {
  return JSON.stringify(rehearsal);
}
