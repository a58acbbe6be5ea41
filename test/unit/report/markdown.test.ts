import { expect, test } from "vitest";
import {
  type Block,
  code,
  codeBlock,
  heading,
  type Inline,
  item,
  link,
  markdown,
  marker,
  paragraph,
  row,
  text,
} from "../../../src/report/markdown.ts";
import { visible } from "../../../src/report/visible.ts";

test("the compiler takes no text for Markdown, and no block for what stands within a line", () => {
  const name: string = "a";
  const lines: Block = paragraph(text(name));

  // @ts-expect-error: a text is no Markdown
  markdown`${name}`;
  // @ts-expect-error
  item(name);
  // @ts-expect-error
  row([name]);
  // @ts-expect-error
  const words: Inline = `${text(name)}, ${name}`;
  // @ts-expect-error: a heading has one line
  heading(3, lines);
  // @ts-expect-error: what GitHub draws is no language of ours
  codeBlock("mermaid", [name]);

  expect(words).toBe("a, a");
});

test.each([
  ["#1 of @ada in contoso/widgets#2", "#&#8203;1 of @&#8203;ada in contoso/widgets#&#8203;2"],
  ["GH-12 and CVE-2026-1", "GH-&#8203;12 and CVE-&#8203;2026-1"],
  ["http://a.b www.c.d", "http:&#8203;//a.b www&#8203;.c.d"],
  ["at 0123456789abcdef, not at 012345", "at 012345&#8203;6789ab&#8203;cdef, not at 012345"],
  [":rocket: stacks/Pulumi.a.yaml: feed: name", "\\:&#8203;rocket: stacks/Pulumi.a.yaml: feed: name"],
  ["costs $1 or $2", "costs <span>\\$</span>1 or <span>\\$</span>2"],
  ["- a", "\\- a"],
  ["+ a", "\\+ a"],
  ["12. a", "12\\. a"],
  ["1) a", "1\\) a"],
  ["===", "\\==="],
  ["a\n\n  b  \nc", "a b c"],
  ["1.5 - 2 + 3 = 4", "1\\.5 - 2 + 3 = 4"],
])("%j is the text %s", (given, expected) => {
  expect(text(given)).toBe(expected);
});

test.each([
  ["", "`  `"],
  ["a`b", "``a`b``"],
  ["`a`", "`` `a` ``"],
  ["a\nb", "`a b`"],
])("%j is the code %s", (given, expected) => {
  expect(code(given)).toBe(expected);
});

test("a cell of a table ends where it ends, also with code", () => {
  expect(row([text("a|b"), code("a|b"), code("a\\|b"), code("a\\\\|b")])).toBe(
    "| a\\|b | `a\\|b` | `a\\|b` | `a\\\\\\|b` |",
  );
});

test.each(["http://a.b", "javascript:alert(1)", "//a.b", "a"])("%s is no address to link to", (address) => {
  expect(() => link(markdown`logs`, address)).toThrow();
});

test("an address cannot end its link", () => {
  expect(link(markdown`logs`, "https://a.b/c)[d](e>f")).toBe("[logs](https://a.b/c%29[d]%28e%3Ef)");
});

test.each(["feedpass:a -->", "feedpass:a\n# b", "other:a", `feedpass:${"a".repeat(200)}`])(
  "%j is no marker",
  (words) => {
    expect(() => marker(words)).toThrow("expected a marker of plain letters");
  },
);

test("a text is cut where nobody reads on, and the lines that a block leaves out are counted", () => {
  expect(text("x".repeat(1005))).toBe(`${"x".repeat(1000)}… (cut)`);
  expect(codeBlock("text", ["a", "b", "c"], { lines: 1, bytes: 100 })).toBe("```text\na\n… and 2 more lines\n```");
  expect(codeBlock("text", Array<string>(500).fill("a"), { lines: 1, bytes: 100 })).toContain("… and 499 more lines");
  expect(codeBlock("text", ["a".repeat(50), "b".repeat(50)], { lines: 9, bytes: 60 })).toBe(
    `\`\`\`text\n${"a".repeat(50)}\n… and 1 more line\n\`\`\``,
  );
});

test.each([
  ["a filler of Hangul", "\u3164"],
  ["another", "\u115f"],
  ["an empty pattern of Braille", "\u2800"],
  ["a soft hyphen", "\u00ad"],
  ["a variation", "\ufe0f"],
  ["a rarer variation", "\u{e0101}"],
  ["a tag", "\u{e0041}"],
  ["a space that does not break", "\u00a0"],
  ["a wide space", "\u3000"],
  ["an end of a line", "\u2028"],
  ["a direction", "\u202e"],
  ["nothing", "\u200b"],
  ["a return", "\r"],
  ["a tab", "\t"],
  ["zero", "\u0000"],
  ["half a character", "\ud800"],
])("%s is seen as its number", (_what, character) => {
  const number = character.codePointAt(0)?.toString(16);

  expect(visible(`a${character}b`)).toBe(`a\\u{${number}}b`);
  expect(text(`a${character}b`)).toBe(`a\\\\u{${number}}b`);
});

test("letters of any language stay as they are, and marks cannot be piled up on them", () => {
  expect(visible("Zürich, Đà Nẵng, 東京, Ελλάδα, हिन्दी\n")).toBe("Zürich, Đà Nẵng, 東京, Ελλάδα, हिन्दी\n");
  expect(visible(`a${"\u0301".repeat(5)}`)).toBe(`a${"\u0301".repeat(3)}\\u{301}\\u{301}`);
});
