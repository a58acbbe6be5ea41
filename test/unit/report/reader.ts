import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { mathFromMarkdown } from "mdast-util-math";
import { gfm } from "micromark-extension-gfm";
import { math } from "micromark-extension-math";

type Root = ReturnType<typeof fromMarkdown>;
type Nodes = Root | Root["children"][number];

/** What a reader is shown, as another program than ours reads it. */
export interface Seen {
  readonly headings: readonly string[];
  readonly links: readonly string[];
  readonly html: readonly string[];
  /** Kinds of nodes: `paragraph`, `table`, … */
  readonly kinds: ReadonlySet<string>;
  /** Entries of lists that can be ticked. */
  readonly tasks: number;
  /** What stands outside of code, one for each run of text in which GitHub looks for mentions and the like. */
  readonly texts: readonly string[];
}

export function read(markdown: string): Seen {
  const root = fromMarkdown(markdown, {
    extensions: [gfm(), math()],
    mdastExtensions: [gfmFromMarkdown(), mathFromMarkdown()],
  });
  const seen = { headings: [], links: [], html: [], kinds: new Set<string>(), tasks: 0, texts: [] };
  return visit(root, seen);
}

interface Seeing {
  headings: string[];
  links: string[];
  html: string[];
  kinds: Set<string>;
  tasks: number;
  texts: string[];
}

function visit(node: Nodes, seen: Seeing): Seeing {
  seen.kinds.add(node.type);
  if (node.type === "heading") seen.headings.push(`${node.depth} ${textOf(node)}`);
  if (node.type === "link") seen.links.push(node.url);
  if (node.type === "html") seen.html.push(node.value);
  if (node.type === "text") seen.texts.push(node.value);
  if (node.type === "listItem" && typeof node.checked === "boolean") seen.tasks++;
  if ("children" in node) for (const child of node.children) visit(child, seen);
  return seen;
}

function textOf(node: Nodes): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}

/** What GitHub makes links, pictures and formulas of where it finds it in text. */
const found: readonly RegExp[] = [
  // Mentions, and what is behind the at sign of a mail address.
  /@[A-Za-z0-9_]/,
  /#\d/,
  /GH-\d/i,
  /(?:GHSA|CVE)-\w/i,
  /:\/\//,
  /www\./i,
  /:[a-z0-9_+-]+:/i,
  /(?<![a-z0-9])[0-9a-f]{7,40}(?![a-z0-9])/i,
  /\$.*\$/,
];

/** What of a text GitHub would find something in. */
export function finds(text: string): string[] {
  return found.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}
