import type { Change } from "../access/change.ts";
import type { Problem } from "../settings/problem.ts";
import { accessItem } from "./access-item.ts";
import { leftoverBlock } from "./leftover.ts";
import {
  code,
  codeBlock,
  document,
  heading,
  type Inline,
  joined,
  lines,
  link,
  markdown,
  marker,
  paragraph,
  small,
  tableHead,
  text,
} from "./markdown.ts";
import type { MergedResults, Unreadable } from "./results.ts";
import { always, fitted, list, roomOfComment, type Section } from "./room.ts";
import { columns, details, hasDetails, type Row, rowsOf, tableRow } from "./rows.ts";
import { secretItems, type StackEnds } from "./secret-ends.ts";

/** The first line of the comment. Nobody sees it; the next run finds the comment by it. */
export const commentMarker: string = marker("feedpass:preview");

/** More lines of a list, and rows of a table, than these nobody reads. */
const mostAccessLines = 100;
const mostRows = 150;
const mostLeftovers = 10;
const mostUnreadable = 20;

/** All that a comment tells. */
export interface PreviewReport {
  /** The change of access, the most dangerous first. */
  readonly access: readonly Change[];
  /** Files with problems. Their access is not known. */
  readonly broken: readonly { readonly file: string; readonly problems: readonly Problem[] }[];
  /** The client secrets of the changed files that end soon or have ended. */
  readonly secretEnds: readonly StackEnds[];
  /** The stacks that had to be previewed. One without a result is told as failed. */
  readonly expected: readonly string[];
  /** The changed files that every stack depends on. */
  readonly shared: readonly string[];
  readonly preview: MergedResults;
  readonly drift: MergedResults;
  /** Files with results that nobody could read. */
  readonly unreadable: readonly Unreadable[];
  /** The commit that a removed file can be had from again. */
  readonly base: string;
  /** The commit that was previewed. */
  readonly commit: string;
  /** Where the logs are, an https address. */
  readonly runUrl: string;
}

/** Whether there is anything to tell. */
export function isWorthTelling({ access, expected, preview, broken, unreadable }: PreviewReport): boolean {
  const told = [access.length, broken.length, expected.length, preview.leftovers.size, unreadable.length];
  return told.some((count) => count > 0);
}

/**
 * The one comment on a pull request: who gains and loses what, what an up would do, and what has drifted. It always fits
 * what GitHub takes: escalations have the first of the room, and what is left out is counted.
 */
export function renderComment(report: PreviewReport): string {
  const rows = rowsOf(report.expected, report.preview, report.drift);
  const logs = link(markdown`logs`, report.runUrl);
  const commit = code(report.commit.slice(0, 7));
  const sections = [
    always(lines([marker("feedpass:preview"), heading(3, headline(rows, report))])),
    accessSection(report),
    brokenSection(report),
    ...secretSections(report),
    ...stackSections(report, rows),
    unreadableSection(report),
    ...leftoverSections(report),
    detailSection(report, rows),
    always(small(markdown`${commit} · ${logs} · nothing is changed before this is merged and deployed`)),
  ];
  return fitted(sections, roomOfComment);
}

function headline(rows: readonly Row[], { unreadable }: PreviewReport): Inline {
  const failed = rows.filter((row) => row.failed).length;
  const changing = rows.filter((row) => row.changes).length;
  const drifted = rows.filter((row) => row.drifted).length;
  const told = [
    ...(failed > 0 ? [markdown`${stacksInWords(failed)} failed`] : []),
    ...(unreadable.length > 0 ? [markdown`${counted(unreadable.length, "result")} cannot be read`] : []),
    ...(changing > 0
      ? [markdown`${stacksInWords(changing)} ${changing === 1 ? markdown`changes` : markdown`change`}`]
      : []),
    ...(drifted > 0
      ? [markdown`${stacksInWords(drifted)} ${drifted === 1 ? markdown`has` : markdown`have`} drifted`]
      : []),
  ];
  const icon = failed + unreadable.length > 0 ? markdown`❌ ` : drifted > 0 ? markdown`⚠️ ` : markdown``;
  return markdown`${icon}Feed access: ${told.length > 0 ? joined(told, markdown`, `) : markdown`no stack changes`}`;
}

