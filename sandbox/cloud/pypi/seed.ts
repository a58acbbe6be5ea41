import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readCoreMetadata } from "../python-packages/core-metadata.ts";
import { parseFileName } from "../python-packages/names.ts";
import { buildWheel, type WheelContents } from "../python-packages/wheel.ts";
import type { Store } from "../store.ts";
import { type IndexFile, pypiFiles } from "./entities.ts";

export interface PypiSeed {
  /**
   * A folder of real wheels and source distributions. What came from a folder before and is not in this one is no
   * longer in the index. Default: what is there stays.
   */
  readonly folder?: string;
  /** Packages to make and publish. Default: none. */
  readonly packages?: readonly WheelContents[];
}

/**
 * Puts packages into the public index. May be called again, at each start: files that did not change are not read again.
 * @throws Error where a made package has the name of a file that is there with other contents
 */
export function seedPypi(store: Store, { folder, packages = [] }: PypiSeed): void {
  const files = pypiFiles(store);
  if (folder !== undefined) {
    const found = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
    const known = new Map(
      files.all().flatMap((file) => ("path" in file.content ? [[file.content.path, file] as const] : [])),
    );
    files.deleteWhere(({ content }) => "path" in content);
    for (const path of found) {
      const modified = statSync(path).mtimeMs;
      const before = known.get(path);
      const unchanged = before && "path" in before.content && before.content.modified === modified;
      const file = unchanged ? before : describe(path, readFileSync(path), { path, modified });
      if (file) replace(store, file);
    }
  }
  for (const contents of packages) publishWheel(store, contents);
}

function publishWheel(store: Store, contents: WheelContents): void {
  const { fileName, content } = buildWheel(contents);
  const file = describe(fileName, content, { base64: Buffer.from(content).toString("base64") });
  const before = pypiFiles(store).get(fileName);
  if (before && before.sha256 !== file?.sha256) throw new Error(`the index has another file named ${fileName}`);
  if (file) replace(store, file);
}

function replace(store: Store, file: IndexFile): void {
  const files = pypiFiles(store);
  files.delete(file.id);
  files.insert(file);
}

/** Undefined for a file that is no distribution. */
function describe(path: string, bytes: Uint8Array, content: IndexFile["content"]): IndexFile | undefined {
  const id = path.split(/[\\/]/).at(-1) ?? "";
  const distribution = parseFileName(id);
  const metadata = readCoreMetadata(id, bytes);
  if (!distribution || !metadata) return undefined;
  return {
    id,
    project: distribution.project,
    version: distribution.version,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    size: bytes.length,
    requiresPython: metadata.requiresPython ?? null,
    metadata: distribution.kind === "wheel" ? metadata.text : null,
    content,
  };
}
