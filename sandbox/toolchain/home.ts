import { access, constants, readFile, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A provider's plugin. */
export interface Plugin {
  /** e.g. `azuread` */
  readonly name: string;
  /** e.g. `6.9.1` */
  readonly version: string;
}

/** Where the engine keeps what it needs. */
export interface PulumiHome {
  /** The folder of all versions of the CLI. */
  readonly versions: string;
  /** The CLI where the npm package `pulumi` looks for it. */
  readonly binary: string;
  /** The language host that comes with the official CLI. */
  readonly languageHost: string;
  plugin(plugin: Plugin): string;
}

const packages = createRequire(import.meta.url);
const executable = process.platform === "win32" ? ".exe" : "";
const languageHostName = `pulumi-language-nodejs${executable}`;

/** @param version of the CLI. `PULUMI_HOME` of the environment decides on the folder; default: `~/.pulumi` */
export function pulumiHome(version: string, environment: Environment): PulumiHome {
  const home = environment.PULUMI_HOME || join(homedir(), ".pulumi");
  const versions = join(home, "versions");
  const folder = join(versions, version, "bin");
  return {
    versions,
    binary: join(folder, `pulumi${executable}`),
    languageHost: join(folder, languageHostName),
    plugin: ({ name, version }) =>
      join(home, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}${executable}`),
  };
}

/** Whether there is a program that can be run: a file, not empty, executable. */
export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).size > 0;
  } catch {
    return false;
  }
}

/** Whether the engine finds the official Node language host: beside itself, or on PATH. */
export async function findsLanguageHost(home: PulumiHome, environment: Environment): Promise<boolean> {
  const folders = [dirname(home.binary), ...(environment.PATH ?? "").split(delimiter)].filter(
    (folder) => folder !== "",
  );
  const found = await Promise.all(folders.map((folder) => isProgram(join(folder, languageHostName))));
  return found.includes(true);
}

/** The pinned version of the engine: that of the npm package `pulumi`. */
export async function engineVersion(): Promise<string> {
  const { version } = await readManifest("pulumi");
  return version;
}

/** The official plugins of the installed SDKs. */
export async function officialPlugins(): Promise<readonly Plugin[]> {
  const names = ["azuread", "azuredevops", "github"];
  return Promise.all(
    names.map(async (name) => {
      const { version, pulumi } = await readManifest(`@pulumi/${name}`);
      return { name, version: pulumi?.version ?? version };
    }),
  );
}

/** The program of the npm package `pulumi`, which downloads the engine where it is missing. */
export function npmWrapper(): string {
  return packages.resolve("pulumi/run.js");
}

interface Manifest {
  readonly version: string;
  readonly pulumi?: { readonly version?: string };
}

async function readManifest(name: string): Promise<Manifest> {
  return JSON.parse(await readFile(packages.resolve(`${name}/package.json`), "utf8")) as Manifest;
}
