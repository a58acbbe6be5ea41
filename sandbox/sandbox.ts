import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cloud, createCloud } from "./cloud/cloud.ts";
import { allServices } from "./cloud/services.ts";
import { seedContoso } from "./contoso.ts";
import { type Credentials, type Environment, mergedEnvironment, sandboxEnvironment } from "./environment.ts";
import { openInternet } from "./internet.ts";
import { startOfflineParts } from "./offline/parts.ts";
import { offlineProviders } from "./offline/providers/all.ts";
import { keepState } from "./kept-state.ts";
import { tellStale } from "./stale-services.ts";
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
  /** What is wrong with what earlier runs left, and the way out; undefined where nothing is. */
  readonly warning: string | undefined;
  /** Ends everything. Its state is in its folder at any time, so a kill loses nothing that a service has answered. */
  stop(): Promise<void>;
}

export interface SandboxOptions {
  /** Where the sandbox keeps its state and the engine its stacks. */
  readonly folder: string;
  /** Which parts of the engine there are; the sandbox stands in for the others. */
  readonly engine: Pick<Engine, "parts" | "languageHost">;
}

/**
 * Starts the private internet, with the state of its last run or with the company Contoso as it was founded.
 * @throws StateError where the state of the last run cannot be used
 */
export async function startSandbox({ folder, engine }: SandboxOptions): Promise<Sandbox> {
  const backendFolder = join(folder, "stacks");
  const authorityFile = join(folder, "authority.pem");
  mkdirSync(backendFolder, { recursive: true });

  const cloud = createCloud({ services: allServices });
  const state = await keepState(folder, cloud.store, seedContoso);
  const warning = tellStale(backendFolder, state);
  const { credentials } = state;
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

  return {
    cloud,
    credentials,
    environment: own.environment,
    withEnvironment,
    warning,
    async stop() {
      await own.close();
      await internet.close();
      state.close();
    },
  };
}
