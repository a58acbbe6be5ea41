/** Why an error happens, and what ends it. */
export interface Cause {
  readonly because: string;
  /** The key of the stack file, the line of the workflow or the command. */
  readonly fix: string;
}

/** An error that people meet on the way from a workflow to a feed. */
export interface KnownError {
  /** What people search for: `AADSTS700213`, `TF400813`. */
  readonly id: string;
  /** Its words, in short. */
  readonly title: string;
  readonly matches: RegExp;
  readonly meaning: string;
  /** The likeliest first. */
  readonly causes: readonly Cause[];
  /** Where the meaning is from. */
  readonly sources: readonly string[];
}

/** Errors that come from the same place. */
export interface ErrorGroup {
  readonly name: string;
  readonly errors: readonly KnownError[];
}

/** An error number of Entra's, and no longer one that begins with it. */
export function aadsts(...codes: readonly number[]): RegExp {
  return new RegExp(`AADSTS(?:${codes.join("|")})(?!\\d)`, "i");
}
