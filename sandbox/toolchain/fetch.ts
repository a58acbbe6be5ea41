import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Archive, archivesFor, downloadSite, type Platform } from "./archives.ts";
import { type Checksums, checksumsFile, writeCommand } from "./checksums.ts";
import { runTool } from "./command.ts";
import { EngineError } from "./errors.ts";
import { type Environment, engineVersion, isProgram, type PulumiHome, pulumiHome } from "./home.ts";
import { withLock } from "./lock.ts";
import { fetchFile } from "./site.ts";

export interface FetchOptions {
  readonly checksums: Checksums;
  /** Told what happens. */
  readonly onProgress?: (message: string) => void;
  /** `PULUMI_HOME`, and `PATH` for `tar`. Default: this process's. */
  readonly environment?: Environment;
  /** Default: this machine's. */
  readonly platform?: Platform;
  /** For tests alone. Default: Pulumi's own. */
  readonly site?: string;
}

/** Beside the programs: the sum of the archive that they came from. */
const markerName = "archive.sha256";

/**
 * Puts the engine and its plugins where the engine looks for them, each from an archive whose sum is recorded. What is
 * there from the same archive stays; what came in another way is replaced. Every sum is looked at before anything is
 * unpacked, and nothing of an archive is run.
 * @returns the names of the archives that were fetched
 * @throws EngineError where a sum is not recorded, an archive cannot be had as a whole, or is not the one that is recorded
 */
export async function fetchEngine(options: FetchOptions): Promise<readonly string[]> {
  const { checksums, environment = process.env, onProgress = () => {}, site = downloadSite } = options;
  const platform = options.platform ?? { system: process.platform, processor: process.arch };
  const wanted = (await archivesFor(platform)).map((archive) => ({ archive, sum: checksums.get(archive.name) }));
  const missing = wanted.filter(({ sum }) => sum === undefined).map(({ archive }) => archive.name);
  if (missing.length > 0) {
    throw new EngineError(
      `no checksum is recorded for ${missing.join(", ")}: nothing is fetched; ` +
        `run ${writeCommand} where ${downloadSite} can be reached, and commit ${checksumsFile}`,
    );
  }
  const version = await engineVersion();
  const home = pulumiHome(version, environment);
  return withLock(join(home.versions, `${version}.lock`), {}, async () => {
    const place = await mkdtemp(join(dirname(home.versions), ".fetching-"));
    try {
      const fetched: (Recorded & { readonly file: string })[] = [];
      for (const { archive, sum = "" } of wanted) {
        if (await isInPlace({ archive, sum }, home)) continue;
        onProgress(`fetching ${archive.name}`);
        fetched.push({ archive, sum, file: await verified({ archive, sum }, place, site) });
      }
      for (const one of fetched) await install(one, place, home, environment);
      return fetched.map(({ archive }) => archive.name);
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });
}

interface Recorded {
  readonly archive: Archive;
  readonly sum: string;
}

async function isInPlace({ archive, sum }: Recorded, home: PulumiHome): Promise<boolean> {
  const marker = await readFile(join(dirname(archive.program(home)), markerName), "utf8").catch(() => undefined);
  return marker === sum;
}

async function verified({ archive, sum }: Recorded, place: string, site: string): Promise<string> {
  const file = join(place, archive.name);
  const { sha256 } = await fetchFile(`${site}/${archive.folder}/${archive.name}`, file);
  if (sha256 === sum) return file;
  throw new EngineError(
    `${archive.name} has the SHA-256 ${sha256}, expected ${sum} of ${checksumsFile}: ` +
      "it is not what was recorded, and nothing was unpacked",
  );
}

async function install(
  { archive, sum, file }: Recorded & { readonly file: string },
  place: string,
  home: PulumiHome,
  environment: Environment,
): Promise<void> {
  const unpacked = join(place, `${archive.name}.unpacked`);
  await mkdir(unpacked);
  const tar = await runTool({ file: "tar", args: ["-xf", file, "-C", unpacked], environment });
  if (tar.exitCode !== 0) throw new EngineError(`${archive.name} could not be unpacked: ${tar.stderr.trim()}`);
  const program = archive.program(home);
  const target = dirname(program);
  const folders = archive.roots.map((root) => join(unpacked, root));
  const found = await Promise.all(folders.map((folder) => isProgram(join(folder, basename(program)))));
  const folder = folders[found.indexOf(true)];
  if (folder === undefined) throw new EngineError(`${archive.name} has no program ${basename(program)}`);
  await writeFile(join(folder, markerName), sum);
  await rm(target, { recursive: true, force: true });
  // What the engine leaves where an installation of its own was cut off: it would take the plugin for missing.
  await rm(`${target}.partial`, { force: true });
  await mkdir(dirname(target), { recursive: true });
  await rename(folder, target);
}
