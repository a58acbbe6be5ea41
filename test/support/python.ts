import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { Cloud } from "../../sandbox/cloud/cloud.ts";
import { type Environment, mergedEnvironment, sandboxEnvironment } from "../../sandbox/environment.ts";
import { openInternet } from "../../sandbox/internet.ts";
import { ensurePython, type PythonTools } from "../../sandbox/toolchain/python.ts";
import { pythonEnvironment } from "../../sandbox/toolchain/python-environment.ts";

/** The tools of this checkout, which are installed by the first test that needs them; undefined where they cannot be. */
export async function findPythonTools(): Promise<PythonTools | undefined> {
  const folder = fileURLToPath(new URL("../../.sandbox/python", import.meta.url));
  const outcome = await ensurePython({ folder });
  if (outcome.available) return outcome.tools;
  process.stderr.write(`tests with real Python clients are skipped: ${outcome.reason}\n`);
  return undefined;
}

/** How a command ended, and all that it printed. */
export interface Finished {
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** Real clients of a cloud: they use production addresses, through the proxy and TLS. */
export interface PythonClients {
  /** A folder of their own. */
  readonly folder: string;
  /** Runs `python ARGS…` in the virtual environment. */
  run(args: readonly string[], environment?: Environment): Promise<Finished>;
  close(): Promise<void>;
}

export async function openPythonClients(cloud: Cloud, tools: PythonTools): Promise<PythonClients> {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-clients-"));
  const internet = await openInternet(cloud);
  const authorityFile = join(folder, "authority.pem");
  writeFileSync(authorityFile, internet.authority);
  const inside = sandboxEnvironment({
    proxyUrl: internet.proxyUrl,
    authorityFile,
    backendFolder: folder,
    credentials: { tenantId: "", clientId: "", clientSecret: "", githubToken: "", passphrase: "" },
  });
  return {
    folder,
    async run(args, environment = {}) {
      const { exitCode, all } = await execa(tools.python, args, {
        cwd: folder,
        // The home of a job: nothing of this machine's user is in it.
        env: mergedEnvironment(pythonEnvironment(tools), inside, { HOME: folder, USERPROFILE: folder }, environment),
        extendEnv: false,
        reject: false,
        all: true,
      });
      return { exitCode, output: all };
    },
    async close() {
      await internet.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
