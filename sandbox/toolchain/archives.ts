import { EngineError } from "./errors.ts";
import { engineVersion, officialPlugins, type PulumiHome } from "./home.ts";

/** A system and a processor, in Node's words. */
export interface Platform {
  readonly system: string;
  readonly processor: string;
}

/** An archive that Pulumi publishes, and where it belongs. */
export interface Archive {
  /** e.g. `pulumi-v3.259.0-linux-x64.tar.gz`: everything that tells it from others. */
  readonly name: string;
  /** Where it is on the download site, without the name. */
  readonly folder: string;
  /** The list of sums that Pulumi publishes beside it. */
  readonly list: string;
  /** The program that it is for, at its place. */
  readonly program: (home: PulumiHome) => string;
  /** The folders in the archive of which the first that has the program is put at that place. */
  readonly roots: readonly string[];
}

/** Where the archives are, as the engine itself knows it. */
export const downloadSite = "https://get.pulumi.com";

/** What people and workflows run on. */
export const platforms: readonly Platform[] = [
  { system: "linux", processor: "x64" },
  { system: "linux", processor: "arm64" },
  { system: "darwin", processor: "x64" },
  { system: "darwin", processor: "arm64" },
  { system: "win32", processor: "x64" },
];

/**
 * The engine with its language hosts, and the plugin of each provider, at the versions that package-lock.json pins.
 * @throws EngineError for a platform that there are none for
 */
export async function archivesFor({ system, processor }: Platform): Promise<readonly Archive[]> {
  if (!platforms.some((known) => known.system === system && known.processor === processor)) {
    throw new EngineError(`there is no engine to fetch for ${system} on ${processor}`);
  }
  const [version, plugins] = await Promise.all([engineVersion(), officialPlugins()]);
  const os = system === "win32" ? "windows" : system;
  const engine: Archive = {
    name: `pulumi-v${version}-${os}-${processor}.${system === "win32" ? "zip" : "tar.gz"}`,
    folder: "releases/sdk",
    list: `pulumi-${version}-checksums.txt`,
    program: (home) => home.binary,
    // As the official installer looks for them: https://get.pulumi.com/install.sh
    roots: ["pulumi/bin", "pulumi"],
  };
  const ofPlugins = plugins.map((plugin): Archive => {
    const { name, version } = plugin;
    return {
      // Pulumi names processors as Node does for the engine, and as Go does for plugins.
      name: `pulumi-resource-${name}-v${version}-${os}-${processor === "x64" ? "amd64" : processor}.tar.gz`,
      folder: "releases/plugins",
      list: `pulumi-${name}_${version}_checksums.txt`,
      program: (home) => home.plugin(plugin),
      roots: ["."],
    };
  });
  return [engine, ...ofPlugins];
}
