import fc from "fast-check";
import { expect, test } from "vitest";
import { reportMarkdown } from "../../../cli/fleet/markdown.ts";
import { renderComment } from "../../../src/report/comment.ts";
import { driftIssue, leftoverIssue, secretIssue, stackOfIssue } from "../../../src/report/drift-issue.ts";
import {
  code,
  codeBlock,
  document,
  folded,
  item,
  lines,
  paragraph,
  row,
  tableHead,
  text,
} from "../../../src/report/markdown.ts";
import { outdated } from "../../../src/report/outdated.ts";
import { attackedReport, attackText, runUrl, secretEnds } from "./arbitrary.ts";
import { attacks } from "./fixtures/attacks.ts";
import { finds, read, type Seen } from "./reader.ts";

// Proves, with a parser that others wrote, that nothing but this program's own words is markup: whatever the results'
// schema takes, and whatever stands in the files of a pull request.

const kinds = new Set([
  ...["root", "heading", "paragraph", "text", "strong", "html", "inlineCode", "code"],
  ...["list", "listItem", "link", "table", "tableRow", "tableCell"],
]);

const html = [
  /^<!-- feedpass:(?:preview|outdated|older|drift [\w.-]+) -->$/,
  /^<details><summary>(?:<span>\$<\/span>|[^<>$])*<\/summary>$/,
  /^<\/details>$/,
  /^<\/?(?:sub|span)>$/,
];

/** Everything but the headings, which each kind of document has its own of. */
function expectNoMarkup(seen: Seen): void {
  expect([...seen.kinds].filter((kind) => !kinds.has(kind))).toEqual([]);
  expect(seen.tasks).toBe(0);
  expect(seen.links.filter((address) => address !== runUrl)).toEqual([]);
  expect(seen.html.filter((tag) => !html.some((known) => known.test(tag)))).toEqual([]);
  const summaries = seen.html.filter((tag) => tag.startsWith("<details>")).map(withoutEntities);
  expect([...seen.texts, ...summaries].flatMap(finds)).toEqual([]);
}

function withoutEntities(summary: string): string {
  return summary.replace(/<[^>]*>/g, "\n").replaceAll("&#8203;", "\u200b");
}

const title = /^3 (?:❌ |⚠️ )?Feed access: (?:no stack changes|[\d a-z,]+)$/;

test("a comment has its own headings, links and tags, and no others, whatever it tells", () => {
  fc.assert(
    fc.property(attackedReport, (report) => {
      const seen = read(renderComment(report));

      const [first, ...others] = seen.headings;
      expect(first).toMatch(title);
      const removed = report.preview.leftovers.size > 0 ? ["4 Removed files"] : [];
      const secrets = report.secretEnds.length > 0 ? ["4 Client secrets"] : [];
      expect(others).toEqual(["4 Who may do what", ...secrets, "4 Stacks", ...removed]);
      expect(seen.html.filter((tag) => tag.startsWith("<!--"))).toEqual(["<!-- feedpass:preview -->"]);
      expectNoMarkup(seen);
    }),
    { numRuns: 400 },
  );
});

test("a comment that is out of date has one heading more, and says what it said once", () => {
  fc.assert(
    fc.property(attackedReport, (report) => {
      const body = renderComment(report);
      const marked = outdated(body, runUrl);

      expect(outdated(marked, runUrl)).toBe(marked);
      const seen = read(marked);
      expect(seen.headings).toEqual(["3 ⏳ Feed access: a newer commit is being previewed", ...read(body).headings]);
      expectNoMarkup(seen);
    }),
    { numRuns: 100 },
  );
});

test("an issue has no headings, and no links and tags but its own", () => {
  fc.assert(
    fc.property(attackedReport, ({ preview, drift, secretEnds: [ends] }) => {
      const issues = [
        ...[...preview.stacks.values(), ...drift.stacks.values()].map((result) => driftIssue(result, runUrl, ends)),
        ...(ends === undefined ? [] : [secretIssue(ends, runUrl)]),
        ...[...preview.leftovers.values()].map((leftover) => leftoverIssue(leftover, runUrl)),
      ];
      for (const { stack, body } of issues) {
        const seen = read(body);
        expect(seen.headings).toEqual([]);
        expect(stackOfIssue(body)).toBe(stack);
        expectNoMarkup(seen);
      }
    }),
    { numRuns: 100 },
  );
});

test("the summary of a job has no headings, links and tags but its own", () => {
  fc.assert(
    fc.property(attackedReport, fc.array(attackText, { maxLength: 3 }), secretEnds, (report, words, ends) => {
      const stacks = [...report.preview.stacks.values()].map((result) => ({
        ...result,
        repository: result.repository,
        access: words.map((text) => ({ text, escalation: true })),
        secretEnds: ends,
        changes: result.changes.map(({ properties, ...change }) => ({
          ...change,
          properties: properties.map(({ path }) => ({ path })),
        })),
        seconds: 1,
      }));
      const why = words.join("");

      const seen = read(reportMarkdown({ operation: "preview", why, stacks, leftovers: [], seconds: 1 }));

      expect(seen.headings).toEqual(["2 Preview"]);
      expectNoMarkup({ ...seen, html: seen.html.filter((tag) => tag !== "<br>") });
    }),
    { numRuns: 100 },
  );
});

test.each(attacks.map((attack) => [attack.length > 60 ? `${attack.slice(0, 60)}…` : attack, attack]))(
  "%j is text wherever it stands",
  (_shown, attack) => {
    const seen = read(
      document([
        paragraph(text(attack)),
        paragraph(code(attack)),
        lines([paragraph(text("a")), paragraph(text(attack)), paragraph(text(attack))]),
        lines([item(text(attack)), item(code(attack))]),
        lines([tableHead([text(attack), code(attack)]), row([text(attack), code(attack)])]),
        codeBlock("text", [attack]),
        folded("❌", attack, paragraph(text(attack))),
      ]),
    );

    expect(seen.headings).toEqual([]);
    expectNoMarkup(seen);
    expect([...seen.kinds].filter((kind) => kind === "table" || kind === "code").length).toBe(2);
  },
);
