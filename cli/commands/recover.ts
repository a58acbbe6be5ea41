import { Command } from "commander";
import type { Finish } from "../failure.ts";
import type { RecoverOptions } from "../recover/run.ts";

/** `feedpass recover`: brings a stack to an end whose up was killed. */
export function recoverCommand(finish: Finish): Command {
  return new Command("recover")
    .description("Bring a stack to a good end after an engine was killed, or its state was damaged.")
    .argument("<stack>", "the stack, by name")
    .option("--yes", "do not ask")
    .option("--json", "print JSON, as fleet up does")
    .addHelpText(
      "after",
      `
Shows what is to be done, asks, and then:
1. takes away what a kill leaves of the backend's own: an empty STACK.json.attrs, which the engine calls "EOF";
2. cancels a lock whose process has ended on this machine; any other is told, and left;
3. asks the services what became of what was being made, imports what is there, and clears the rest;
4. looks at the services (refresh), and makes everything as the stack's file says (up).
fleet up does 1 to 3 by itself, for every stack. docs/runbook.md has what to do about a state that cannot be read.

Exit codes: 0 everything is as the file says; 1 a person is needed; 4 the same command may end well: run it again.

Examples:
  npx feedpass recover contoso-widgets
  npx feedpass recover contoso-widgets --yes`,
    )
    .action(async (stack: string, options: RecoverOptions) => {
      const { recover } = await import("../recover/run.ts");
      finish(await recover(stack, options));
    });
}
