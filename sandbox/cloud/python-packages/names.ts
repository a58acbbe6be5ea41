/**
 * The normal form of a project's name: `My.Package_x` and `my-package-x` are the same project.
 * https://packaging.python.org/specifications/name-normalization/
 */
export const normalizedName = (name: string): string => name.replace(/[-_.]+/g, "-").toLowerCase();

/** Whether a project may have this name. */
export const isProjectName = (name: string): boolean => /^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$/i.test(name);

/** The name or version as a part of a file name, where a hyphen separates parts. */
export const fileNamePart = (text: string): string => text.replace(/[-_.]+/g, "_").toLowerCase();

const versionPattern = new RegExp(
  [
    /^\s*v?(?:(?<epoch>\d+)!)?(?<release>\d+(?:\.\d+)*)/,
    /(?:[-_.]?(?<pre>alpha|beta|preview|pre|a|b|c|rc)[-_.]?(?<preNumber>\d*))?/,
    /(?:-(?<implicitPost>\d+)|[-_.]?(?<post>post|rev|r)[-_.]?(?<postNumber>\d*))?/,
    /(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>\d*))?/,
    /(?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*$/,
  ]
    .map(({ source }) => source)
    .join(""),
  "i",
);

const preReleases: Readonly<Record<string, string>> = { alpha: "a", beta: "b", c: "rc", pre: "rc", preview: "rc" };

/**
 * The normal form of a version, e.g. `1.0rc1` for `v1.0-RC.1`; undefined where it is none.
 * https://packaging.python.org/specifications/version-specifiers/#normalization
 */
export function normalizedVersion(version: string): string | undefined {
  const parts = versionPattern.exec(version)?.groups;
  if (!parts?.release) return undefined;
  const { epoch, pre, preNumber, implicitPost, post, postNumber, dev, devNumber, local } = parts;
  const label = pre?.toLowerCase();
  return [
    epoch && Number(epoch) !== 0 ? `${number(epoch)}!` : "",
    parts.release.split(".").map(number).join("."),
    label ? `${preReleases[label] ?? label}${number(preNumber)}` : "",
    implicitPost || post ? `.post${number(implicitPost ?? postNumber)}` : "",
    dev ? `.dev${number(devNumber)}` : "",
    local ? `+${local.toLowerCase().split(/[-_.]/).map(localPart).join(".")}` : "",
  ].join("");
}

/**
 * A version's shortest form, without the zeros that its release ends in: `1.28` for `1.28.0`. Versions that are equal
 * have the same.
 * @param version in normal form
 */
export const shortestVersion = (version: string): string =>
  version.replace(/^(\d+!)?(\d+(?:\.\d+)*?)(?:\.0)+(?!\.?\d)/, "$1$2");

/** A file that carries one version of a project. */
export interface DistributionFile {
  readonly kind: "wheel" | "sdist";
  /** In normal form. */
  readonly project: string;
  /** In normal form. */
  readonly version: string;
}

/**
 * What a file's name says that it is; undefined where it is no name of a wheel or source distribution.
 * https://packaging.python.org/specifications/binary-distribution-format/#file-name-convention
 * https://packaging.python.org/specifications/source-distribution-format/#source-distribution-file-name
 */
export function parseFileName(fileName: string): DistributionFile | undefined {
  const wheel = /^([^-]+)-([^-]+)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/.exec(fileName);
  if (wheel?.[1] && wheel[2]) return described("wheel", wheel[1], wheel[2]);
  const stem = /^(.+)\.(?:tar\.gz|zip)$/.exec(fileName)?.[1] ?? "";
  const hyphens = [...stem.matchAll(/-/g)].map(({ index }) => index);
  // Old source distributions have hyphens in the name, too: the version is the longest end that is one.
  return hyphens
    .map((at) => described("sdist", stem.slice(0, at), stem.slice(at + 1)))
    .find((distribution) => distribution !== undefined);
}

function described(kind: DistributionFile["kind"], name: string, version: string): DistributionFile | undefined {
  const normal = normalizedVersion(version);
  return normal && isProjectName(name) ? { kind, project: normalizedName(name), version: normal } : undefined;
}

const number = (digits: string | undefined): string => (digits ?? "").replace(/^0+(?=\d)/, "") || "0";

const localPart = (part: string): string => (/^\d+$/.test(part) ? number(part) : part);
