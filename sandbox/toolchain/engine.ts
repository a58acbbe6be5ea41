import { join } from "node:path";
import { buildEngine } from "./build.ts";
import { type RunTool, runTool } from "./command.ts";
import { downloadEngine, downloadPlugin, isDownloadSiteReachable } from "./download.ts";
import { EngineError } from "./errors.ts";
import {
  type Environment,
  engineVersion,
  findsLanguageHost,
  isProgram,
  officialPlugins,
  type Plugin,
  type PulumiHome,
  pulumiHome,
} from "./home.ts";
import { withLock } from "./lock.ts";

/** The official parts of the engine, or the stand-ins of the sandbox. */
export type Parts = "official" | "offline";

/** The engine, in place. */
export interface Engine {
  /** The CLI. */
  readonly binary: string;
  readonly version: string;
  /** Whether it was there, or how it came. */
  readonly how: "present" | "downloaded" | "built";
  /** Which providers the sandbox runs with. */
  readonly parts: Parts;
  /** Whether the engine finds a Node language host; where the parts are offline, the sandbox attaches its own. */
  readonly languageHost: Parts;
}

export interface EngineOptions {
  /** Told what happens, where it takes time. */
  readonly onProgress?: (message: string) => void;
  /** `PULUMI_HOME`, `PATH`, and `FEEDPASS_PROVIDERS`, which forces the parts. Default: this process's. */
  readonly environment?: Environment;
  /** Default: runs the commands on this machine. */
  readonly run?: RunTool;
  /** Default: asks the download site. */
  readonly isReachable?: () => Promise<boolean>;
  /** Default: this machine's. */
  readonly platform?: NodeJS.Platform;
}

/**
 * Sees to it that the pinned engine is where the npm package `pulumi` looks for it: there already, or downloaded, or,
 * where the download site is out of reach, built from its Go module. Says which parts to run it with.
 * @throws EngineError where it cannot be had
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<Engine> {
  const { environment = process.env, onProgress = () => {}, run = runTool, platform = process.platform } = options;
  const isReachable = once(options.isReachable ?? isDownloadSiteReachable);
  const forced = forcedParts(environment);
  const version = await engineVersion();
  const home = pulumiHome(version, environment);
  const context = { version, home, environment, onProgress, run, isReachable };
  const how = await ensureBinary(context);
  const languageHost = (await findsLanguageHost(home, environment)) ? "official" : "offline";
  const parts = await chooseParts({ ...context, forced, platform, languageHost });
  return { binary: home.binary, version, how, parts, languageHost };
}

interface Context {
  readonly version: string;
  readonly home: PulumiHome;
  readonly environment: Environment;
  readonly onProgress: (message: string) => void;
  readonly run: RunTool;
  readonly isReachable: () => Promise<boolean>;
}

async function ensureBinary(context: Context): Promise<Engine["how"]> {
  const { version, home, environment, onProgress, run, isReachable } = context;
  if (await isProgram(home.binary)) return "present";
  const onWait = (holder: number) => onProgress(`waiting for process ${holder}, which gets Pulumi ${version}`);
  return withLock(join(home.versions, `${version}.lock`), { onWait }, async () => {
    if (await isProgram(home.binary)) return "present";
    if (await isReachable()) {
      onProgress(`downloading Pulumi ${version}`);
      await downloadEngine(environment, run);
      if (await isProgram(home.binary)) return "downloaded";
      onProgress(`the download of Pulumi ${version} failed`);
    }
    await buildEngine({ version, home, environment, onProgress, run });
    return "built";
  });
}

interface Choice extends Context {
  readonly forced: Parts | undefined;
  readonly platform: NodeJS.Platform;
  readonly languageHost: Parts;
}

/**
 * The official parts need all of: a system on which Go programs take their authority from SSL_CERT_FILE, the language
 * host, and the plugins. An engine without a language host beside it was built, so its plugins are not to be had either.
 */
async function chooseParts(choice: Choice): Promise<Parts> {
  if (choice.forced === "offline") return "offline";
  if (choice.forced === undefined && (choice.platform !== "linux" || choice.languageHost === "offline"))
    return "offline";
  const missing = await missingPlugins(choice);
  if (missing.length === 0) return "official";
  if (choice.forced === undefined) return "offline";
  const names = missing.map(({ name, version }) => `${name} ${version}`).join(", ");
  throw new EngineError(
    `FEEDPASS_PROVIDERS is official, but these plugins are not installed and cannot be downloaded: ${names}. ` +
      "Install them with pulumi plugin install where they can be downloaded, or leave FEEDPASS_PROVIDERS out.",
  );
}

async function missingPlugins(context: Context): Promise<readonly Plugin[]> {
  const { home, environment, onProgress, run, isReachable } = context;
  const missing: Plugin[] = [];
  for (const plugin of await officialPlugins()) {
    if (await isProgram(home.plugin(plugin))) continue;
    const mayDownload = await isReachable();
    if (mayDownload) onProgress(`downloading the ${plugin.name} provider ${plugin.version}`);
    const installed = mayDownload && (await downloadPlugin(home.binary, plugin, environment, run));
    if (!installed) missing.push(plugin);
  }
  return missing;
}

function forcedParts(environment: Environment): Parts | undefined {
  const value = environment.FEEDPASS_PROVIDERS;
  if (value === undefined || value === "") return undefined;
  if (value === "official" || value === "offline") return value;
  throw new EngineError(`FEEDPASS_PROVIDERS: got "${value}", expected official or offline`);
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
