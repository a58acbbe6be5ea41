import { endWarning } from "../../src/settings/secret-end.ts";
import { type Colours, visible } from "../output.ts";
import { type FleetReport, isFailure, type StackReport } from "./report.ts";
import { changeWords, elsewhereWords, inOrder, leftoverWords, outcomeWords, totalWords } from "./words.ts";

/** More than this many of a stack's resources are not listed one by one on a terminal. */
const listed = 20;

/** A run as text: the stacks that need somebody with what is about them, then the count. */
export function reportText(report: FleetReport, colours: Colours): string {
  const { operation } = report;
  const told = inOrder(report.stacks).filter(({ outcome, secretEnds, notes = [] }) => {
    return notes.length + secretEnds.length > 0 || (outcome !== "same" && outcome !== "notRun");
  });
  const stacks = told.map((stack) => {
    const colour = isFailure(stack) ? colours.red : colours.yellow;
    const head = `${colours.bold(visible(stack.stack))}: ${colour(visible(outcomeWords(operation, stack)))}`;
    return [head, ...detailLines(stack).map((line) => `  ${visible(line)}`)].join("\n");
  });
  const leftovers = report.leftovers.map(
    (leftover) => `${colours.bold(visible(leftover.stack))}: ${visible(leftoverWords(leftover))}`,
  );
  return [...stacks, ...leftovers, totalWords(report)].join("\n");
}

function detailLines(report: StackReport): string[] {
  const { stack, outcome, access, secretEnds, changes, errors, notes = [], isNew } = report;
  const more = changes.length - listed;
  const resources = [...changes.slice(0, listed).map(changeWords), ...(more > 0 ? [`and ${more} more resources`] : [])];
  return [
    ...notes,
    ...access.map(({ escalation, text }) => `${escalation ? "! " : ""}access: ${text}`),
    ...secretEnds.map(endWarning).map(({ path, text }) => `${path}: ${text}`),
    // What a new stack makes is the same for all of them.
    ...(isNew && errors.length === 0 ? [] : resources),
    ...errors.flatMap((error) => error.split("\n")),
    ...(outcome === "elsewhere" ? [elsewhereWords(stack)] : []),
  ];
}
