import type Table from "cli-table3";
import { type Change, changeLine, compare, isWidening } from "../../src/access/change.ts";
import { cautionsOf, type Grant, nobodyWords, protectionWords, signInWords } from "../../src/access/grants.ts";
import type { Reach } from "../../src/jobs/reach.ts";
import { roleLevel, roleWords } from "../../src/access/permissions.ts";
import { accessItem } from "../../src/report/access-item.ts";
import {
  type Block,
  code,
  document,
  heading,
  joined,
  lines,
  markdown,
  paragraph,
  row,
  tableHead,
  text as markdownText,
} from "../../src/report/markdown.ts";
import { type Colours, visible } from "../output.ts";

const heads = ["Repository", "Identity", "May", "From", "Signs in with"] as const;

/** By feed, and whoever may publish first. */
export function grantsInOrder(grants: readonly Grant[]): Grant[] {
  return [...grants].sort(
    (left, right) =>
      compare(left.feed, right.feed) ||
      roleLevel[right.role] - roleLevel[left.role] ||
      compare(left.repository, right.repository) ||
      compare(left.identity, right.identity),
  );
}

function byFeed(grants: readonly Grant[]): [feed: string, grants: Grant[]][] {
  const feeds = new Map<string, Grant[]>();
  for (const grant of grantsInOrder(grants)) feeds.set(grant.feed, [...(feeds.get(grant.feed) ?? []), grant]);
  return [...feeds];
}

/**
 * The grants as tables, one for each feed.
 * @param columns how wide the terminal is; undefined for as wide as it takes
 */
export function grantTables(
  grants: readonly Grant[],
  TableOf: typeof Table,
  colours: Colours,
  columns: number | undefined,
): string {
  if (grants.length === 0) return "Nobody has access.";
  const tables = byFeed(grants).map(([feed, rows]) => {
    const cells = rows.map((grant) => tableCells(grant).map(visible));
    const widths = columnWidths([[...heads], ...cells], columns);
    const table = new TableOf({
      head: heads.map((head) => colours.bold(head)),
      style: { head: [], border: [], compact: true },
      ...(widths ? { colWidths: widths, wordWrap: true } : {}),
    });
    table.push(
      ...cells.map((row) => row.map((cell) => (cell === roleWords.contributor ? colours.yellow(cell) : cell))),
    );
    return `${colours.bold(visible(feed))}\n${table.toString()}`;
  });
  return tables.join("\n\n");
}

/** A line for each source, and under it what is to be said of it; the same for the sign-in. */
function tableCells(grant: Grant): string[] {
  const { repository, identity, may, from } = grant;
  const under = (first: string, others: readonly string[]) => [first, ...others.map((words) => `  ${words}`)];
  const lines = from.flatMap((source) => under(source.words, remarksOf(source, grant)));
  const sources = lines.length === 0 ? nobodyWords(grant) : lines.join("\n");
  return [repository, identity, may, sources, under(signInWords(grant), grant.unusual).join("\n")];
}

/** What is to be said of a source: what stands before it, and what it takes in. */
function remarksOf(source: Reach, { role }: Grant): readonly string[] {
  return [...protectionWords(source), ...cautionsOf(source, role)];
}

/** Where a terminal is too narrow, the widest column gives way. Undefined where nothing needs to. */
function columnWidths(rows: readonly string[][], columns: number | undefined): number[] | undefined {
  if (columns === undefined) return undefined;
  const padding = 2;
  const least = 24;
  const widths = heads.map((_head, index) => {
    const lines = rows.flatMap((cells) => (cells[index] ?? "").split("\n"));
    return Math.max(...lines.map((line) => line.length)) + padding;
  });
  const excess = widths.reduce((sum, width) => sum + width, widths.length + 1) - columns;
  if (excess <= 0) return undefined;
  const widest = widths.indexOf(Math.max(...widths));
  return widths.map((width, index) => (index === widest ? Math.min(width, Math.max(least, width - excess)) : width));
}

/** The grants as Markdown, a section for each feed. */
export function grantsMarkdown(grants: readonly Grant[]): Block {
  if (grants.length === 0) return paragraph(markdown`Nobody has access.`);
  const sections = byFeed(grants).map(([feed, rows]) => {
    const table = [tableHead(heads.map(markdownText)), ...rows.map(grantRow)];
    return document([heading(3, markdownText(feed)), lines(table)]);
  });
  return document(sections);
}

function grantRow(grant: Grant): Block {
  const { repository, identity, may } = grant;
  const from = grant.from.map((source) => markdownText(inBrackets(source.words, remarksOf(source, grant))));
  const sources = from.length === 0 ? markdownText(nobodyWords(grant)) : joined(from, markdown`<br>`);
  const signIn = inBrackets(signInWords(grant), grant.unusual);
  const names = [repository, identity, may].map(markdownText);
  return row([...names, sources, markdownText(signIn)]);
}

/** `environment release (approval by team release-managers; only from tag v*)`. */
function inBrackets(first: string, others: readonly string[]): string {
  return others.length === 0 ? first : `${first} (${others.join("; ")})`;
}

/** The changes as lines for a terminal: `!` an escalation, `+` a gain, `-` a loss, `~` something else. */
export function changeLines(changes: readonly Change[], since: string, colours: Colours): string {
  if (changes.length === 0) return `No change of access since ${visible(since)}.`;
  const lines = changes.map((change) => {
    const text = visible(changeLine(change));
    if (change.escalation) return colours.red(`! ${text}`);
    if (change.kind === "gain") return colours.green(`+ ${text}`);
    return `${change.kind === "loss" ? "-" : "~"} ${text}`;
  });
  return [...lines, "", changeCount(changes, visible(since))].join("\n");
}

/** The changes as a Markdown list, what widens access marked. */
export function changesMarkdown(changes: readonly Change[], since: string): Block {
  if (changes.length === 0) return paragraph(markdown`No change of access since ${markdownText(since)}.`);
  // The id of a commit is code, so that it can be copied: as text it would become a link.
  const shown = /^[0-9a-f]{7,64}$/.test(since) ? code(since) : markdownText(since);
  const [before = "", after = ""] = changeCount(changes, "\n").split("\n");
  const count = markdown`${markdownText(before.trimEnd())} ${shown}${markdownText(after)}`;
  return document([lines(changes.map(accessItem)), paragraph(count)]);
}

/** `3 changes of access since main, 1 of them widens it.` */
function changeCount(changes: readonly Change[], since: string): string {
  const widening = changes.filter(isWidening).length;
  const what = changes.length === 1 ? "1 change" : `${changes.length} changes`;
  const part = widening === 0 ? "" : `, ${widening} of them ${widening === 1 ? "widens" : "widen"} it`;
  return `${what} of access since ${since}${part}.`;
}
