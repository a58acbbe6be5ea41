/** A file in a project's list. */
export interface FileLink {
  readonly fileName: string;
  readonly url: string;
  /** Hexadecimal digits. */
  readonly sha256: string;
  /** Which Pythons it is for; null for any. */
  readonly requiresPython: string | null;
  /** The SHA-256 of the metadata that is served at the URL with `.metadata` after it; null where it is not. */
  readonly metadataSha256: string | null;
}

/**
 * A project's files as HTML.
 * https://packaging.python.org/specifications/simple-repository-api/#base-html-api
 */
export function projectPage(project: string, files: readonly FileLink[]): string {
  return page(`Links for ${project}`, [`<h1>Links for ${escapeHtml(project)}</h1>`, ...files.map(fileAnchor)]);
}

/** The projects as HTML, each with a link that is relative to the list. */
export const indexPage = (title: string, projects: readonly string[]): string =>
  page(
    title,
    projects.map((name) => `<a href="${escapeHtml(name)}/">${escapeHtml(name)}</a><br/>`),
  );

function page(title: string, lines: readonly string[]): string {
  return [
    "<!DOCTYPE html>",
    "<html>",
    "  <head>",
    '    <meta name="pypi:repository-version" content="1.1">',
    `    <title>${escapeHtml(title)}</title>`,
    "  </head>",
    "  <body>",
    ...lines.map((line) => `    ${line}`),
    "  </body>",
    "</html>",
    "",
  ].join("\n");
}

function fileAnchor({ fileName, url, sha256, requiresPython, metadataSha256 }: FileLink): string {
  const attributes = [
    `href="${escapeHtml(url)}#sha256=${sha256}"`,
    ...(requiresPython === null ? [] : [`data-requires-python="${escapeHtml(requiresPython)}"`]),
    ...(metadataSha256 === null
      ? []
      : [`data-dist-info-metadata="sha256=${metadataSha256}"`, `data-core-metadata="sha256=${metadataSha256}"`]),
  ];
  return `<a ${attributes.join(" ")}>${escapeHtml(fileName)}</a><br/>`;
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character);

/** The media type of a list as JSON. */
export const simpleJson = "application/vnd.pypi.simple.v1+json";

/**
 * A project's files as JSON, as far as an index must tell and its readers ask.
 * https://packaging.python.org/specifications/simple-repository-api/#json-based-simple-api-for-python-package-indexes
 */
export interface ProjectDetail {
  readonly meta: { readonly "api-version": string };
  readonly name: string;
  readonly versions: readonly string[];
  readonly files: ReadonlyArray<{
    readonly filename: string;
    readonly url: string;
    readonly hashes: Readonly<Record<string, string>>;
    readonly "requires-python"?: string | null;
    readonly "core-metadata"?: boolean | Readonly<Record<string, string>>;
    readonly size: number;
    readonly yanked?: boolean | string;
  }>;
}
