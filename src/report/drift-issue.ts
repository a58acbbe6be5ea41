import { hasEnded, lastingWarning } from "../settings/secret-end.ts";
import { diffLines, driftInWords } from "./changes.ts";
import { leftoverBlock } from "./leftover.ts";
import {
  type Block,
  code,
  codeBlock,
  document,
  lines,
  link,
  markdown,
  marker,
  paragraph,
  small,
  text,
} from "./markdown.ts";
import type { Leftover, StackResult } from "./results.ts";
import { always, fitted, roomOfComment } from "./room.ts";
import { secretItems, type StackEnds } from "./secret-ends.ts";

/** The label of every issue that is opened for drift. */
export const driftLabel = "feedpass-drift";

/** What of an issue the drift may take: nearly all, as everything else of it is short. */
const roomOfDrift = { lines: 400, bytes: roomOfComment - 8000 };

/** An issue as it should stand. */
export interface DriftIssue {
  readonly stack: string;
  readonly title: string;
  readonly body: string;
}

/** The stack that an issue is for; undefined for an issue that is none of these. */
export function stackOfIssue(body: string): string | undefined {
  const [first = ""] = body.split(/\r?\n/, 1);
  return /^<!-- feedpass:drift ([A-Za-z0-9_.-]{1,100}) -->$/.exec(first)?.[1];
}

/**
 * The issue of a stack that differs from what its last up left.
 * @param runUrl where the logs are, an https address
 * @param ends its client secrets of which there is something to say. Default: none
 */
export function driftIssue(result: StackResult, runUrl: string, ends?: StackEnds): DriftIssue {
  const { stack, repository } = result;
  const of = repository === undefined ? markdown`` : markdown` of ${code(repository)}`;
  return issueOf(stack, `Drift: ${stack}`, runUrl, [
    paragraph(markdown`The stack ${code(stack)}${of} is not what its last up left: ${text(driftInWords(result))}.`),
    codeBlock("diff", diffLines(result.changes), roomOfDrift),
    paragraph(
      markdown`Left of an arrow is what was deployed, right of it what was found. Either put back what was deployed:`,
    ),
    codeBlock("sh", [`gh workflow run deploy.yml -f stacks=${stack} -f refresh=true`]),
    paragraph(
      markdown`or change the stack file so that it says what was found, and merge that. \`docs/runbook.md\` tells how to decide.`,
    ),
    ...(ends === undefined ? [] : endBlocks(ends)),
    paragraph(markdown`This issue is kept up to date, and closed when the drift is gone.`),
  ]);
}

/** The issue of a stack that is as its last up left it, and whose client secrets end. */
export function secretIssue(ends: StackEnds, runUrl: string): DriftIssue {
  const { stack } = ends;
  const isOver = ends.ends.some(hasEnded);
  return issueOf(stack, `Client secret ${isOver ? "ended" : "ends soon"}: ${stack}`, runUrl, [
    ...endBlocks(ends),
    paragraph(markdown`This issue is kept up to date, and closed when no client secret is about to end.`),
  ]);
}

/** An issue that changes every day is read by nobody. */
function endBlocks(ends: StackEnds): Block[] {
  return [
    paragraph(markdown`Of its client secrets:`),
    lines(secretItems(ends, lastingWarning)),
    paragraph(
      markdown`A change of the file that is merged is deployed. \`docs/runbook.md\` has more under "Rotate a client secret".`,
    ),
  ];
}

/** The issue of a stack that has no file any more. */
export function leftoverIssue(leftover: Leftover, runUrl: string): DriftIssue {
  const { stack } = leftover;
  const search = code(`git log -1 --format=%H^ --diff-filter=D -- stacks/Pulumi.${stack}.yaml`);
  return issueOf(stack, `Drift: ${stack} has no file`, runUrl, [
    leftoverBlock(leftover, undefined),
    paragraph(markdown`COMMIT is one that has the file: ${search}.`),
    paragraph(markdown`This issue is closed when the stack is gone.`),
  ]);
}

/** What an issue's last comment says. */
export function driftIsGone(runUrl: string): string {
  return paragraph(
    markdown`There is no drift any more, and no client secret that is about to end. ${link(markdown`logs`, runUrl)}`,
  );
}

/** Whether two bodies say the same, whichever run said it. */
export function saysTheSame(left: string, right: string): boolean {
  const withoutRun = (body: string) => body.replaceAll("\r\n", "\n").replace(/\n<sub>.*<\/sub>$/, "");
  return withoutRun(left) === withoutRun(right);
}

function issueOf(stack: string, title: string, runUrl: string, parts: readonly Block[]): DriftIssue {
  // Whole first lines are compared: one stack's name may be the beginning of another's.
  const all = document([marker(`feedpass:drift ${stack}`), ...parts]);
  const body = lines([all, small(link(markdown`logs`, runUrl))]);
  return { stack, title, body: fitted([always(body)], roomOfComment) };
}
