import { operations, type Operation, type ResourceChange, type StackResult } from "./results.ts";

const words: Readonly<Record<Operation, string>> = {
  create: "to create",
  update: "to update",
  replace: "to replace",
  delete: "to delete",
  import: "to import",
  "create-replacement": "to create anew",
  "delete-replaced": "to delete once replaced",
  "import-replacement": "to import anew",
  "read-replacement": "to read anew",
  discard: "to forget",
  "discard-replaced": "to forget once replaced",
  "remove-pending-replace": "to end the replacement of",
};

/** How many resources by what happens to them: `1 to create, 2 to update`. */
export function countsInWords({ changes, counts }: Pick<StackResult, "changes" | "counts">): string {
  const listed = new Map<Operation, number>();
  for (const { action } of changes) listed.set(action, (listed.get(action) ?? 0) + 1);
  // The engine also counts what only groups others; it counts where there is nothing else.
  const countOf = (operation: Operation) => (listed.size > 0 ? listed.get(operation) : counts[operation]) ?? 0;
  const told = operations.filter((operation) => countOf(operation) > 0);
  return told.map((operation) => `${countOf(operation)} ${words[operation]}`).join(", ");
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
  const keyed = changes.map((change) => ({
    change,
    key: JSON.stringify([change.name, change.type, change.action]),
  }));
  return keyed.sort((left, right) => (left.key < right.key ? -1 : 1)).map(({ change }) => change);
}

/** A line for each resource, and under it one for each property, as GitHub colours them in a block of `diff`. */
export function diffLines(changes: readonly ResourceChange[]): string[] {
  return inOrder(changes).flatMap(({ action, type, name, properties }) => {
    const mark = marks[action];
    const what = action === "replace" ? "replace " : action === "import" ? "import " : "";
    return [
      `${mark} ${what}${type} ${name}`,
      ...properties.map(({ path, before = "nothing", after = "nothing" }) => {
        return `${mark}     ${path}: ${before} → ${after}`;
      }),
      // A name or a value may have lines of its own.
    ].map((line) => line.replaceAll("\n", " "));
  });
}
