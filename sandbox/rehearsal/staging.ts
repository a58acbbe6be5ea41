import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { stackFilePath } from "../../src/settings/config.ts";
import type { Settings } from "../../src/settings/schema.ts";
import type { SecretEnd } from "../../src/settings/secret-end.ts";
import { Store, type Snapshot } from "../cloud/store.ts";
import { seedContoso } from "../contoso.ts";
import { mergedEnvironment } from "../environment.ts";
import { startSandbox } from "../sandbox.ts";
import { writeState } from "../saved-state.ts";
import type { Engine } from "../toolchain/engine.ts";
import { letEnd, withDaysToCome } from "./ended-secrets.ts";
import { seedFeeds } from "./seed-feed.ts";
import { seedRepository } from "./seed-repository.ts";
import { makeTemporaryFolder, removeTemporaryFolder } from "./temporary-folder.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface StagedStack {
  readonly stack: string;
  /** The text of its file. */
  readonly text: string;
  /** The text of Pulumi.yaml. */
  readonly projectText: string;
  /** What both say. */
  readonly settings: Settings;
  /** Client secrets that have ended, and that an earlier up has made. Default: none */
  readonly ended?: readonly SecretEnd[];
  /** The same stack as it was before: it is applied first, so that this one changes it. Default: this one makes it. */
  readonly before?: Omit<StagedStack, "before">;
}

/** A stack that was applied. */
export interface AppliedStack {
  /** What the emulated services know then. */
  readonly state: Snapshot;
  /** What an up would change, as `feedpass fleet preview` told it beforehand, where it was asked for. */
  readonly preview?: string;
}

/** The stack could not be applied. The message is what the engine printed. */
export class StagingError extends Error {}

/**
 * Applies a stack with the real engine, in a sandbox of its own that is gone afterwards: the stack's own state, services
 * and settings are not touched. The company there has everything that the file takes for granted.
 * @param preview has it previewed too, and how that is told. Default: it is not
 * @throws StagingError where the engine ends in an error
 */
export async function stageStack(
  staged: StagedStack,
  engine: Engine,
  preview?: "text" | "json",
): Promise<AppliedStack> {
  const folder = makeTemporaryFolder("rehearsal");
  const sandboxFolder = join(folder, ".sandbox");
  const { stack, before } = staged;
  try {
    await seedSandbox(sandboxFolder, staged);
    linkCode(folder);
    const sandbox = await startSandbox({ folder: sandboxFolder, engine });
    // The preview writes its own part of the summary of a workflow's run, where there is one: a file, no sign-in.
    const { GITHUB_STEP_SUMMARY } = process.env;
    const env = mergedEnvironment(sandbox.environment, { GITHUB_STEP_SUMMARY });
    const run = async (file: string, parameters: readonly string[]) => {
      const options = { cwd: folder, env, extendEnv: false, reject: false, all: true } as const;
      const { exitCode, stdout, all } = await execa(file, parameters, options);
      return { exitCode, stdout, all };
    };
    const pulumi = async (...parameters: readonly string[]) => {
      const { exitCode, all } = await run(engine.binary, [...parameters, "--non-interactive", "--color=never"]);
      if (exitCode !== 0) throw new StagingError(all);
    };
    const up = () => pulumi("up", "--stack", stack, "--yes", "--skip-preview", "--suppress-outputs");
    const tell = async () => {
      const told = await run(process.execPath, [
        join(root, "cli/feedpass.js"),
        ...["fleet", "preview", "--stacks", stack],
        ...(preview === "json" ? ["--json"] : []),
      ]);
      if (told.exitCode !== 0 && told.exitCode !== 2) throw new StagingError(told.all);
      return told.stdout;
    };
    try {
      if (before !== undefined) {
        writeProject(folder, before);
        await pulumi("stack", "init", stack);
        await up();
      }
      writeProject(folder, staged);
      const told = preview === undefined ? {} : { preview: await tell() };
      if (before === undefined) await pulumi("stack", "init", stack);
      await up();
      letEnd(sandbox.cloud.store, staged.settings.repository, staged.ended ?? []);
      return { state: sandbox.cloud.store.snapshot(), ...told };
    } finally {
      await sandbox.stop();
    }
  } finally {
    removeTemporaryFolder(folder);
  }
}

/** A sandbox starts with the state that it finds. */
async function seedSandbox(folder: string, { settings, before }: StagedStack): Promise<void> {
  const store = new Store();
  const credentials = await seedContoso(store, settings.tenantId);
  if (before !== undefined) {
    seedFeeds(store, before.settings, credentials.clientId);
    seedRepository(store, before.settings);
  }
  // A feed that the stack has made itself is there when its turn comes.
  const made = Object.values(before?.settings.feeds ?? {}).find(({ create }) => create);
  seedFeeds(store, settings, credentials.clientId, made);
  const githubToken = seedRepository(store, settings) ?? credentials.githubToken;
  const own = { ...credentials, githubToken };
  writeState(join(folder, "state.json"), { world: "", generation: 0, credentials: own, store });
}

/** This checkout's code, as the project's. */
function linkCode(folder: string): void {
  mkdirSync(join(folder, "stacks"));
  for (const shared of ["src", "infra", "sdks", "cli", "node_modules", "package.json"]) {
    symlinkSync(join(root, shared), join(folder, shared));
  }
}

/** The two files in question. */
function writeProject(folder: string, { stack, text, projectText, ended = [] }: Omit<StagedStack, "before">): void {
  writeFileSync(join(folder, "Pulumi.yaml"), projectText);
  writeFileSync(join(folder, stackFilePath(stack)), withDaysToCome(withoutEncryption(text), ended));
}

/** How a stack's secrets are encrypted is for its own state: in the sandbox nobody has the key. */
function withoutEncryption(text: string): string {
  return text.replace(/^(secretsprovider|encryptedkey|encryptionsalt):.*\r?\n?/gm, "");
}
