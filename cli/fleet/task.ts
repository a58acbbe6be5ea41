import type { Operation, StackResult } from "./report.ts";

/** What a worker does with one stack. */
export interface StackTask {
  readonly stack: string;
  readonly operation: Operation;
  /** Whether the backend has it. One that it does not have is made by `up`, and previewed without being made. */
  readonly exists: boolean;
  /** Whether the services are looked at first, as `--refresh` of the engine does. */
  readonly refresh: boolean;
  /** How many seconds a stack is waited for that somebody else works on. */
  readonly wait: number;
  /** What the stack's file names, for a stack that is made. */
  readonly secretsProvider: string | undefined;
}

/** To a worker. */
export type Order = { readonly kind: "run"; readonly task: StackTask } | { readonly kind: "interrupt" };

/** From a worker. */
export type Answer =
  | { readonly kind: "ready" }
  /** Client secrets that the program of a stack knows: in a workflow they are to be hidden. */
  | { readonly kind: "secrets"; readonly secrets: readonly string[] }
  | { readonly kind: "done"; readonly result: StackResult };
