import type { Permission } from "./permissions.ts";

/**
 * What a change is about.
 * - `gain`, `loss`: what jobs may do on a feed
 * - `secret`, `signIn`: how an identity signs in
 * - `protection`: what stands before an environment
 * - `risk`: a risk that the file takes on by name
 * - `subject`: how the subjects of the jobs begin
 * - `tenant`: where the identities are
 * - `identity`: an identity that comes, goes or changes without anybody gaining or losing
 * - `repository`: a file that is for another repository now
 * - `file`: a stack file that comes or goes
 * - `hidden`: Pulumi ESC environments, whose settings no file shows
 * - `encryption`: how the secrets of a stack's state are encrypted
 * - `issuers`: whose tokens stacks may trust, which Pulumi.yaml says for all
 */
export type ChangeKind =
  | "gain"
  | "loss"
  | "secret"
  | "signIn"
  | "protection"
  | "risk"
  | "subject"
  | "tenant"
  | "identity"
  | "repository"
  | "file"
  | "hidden"
  | "encryption"
  | "issuers";

/** One change of access, a line for people. */
export interface Change {
  readonly kind: ChangeKind;
  /** Whether somebody may publish who could not, or something that kept others out is gone or weaker. */
  readonly escalation: boolean;
  /** Empty for what Pulumi.yaml says for all of them. */
  readonly stack: string;
  /** Whose access it is, e.g. `contoso/widgets`; `Pulumi.yaml` for what that says for all stacks. */
  readonly repository: string;
  /** The feeds that it is about, e.g. `contoso/data/python`; several where a stack has several, or moves to another. */
  readonly feeds: readonly string[];
  /** Without the repository: `environment release gains publish on contoso/data/python`. */
  readonly text: string;
  /** Of `gain` and `loss`: where the jobs are, in words. */
  readonly sources?: readonly string[];
  /** Of `gain` and `loss`. */
  readonly permissions?: readonly Permission[];
  /** The identity that it is about. */
  readonly identity?: string;
}

/**
 * Whether access grows or protection shrinks: a gain of any permission, installing too, or an escalation of any kind. It
 * is what `--fail-on widening` ends with a code of its own for, what is marked with ⚠️, and `widening` in JSON. What is
 * left is told all the same: losses, stronger protection, files that come and go, and what nobody gains by.
 */
export function isWidening({ kind, escalation }: Pick<Change, "kind" | "escalation">): boolean {
  return escalation || kind === "gain";
}

/** A change as one line: `contoso/widgets: environment release gains publish on contoso/data/python`. */
export function changeLine({ repository, text }: Change): string {
  return `${repository}: ${text}`;
}

/** The most dangerous first; among equals by repository, stack and text, so that the order says nothing of the files'. */
export function inOrder(changes: readonly Change[]): Change[] {
  return [...changes].sort(
    (left, right) =>
      rank(left) - rank(right) ||
      compare(left.repository, right.repository) ||
      compare(left.stack, right.stack) ||
      compare(left.text, right.text),
  );
}

function rank({ kind, escalation, permissions = [] }: Change): number {
  if (kind === "gain") return permissions.includes("publish") ? 0 : 2;
  if (escalation) return 1;
  if (kind === "file") return 5;
  return kind === "loss" ? 4 : 3;
}

/** By code points, the same on every machine. */
export function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
