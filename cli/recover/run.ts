import { type ExitCode, Failure } from "../failure.ts";
import { runFleet } from "../fleet/run.ts";
import { confirmed } from "../output.ts";
import { findProject } from "../project.ts";
import { readStack } from "../stack.ts";

/** What the command line said. */
export interface RecoverOptions {
  readonly yes?: true;
  readonly json?: true;
}

/** Runs `feedpass recover`: a fleet of one stack, whose preview tells what there is to do, and whose up does it. */
export async function recover(given: string, { yes, json }: RecoverOptions): Promise<ExitCode> {
  const { stack } = readStack(findProject(), given);
  const one = { stacks: [stack], refresh: true } as const;
  if (yes) return runFleet("up", { ...one, yes, ...(json ? { json } : {}) });
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Failure(`recover would change ${stack}; without a terminal to ask on it needs --yes`);
  }
  const seen = await runFleet("preview", one);
  if (seen === 1 || seen === 4) return seen;
  if (!(await confirmed(`Recover ${stack}. Go on? (yes/no) `))) throw new Failure("nothing was changed");
  return runFleet("up", { ...one, yes: true, ...(json ? { json } : {}) });
}
