import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { Failure } from "./failure.ts";

/** git's name for a file's content. */
export type BlobId = string;

/** What a commit has at a path. */
export interface TreeEntry {
  /** git's word for what it is, e.g. `100644` for a regular file, `120000` for a symbolic link. */
  readonly mode: string;
  readonly id: BlobId;
  /** In bytes; 0 for what is no file. */
  readonly size: number;
}

/**
 * What a commit has at some paths, by path: an entry for each, and for a path that ends with `/` those of the folder.
 * Paths are relative to the folder; one that the commit does not have adds nothing.
 * @param reference a branch, tag or commit
 * @throws Failure where there is no checkout, or no such commit in it
 */
export async function listEntries(
  folder: string,
  reference: string,
  paths: readonly string[],
): Promise<Map<string, TreeEntry>> {
  if (reference.startsWith("-")) throw unknownReference(reference);
  const output = await git(folder, ["ls-tree", "-l", "-z", reference, ...paths]).catch((error: unknown) => {
    throw explained(error, folder, reference);
  });
  const entries = output
    .toString()
    .split("\0")
    .flatMap((line) => {
      const [, mode, id, size, path] = /^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
      if (mode === undefined || id === undefined || path === undefined) return [];
      return [[path, { mode, id, size: Number(size) || 0 }] as const];
    });
  return new Map(entries);
}

/**
 * The files under some paths that differ from a commit, relative to the folder: changed, added or gone.
 * @param reference a branch, tag or commit
 * @param head the commit that it is compared with; undefined for the working tree as it is, with those files as well that
 *   git does not follow yet
 * @throws Failure where there is no checkout, or no such commit in it
 */
export async function changedFiles(
  folder: string,
  reference: string,
  paths: readonly string[],
  head?: string,
): Promise<readonly string[]> {
  for (const name of [reference, head]) if (name?.startsWith("-")) throw unknownReference(name);
  const compared = head === undefined ? [reference] : [reference, head];
  const compare = ["diff", "--name-only", "--no-renames", "--no-ext-diff", "--relative", "-z", ...compared, "--"];
  const untracked = ["ls-files", "--others", "--exclude-standard", "-z", "--"];
  const outputs = await Promise.all([
    git(folder, [...compare, ...paths]),
    head === undefined ? git(folder, [...untracked, ...paths]) : "",
  ]).catch((error: unknown) => {
    throw explained(error, folder, compared.join(" or "));
  });
  return outputs.flatMap((output) => output.toString().split("\0")).filter((path) => path !== "");
}

/**
 * The full id of the commit that a branch, tag or commit is.
 * @throws Failure where there is no checkout, or no such commit in it
 */
export async function commitOf(folder: string, reference: string): Promise<string> {
  if (reference.startsWith("-")) throw unknownReference(reference);
  const parsed = await git(folder, ["rev-parse", "--verify", "--quiet", `${reference}^{commit}`]).catch(
    () => undefined,
  );
  if (parsed === undefined) throw unknownReference(reference);
  return parsed.toString().trim();
}

/** The contents of blobs, all of them from one process. */
export async function readBlobs(folder: string, ids: readonly BlobId[]): Promise<Map<BlobId, Buffer>> {
  const blobs = new Map<BlobId, Buffer>();
  if (ids.length === 0) return blobs;
  const output = await git(folder, ["cat-file", "--batch"], `${ids.join("\n")}\n`);
  // Each is `ID blob SIZE`, the content, and a line's end.
  for (let at = 0; at < output.length; ) {
    const lineEnd = output.indexOf("\n", at);
    const [id = "", type, size] = output.toString("utf8", at, lineEnd).split(" ");
    if (type !== "blob") throw new Failure(`git has no content for ${id}; fetch it, or make a full clone`);
    const start = lineEnd + 1;
    const end = start + Number(size);
    blobs.set(id, output.subarray(start, end));
    at = end + 1;
  }
  return blobs;
}

/** Whether a content is the blob's. May say no where git rewrites line ends; then the contents tell. */
export function isBlob(content: Buffer, id: BlobId): boolean {
  const algorithm = id.length === 64 ? "sha256" : "sha1";
  return createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest("hex") === id;
}

/** What git writes to standard output. */
export function git(folder: string, parameters: readonly string[], input = ""): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: folder,
      encoding: "buffer",
      maxBuffer: Number.POSITIVE_INFINITY,
      // Its words are looked at.
      env: { ...process.env, LC_ALL: "C" },
    } as const;
    const child = execFile("git", parameters, options, (error, stdout, stderr) => {
      if (error) reject(new GitError(stderr.toString().trim(), { cause: error }));
      else resolve(stdout);
    });
    // A git that ends early says why in its answer.
    child.stdin?.on("error", () => undefined).end(input);
  });
}

class GitError extends Error {}

function explained(error: unknown, folder: string, reference: string): unknown {
  if (!(error instanceof GitError)) return error;
  if ((error.cause as NodeJS.ErrnoException).code === "ENOENT") {
    return new Failure("git is not installed, and what a branch or commit holds is asked from it");
  }
  if (/not a git repository/i.test(error.message)) return new Failure(`${folder} is in no git checkout`);
  if (/not a valid object name|not a tree object|bad revision/i.test(error.message)) return unknownReference(reference);
  return new Failure(`git could not list ${reference}: ${error.message}`);
}

function unknownReference(reference: string): Failure {
  return new Failure(
    `got ${JSON.stringify(reference)}, expected a branch, tag or commit of this checkout; ` +
      "fetch it first (actions/checkout fetches one commit, all of them with fetch-depth: 0)",
  );
}