function accessSection({ access, broken }: PreviewReport): Section {
  const escalations = access.filter(({ escalation }) => escalation);
  const inOrder = [...escalations, ...access.filter(({ escalation }) => !escalation)];
  return {
    ...list(inOrder, accessItem),
    before: [heading(4, markdown`Who may do what`)],
    urgent: escalations.length,
    most: mostAccessLines,
    share: 0.5,
    leftOut(shown) {
      const dangerous = Math.max(0, escalations.length - shown);
      const marked =
        dangerous === 0
          ? markdown``
          : markdown`, ${dangerous} of them ${dangerous === 1 ? markdown`an escalation` : markdown`escalations`}`;
      const all = code("npx feedpass access --diff");
      return paragraph(markdown`… and ${access.length - shown} more${marked}; all of them: ${all}`);
    },
    after: [
      ...(access.length + broken.length === 0 ? [paragraph(markdown`Nobody gains or loses anything.`)] : []),
      ...(escalations.length > 0
        ? [
            paragraph(
              markdown`⚠️ somebody may publish who could not, or something that kept others out is gone or weaker.`,
            ),
          ]
        : []),
    ],
  };
}

function brokenSection({ broken, runUrl }: PreviewReport): Section {
  return {
    ...list(broken, ({ file, problems }) =>
      document([
        paragraph(markdown`❌ ${code(file)} has problems, so its access is not known:`),
        codeBlock(
          "text",
          problems.map(({ path, text: words }) => `${path}: ${words}`),
        ),
      ]),
    ),
    apart: true,
    most: mostRows,
    share: 0.5,
    leftOut: (shown) =>
      paragraph(
        markdown`❌ ${counted(broken.length - shown, "file")} more with problems, whose access is not known: ${seeLogs(runUrl)}.`,
      ),
  };
}

function secretSections({ secretEnds, runUrl }: PreviewReport): Section[] {
  const items = secretEnds.flatMap((stack) => secretItems(stack));
  if (items.length === 0) return [];
  return [
    {
      ...list(items, (one) => one),
      before: [heading(4, markdown`Client secrets`)],
      most: mostRows,
      share: 0.5,
      leftOut: (shown) => paragraph(markdown`… and ${items.length - shown} more: ${seeLogs(runUrl)}.`),
    },
  ];
}

function stackSections({ shared, runUrl }: PreviewReport, rows: readonly Row[]): Section[] {
  const title = heading(4, markdown`Stacks`);
  if (rows.length === 0) return [always(title), always(paragraph(markdown`No stack is affected.`))];
  const telling = rows.filter((row) => row.failed || row.changes || row.drifted);
  const quiet = rows.length - telling.length;
  const [first, ...others] = shared;
  const more = others.length === 0 ? markdown`` : markdown` and ${others.length} more`;
  const why =
    first === undefined
      ? []
      : [paragraph(markdown`Every stack was previewed: ${code(first)}${more} changed, which all of them depend on.`)];
  return [
    {
      ...list(telling, tableRow),
      before: [title, ...why],
      head: tableHead(columns),
      most: mostRows,
      share: 0.6,
      leftOut: (shown) => paragraph(markdown`${stacksInWords(telling.length - shown)} more: ${seeLogs(runUrl)}.`),
      after: quiet > 0 ? [paragraph(markdown`${stacksInWords(quiet)} without changes or drift.`)] : [],
    },
  ];
}

function unreadableSection({ unreadable, runUrl }: PreviewReport): Section {
  return {
    ...list(unreadable, ({ name, why }) =>
      paragraph(markdown`❌ ${code(name)} is no result that can be read (${text(why)}): ${seeLogs(runUrl)}.`),
    ),
    apart: true,
    most: mostUnreadable,
    share: 0.5,
    leftOut: (shown) =>
      paragraph(
        markdown`❌ ${counted(unreadable.length - shown, "result")} more that cannot be read: ${seeLogs(runUrl)}.`,
      ),
  };
}

function leftoverSections({ preview, base, runUrl }: PreviewReport): Section[] {
  const leftovers = [...preview.leftovers.values()].sort((left, right) => (left.stack < right.stack ? -1 : 1));
  if (leftovers.length === 0) return [];
  return [
    {
      ...list(leftovers, (leftover) => leftoverBlock(leftover, base)),
      before: [heading(4, markdown`Removed files`)],
      apart: true,
      most: mostLeftovers,
      share: 0.5,
      leftOut: (shown) =>
        paragraph(markdown`${stacksInWords(leftovers.length - shown)} more without a file: ${seeLogs(runUrl)}.`),
    },
  ];
}

function detailSection({ runUrl }: PreviewReport, rows: readonly Row[]): Section {
  const telling = rows.filter(hasDetails);
  return {
    ...list(telling, details),
    apart: true,
    leftOut: (shown) =>
      paragraph(markdown`The details of ${stacksInWords(telling.length - shown)} do not fit here: ${seeLogs(runUrl)}.`),
  };
}

function seeLogs(runUrl: string): Inline {
  return link(markdown`see the logs`, runUrl);
}

function stacksInWords(count: number): Inline {
  return counted(count, "stack");
}

/** `1 stack`, `2 stacks` */
function counted(count: number, what: "stack" | "file" | "result"): Inline {
  return markdown`${count} ${text(count === 1 ? what : `${what}s`)}`;
}
