import { countsInWords, diffLines, driftInWords } from "./changes.ts";
import {
  type Block,
  code,
  codeBlock,
  document,
  folded,
  type Icon,
  type Inline,
  markdown,
  paragraph,
  row,
  text,
} from "./markdown.ts";
import { isFailure, type MergedResults, type StackResult } from "./results.ts";

/** What is known of one stack. */
export interface Row {
  readonly stack: string;
  readonly preview: StackResult | undefined;
  readonly drift: StackResult | undefined;
  /** Of preview or drift. */
  readonly failed: boolean;
  readonly changes: boolean;
  readonly drifted: boolean;
}

/**
 * Failures first, then what changes, then drift; by name among equals.
 * @param expected one of these without a result has failed
 */
export function rowsOf(expected: readonly string[], preview: MergedResults, drift: MergedResults): Row[] {
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

/** The names of the columns of `tableRow`. */
export const columns: readonly Inline[] = [markdown``, markdown`stack`, markdown`an up would`, markdown`drift`];

export function tableRow(about: Row): Block {
  return row([markdown`${iconOf(about)}`, code(about.stack), previewCell(about), driftCell(about)]);
}

function iconOf({ failed, drifted, changes }: Row): Icon {
  return failed ? "❌" : drifted ? "⚠️" : changes ? "✏️" : "";
}

const failureWords: Readonly<Record<StackResult["outcome"], Inline>> = {
  same: markdown``,
  changed: markdown``,
  absent: markdown``,
  broken: markdown`its file has problems`,
  elsewhere: markdown`is in work elsewhere`,
  failed: markdown`failed`,
  interrupted: markdown`was interrupted`,
  notRun: markdown`was not run`,
};

function previewCell({ preview }: Row): Inline {
  if (preview === undefined) return markdown`**no result**`;
  if (isFailure(preview)) return markdown`**${failureWords[preview.outcome]}**`;
  if (preview.outcome === "same") return markdown`change nothing`;
  const counts = text(countsInWords(preview));
  return preview.isNew ? markdown`make it: ${counts}` : counts;
}

function driftCell({ preview, drift }: Row): Inline {
  if (preview?.isNew || drift?.outcome === "absent") return markdown`not deployed yet`;
  if (drift === undefined) return markdown`**no result**`;
  if (isFailure(drift)) return markdown`**${failureWords[drift.outcome]}**`;
  return drift.outcome === "same" ? markdown`none` : text(driftInWords(drift));
}

/** Whether there is more to tell of a stack than its row. */
export function hasDetails({ preview, drift }: Row): boolean {
  return [preview, drift].some((result) => result && (isFailure(result) || result.outcome === "changed"));
}

/** What there is to tell of a stack, folded. */
export function details(about: Row): Block {
  const { preview, drift } = about;
  return folded(
    iconOf(about),
    about.stack,
    document([
      ...(preview && isFailure(preview) ? [paragraph(markdown`The preview failed:`), errorBlock(preview)] : []),
      ...(preview?.outcome === "changed" ? [paragraph(markdown`An up would:`), changeBlock(preview)] : []),
      // Twice the same words help nobody.
      ...(drift && isFailure(drift) && !(preview && saysTheSame(preview.errors, drift.errors))
        ? [paragraph(markdown`Looking for drift failed:`), errorBlock(drift)]
        : []),
      ...(drift?.outcome === "changed"
        ? [
            paragraph(
              markdown`This is not what the last up left (left was deployed, right was found); \`up --refresh\` puts it back:`,
            ),
            changeBlock(drift),
          ]
        : []),
    ]),
  );
}

function saysTheSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((words, index) => words === right[index]);
}

function changeBlock({ changes }: StackResult): Block {
  return codeBlock("diff", diffLines(changes));
}

function errorBlock({ errors, outcome }: StackResult): Block {
  const lines = errors.flatMap((error) => error.split("\n"));
  return codeBlock("text", lines.length > 0 ? lines : [failureWords[outcome]]);
}
