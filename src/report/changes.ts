import type { ResourceChange, StackResult } from "./results.ts";

const words: Readonly<Record<string, string>> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  import: "to import",
};

/** How many resources by what happens to them: `1 to create, 2 to update`. */
export function countsInWords({ changes, counts }: Pick<StackResult, "changes" | "counts">): string {
  const listed = new Map<string, number>();
  for (const action of Object.keys(words)) {
    const count = changes.filter((change) => change.action === action).length;
    if (count > 0) listed.set(action, count);
  }
  // The engine also counts what only groups others; it counts where there is nothing else.
  const told = listed.size > 0 ? [...listed] : Object.entries(counts);
  return told.map(([action, count]) => `${count} ${words[action] ?? action}`).join(", ");
}

/** How many resources have drifted, and are gone: `2 changed, 1 gone`. */
export function driftInWords({ changes }: Pick<StackResult, "changes">): string {
  const gone = changes.filter(({ action }) => action === "delete").length;
  const changed = changes.length - gone;
  const parts = [...(changed > 0 ? [`${changed} changed`] : []), ...(gone > 0 ? [`${gone} gone`] : [])];
  return parts.length > 0 ? parts.join(", ") : "changed";
}

/** GitHub colours lines of a diff by what they begin with. */
const marks: Readonly<Record<ResourceChange["action"], string>> = {
  create: "+",
  import: "+",
  update: "!",
  replace: "!",
  delete: "-",
};

/** By name, so that the same change reads the same in every run: the engine tells of resources as they are ready. */
function inOrder(changes: readonly ResourceChange[]): ResourceChange[] {
  const keyOf = ({ name, type, action }: ResourceChange) => JSON.stringify([name, type, action]);
  return [...changes].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

/** A line for each resource, and under it one for each property, as GitHub colours them in a block of `diff`. */
export function diffLines(changes: readonly ResourceChange[]): string[] {
  return inOrder(changes).flatMap(({ action, type, name, properties }) => {
    const mark = marks[action];
    const what = action === "replace" ? "replace " : action === "import" ? "import " : "";
    return [
      `${mark} ${what}${type} ${name}`,
      ...properties.map(({ path, before = "nothing", after = "nothing" }) =>
        // A value may have lines of its own.
        `${mark}     ${path}: ${before} → ${after}`.replaceAll("\n", " "),
      ),
    ];
  });
}

/** The first lines, and how many there are beside them. */
export function firstLines(lines: readonly string[], most: number): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `… and ${lines.length - most} more lines`];
}
