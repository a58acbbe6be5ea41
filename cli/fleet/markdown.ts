import {
  codeBlock,
  folded,
  heading,
  type Inline,
  item,
  joined,
  lines,
  markdown,
  paragraph,
  row,
  tableHead,
  text,
} from "../../src/report/markdown.ts";
import { always, fitted, list, roomOfSummary, type Section } from "../../src/report/room.ts";
import { endWarning } from "../../src/settings/secret-end.ts";
import type { AccessLine, FleetReport, Leftover, Outcome, StackReport } from "./report.ts";
import { changeWords, elsewhereWords, inOrder, leftoverWords, outcomeWords, totalWords } from "./words.ts";

const icons: Readonly<Record<Outcome, Inline>> = {
  same: markdown`✅`,
  changed: markdown`📝`,
  absent: markdown`🆕`,
  broken: markdown`❌`,
  elsewhere: markdown`⏸️`,
  failed: markdown`❌`,
  interrupted: markdown`⏹️`,
  notRun: markdown`⏸️`,
};

const titles = { preview: markdown`Preview`, up: markdown`Up`, drift: markdown`Drift` } as const;

/**
 * A run as Markdown: the count, a table of the stacks that need somebody, and the details of each, folded.
 * @param limit how many bytes it may have; what does not fit is left out and counted. Default: what fits a job's summary
 */
export function reportMarkdown(report: FleetReport, limit = roomOfSummary): string {
  const told = inOrder(report.stacks).filter(({ outcome, notes = [] }) => outcome !== "same" || notes.length > 0);
  const sections = [
    always(
      heading(2, titles[report.operation]),
      lines([paragraph(text(totalWords(report))), paragraph(text(`Of ${report.why}.`))]),
    ),
    tableSection(report, told),
    secretSection(report.stacks),
    leftoverSection(report.leftovers),
    detailSection(told),
  ];
  return `${fitted(sections, limit - 1)}\n`;
}

function tableSection({ operation }: FleetReport, told: readonly StackReport[]): Section {
  // Only a run that knows what changed tells of access.
  const hasAccess = told.some(({ access }) => access.length > 0);
  const cells = (stack: StackReport) => [
    text(stack.stack),
    markdown`${icons[stack.outcome]} ${text(outcomeWords(operation, stack))}`,
    ...(hasAccess ? [joined(stack.access.map(accessText), markdown`<br>`)] : []),
  ];
  return {
    ...list(told, (stack) => row(cells(stack))),
    head: tableHead([markdown`Stack`, markdown`Result`, ...(hasAccess ? [markdown`Access`] : [])]),
    share: 0.5,
    leftOut: (shown) => paragraph(markdown`${stacksInWords(told.length - shown)} more in the job's output.`),
  };
}

function accessText({ escalation, text: words }: AccessLine): Inline {
  return markdown`${escalation ? markdown`⚠️ ` : ""}${text(words)}`;
}

function secretSection(stacks: readonly StackReport[]): Section {
  const ends = stacks.flatMap(({ stack, secretEnds }) => secretEnds.map(endWarning).map((end) => ({ stack, ...end })));
  return {
    ...list(ends, ({ stack, path, text: words }) =>
      item(markdown`⏳ **${text(stack)}**: ${text(`${path}: ${words}`)}`),
    ),
    share: 0.5,
    leftOut: (shown) => paragraph(markdown`${ends.length - shown} more client secrets in the job's output.`),
  };
}

function leftoverSection(leftovers: readonly Leftover[]): Section {
  return {
    ...list(leftovers, (leftover) => item(markdown`🗑️ **${text(leftover.stack)}**: ${text(leftoverWords(leftover))}`)),
    share: 0.5,
    leftOut: (shown) =>
      paragraph(markdown`${stacksInWords(leftovers.length - shown)} more without a file in the job's output.`),
  };
}

function detailSection(told: readonly StackReport[]): Section {
  const detailed = told.filter(({ changes, errors, notes = [] }) => changes.length + errors.length + notes.length > 0);
  return {
    ...list(detailed, (one) => folded("", one.stack, codeBlock("diff", detailLines(one)))),
    apart: true,
    leftOut: (shown) =>
      paragraph(markdown`The details of ${stacksInWords(detailed.length - shown)} more are in the job's output.`),
  };
}

function detailLines({ stack, outcome, changes, errors, notes = [] }: StackReport): string[] {
  // Of the signs, a block of the kind "diff" colours + and -; what changes is coloured by !.
  const resources = changes.map((change) => changeWords(change).replace(/^[~±]/, "!"));
  const elsewhere = outcome === "elsewhere" ? [elsewhereWords(stack)] : [];
  return [...notes, ...resources, ...errors, ...elsewhere].flatMap((lines) => lines.split("\n"));
}

function stacksInWords(count: number): Inline {
  return count === 1 ? markdown`1 stack` : markdown`${count} stacks`;
}
