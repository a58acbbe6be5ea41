import { Command } from "commander";
import type { Finish } from "../failure.ts";
import type { RehearseOptions } from "../rehearse.ts";

/** `feedpass rehearse`: tries in the sandbox what the jobs of a repository may do by its stack file. */
export function rehearseCommand(finish: Finish): Command {
  return new Command("rehearse")
    .description("Try what a stack file says, in a sandbox: sign-in, pip and twine, allowed and refused.")
    .argument("[stack...]", "the stacks, by name (all of them when left out)")
    .option("--changed-since <reference>", "apply the file of this branch, tag or commit first, and show what changes")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Nothing real is asked or changed: each stack is applied with the real engine in a sandbox of its own, and gone afterwards.
There the printed workflow runs, and every job that the file trusts or must not trust tries to sign in, install and publish.
Exit code: 0 where everything went as the file says, 1 where something did not.

Examples:
  npx feedpass rehearse                               all stacks
  npx feedpass rehearse contoso-widgets               one stack
  npx feedpass rehearse contoso-widgets --changed-since origin/main    and what the change of its file does`,
    )
    .action(async (stacks: string[], options: RehearseOptions) => {
      const { rehearseStacks } = await import("../rehearse.ts");
      finish(await rehearseStacks(stacks, options));
    });
}
