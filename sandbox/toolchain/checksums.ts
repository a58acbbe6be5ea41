import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Archive, archivesFor, downloadSite, platforms } from "./archives.ts";
import { EngineError } from "./errors.ts";
import { fetchFile, fetchText, type SumAlgorithm } from "./site.ts";

/** SHA-256 of archives, by name. */
export type Checksums = ReadonlyMap<string, string>;

/** The file of this repository that has them, and the command that writes it. */
export const checksumsFile = "engine-checksums.json";
export const writeCommand = "npm run engine:lock";

/** @throws EngineError for what is no such file */
export function parseChecksums(text: string): Checksums {
  const sums = new Map(Object.entries(parsed(text)));
  for (const [name, sum] of sums) {
    if (typeof sum !== "string" || !/^[0-9a-f]{64}$/.test(sum)) {
      throw new EngineError(
        `${checksumsFile}: ${name}: expected 64 hexadecimal digits; ${writeCommand} writes it anew`,
      );
    }
  }
  return sums as Checksums;
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new EngineError(`${checksumsFile}: expected a JSON object; ${writeCommand} writes it anew`);
}

export function renderChecksums(sums: Checksums): string {
  const entries = [...sums].sort(([left], [right]) => (left < right ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

export interface PublishedOptions {
  /** Told what happens. */
  readonly onProgress?: (message: string) => void;
  /** For tests alone. Default: Pulumi's own. */
  readonly site?: string;
}

/**
 * What Pulumi publishes for all platforms, at the pinned versions. Where it publishes another sum than SHA-256, the
 * archive is fetched, held against that sum, and its SHA-256 taken.
 * @throws EngineError where something is missing, cannot be had, or is not what was published; then nothing is known
 */
export async function publishedChecksums(options: PublishedOptions = {}): Promise<Checksums> {
  const { onProgress = () => {}, site = downloadSite } = options;
  const archives = (await Promise.all(platforms.map(archivesFor))).flat();
  const lists = new Map<string, ReadonlyMap<string, string>>();
  for (const { folder, list } of archives) {
    const address = `${site}/${folder}/${list}`;
    if (!lists.has(list)) lists.set(list, listedSums(await fetchText(address)));
  }
  const sums = new Map<string, string>();
  for (const archive of archives) {
    const { name, list } = archive;
    const published = lists.get(list)?.get(name);
    if (published === undefined) throw new EngineError(`${list} has no sum of ${name}`);
    onProgress(`looking at ${name}`);
    sums.set(name, algorithmOf(published) === "sha256" ? published : await sumOf(archive, published, site));
  }
  return sums;
}

/** Lines of `sha256sum` and its kind: the sum, white space, and a name that may begin with `./` or `*`. */
function listedSums(text: string): ReadonlyMap<string, string> {
  const lines = text.split("\n").map((line) => /^([0-9a-fA-F]{40,128})\s+(?:\*|\.\/)*(\S+)\s*$/.exec(line));
  return new Map(lines.flatMap((line) => (line?.[1] && line[2] ? [[line[2], line[1].toLowerCase()]] : [])));
}

const algorithms: Readonly<Record<number, SumAlgorithm>> = { 40: "sha1", 64: "sha256", 128: "sha512" };

function algorithmOf(sum: string): SumAlgorithm {
  const algorithm = algorithms[sum.length];
  if (algorithm === undefined)
    throw new EngineError(`got a published sum of ${sum.length} digits, expected SHA-1 or SHA-2`);
  return algorithm;
}

async function sumOf({ name, folder, list }: Archive, published: string, site: string): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), "feedpass-archive-"));
  try {
    const sums = await fetchFile(`${site}/${folder}/${name}`, join(place, name));
    const got = sums[algorithmOf(published)];
    if (got !== published) throw new EngineError(`${name} has the sum ${got}, and ${list} says ${published}`);
    return sums.sha256;
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}
