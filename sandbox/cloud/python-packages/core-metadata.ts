import { gunzipSync } from "node:zlib";
import { strFromU8, unzipSync } from "fflate";

/**
 * What a distribution says of itself in its METADATA or PKG-INFO.
 * https://packaging.python.org/specifications/core-metadata/
 */
export interface CoreMetadata {
  /** The file as it is. */
  readonly text: string;
  readonly metadataVersion: string | undefined;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** e.g. `>=3.9`; undefined where any Python will do. */
  readonly requiresPython: string | undefined;
}

/** Reads a wheel's or source distribution's metadata; undefined where the file has none or cannot be read. */
export function readCoreMetadata(fileName: string, content: Uint8Array): CoreMetadata | undefined {
  const text = metadataFile(fileName, content);
  if (text === undefined) return undefined;
  return {
    text,
    metadataVersion: field(text, "Metadata-Version"),
    name: field(text, "Name"),
    version: field(text, "Version"),
    requiresPython: field(text, "Requires-Python"),
  };
}

function metadataFile(fileName: string, content: Uint8Array): string | undefined {
  try {
    if (fileName.endsWith(".whl")) return fromZip(content, /^[^/]+\.dist-info\/METADATA$/);
    if (fileName.endsWith(".zip")) return fromZip(content, /^[^/]+\/PKG-INFO$/);
    return fromTar(gunzipSync(content), /^[^/]+\/PKG-INFO$/);
  } catch {
    return undefined;
  }
}

function fromZip(archive: Uint8Array, path: RegExp): string | undefined {
  const [found] = Object.values(unzipSync(archive, { filter: ({ name }) => path.test(name) }));
  return found && strFromU8(found);
}

/** Headers and contents take turns, each in blocks of 512 bytes (https://www.gnu.org/software/tar/manual/html_node/Standard.html). */
function fromTar(archive: Buffer, path: RegExp): string | undefined {
  const blockSize = 512;
  for (let at = 0; at + blockSize <= archive.length; ) {
    const name = archive.toString("utf8", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(archive.toString("ascii", at + 124, at + 136), 8) || 0;
    const start = at + blockSize;
    if (path.test(name)) return archive.toString("utf8", start, start + size);
    at = start + Math.ceil(size / blockSize) * blockSize;
  }
  return undefined;
}

/** A header's first value. The headers end at the first empty line, where the description starts. */
function field(text: string, name: string): string | undefined {
  const [headers = ""] = text.split(/\r?\n\r?\n/, 1);
  return new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(headers)?.[1]?.trim();
}
