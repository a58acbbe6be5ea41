import type { Change } from "../access/change.ts";
import { stackFilePath } from "../settings/config.ts";
import type { Problem } from "../settings/problem.ts";
import { countsInWords, diffLines, driftInWords, firstLines } from "./changes.ts";
import { block, code, folded, text, withoutSecrets } from "./markdown.ts";
import { isFailure, type Leftover, type MergedResults, type StackResult } from "./results.ts";

/** The first line of the comment. Nobody sees it; the next run finds the comment by it. */
export const commentMarker = "<!-- feedpass:preview -->";

/** GitHub takes 65,536 characters; this leaves room for what it may add. */
const mostCharacters = 65_000;
const mostAccessLines = 100;
const mostRows = 150;
const mostLines = 120;

/** All that a comment tells. */
export interface PreviewReport {
  /** The change of access, the most dangerous first. */
  readonly access: readonly Change[];
  /** Files with problems. Their access is not known. */
  readonly broken: readonly { readonly file: string; readonly problems: readonly Problem[] }[];
  /** The stacks that had to be previewed. One without a result is told as failed. */
  readonly expected: readonly string[];
  /** The changed files that every stack depends on. */
  readonly shared: readonly string[];
  readonly preview: MergedResults;
  readonly drift: MergedResults;
  /** Files with results that nobody could read, by name. */
  readonly unreadable: readonly string[];
  /** The commit that a removed file can be had from again. */
  readonly base: string;
  /** The commit that was previewed. */
  readonly commit: string;
  /** Where the logs are. */
  readonly runUrl: string;
}

/** Whether there is anything to tell. */
export function isWorthTelling({ access, expected, preview, broken }: PreviewReport): boolean {
  return access.length > 0 || broken.length > 0 || expected.length > 0 || preview.leftovers.size > 0;
}

/** The one comment on a pull request: who gains and loses what, what an up would do, and what has drifted. */
export function renderComment(report: PreviewReport): string {
  const rows = rowsOf(report);
  const footer = `<sub>${code(report.commit.slice(0, 7))} · [logs](${report.runUrl}) · nothing is changed before this is merged and deployed</sub>`;
  const parts = [
    `${commentMarker}\n### ${headline(rows)}`,
    accessPart(report),
    stacksPart(report, rows),
    ...leftoverPart(report),
  ];
  const room = mostCharacters - [...parts, footer].join("\n\n").length;
  return withoutSecrets([...parts, ...detailsWithin(room, rows, report.runUrl), footer].join("\n\n"));
}

/** What is known of one stack. */
interface Row {
  readonly stack: string;
  readonly preview: StackResult | undefined;
  readonly drift: StackResult | undefined;
  /** Of preview or drift. */
  readonly failed: boolean;
  readonly changes: boolean;
  readonly drifted: boolean;
}

/** Failures first, then what changes, then drift; by name among equals. */
function rowsOf({ expected, preview, drift }: PreviewReport): Row[] {
  const stacks = new Set([...expected, ...preview.stacks.keys(), ...drift.stacks.keys()]);
  const rows = [...stacks].sort().map((stack): Row => {
    const [previewed, looked] = [preview.stacks.get(stack), drift.stacks.get(stack)];
    return {
      stack,
      preview: previewed,
      drift: looked,
      failed: [previewed, looked].some((result) => result === undefined || isFailure(result)),
      changes: previewed?.outcome === "changed",
      drifted: looked?.outcome === "changed",
    };
  });
  const rank = ({ failed, changes, drifted }: Row) => (failed ? 0 : changes ? 1 : drifted ? 2 : 3);
  return rows.sort((left, right) => rank(left) - rank(right));
}

