/**
 * Markdown for GitHub, from text that anybody may have written. Nothing of the text is markup, mentions somebody or
 * hides something.
 */

/** Text within a line. */
export function text(value: string): string {
  return oneLine(visible(value))
    .replace(/[\\`*_[\]<>#|~&]/g, "\\$&")
    .replaceAll("@", "@&#8203;");
}

/** Code within a line. */
export function code(value: string): string {
  const plain = oneLine(visible(value));
  const fence = longerThan(plain, 1);
  const padding = /^`|`$/.test(plain) ? " " : "";
  return fence + padding + plain + padding + fence;
}

/** A block of code. @param language as GitHub colours it: `diff`, `text`, `sh` */
export function block(language: string, lines: readonly string[]): string {
  const plain = visible(lines.join("\n"));
  const fence = longerThan(plain, 3);
  return `${fence}${language}\n${plain}\n${fence}`;
}

/** What is shown only to who opens it. @param summary Markdown of one line */
export function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** A fence that the text does not end. */
function longerThan(value: string, least: number): string {
  const runs = [...value.matchAll(/`+/g)].map(([run]) => run.length + 1);
  return "`".repeat(Math.max(least, ...runs));
}

/** What a terminal obeys, and what a reader does not see, as its number. Line ends stay. */
export function visible(value: string): string {
  return value.replace(/[^\P{C}\n]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

function oneLine(value: string): string {
  return value.replace(/\s*\n\s*/g, " ");
}

/**
 * The shapes of what must never be in a comment: tokens of GitHub, JSON Web Tokens, client secrets of Entra, private
 * keys. Nothing should bring them here; this is the last of several doors.
 */
const secretShapes = [
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /[\w.~-]{3}[78]Q~[\w.~-]{20,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

export function withoutSecrets(value: string): string {
  return secretShapes.reduce((rest, shape) => rest.replace(shape, "[hidden]"), value);
}
