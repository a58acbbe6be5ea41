import { block, folded, text as markdownText } from "../../src/report/markdown.ts";
import type { FleetReport, Outcome, StackReport } from "./report.ts";
import { changeWords, inOrder, leftoverWords, outcomeWords, totalWords } from "./words.ts";

const icons: Readonly<Record<Outcome, string>> = {
  same: "✅",
  changed: "📝",
  absent: "🆕",
  broken: "❌",
  failed: "❌",
  interrupted: "⏹️",
  notRun: "⏸️",
};

const titles = { preview: "Preview", up: "Up", drift: "Drift" } as const;

/**
 * A run as Markdown: the count, a table of the stacks that need somebody, and the details of each, folded.
 * @param limit how many characters it may have; details that do not fit are left out, and it says so. Default: what
 *   fits a job's summary, 1 MiB
 */
export function reportMarkdown(report: FleetReport, limit = 1_000_000): string {
  const { operation, leftovers } = report;
  const told = inOrder(report.stacks).filter(({ outcome }) => outcome !== "same");
  // Only a run that knows what changed tells of access.
  const hasAccess = told.some(({ access }) => access.length > 0);
  const rows = told.map((stack) => {
    const words = `${icons[stack.outcome]} ${markdownText(outcomeWords(operation, stack))}`;
    const access = stack.access.map(({ escalation, text }) => `${escalation ? "⚠️ " : ""}${markdownText(text)}`);
    return `| ${markdownText(stack.stack)} | ${words} |${hasAccess ? ` ${access.join("<br>")} |` : ""}`;
  });
  const columns = hasAccess ? "| Stack | Result | Access |\n| --- | --- | --- |" : "| Stack | Result |\n| --- | --- |";
  const table = rows.length === 0 ? [] : [columns, ...rows];
  const head = [`## ${titles[operation]}`, "", markdownText(totalWords(report)), markdownText(`Of ${report.why}.`)];
  const rest = leftovers.map(
    (leftover) => `- 🗑️ **${markdownText(leftover.stack)}**: ${markdownText(leftoverWords(leftover))}`,
  );
  const parts = [head.join("\n"), table.join("\n"), rest.join("\n")].filter((part) => part !== "");
  return withDetails(cut(parts.join("\n\n"), limit), told, limit);
}

function withDetails(start: string, stacks: readonly StackReport[], limit: number): string {
  const note = "\n\nThe details of more stacks are in the job's output.";
  let text = start;
  for (const stack of stacks) {
    const details = detailsOf(stack);
    if (details === undefined) continue;
    if (text.length + details.length + note.length > limit) return `${cut(text, limit - note.length)}${note}\n`;
    text += `\n\n${details}`;
  }
  return `${text}\n`;
}

function detailsOf({ stack, changes, errors }: StackReport): string | undefined {
  // Of the signs, a block of the kind "diff" colours + and -; what changes is coloured by !.
  const resources = changes.map((change) => changeWords(change).replace(/^[~±]/, "!"));
  const lines = [...resources, ...errors];
  return lines.length === 0 ? undefined : folded(markdownText(stack), block("diff", lines));
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, Math.max(0, text.lastIndexOf("\n", limit - 40)))}\n\n(cut)`;
}