function headline(rows: readonly Row[]): string {
  const failed = rows.filter((row) => row.failed).length;
  const changing = rows.filter((row) => row.changes).length;
  const drifted = rows.filter((row) => row.drifted).length;
  const told = [
    ...(failed > 0 ? [`${stacksInWords(failed)} failed`] : []),
    ...(changing > 0 ? [`${stacksInWords(changing)} ${changing === 1 ? "changes" : "change"}`] : []),
    ...(drifted > 0 ? [`${stacksInWords(drifted)} ${drifted === 1 ? "has" : "have"} drifted`] : []),
  ];
  const icon = failed > 0 ? "❌ " : drifted > 0 ? "⚠️ " : "";
  return `${icon}Feed access: ${told.length > 0 ? told.join(", ") : "no stack changes"}`;
}

function accessPart({ access, broken }: PreviewReport): string {
  const shown = access.slice(0, mostAccessLines);
  const items = shown.map(
    ({ escalation, repository, text: what }) => `- ${escalation ? "⚠️ " : ""}**${text(repository)}**: ${text(what)}`,
  );
  const more = access.length - shown.length;
  const escalations = access.filter(({ escalation }) => escalation).length;
  const explained =
    escalations === 0
      ? []
      : ["⚠️ somebody may publish who could not, or something that kept others out is gone or weaker."];
  const problems = broken.slice(0, mostRows).flatMap(({ file, problems: all }) => [
    `❌ ${code(file)} has problems, so its access is not known:`,
    block(
      "text",
      firstLines(
        all.map(({ path, text: what }) => `${path}: ${what}`),
        mostLines,
      ),
    ),
  ]);
  const list = [
    ...items,
    ...(more > 0 ? [`- … and ${more} more; all of them: ${code("npx feedpass access --diff")}`] : []),
  ];
  const changes =
    list.length > 0 ? [list.join("\n"), ...explained] : broken.length > 0 ? [] : ["Nobody gains or loses anything."];
  return ["#### Who may do what", ...changes, ...problems].join("\n\n");
}

function stacksPart({ shared, unreadable, runUrl }: PreviewReport, rows: readonly Row[]): string {
  const telling = rows.filter((row) => row.failed || row.changes || row.drifted);
  const shown = telling.slice(0, mostRows);
  const [first, ...others] = shared;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const why =
    first === undefined
      ? []
      : [`Every stack was previewed: ${code(first)}${more} changed, which all of them depend on.`];
  const table = [
    "| | stack | an up would | drift |",
    "| --- | --- | --- | --- |",
    ...shown.map((row) => `| ${iconOf(row)} | ${code(row.stack)} | ${previewCell(row)} | ${driftCell(row)} |`),
  ].join("\n");
  const beside = [
    ...(telling.length > shown.length
      ? [`${stacksInWords(telling.length - shown.length)} more: [see the logs](${runUrl}).`]
      : []),
    ...(rows.length > telling.length
      ? [`${stacksInWords(rows.length - telling.length)} without changes or drift.`]
      : []),
    ...unreadable.map((name) => `❌ ${code(name)} is no result that can be read: [see the logs](${runUrl}).`),
  ];
  if (rows.length === 0) return ["#### Stacks", "No stack is affected.", ...beside].join("\n\n");
  return ["#### Stacks", ...why, ...(shown.length > 0 ? [table] : []), ...beside].join("\n\n");
}

function iconOf({ failed, drifted, changes }: Row): string {
  return failed ? "❌" : drifted ? "⚠️" : changes ? "✏️" : "";
}

const failureWords: Readonly<Record<StackResult["outcome"], string>> = {
  same: "",
  changed: "",
  absent: "",
  broken: "its file has problems",
  failed: "failed",
  interrupted: "was interrupted",
  notRun: "was not run",
};

function previewCell({ preview }: Row): string {
  if (preview === undefined) return "**no result**";
  if (isFailure(preview)) return `**${failureWords[preview.outcome]}**`;
  if (preview.outcome === "same") return "change nothing";
  return `${preview.isNew ? "make it: " : ""}${countsInWords(preview)}`;
}

