import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import { fileNamePart, normalizedVersion } from "./names.ts";

/** A package to be made. */
export interface WheelContents {
  /** e.g. `contoso-core` */
  readonly name: string;
  readonly version: string;
  /** Default: none. */
  readonly summary?: string;
  /** Default: any Python. */
  readonly requiresPython?: string;
  /** Dependencies, e.g. `["requests>=2"]`. Default: none. */
  readonly requires?: readonly string[];
  /** The files to install, by path: `{"contoso_core/__init__.py": "…"}`. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Wheel {
  readonly fileName: string;
  readonly content: Uint8Array;
}

/**
 * Makes a pure Python wheel. The same contents give the same bytes.
 * https://packaging.python.org/specifications/binary-distribution-format/
 */
export function buildWheel(contents: WheelContents): Wheel {
  const version = normalizedVersion(contents.version);
  if (!version) throw new Error(`${contents.version} is no version of a Python package`);
  const stem = `${fileNamePart(contents.name)}-${version}`;
  const information = `${stem}.dist-info`;
  const files = {
    ...contents.files,
    [`${information}/METADATA`]: metadata(contents, version),
    [`${information}/WHEEL`]: wheelFile,
  };
  const record = [...Object.entries(files).map(([path, text]) => recordLine(path, text)), `${information}/RECORD,,`];
  const all = { ...files, [`${information}/RECORD`]: `${record.join("\n")}\n` };
  const entries = Object.fromEntries(Object.entries(all).map(([path, text]) => [path, strToU8(text)]));
  return {
    fileName: `${stem}-py3-none-any.whl`,
    // The oldest date that an archive can have, whatever the machine's time zone.
    content: zipSync(entries, { mtime: new Date(1980, 0, 1) }),
  };
}

const wheelFile = [
  "Wheel-Version: 1.0",
  "Generator: feedpass-sandbox",
  "Root-Is-Purelib: true",
  "Tag: py3-none-any",
  "",
].join("\n");

function metadata({ name, summary, requiresPython, requires = [] }: WheelContents, version: string): string {
  return [
    "Metadata-Version: 2.1",
    `Name: ${name}`,
    `Version: ${version}`,
    ...(summary ? [`Summary: ${summary}`] : []),
    ...(requiresPython ? [`Requires-Python: ${requiresPython}`] : []),
    ...requires.map((requirement) => `Requires-Dist: ${requirement}`),
    "",
  ].join("\n");
}

function recordLine(path: string, text: string): string {
  const hash = createHash("sha256").update(text).digest("base64url");
  return `${path},sha256=${hash},${Buffer.byteLength(text)}`;
}
