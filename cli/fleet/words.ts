import { stackFilePath } from "../../src/settings/config.ts";
import {
  type FleetReport,
  type Leftover,
  needsPerson,
  type Operation,
  type Outcome,
  type ResourceChange,
  type StackReport,
} from "./report.ts";

const futureVerbs = { create: "to create", update: "to update", replace: "to replace", delete: "to delete" } as const;
const pastVerbs = { create: "created", update: "updated", replace: "replaced", delete: "deleted" } as const;
const driftVerbs = { create: "added", update: "changed", replace: "changed", delete: "gone" } as const;

const verbs: Readonly<Record<Operation, Readonly<Record<string, string>>>> = {
  preview: futureVerbs,
  up: pastVerbs,
  drift: driftVerbs,
};

/** `2 to update, 1 to delete`; for an up `2 updated`, for drift `2 changed`. */
function countWords(operation: Operation, counts: Readonly<Record<string, number>>): string {
  const words = Object.entries(counts).flatMap(([op, count]) => {
    // A replacement's two halves are counted beside it.
    if (op === "create-replacement" || op === "delete-replaced") return [];
    return [`${count} ${verbs[operation][op] ?? op}`];
  });
  return words.join(", ");
}

/** How it went with one stack, in a few words. */
export function outcomeWords(operation: Operation, stack: StackReport): string {
  const { outcome, counts, isNew } = stack;
  const done = countWords(operation, counts);
  switch (outcome) {
    case "same":
      return operation === "drift" ? "no drift" : "nothing to do";
    case "changed":
      return isNew ? `new: ${done}` : done;
    case "absent":
      return "not applied yet";
    case "broken":
      return "its file has problems";
    case "elsewhere":
      return "in work elsewhere, run it again";
    case "failed": {
      const failed = operation === "up" && done !== "" ? `failed after ${done}` : "failed";
      return needsPerson(stack) ? failed : `${failed}, run it again`;
    }
    case "interrupted":
      return operation === "up" && done !== "" ? `interrupted after ${done}` : "interrupted";
    case "notRun":
      return "not run";
  }
}

const signs = { create: "+", update: "~", replace: "±", delete: "-", import: "=" } as const;

/** `~ ActionsVariable access/AZURE_CLIENT_ID: value "a" → "b"` */
export function changeWords({ action, type, name, properties }: ResourceChange): string {
  const details = properties.map(({ path, before, after }) => {
    return `${path} ${before ?? "nothing"} → ${after ?? "nothing"}`;
  });
  return `${signs[action]} ${type} ${name}${details.length === 0 ? "" : `: ${details.join(", ")}`}`;
}

/** Who may be at work on a stack, and what there is to do about it. */
export function elsewhereWords(stack: string): string {
  return (
    "the lock names who works on it, and since when; if that process has ended: " +
    `npx pulumi cancel ${stack}, then run it again`
  );
}

/** What removes a stack that has no file any more. */
export function leftoverWords({ stack, resources }: Leftover): string {
  const file = `its file ${stackFilePath(stack)} is gone`;
  if (resources === 0) return `${file}, and nothing of it is left: npx pulumi stack rm ${stack}`;
  const what = resources === undefined ? "what it made" : resources === 1 ? "1 resource" : `${resources} resources`;
  return (
    `${file}, and ${what} may still exist; to remove it: put the file back with feedpass:removable: true, then ` +
    `npx pulumi up -s ${stack}, npx pulumi destroy -s ${stack}, npx pulumi stack rm ${stack}`
  );
}

const order: readonly Outcome[] = [
  "broken",
  "failed",
  "elsewhere",
  "interrupted",
  "changed",
  "absent",
  "notRun",
  "same",
];

/** What needs somebody first, then by name. */
export function inOrder(stacks: readonly StackReport[]): StackReport[] {
  return [...stacks].sort(
    (left, right) => order.indexOf(left.outcome) - order.indexOf(right.outcome) || (left.stack < right.stack ? -1 : 1),
  );
}

const totals: Readonly<Record<Operation, readonly (readonly [Outcome, string])[]>> = {
  preview: [
    ["changed", "with changes"],
    ["same", "with nothing to do"],
  ],
  up: [
    ["changed", "changed"],
    ["same", "with nothing to do"],
  ],
  drift: [
    ["changed", "drifted"],
    ["same", "without drift"],
  ],
};
const sharedTotals: readonly (readonly [Outcome, string])[] = [
  ["absent", "not applied yet"],
  ["broken", "with a broken file"],
  ["failed", "failed"],
  ["elsewhere", "in work elsewhere"],
  ["interrupted", "interrupted"],
  ["notRun", "not run"],
];

/** `12 stacks: 3 with changes, 8 with nothing to do, 1 failed; 1 stack has no file.` */
export function totalWords({ operation, stacks, leftovers }: FleetReport): string {
  const counts = [...totals[operation], ...sharedTotals].flatMap(([outcome, words]) => {
    const count = stacks.filter((stack) => stack.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  const what = stacks.length === 1 ? "1 stack" : `${stacks.length} stacks`;
  const without = leftovers.length === 1 ? "1 stack without a file" : `${leftovers.length} stacks without a file`;
  const all = [counts.length === 0 ? what : `${what}: ${counts.join(", ")}`, ...(leftovers.length ? [without] : [])];
  return `${all.join("; ")}.`;
}