function driftCell({ preview, drift }: Row): string {
  if (preview?.isNew || drift?.outcome === "absent") return "not deployed yet";
  if (drift === undefined) return "**no result**";
  if (isFailure(drift)) return `**${failureWords[drift.outcome]}**`;
  return drift.outcome === "same" ? "none" : driftInWords(drift);
}

/** A folded part for each stack that has something to tell, as long as there is room. */
function detailsWithin(room: number, rows: readonly Row[], runUrl: string): string[] {
  const details: string[] = [];
  const telling = rows.filter((row) => detailOf(row).length > 0);
  // The line that says what was left out needs room too.
  let left = room - 300;
  for (const row of telling) {
    const part = folded(`${iconOf(row)} ${code(row.stack)}`.trim().replace(/`/g, ""), detailOf(row).join("\n\n"));
    if (part.length + 2 > left) {
      const without = telling.length - details.length;
      return [...details, `The details of ${stacksInWords(without)} do not fit here: [see the logs](${runUrl}).`];
    }
    details.push(part);
    left -= part.length + 2;
  }
  return details;
}

function detailOf({ preview, drift }: Row): string[] {
  return [
    ...(preview && isFailure(preview) ? ["The preview failed:", errorBlock(preview)] : []),
    ...(preview?.outcome === "changed" ? ["An up would:", changeBlock(preview)] : []),
    // Twice the same words help nobody.
    ...(drift && isFailure(drift) && drift.errors.join() !== preview?.errors.join()
      ? ["Looking for drift failed:", errorBlock(drift)]
      : []),
    ...(drift?.outcome === "changed"
      ? [
          "This is not what the last up left (left was deployed, right was found); `up --refresh` puts it back:",
          changeBlock(drift),
        ]
      : []),
  ];
}

function changeBlock({ changes }: StackResult): string {
  return block("diff", firstLines(diffLines(changes), mostLines));
}

function errorBlock({ errors, outcome }: StackResult): string {
  const lines = errors.flatMap((error) => error.split("\n"));
  return block("text", firstLines(lines.length > 0 ? lines : [failureWords[outcome]], mostLines));
}

function leftoverPart({ preview, base }: PreviewReport): string[] {
  const leftovers = [...preview.leftovers.values()].sort((left, right) => (left.stack < right.stack ? -1 : 1));
  if (leftovers.length === 0) return [];
  const shown = leftovers.slice(0, 10);
  const more = leftovers.length - shown.length;
  return [
    "#### Removed files",
    ...shown.map((leftover) => leftoverText(leftover, base)),
    ...(more > 0
      ? [
          `${stacksInWords(more)} more without a file: ${leftovers
            .slice(10, 60)
            .map(({ stack }) => code(stack))
            .join(", ")}`,
        ]
      : []),
  ];
}

/** That a stack without a file goes on giving access, and what ends it. */
export function leftoverText({ stack, resources }: Leftover, base: string | undefined): string {
  const file = stackFilePath(stack);
  if (resources === 0) {
    return `${code(file)} is gone, and nothing of its stack is left: ${code(`npx pulumi stack rm ${stack}`)} forgets it.`;
  }
  const size = resources === undefined ? "" : ` with ${resources === 1 ? "1 resource" : `${resources} resources`}`;
  const source = base === undefined ? "COMMIT" : base.slice(0, 12);
  return [
    `❗ ${code(file)} is gone, and **its stack still exists**${size}: the access that it gives stays. To take it back:`,
    block("sh", [
      `git restore --source ${source} -- ${file}   # the file is needed once more`,
      "# add to it, under config:   feedpass:removable: true   (lifts the protection)",
      `npx pulumi up --stack ${stack}`,
      `npx pulumi destroy --stack ${stack} --remove   # takes the access back, and removes the stack and the file`,
    ]),
  ].join("\n\n");
}

function stacksInWords(count: number): string {
  return count === 1 ? "1 stack" : `${count} stacks`;
}
