import { isUtf8 } from "node:buffer";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../src/settings/problem.ts";
import { listEntries, readBlobs, type TreeEntry } from "./git.ts";

/**
 * What others wrote into the repository is read as regular files alone. A link would show whoever reads the result a file
 * of this machine; a submodule, a folder and a device are nothing that a stack could be made from.
 */

/** A file's bytes, or what is wrong with what is at its place. */
export type FoundFile =
  | { readonly content: Buffer; readonly problem?: undefined }
  | { readonly content?: undefined; readonly problem: Problem };

/** As many bytes as are read: fifty times the largest example. Whoever needs more has several repositories in one file. */
const largestFile = 256 * 1024;

/**
 * A file of the working tree. Links are not followed. Whether it is executable does not count: some file systems say so
 * of every file.
 */
export function fileOnDisk(path: string): FoundFile {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return refused("120000");
  if (found.isDirectory()) return refused("040000");
  if (!found.isFile()) return refused("other");
  return found.size > largestFile ? tooLarge(found.size) : checked(readFileSync(path));
}

/** The files of a commit, by path. */
export async function filesOfCommit(
  folder: string,
  entries: ReadonlyMap<string, TreeEntry>,
): Promise<Map<string, FoundFile>> {
  const isReadable = ({ mode, size }: TreeEntry) => mode === regularMode && size <= largestFile;
  const ids = [...entries.values()].filter(isReadable).map(({ id }) => id);
  const blobs = await readBlobs(folder, [...new Set(ids)]);
  const found = (entry: TreeEntry): FoundFile => {
    if (entry.mode !== regularMode) return refused(entry.mode);
    const content = blobs.get(entry.id);
    return content === undefined ? tooLarge(entry.size) : checked(content);
  };
  return new Map([...entries].map(([path, entry]) => [path, found(entry)]));
}

/** What is wrong with the folder of the stack files in the working tree; undefined where it is one, or is not there. */
export function folderProblemOnDisk(root: string, folder: string): Problem | undefined {
  const found = lstatSync(join(root, folder), { throwIfNoEntry: false });
  return found === undefined || found.isDirectory()
    ? undefined
    : folderProblem(found.isSymbolicLink() ? "120000" : regularMode);
}

/** The same in a commit. */
export async function folderProblemOfCommit(
  root: string,
  reference: string,
  folder: string,
): Promise<Problem | undefined> {
  const mode = (await listEntries(root, reference, [folder])).get(folder)?.mode;
  return mode === undefined || mode === "040000" ? undefined : folderProblem(mode);
}

/** git's modes: https://git-scm.com/docs/git-fast-import#_filemodify */
const regularMode = "100644";
const kinds: Readonly<Record<string, string>> = {
  "040000": "a folder",
  "100644": "a file",
  "100755": "an executable file",
  "120000": "a symbolic link",
  "160000": "a submodule",
};

const kindOf = (mode: string): string => kinds[mode] ?? "something else";

function refused(mode: string): FoundFile {
  const fix =
    mode === "100755"
      ? "git update-index --chmod=-x takes the bit away"
      : "put the file itself there: what this leads to is never read";
  return wrong(`got ${kindOf(mode)}, expected a regular file; ${fix}`);
}

function folderProblem(mode: string): Problem {
  return {
    path: "line 1",
    text: `got ${kindOf(mode)}, expected a folder; put the folder itself there: what this leads to is never read`,
  };
}

function tooLarge(size: number): FoundFile {
  const kibibytes = (bytes: number) => `${Math.ceil(bytes / 1024)} KiB`;
  return wrong(
    `got ${kibibytes(size)}, expected ${kibibytes(largestFile)} at most; a stack file is for one repository`,
  );
}

function checked(content: Buffer): FoundFile {
  if (isUtf8(content)) return { content };
  return wrong("got bytes that are no UTF-8, expected text; save the file as UTF-8", lineThatIsNoText(content));
}

/** A line's end is never a part of another character, so that each line can be looked at alone. */
function lineThatIsNoText(content: Buffer): number {
  for (let line = 1, at = 0; ; line++) {
    const end = content.indexOf("\n", at);
    if (end < 0 || !isUtf8(content.subarray(at, end))) return line;
    at = end + 1;
  }
}

function wrong(text: string, line = 1): FoundFile {
  return { problem: { path: `line ${line}`, text } };
}
