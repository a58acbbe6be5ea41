/**
 * How well it is known that the real service answers so: its owner documents or specifies it; a client or provider that
 * works with it was read; somebody shows its answers in a public thread.
 */
export type Grade = "documented" | "client's source" | "observed";

/** What a route's behaviour is modelled on. */
export interface Evidence {
  /** A link to the documentation, the source file or the thread. */
  readonly source: string;
  readonly grade: Grade;
  /** The day on which the source was last read for this, e.g. `2026-11-24`. */
  readonly readOn: string;
}

export const documented = (source: string, readOn: string): Evidence => ({ source, grade: "documented", readOn });

export const readInClient = (source: string, readOn: string): Evidence => ({
  ...{ source, readOn },
  grade: "client's source",
});

export const observed = (source: string, readOn: string): Evidence => ({ source, grade: "observed", readOn });
