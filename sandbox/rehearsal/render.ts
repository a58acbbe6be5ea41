import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import pc from "picocolors";
import type { Action, Check } from "./matrix.ts";
import type { Rehearsal } from "./rehearse.ts";
import type { CaseResult, CheckResult } from "./try-case.ts";
import type { WorkflowResult } from "./try-workflow.ts";

/** What is done, and what came of it, in words for the table. */
const words: Readonly<Record<Action, readonly [works: string, refused: string, failed: string]>> = {
  start: ["starts", "does not start", "fails to start"],
  "sign in": ["signs in", "no sign-in", "sign-in fails"],
  install: ["installs", "no install", "install fails"],
  "install draft": ["installs what was not promoted", "nothing unpromoted", "install fails"],
  save: ["saves from upstream", "no saving from upstream", "saving fails"],
  publish: ["publishes", "no publishing", "publishing fails"],
};

/**
 * What was expected and what was seen, as a table for a terminal, and what people read where something is refused. Where
 * something went otherwise than the file says, the logs of those jobs.
 * @param width the terminal's, in characters. Default: 120.
 */
export function renderRehearsal({ workflow, cases, published }: Rehearsal, width = 120): string {
  const rows = [...workflow.map(workflowRow), ...cases.map(caseRow)];
  const first = Math.max(...rows.map(([identity]) => identity.length)) + 2;
  // The four columns have five lines between and around them.
  const rest = Math.max(width, 80) - first - 5;
  const share = (part: number) => Math.floor((rest * part) / 100);
  const table = new Table({
    head: ["as", "job", "expected", "seen"],
    colWidths: [first, share(36), share(27), share(37)],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(row);
  const installed = published
    ? `Installed by the readers: ${published.name} ${published.version}, as the workflow published it.`
    : "";
  const parts = [table.toString(), installed, refusalsText(cases), differencesText([...workflow, ...cases])];
  return parts.filter((part) => part !== "").join("\n\n");
}

type Row = [string, string, string, string];

function workflowRow({ identity, job, steps, agrees, said }: WorkflowResult): Row {
  const seen = agrees ? `${steps.length} steps work` : `fails: ${said}`;
  return [identity, `workflow: ${job}`, "every step works", coloured(seen, agrees)];
}

function caseRow({ identity, way, job, checks, agrees }: CaseResult): Row {
  const expected = checks.map((check) => wordsOf(check)[check.expected === "works" ? 0 : 1]).join(", ");
  const seen = checks.map((check) => {
    const { seen, label, said } = check;
    const [fine, refused, failed] = wordsOf(check);
    if (seen === "works") return fine;
    return seen === "refused" ? `${refused}${label && ` (${label})`}` : `${failed} (${said})`;
  });
  return [way === "oidc" ? identity : `${identity}, secret`, job, expected, coloured(seen.join(", "), agrees)];
}

/** With the feed where there are several. */
function wordsOf({ action, feed }: Check): readonly [works: string, refused: string, failed: string] {
  const [works, refused, failed] = words[action];
  const from = feed === undefined ? "" : ` from ${feed}`;
  return [works + from, refused + from, failed + from];
}

const coloured = (text: string, agrees: boolean): string => (agrees ? pc.green(text) : pc.red(`NOT SO: ${text}`));

/** Each kind of refusal once: who was refused what, why that is so, and what a person reads. */
function refusalsText(cases: readonly CaseResult[]): string {
  const examples = new Map<string, string>();
  for (const tried of cases) {
    for (const check of tried.checks) {
      const kind = `${check.action} ${check.label}`;
      if (check.seen === "refused" && !examples.has(kind)) examples.set(kind, exampleText(tried, check));
    }
  }
  return [...examples.values()].join("\n\n");
}

function exampleText({ identity, job }: CaseResult, { action, expected, why, reads, label }: CheckResult): string {
  const reason = expected === "refused" ? `: ${why}` : "";
  const title = pc.bold(`${identity}, ${job}: ${words[action][1]} (${label})${reason}`);
  return [title, ...readable(reads).map((line) => pc.dim(`  ${line}`))].join("\n");
}

/** As the log has it, without what helps nobody: marks for GitHub, progress bars, and numbers for the services' support. */
function readable(log: string): string[] {
  return stripVTControlCharacters(log)
    .split("\n")
    .map((line) =>
      line
        .replace(/^::error[^:]*::/, "Error: ")
        .replace(/ Trace ID: .*$| \(DevOps Activity ID: .*\)/, "")
        .trimEnd(),
    )
    .filter((line) => !/^(Looking in indexes|Error: Process completed|Uploading |\s*$)|━/.test(line));
}

function differencesText(results: readonly (CaseResult | WorkflowResult)[]): string {
  return results
    .filter(({ agrees }) => !agrees)
    .map(({ identity, job, log }) => [pc.red(`${identity}, ${job}: otherwise than the file says`), log].join("\n"))
    .join("\n\n");
}
