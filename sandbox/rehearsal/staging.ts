import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Settings } from "../../src/settings/schema.ts";
import { stackFilePath } from "../../src/settings/config.ts";
import { Store, type Snapshot } from "../cloud/store.ts";
import { seedContoso } from "../contoso.ts";
import { mergedEnvironment } from "../environment.ts";
import { startSandbox } from "../sandbox.ts";
import { writeState } from "../saved-state.ts";
import type { Engine } from "../toolchain/engine.ts";
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
}

/** The stack could not be applied. The message is what the engine printed. */
export class StagingError extends Error {}

/**
 * Applies a stack with the real engine, in a sandbox of its own that is gone afterwards: the stack's own state, services
 * and settings are not touched. The company there has everything that the file takes for granted.
 * @returns what the emulated services know then
 * @throws StagingError where the engine ends in an error
 */
export async function stageStack(staged: StagedStack, engine: Engine): Promise<Snapshot> {
  const folder = makeTemporaryFolder("rehearsal");
  const sandboxFolder = join(folder, ".sandbox");
  try {
    await seedSandbox(sandboxFolder, staged.settings);
    writeProject(folder, staged);
    const sandbox = await startSandbox({ folder: sandboxFolder, engine });
    try {
      const env = mergedEnvironment(sandbox.environment, { PULUMI_STACK: undefined });
      const commands = [
        ["stack", "init", staged.stack],
        ["up", "--stack", staged.stack, "--yes", "--skip-preview", "--suppress-outputs"],
      ];
      for (const args of commands) {
        const all = [...args, "--non-interactive", "--color=never"];
        const result = await execa(engine.binary, all, {
          cwd: folder,
          env,
          extendEnv: false,
          reject: false,
          all: true,
        });
        if (result.exitCode !== 0) throw new StagingError(result.all);
      }
      return sandbox.cloud.store.snapshot();
    } finally {
      await sandbox.stop();
    }
  } finally {
    removeTemporaryFolder(folder);
  }
}

/** A sandbox starts with the state that it finds. */
async function seedSandbox(folder: string, settings: Settings): Promise<void> {
  const store = new Store();
  const credentials = await seedContoso(store, settings.tenantId);
  seedFeeds(store, settings, credentials.clientId);
  const githubToken = seedRepository(store, settings) ?? credentials.githubToken;
  writeState(join(folder, "state.json"), { credentials: { ...credentials, githubToken }, store: store.snapshot() });
}

/** The project as the engine wants it: the two files in question, and this checkout's code. */
function writeProject(folder: string, { stack, text, projectText }: StagedStack): void {
  mkdirSync(join(folder, "stacks"));
  writeFileSync(join(folder, "Pulumi.yaml"), projectText);
  writeFileSync(join(folder, stackFilePath(stack)), withoutEncryption(text));
  for (const shared of ["src", "infra", "sdks", "node_modules", "package.json"]) {
    symlinkSync(join(root, shared), join(folder, shared));
  }
}

/** How a stack's secrets are encrypted is for its own state: in the sandbox nobody has the key. */
function withoutEncryption(text: string): string {
  return text.replace(/^(secretsprovider|encryptedkey|encryptionsalt):.*\r?\n?/gm, "");
}
