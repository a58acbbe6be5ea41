import type { Entity, Store } from "../../store.ts";

/** A Python package's file in a feed. Its id is `{feedId}/{fileName}`: a feed never has two files of one name. */
export interface PackageFile extends Entity {
  readonly feedId: string;
  /** The package's name in normal form. */
  readonly project: string;
  /** In normal form. */
  readonly version: string;
  readonly fileName: string;
  /** Of the content, in hexadecimal digits. */
  readonly sha256: string;
  readonly requiresPython: string | null;
  /** The upstream source that it was saved from; null for what was published to the feed. */
  readonly upstreamId: string | null;
  /** The ids of the views that its version was promoted to. */
  readonly views: readonly string[];
}

/**
 * The bytes of files, by their SHA-256, as base64. They are part of the state, for a feed must give what it was given:
 * apart from the files, so that a list of these costs nothing, and once for all feeds that have the same.
 */
export interface PackageContent extends Entity {
  readonly base64: string;
}

/** That versions from public upstreams are wanted although the package was published here. Its id is `{feedId}/{project}`. */
export interface AllowedExternalVersions extends Entity {
  readonly feedId: string;
}

export function packageData(store: Store) {
  return {
    files: store.collection<PackageFile>("azureDevOps.packageFiles"),
    contents: store.collection<PackageContent>("azureDevOps.packageContents"),
    allowedExternalVersions: store.collection<AllowedExternalVersions>("azureDevOps.allowedExternalVersions"),
  };
}
