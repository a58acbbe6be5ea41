import { diffLines, driftInWords, firstLines } from "./changes.ts";
import { leftoverText } from "./comment.ts";
import { block, code, withoutSecrets } from "./markdown.ts";
import type { Leftover, StackResult } from "./results.ts";

/** The label of every issue that is opened for drift. */
export const driftLabel = "feedpass-drift";

const mostLines = 400;
const mostCharacters = 60_000;

/** An issue as it should stand. */
export interface DriftIssue {
  readonly stack: string;
  readonly title: string;
  readonly body: string;
}

/** The first line of a stack's issue. Whole lines are compared: one stack's name may be the beginning of another's. */
function markerOf(stack: string): string {
  return `<!-- feedpass:drift ${stack} -->`;
}

/** The stack that an issue is for; undefined for an issue that is none of these. */
export function stackOfIssue(body: string): string | undefined {
  const [first = ""] = body.split(/\r?\n/, 1);
  return /^<!-- feedpass:drift ([A-Za-z0-9_.-]{1,100}) -->$/.exec(first)?.[1];
}

/** The issue of a stack that differs from what its last up left. @param runUrl where the logs are */
export function driftIssue(result: StackResult, runUrl: string): DriftIssue {
  const { stack } = result;
  const lines = diffLines(result.changes).map((line) => (line.length > 500 ? `${line.slice(0, 500)}…` : line));
  const diff = fitting(firstLines(lines, mostLines));
  return issueOf(stack, `Drift: ${stack}`, runUrl, [
    `The stack ${code(stack)}${result.repository === undefined ? "" : ` of ${code(result.repository)}`} is not what its last up left: ${driftInWords(result)}.`,
    block("diff", diff),
    "Left of an arrow is what was deployed, right of it what was found. Either put back what was deployed:",
    block("sh", [`gh workflow run deploy.yml -f stacks=${stack} -f refresh=true`]),
    "or change the stack file so that it says what was found, and merge that. `docs/runbook.md` tells how to decide.",
    "This issue is kept up to date, and closed when the drift is gone.",
  ]);
}

/** The issue of a stack that has no file any more. */
export function leftoverIssue(leftover: Leftover, runUrl: string): DriftIssue {
  const { stack } = leftover;
  return issueOf(stack, `Drift: ${stack} has no file`, runUrl, [
    leftoverText(leftover, undefined),
    `COMMIT is one that has the file: ${code(`git log -1 --format=%H^ --diff-filter=D -- stacks/Pulumi.${stack}.yaml`)}.`,
    "This issue is closed when the stack is gone.",
  ]);
}

/** Whether two bodies say the same, whichever run said it. */
export function saysTheSame(left: string, right: string): boolean {
  const withoutRun = (body: string) => body.replaceAll("\r\n", "\n").replace(/\n<sub>.*<\/sub>$/, "");
  return withoutRun(left) === withoutRun(right);
}

function issueOf(stack: string, title: string, runUrl: string, parts: readonly string[]): DriftIssue {
  const body = [markerOf(stack), ...parts].join("\n\n");
  return { stack, title, body: withoutSecrets(`${body}\n<sub>[logs](${runUrl})</sub>`) };
}

function fitting(lines: readonly string[]): string[] {
  let room = mostCharacters;
  const fits = lines.findIndex((line) => {
    room -= line.length + 1;
    return room < 0;
  });
  return fits < 0 ? [...lines] : [...lines.slice(0, fits), `… and ${lines.length - fits} more lines`];
}
