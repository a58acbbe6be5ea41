import { presentDay } from "../../infra/today.ts";
import {
  type DriftIssue,
  driftIsGone,
  driftIssue,
  driftLabel,
  leftoverIssue,
  saysTheSame,
  secretIssue,
  stackOfIssue,
} from "../../src/report/drift-issue.ts";
import { isFailure, merged, type MergedResults } from "../../src/report/results.ts";
import { endsOf, type StackEnds } from "../../src/report/secret-ends.ts";
import { stateOnDisk } from "../access/states.ts";
import type { IssuesOptions } from "./options.ts";
import type { ExitCode } from "../failure.ts";
import { complain, print, visible } from "../output.ts";
import { findProject } from "../project.ts";
import { connect, type GitHub, type Issue } from "./github.ts";
import { readResults } from "./read-results.ts";
import { currentRun } from "./run.ts";

/** Runs `feedpass report issues`. */
export async function writeIssues(folder: string, options: IssuesOptions): Promise<ExitCode> {
  const today = presentDay();
  const { stacks } = stateOnDisk(findProject(), today);
  const expected = [...stacks.keys()];
  const { url, repository } = currentRun();
  const { results, unreadable } = readResults(folder);
  const drift = merged(results, "drift");
  const wanted = issuesOf(drift, endsOf(stacks, expected, today), url);
  if (options.print) print(wanted.map(({ title, body }) => `# ${title}\n\n${body}`).join("\n\n"));
  else await synchronize(connect(repository), wanted, (stack) => isOver(stack, expected, drift), url);

  const missing = expected.filter((stack) => !drift.stacks.has(stack)).sort();
  const failed = [...drift.stacks.values()].filter(isFailure).map(({ stack }) => stack);
  for (const { name, why } of unreadable) complain(`${visible(name)} is no result that can be read: ${why}`);
  if (missing.length > 0) complain(`no result for ${missing.join(", ")}: their issues stay as they are`);
  if (failed.length > 0)
    complain(`looking for drift failed for ${failed.sort().join(", ")}: their issues stay as they are`);
  return unreadable.length + missing.length + failed.length === 0 ? 0 : 1;
}

/**
 * The issues that there should be, by the names of their stacks. Of one that could not be looked at the issue stays as it
 * is, whatever it says; so its client secrets are told only once that has been done.
 */
function issuesOf({ stacks, leftovers }: MergedResults, ends: readonly StackEnds[], runUrl: string): DriftIssue[] {
  const of = new Map(ends.map((one) => [one.stack, one]));
  const looked = [...stacks.values()].filter((result) => !isFailure(result));
  return [
    ...looked.flatMap((result) => {
      const end = of.get(result.stack);
      if (result.outcome === "changed") return [driftIssue(result, runUrl, end)];
      return end === undefined ? [] : [secretIssue(end, runUrl)];
    }),
    ...[...leftovers.values()].map((leftover) => leftoverIssue(leftover, runUrl)),
  ].sort((left, right) => (left.stack < right.stack ? -1 : 1));
}

/** Whether it is sure that a stack has no drift any more. Where its shard came to nothing, nobody knows. */
function isOver(stack: string, expected: readonly string[], { stacks }: MergedResults): boolean {
  const result = stacks.get(stack);
  if (result !== undefined) return result.outcome === "same" || result.outcome === "absent";
  // Without a file it would be among the leftovers, which the first shard tells.
  return !expected.includes(stack) && expected.every((other) => stacks.has(other));
}

/** Brings the repository's issues in line: opens, changes and closes, one for each stack. */
async function synchronize(
  github: GitHub,
  wanted: readonly DriftIssue[],
  over: (stack: string) => boolean,
  runUrl: string,
): Promise<void> {
  const open = new Map<string, Issue>();
  for (const issue of await github.openIssues(driftLabel)) {
    const stack = stackOfIssue(issue.body);
    if (stack === undefined) continue;
    if (open.has(stack)) await github.closeIssue(issue.number, "not_planned");
    else open.set(stack, issue);
  }
  for (const { stack, title, body } of wanted) {
    const issue = open.get(stack);
    if (issue === undefined) {
      const number = await github.openIssue({ title, body, label: driftLabel });
      complain(`${stack}: #${number} opened`);
    } else if (issue.title !== title || !saysTheSame(issue.body, body)) {
      await github.changeIssue(issue.number, { title, body });
      complain(`${stack}: #${issue.number} updated`);
    } else complain(`${stack}: #${issue.number} stays`);
    open.delete(stack);
  }
  for (const [stack, { number }] of open) {
    if (!over(stack)) continue;
    await github.addComment(number, driftIsGone(runUrl));
    await github.closeIssue(number, "completed");
    complain(`${stack}: #${number} closed`);
  }
}
