import { Command, Option } from "commander";
import type { AccessOptions } from "../access/show.ts";
import { Failure, type Finish } from "../failure.ts";

/** `feedpass access`: who may do what on which feed and from where, from the stack files alone. */
export function accessCommand(finish: Finish): Command {
  return new Command("access")
    .description("Show who may do what on which feed and from where, or how that changed.")
    .argument("[stack...]", "the stacks to show, by name (all of them when left out)")
    .option("--feed <path>", "only this feed: ORGANIZATION/PROJECT/FEED, or ORGANIZATION/FEED")
    .option("--diff <reference>", "the change from a branch, tag or commit to the files as they are now")
    .option("--head <reference>", "with --diff: the change to this commit's files, read from git alone")
    .option("--exit-code", "with --diff: exit with 2 when something changed")
    .addOption(
      new Option(
        "--fail-on <what>",
        "with --diff: exit with 3 when access grows or protection shrinks, and only then",
      ).choices(["widening"]),
    )
    .addOption(new Option("--markdown", "print Markdown").conflicts("json"))
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Reads the stack files and nothing else: no sign-in, no network.
A file with problems is reported with all of them, the others are shown all the same.

Exit codes: 0 done; 1 failed, or a file has problems; 2 something changed, with --exit-code; 3 somebody may do what they
could not, or what kept others out is gone or weaker, with --fail-on widening. The first of 1, 3 and 2 that applies.

Examples:
  npx feedpass access                                 everybody, by feed
  npx feedpass access contoso-widgets                 one stack
  npx feedpass access --feed contoso/data/python      everybody on one feed
  npx feedpass access --diff origin/main              what this branch changes, the most dangerous first
  npx feedpass access --diff origin/main --fail-on widening    the same, as a check that a branch can require`,
    )
    .action(async (stacks: string[], options: AccessOptions) => {
      if (options.head !== undefined && options.diff === undefined) throw new Failure("--head is for --diff");
      if (options.exitCode && options.diff === undefined) throw new Failure("--exit-code is for --diff");
      if (options.failOn && options.diff === undefined) throw new Failure("--fail-on is for --diff");
      const { showAccess } = await import("../access/show.ts");
      finish(await showAccess(stacks, options));
    });
}
