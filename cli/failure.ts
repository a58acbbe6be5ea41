/**
 * How a command ends, for scripts.
 * - 0: done, or nothing to do
 * - 1: failed so that a person is needed, or something is wrong with what it was given
 * - 2: done, and there are changes or drift (only where a command says so)
 * - 3: done, and access grows or protection shrinks (only with `access --diff … --fail-on widening`)
 * - 4: failed, and the same command may end well: run it again (only `fleet` and `recover`)
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** Tells how a command ends. A command that never does ends with 0. */
export type Finish = (exitCode: ExitCode) => void;

/** What the user can mend. The message says what and how; it is shown without a stack. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly exitCode: 1 | 4;

  /** @param exitCode how the command ends. Default: 1 */
  constructor(message: string, exitCode: 1 | 4 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
