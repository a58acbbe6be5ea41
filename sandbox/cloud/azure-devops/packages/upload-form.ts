import { createHash } from "node:crypto";
import { normalizedName, normalizedVersion, parseFileName, shortestVersion } from "../../python-packages/names.ts";
import { packageFailures } from "./failures.ts";

/** A file that somebody uploads, and what the form says of it. */
export interface Upload {
  readonly fileName: string;
  readonly content: Uint8Array;
  /** In normal form. */
  readonly project: string;
  /** In normal form. */
  readonly version: string;
  /** Name and version as the form has them: `Contoso.Widgets 1.0.0`. */
  readonly label: string;
  readonly requiresPython: string | null;
}

/**
 * The metadata versions that may be uploaded. The last three came to be: a record of 2024 ends with 2.1
 * (https://github.com/astral-sh/ruff/issues/10378), and today's build back ends all write 2.4.
 */
const metadataVersions = ["1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4"] as const;

const kinds: Readonly<Record<string, "wheel" | "sdist">> = { bdist_wheel: "wheel", sdist: "sdist" };

/**
 * Reads the form of an upload (https://docs.pypi.org/api/upload/) and checks that it agrees with itself.
 * @throws ServiceError 400
 */
export async function readUpload(request: Request): Promise<Upload> {
  const form = await request.formData().catch(() => {
    throw packageFailures.invalidUpload("The request is not a form with a file.");
  });
  expectValue(form, ":action", "file_upload");
  expectValue(form, "protocol_version", "1");
  const metadataVersion = requiredText(form, "metadata_version");
  if (!metadataVersions.some((supported) => supported === metadataVersion)) {
    throw packageFailures.metadataVersionUnsupported(metadataVersion, metadataVersions);
  }
  const name = requiredText(form, "name");
  const version = requiredText(form, "version");
  const fileType = requiredText(form, "filetype");
  const file = form.get("content");
  if (!(file instanceof File)) throw packageFailures.invalidUpload("The field 'content' has to be a file.");
  const distribution = parseFileName(file.name);
  if (!distribution) {
    throw packageFailures.invalidUpload(`'${file.name}' is not the name of a wheel or source distribution.`);
  }
  const normalVersion = normalizedVersion(version);
  if (!normalVersion) throw packageFailures.invalidUpload(`'${version}' is not a valid version.`);
  const agrees =
    distribution.kind === kinds[fileType] &&
    distribution.project === normalizedName(name) &&
    shortestVersion(distribution.version) === shortestVersion(normalVersion);
  if (!agrees) {
    throw packageFailures.invalidUpload(
      `The file name '${file.name}' does not match the package '${name} ${version}' of type '${fileType}'.`,
    );
  }
  const content = new Uint8Array(await file.arrayBuffer());
  checkDigests(form, content);
  return {
    fileName: file.name,
    content,
    project: distribution.project,
    version: distribution.version,
    label: `${name} ${version}`,
    requiresPython: optionalText(form, "requires_python") ?? null,
  };
}

/** Of the digests that clients send, BLAKE2 is not looked at: the shorter variant that they use is not in Node. */
function checkDigests(form: FormData, content: Uint8Array): void {
  for (const algorithm of ["md5", "sha256"]) {
    const claimed = optionalText(form, `${algorithm}_digest`);
    const actual = createHash(algorithm).update(content).digest("hex");
    if (claimed !== undefined && claimed.toLowerCase() !== actual) {
      throw packageFailures.invalidUpload(`The field '${algorithm}_digest' does not match the content.`);
    }
  }
}

function expectValue(form: FormData, field: string, expected: string): void {
  if (requiredText(form, field) === expected) return;
  throw packageFailures.invalidUpload(`The field '${field}' has to be '${expected}'.`);
}

function requiredText(form: FormData, field: string): string {
  const value = optionalText(form, field);
  if (value === undefined) throw packageFailures.invalidUpload(`The field '${field}' is missing.`);
  return value;
}

function optionalText(form: FormData, field: string): string | undefined {
  const value = form.get(field);
  return typeof value === "string" && value !== "" ? value : undefined;
}
