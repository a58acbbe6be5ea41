import type { Entity, Store } from "../store.ts";

/** A file of the public index. Its id is its name, which no two files share. */
export interface IndexFile extends Entity {
  /** The project's name in normal form. */
  readonly project: string;
  /** In normal form. */
  readonly version: string;
  /** Of the content, in hexadecimal digits. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
  readonly requiresPython: string | null;
  /** A wheel's METADATA; null for a source distribution. */
  readonly metadata: string | null;
  /**
   * Real wheels stay in the folder that they were downloaded to, and only their place is kept, with the time of their
   * last change in milliseconds: megabytes that anyone can download again are no part of the state. Made packages are
   * small, and are kept whole, as base64.
   */
  readonly content: { readonly path: string; readonly modified: number } | { readonly base64: string };
}

/** Everything that the public index keeps. */
export const pypiFiles = (store: Store) => store.collection<IndexFile>("pypi.files");
