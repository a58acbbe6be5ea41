import { withoutSecrets } from "./secrets.ts";
import { oneLine, visible } from "./visible.ts";

/**
 * Markdown for GitHub. Only the functions here make it, and what they take is either Markdown already or a text that
 * anybody may have written: nothing of a text is markup, mentions somebody, links to something, hides something or is a
 * secret. Secrets go first, as they are no longer seen once a text is escaped.
 */

declare const kind: unique symbol;

/** Markdown within a line. */
export type Inline = string & { readonly [kind]: "inline" };

/** Markdown of whole lines. */
export type Block = string & { readonly [kind]: "block" };

/** What this program marks with. A sign in a text that anybody may have written is shown by its number where it has two. */
export type Icon = "" | "❌" | "⚠️" | "✏️";

/** As much of a text as a line shows. More than any name has, and than a person reads. */
const mostOfText = 1000;

/** As much of it as one block of code has, unless its caller says otherwise. */
const roomOfCode = { lines: 120, bytes: 10_000 };

/** Text within a line. */
export function text(value: string): Inline {
  const escaped = plain(value).replace(marks, (mark) => broken(mark) ?? (mark === "$" ? dollar("\\$") : `\\${mark}`));
  // What would begin a list, or underline what stands above.
  return escaped.replace(/^(?=[-+=:])|^(\d{1,9})(?=[.)])/, "$1\\") as Inline;
}

/** Code within a line. */
export function code(value: string): Inline {
  const shown = plain(value);
  const fence = longerThan(shown, 1);
  const padding = shown === "" || /^`|`$/.test(shown) ? " " : "";
  return (fence + padding + shown + padding + fence) as Inline;
}

/** Markdown of this program's own words, with values in it, as in `**${text(name)}** is gone`. */
export function markdown(words: TemplateStringsArray, ...values: readonly (Inline | Icon | number)[]): Inline {
  return words.map((part, index) => `${part}${values[index] ?? ""}`).join("") as Inline;
}

export function joined(parts: readonly Inline[], between: Inline): Inline {
  return parts.join(between) as Inline;
}

/**
 * A link to an address of this program's own.
 * @throws Error for an address that is no https
 */
export function link(words: Inline, address: string): Inline {
  const { protocol, href } = new URL(address);
  if (protocol !== "https:" || href.length > 2000) throw new Error(`got ${address}, expected an https address`);
  return `[${words}](${href.replace(/[()<>\\]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)})` as Inline;
}

export function paragraph(content: Inline): Block {
  return content as string as Block;
}

export function heading(level: 2 | 3 | 4, content: Inline): Block {
  return `${"#".repeat(level)} ${content}` as Block;
}

/** What is said beside the matter, in small letters. */
export function small(content: Inline): Block {
  return `<sub>${content}</sub>` as Block;
}

/** One of a list. */
export function item(content: Inline): Block {
  return `- ${content}` as Block;
}

/** A row of a table. */
export function row(cells: readonly Inline[]): Block {
  // Code keeps a stroke as it is, and a table would end its cell there.
  const whole = (cell: Inline) =>
    cell.replace(/(?<!\\)\\*\|/g, (end) => (end.length % 2 === 0 ? end : `${end.slice(0, -1)}\\|`));
  return `|${cells.map((cell) => (cell === "" ? " " : ` ${whole(cell)} `)).join("|")}|` as Block;
}

/** What a table begins with. */
export function tableHead(cells: readonly Inline[]): Block {
  return lines([row(cells), row(cells.map(() => markdown`---`))]);
}

/**
 * A block of code.
 * @param language as GitHub colours it
 * @param room how much of it is shown; what is left out is counted
 */
export function codeBlock(
  language: "diff" | "text" | "sh",
  content: readonly string[],
  room: { readonly lines: number; readonly bytes: number } = roomOfCode,
): Block {
  const looked = content.slice(0, room.lines * 4);
  const all = visible(withoutSecrets(looked.map(begin).join("\n"))).split("\n");
  const shown = firstFitting(all.map(cut), room.lines, room.bytes);
  const left = all.length - shown.length + content.length - looked.length;
  const told = [...shown, ...(left > 0 ? [`… and ${left} more ${left === 1 ? "line" : "lines"}`] : [])].join("\n");
  const fence = longerThan(told, 3);
  return `${fence}${language}\n${told}\n${fence}` as Block;
}

/** What is shown only to who opens it. @param summary a text, which is HTML there and no Markdown */
export function folded(icon: Icon, summary: string, content: Block): Block {
  const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  const escaped = plain(summary).replace(marks, (mark) => {
    return broken(mark) ?? (mark === "$" ? dollar("$") : (entities[mark] ?? mark));
  });
  const head = icon === "" ? escaped : `${icon} ${escaped}`;
  return `<details><summary>${head}</summary>\n\n${content}\n\n</details>` as Block;
}

/**
 * A line that nobody sees, by which a program finds what it wrote.
 * @throws Error for what could end it
 */
export function marker(words: string): Block {
  if (!/^feedpass:[\w:. -]{1,150}$/.test(words)) throw new Error("expected a marker of plain letters");
  return `<!-- ${words} -->` as Block;
}

/** Blocks directly below each other: entries of a list, rows of a table. */
export function lines(blocks: readonly Block[]): Block {
  return blocks.join("\n") as Block;
}

/** Blocks with an empty line between them. */
export function document(blocks: readonly Block[]): Block {
  return blocks.join("\n\n") as Block;
}

/** On one line, without secrets, every character seen, and no longer than anybody reads. */
function plain(value: string): string {
  return cut(oneLine(visible(withoutSecrets(begin(value)))));
}

/** As much of a text as is looked at: far more than is shown, so that a secret is seen whole or not at all. */
function begin(value: string): string {
  return value.slice(0, mostOfText * 8);
}

function cut(value: string): string {
  return value.length <= mostOfText ? value : `${value.slice(0, mostOfText)}… (cut)`;
}

/** The first lines that fit. */
function firstFitting(lines: readonly string[], most: number, bytes: number): string[] {
  let room = bytes;
  const first = lines.slice(0, most);
  const end = first.findIndex((line) => {
    room -= Buffer.byteLength(line) + 1;
    return room < 0;
  });
  return end < 0 ? first : first.slice(0, end);
}

/** A fence that the text does not end. */
function longerThan(value: string, least: number): string {
  const longest = [...value.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);
  return "`".repeat(Math.max(least, longest + 1));
}

/**
 * What GitHub takes for markup: what Markdown has, and what GitHub finds in the text that comes of it, where an escape is
 * no longer seen: mentions, issues, commits, advisories, addresses, emoji, formulas.
 * https://github.github.com/gfm/, https://docs.github.com/get-started/writing-on-github
 */
const marks =
  /[\\`*_[\]<>|~&#$@]|:(?=\/\/|[\w+-]{1,60}:)|www(?=\.)|(?:GHSA|GH|CVE)-(?=\w)|(?<![a-z0-9])[0-9a-f]{7,64}(?![a-z0-9])/gi;

/** What takes no place, and is no part of a name, an address or a number: those end at it. */
const gap = "&#8203;";

/** What GitHub finds in text, with a gap in it; undefined for a mark of Markdown. */
function broken(mark: string): string | undefined {
  if (/^[0-9a-f]{7}/i.test(mark)) return mark.match(/.{1,6}/g)?.join(gap);
  return /^[@#:]$|^www$|-$/i.test(mark) ? `${mark}${gap}` : undefined;
}

/** GitHub's own way of one that begins no formula: https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions */
function dollar(mark: string): string {
  return `<span>${mark}</span>`;
}
