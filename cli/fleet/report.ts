import { isPassing } from "../../src/diagnosis/again.ts";
import type { SecretEnd } from "../../src/settings/secret-end.ts";
import type { ExitCode } from "../failure.ts";

/**
 * What the fleet is asked for.
 * - `preview`: what an up would change; writes nothing
 * - `up`: makes everything as the files say
 * - `drift`: what differs from what the last up left; writes nothing
 */
export type Operation = "preview" | "up" | "drift";

/**
 * How it went with one stack.
 * - `same`: nothing to do
 * - `changed`: there are changes, which `up` has made, or drift
 * - `absent`: drift of a stack that no up has made yet
 * - `broken`: its file has problems; no engine was started for it
 * - `elsewhere`: somebody else works on it, or has left a lock; nothing was begun
 * - `failed`: the engine or a service refused
 * - `interrupted`: ended by Ctrl-C while it ran; what was done by then is in the state
 * - `notRun`: Ctrl-C came before its turn
 */
export type Outcome = "same" | "changed" | "absent" | "broken" | "elsewhere" | "failed" | "interrupted" | "notRun";

/** One property that changes or has drifted. A value is undefined where there is none; secrets are never told. */
export interface PropertyChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** What happens, or has happened, to one resource. */
export interface ResourceChange {
  readonly action: "create" | "update" | "replace" | "delete" | "import";
  /** e.g. `ActionsVariable` */
  readonly type: string;
  /** As the program calls it: `access/reader/branch:main` */
  readonly name: string;
  /** Of `update` and `replace`. */
  readonly properties: readonly PropertyChange[];
}

/** What the engine made of one stack. */
export interface StackResult {
  readonly outcome: Extract<Outcome, "same" | "changed" | "elsewhere" | "failed" | "interrupted">;
  /** How many resources by what happens to them, as the engine counts, those that stay left out. */
  readonly counts: Readonly<Record<string, number>>;
  readonly changes: readonly ResourceChange[];
  readonly errors: readonly string[];
  /** What an engine that was killed had left, and what was done about it; a line each. Default: nothing. */
  readonly notes?: readonly string[];
  readonly seconds: number;
}

/** One stack of a run. */
export interface StackReport extends Omit<StackResult, "outcome"> {
  readonly stack: string;
  readonly outcome: Outcome;
  /** e.g. `contoso/widgets`; undefined where the file does not tell. */
  readonly repository: string | undefined;
  /** Whether it has no state yet. */
  readonly isNew: boolean;
  /** The change of access since the reference of `--changed-since`, in words, dangerous ones marked. */
  readonly access: readonly AccessLine[];
  /** Its client secrets that end soon or have ended, from the file; whatever came of the run. */
  readonly secretEnds: readonly SecretEnd[];
}

export interface AccessLine {
  readonly text: string;
  readonly escalation: boolean;
}

/** A stack that still has state, and no file any more. */
export interface Leftover {
  readonly stack: string;
  /** How many resources it still has; undefined where the backend does not tell. */
  readonly resources: number | undefined;
  readonly access: readonly AccessLine[];
}

/** A whole run. */
export interface FleetReport {
  readonly operation: Operation;
  /** Which stacks, and why those. */
  readonly why: string;
  readonly stacks: readonly StackReport[];
  readonly leftovers: readonly Leftover[];
  readonly seconds: number;
}

const failures: ReadonlySet<Outcome> = new Set(["broken", "elsewhere", "failed", "interrupted", "notRun"]);

export function isFailure({ outcome }: Pick<StackReport, "outcome">): boolean {
  return failures.has(outcome);
}

/** Whether somebody has to do something before the same command can end well. */
export function needsPerson({ outcome, errors }: Pick<StackReport, "outcome" | "errors">): boolean {
  return outcome === "broken" || (outcome === "failed" && !isPassing(errors));
}

/**
 * 1 where a stack failed so that a person is needed; 4 where one failed, was in work elsewhere or was not brought to its
 * end, and the same command may end well. Else 2 where there are changes or drift, or stacks without a file, that somebody
 * has to see to. An `up` that has done everything ends with 0. That a client secret ends is told, and changes no exit code:
 * a gate that fails for a month is no gate.
 */
export function exitCodeOf({ operation, stacks, leftovers }: FleetReport): ExitCode {
  if (stacks.some(needsPerson)) return 1;
  if (stacks.some(isFailure)) return 4;
  if (operation === "up") return 0;
  return leftovers.length > 0 || stacks.some(({ outcome }) => outcome === "changed") ? 2 : 0;
}
