import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cloud, createCloud } from "./cloud/cloud.ts";
import { allServices } from "./cloud/services.ts";
import { seedContoso } from "./contoso.ts";
import { type Credentials, type Environment, mergedEnvironment, sandboxEnvironment } from "./environment.ts";
import { openInternet } from "./internet.ts";
import { startOfflineParts } from "./offline/parts.ts";
import { offlineProviders } from "./offline/providers/all.ts";
import { readState, writeState } from "./saved-state.ts";
import type { Engine } from "./toolchain/engine.ts";

/** A sandbox that is up. */
export interface Sandbox {
  readonly cloud: Cloud;
  readonly credentials: Credentials;
  /** What a command is given to live in the sandbox, beside what it is let know of the machine. */
  readonly environment: Environment;
  /**
   * Attaches another set of the engine's offline parts, for commands whose environment differs: an attached part is told
   * nothing of the environment of `pulumi`. Does nothing where the official parts are used.
   * @returns the environment of such a command, and what ends its parts
   */
  withEnvironment(changes: Environment): Promise<{ readonly environment: Environment; close(): Promise<void> }>;
  /** Writes the state to its file. */
  save(): void;
  /** Saves, and ends everything. */
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** Where the sandbox keeps its state and the engine its stacks. */
  readonly folder: string;
  /** Which parts of the engine there are; the sandbox stands in for the others. */
  readonly engine: Pick<Engine, "parts" | "languageHost">;
}

/** Starts the private internet, with the state of its last run or with the company Contoso as it was founded. */
export async function startSandbox({ folder, engine }: SandboxOptions): Promise<Sandbox> {
  const stateFile = join(folder, "state.json");
  const backendFolder = join(folder, "stacks");
  const authorityFile = join(folder, "authority.pem");
  mkdirSync(backendFolder, { recursive: true });

  const cloud = createCloud({ services: allServices });
  const saved = readState(stateFile);
  if (saved) cloud.store.restore(saved.store);
  const credentials = saved?.credentials ?? (await seedContoso(cloud.store));
  const internet = await openInternet(cloud);
  writeFileSync(authorityFile, internet.authority);

  const base = sandboxEnvironment({ proxyUrl: internet.proxyUrl, authorityFile, backendFolder, credentials });
  async function withEnvironment(changes: Environment) {
    const environment = { ...base, ...changes };
    const offline = await startOfflineParts({
      internet,
      environment: mergedEnvironment(environment),
      languageHost: engine.languageHost === "offline",
      providers: engine.parts === "offline" ? offlineProviders : [],
    });
    return { environment: { ...environment, ...offline.variables }, close: () => offline.close() };
  }
  const own = await withEnvironment({});

  function save(): void {
    writeState(stateFile, { credentials, store: cloud.store.snapshot() });
  }
  return {
    cloud,
    credentials,
    environment: own.environment,
    withEnvironment,
    save,
    async stop() {
      save();
      await own.close();
      await internet.close();
    },
  };
}
