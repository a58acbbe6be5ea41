import { Command, InvalidArgumentError, Option } from "commander";
import type { Finish } from "../failure.ts";
import type { FleetOptions, PlanOptions } from "../fleet/options.ts";

/** `feedpass fleet`: the engine over many stacks. */
export function fleetCommand(finish: Finish): Command {
  return new Command("fleet")
    .description("Preview, apply or look after many stacks at once.")
    .addCommand(
      runCommand("preview", "Show what an up would change.", finish)
        .option("--refresh", "look at the services first, so that drift is part of what is shown")
        .addHelpText("after", previewHelp),
    )
    .addCommand(
      runCommand("up", "Make everything as the stack files say.", finish)
        .option("--refresh", "look at the services first, so that drift is put right")
        .option("--yes", "do not ask")
        .option(
          "--wait <seconds>",
          "how long to wait for a stack that somebody else works on (default: 60)",
          secondsToWait,
        )
        .addHelpText("after", upHelp),
    )
    .addCommand(runCommand("drift", "Show what differs from what was applied.", finish).addHelpText("after", driftHelp))
    .addCommand(planCommand(finish));
}

function runCommand(operation: "preview" | "up" | "drift", description: string, finish: Finish): Command {
  return new Command(operation)
    .description(description)
    .option("--stacks <glob>", "only stacks whose names match, e.g. 'contoso-*'; may be given again", (glob, globs) => [
      ...((globs as readonly string[] | undefined) ?? []),
      glob,
    ])
    .option("--changed-since <reference>", "only stacks that a change since this branch, tag or commit concerns")
    .option("--shard <i/n>", "only one of n equal parts, for several machines")
    .option("--concurrency <n>", "how many at once (default: one for each core)", wholeNumber)
    .option("--markdown <file>", "write a summary there (default: the file that GITHUB_STEP_SUMMARY names, if any)")
    .option("--json", "print JSON")
    .action(async (options: FleetOptions) => {
      const { runFleet } = await import("../fleet/run.ts");
      finish(await runFleet(operation, options));
    });
}

function planCommand(finish: Finish): Command {
  return new Command("plan")
    .description("Show the shards and the schedule that keep within the services' limits.")
    .requiredOption("--repositories <n>", "how many repositories, one stack each", wholeNumber)
    .addOption(
      new Option("--github-requests <n>", "requests an hour that GitHub allows the sign-in")
        .argParser(wholeNumber)
        .default(5000, "5000; an app in an Enterprise Cloud organization has 15000"),
    )
    .option("--concurrency <n>", "how many stacks at once on one machine", wholeNumber, 2)
    .option("--minutes <n>", "how long a machine may take", wholeNumber, 30)
    .option("--tstu <n>", "what one request costs at Azure DevOps, in TSTUs; nothing published says", positive, 0.1)
    .option("--json", "print JSON")
    .addHelpText("after", "\ndocs/fleet.md has the arithmetic.")
    .action(async (options: PlanOptions) => {
      const { showPlan } = await import("../fleet/show-plan.ts");
      finish(showPlan(options));
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError("expected a whole number from 1");
  return Number(text);
}

function secondsToWait(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError("expected a whole number of seconds");
  return Number(text);
}

function positive(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError("expected a number above 0");
  return number;
}

const concerned = `
With --changed-since, a changed stack file concerns its own stack; a change of src, infra, sdks, package-lock.json or
Pulumi.yaml concerns all of them. A file with problems fails by itself, before an engine is started for it. A stack
that fails does not stop the others. Ctrl-C ends what runs cleanly and begins nothing more.`;

const previewHelp = `${concerned}
Writes nothing, in the backend, the services or the files. A stack that is not there yet is previewed without being made.

Exit codes: 0 nothing to do; 2 changes, or stacks without a file; 1 a stack failed, and a person is needed; 4 a stack
failed or was not run, and the same command may end well.

Examples:
  npx feedpass fleet preview                                 all stacks
  npx feedpass fleet preview --changed-since origin/main     what a pull request concerns, and its change of access
  npx feedpass fleet preview --shard 1/4                     the first quarter, for the first of four machines`;

const upHelp = `${concerned}
A stack that is not there yet is made. Asks before it begins; without a terminal it needs --yes.
What an engine that was killed has left is seen to first: a lock of a process that has ended, and what was being made.

Exit codes: 0 everything is as the files say; 1 a stack failed, and a person is needed: a rule refuses, something of
somebody else's is there, a permission is missing; 4 a stack failed for now, was in work elsewhere or was not run: the
same command goes on.

Examples:
  npx feedpass fleet up --changed-since HEAD^ --yes          what the last commit concerns
  npx feedpass fleet up --stacks contoso-widgets --refresh   puts the drift of one stack right`;

const driftHelp = `${concerned}
Reads only: nothing is written, in the backend, the services or the files.

Exit codes: 0 no drift; 2 drift, or stacks without a file; 1 a stack failed, and a person is needed; 4 a stack failed or
was not run, and the same command may end well.

Examples:
  npx feedpass fleet drift --json                            for a script`;
