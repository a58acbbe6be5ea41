import { createHash } from "node:crypto";
import { parseFileName } from "../../python-packages/names.ts";
import { type ProjectDetail, simpleJson } from "../../python-packages/simple-repository.ts";
import type { CloudContext } from "../../service.ts";
import type { Feed, UpstreamSource } from "../entities.ts";
import { packageFailures } from "./failures.ts";

/** A file that a public registry offers. */
export interface UpstreamFile {
  readonly source: UpstreamSource;
  readonly fileName: string;
  /** In normal form. */
  readonly version: string;
  readonly url: string;
  readonly sha256: string;
  readonly requiresPython: string | null;
}

/**
 * What the feed's public registries offer of a package, asked over the wire. Of two files with the same name the first
 * source's counts. Other feeds as upstream sources are not emulated: they offer nothing.
 * @param project the package's name in normal form
 */
export async function upstreamFiles(context: CloudContext, feed: Feed, project: string): Promise<UpstreamFile[]> {
  const sources = feed.upstreamEnabled
    ? feed.upstreamSources.filter((source) => source.protocol === "pypi" && source.upstreamSourceType === "public")
    : [];
  const offered = await Promise.all(sources.map((source) => filesOfSource(context, source, project)));
  const byName = new Map<string, UpstreamFile>();
  for (const file of offered.flat()) if (!byName.has(file.fileName)) byName.set(file.fileName, file);
  return [...byName.values()];
}

async function filesOfSource(context: CloudContext, source: UpstreamSource, project: string): Promise<UpstreamFile[]> {
  const url = new URL(`simple/${project}/`, source.location);
  const response = await context.fetch(new Request(url, { headers: { Accept: simpleJson } }));
  if (response.status === 404) return [];
  if (!response.ok) throw packageFailures.upstreamFailed(source.name, response.status);
  const { files } = (await response.json()) as ProjectDetail;
  return files.flatMap((file) => {
    const distribution = parseFileName(file.filename);
    const sha256 = file.hashes.sha256;
    if (!distribution || sha256 === undefined) return [];
    const { version } = distribution;
    const requiresPython = file["requires-python"] ?? null;
    return [{ source, fileName: file.filename, version, url: file.url, sha256, requiresPython }];
  });
}

/** Downloads a file from its registry, and checks that it is the one that the registry announced. */
export async function fetchUpstreamFile(context: CloudContext, file: UpstreamFile): Promise<Uint8Array> {
  const response = await context.fetch(new Request(file.url));
  if (!response.ok) throw packageFailures.upstreamFailed(file.source.name, response.status);
  const content = new Uint8Array(await response.arrayBuffer());
  const digest = createHash("sha256").update(content).digest("hex");
  if (digest !== file.sha256) throw packageFailures.upstreamFailed(file.source.name, response.status);
  return content;
}
