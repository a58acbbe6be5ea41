import { createHash } from "node:crypto";
import { parseFileName } from "../../python-packages/names.ts";
import type { Store } from "../../store.ts";
import type { Feed } from "../entities.ts";
import { type PackageFile, packageData } from "./entities.ts";

/** A file that comes into a feed. */
export interface NewPackageFile {
  readonly fileName: string;
  readonly content: Uint8Array;
  /** e.g. `>=3.9`; null where any Python will do. */
  readonly requiresPython: string | null;
  /** The upstream source that it is saved from; null where it is published. */
  readonly upstreamId: string | null;
}

/** Puts a file into a feed, if the feed may have it or not: who asks has checked that. */
export function addPackageFile(store: Store, feedId: string, added: NewPackageFile): PackageFile {
  const { fileName, content, requiresPython, upstreamId } = added;
  const distribution = parseFileName(fileName);
  if (!distribution) throw new Error(`${fileName} is no Python package`);
  const { files, contents } = packageData(store);
  const sha256 = createHash("sha256").update(content).digest("hex");
  if (!contents.get(sha256)) contents.insert({ id: sha256, base64: Buffer.from(content).toString("base64") });
  const { project, version } = distribution;
  const sameVersion = filesOf(store, feedId, project).find((file) => file.version === version);
  return files.insert({
    id: `${feedId}/${fileName}`,
    feedId,
    project,
    version,
    fileName,
    sha256,
    requiresPython,
    upstreamId,
    views: sameVersion?.views ?? [],
  });
}

/** The files of a package that a feed has itself. */
export const filesOf = (store: Store, feedId: string, project: string): readonly PackageFile[] =>
  packageData(store).files.filter((file) => file.feedId === feedId && file.project === project);

/** The names of the packages that a feed has itself. */
export const projectsOf = (store: Store, feedId: string): readonly string[] =>
  [
    ...new Set(
      packageData(store)
        .files.filter((file) => file.feedId === feedId)
        .map(({ project }) => project),
    ),
  ].sort();

export function contentOf(store: Store, file: PackageFile): Uint8Array<ArrayBuffer> {
  const content = packageData(store).contents.get(file.sha256);
  if (!content) throw new Error(`${file.fileName} has no content`);
  return new Uint8Array(Buffer.from(content.base64, "base64"));
}

/**
 * Whether versions from public upstreams count: not once the package was published to this feed, unless an owner allowed
 * them. What was saved before stays either way.
 * https://learn.microsoft.com/azure/devops/artifacts/concepts/upstream-behavior
 */
export function admitsExternalVersions(store: Store, feedId: string, project: string): boolean {
  const published = filesOf(store, feedId, project).some(({ upstreamId }) => upstreamId === null);
  return !published || packageData(store).allowedExternalVersions.get(`${feedId}/${project}`) !== undefined;
}

/** Forgets all packages of a feed, and content that no other feed has. */
export function forgetPackages(store: Store, feed: Feed): void {
  const { files, contents, allowedExternalVersions } = packageData(store);
  files.deleteWhere(({ feedId }) => feedId === feed.id);
  allowedExternalVersions.deleteWhere(({ feedId }) => feedId === feed.id);
  const kept = new Set(files.all().map(({ sha256 }) => sha256));
  contents.deleteWhere(({ id }) => !kept.has(id));
}
