import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

// Proves that the README shows what is really written.

/** The text of a part, from a line that begins so up to before another, without empty lines around it. */
function part(text: string, from: string, before: string): string {
  const start = text.indexOf(from);
  return text.slice(start, text.indexOf(before, start + from.length)).trim();
}

test("the comment in the README is two parts of one that the tests write", () => {
  const section = part(readFileSync("README.md", "utf8"), "## What a pull request shows\n", "\n## ");
  const quoted = section.split("\n").filter((line) => line.startsWith(">"));
  const comment = readFileSync("test/unit/report/golden/comment.md", "utf8");

  const head = part(comment, "### ", "#### Removed files");
  const widgets = part(comment, "<details><summary>✏️ contoso-widgets<", "<details><summary>⚠️ contoso-levers<");
  expect(quoted.map((line) => line.replace(/^> ?/, "")).join("\n")).toBe(`${head}\n\n${widgets}`);
});
