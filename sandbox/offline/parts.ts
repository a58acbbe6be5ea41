import { delimiter, join } from "node:path";
import type { Internet } from "../internet.ts";
import { createSandboxHost } from "./host.ts";
import { startLanguageHost } from "./language-host.ts";
import type { Environment } from "./program-command.ts";
import type { ProviderDefinition } from "./providers/definition.ts";
import { startProviders } from "./providers/start.ts";

/** The offline parts of the engine that run. */
export interface OfflineParts {
  /** What the environment of `pulumi` needs beside what it has, so that the engine finds them. */
  readonly variables: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Which parts to stand in for, and with what. */
export interface OfflinePartsOptions {
  readonly internet: Pick<Internet, "proxyUrl" | "authority">;
  /** The environment in which `pulumi` will run: the programs and the providers work in it. */
  readonly environment: Environment;
  /** Stands in for the language host and for what starts policy packs. Default: true. */
  readonly languageHost?: boolean;
  /** Stands in for these providers. Default: none. */
  readonly providers?: readonly ProviderDefinition[];
}

/** Starts the parts of the engine that cannot be downloaded, inside this process. */
export async function startOfflineParts(options: OfflinePartsOptions): Promise<OfflineParts> {
  const { environment, internet } = options;
  const variables: Record<string, string> = {};
  const closers: (() => Promise<void>)[] = [];
  if (options.languageHost ?? true) {
    const host = await startLanguageHost({ environment });
    closers.push(() => host.close());
    variables.PULUMI_DEBUG_LANGUAGES = host.debugLanguages;
    variables.PATH = [join(import.meta.dirname, "bin"), environment.PATH ?? ""].join(delimiter);
  }
  if (options.providers?.length) {
    const host = createSandboxHost(internet, environment);
    const providers = await startProviders({ definitions: options.providers, host });
    closers.push(
      () => providers.close(),
      () => host.close(),
    );
    variables.PULUMI_DEBUG_PROVIDERS = providers.debugProviders;
    // The engine would download the plugins that a stack's state names, attached or not.
    variables.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
  }
  return {
    variables,
    async close() {
      for (const close of closers) await close();
    },
  };
}
