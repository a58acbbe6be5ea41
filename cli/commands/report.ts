import { Command, InvalidArgumentError } from "commander";
import type { Finish } from "../failure.ts";
import type { CommentOptions, IssuesOptions, MatrixOptions, OutdatedOptions } from "../report/options.ts";

/** `feedpass report`: what the workflows need beside the fleet's own commands. */
export function reportCommand(finish: Finish): Command {
  return new Command("report")
    .description("For workflows: deal stacks out to jobs, and tell a pull request or issues what came of it.")
    .addCommand(matrixCommand(finish))
    .addCommand(commentCommand(finish))
    .addCommand(outdatedCommand(finish))
    .addCommand(issuesCommand(finish));
}

function matrixCommand(finish: Finish): Command {
  return new Command("matrix")
    .description("Print the jobs of a workflow's matrix, as lines for GITHUB_OUTPUT.")
    .option("--changed-since <reference>", "only stacks that a change since this branch, tag or commit concerns")
    .option("--edited", "with --changed-since: only stacks whose own files changed, whatever else did")
    .option("--stacks <glob>", "only stacks whose names match, e.g. 'contoso-*'; may be given again", (glob, globs) => [
      ...((globs as readonly string[] | undefined) ?? []),
      glob,
    ])
    .option("--per-shard <n>", "how many stacks a shard has, unless there would be more than 256", wholeNumber, 40)
    .option("--each", "a job for each stack instead of shards; 256 at most, then `next` names the last one")
    .option("--after <stack>", "with --each: only stacks after this one, by name")
    .addHelpText(
      "after",
      `
From the stack files alone: no sign-in, no network.

Examples:
  npx feedpass report matrix --changed-since HEAD^1          shards=["1/2","2/2"]
  npx feedpass report matrix --changed-since HEAD^1 --each   stacks=["contoso-gadgets","contoso-widgets"]
                                                             next=`,
    )
    .action(async (options: MatrixOptions) => {
      const { printMatrix } = await import("../report/matrix.ts");
      finish(await printMatrix(options));
    });
}

function commentCommand(finish: Finish): Command {
  return new Command("comment")
    .description("Write the one comment on a pull request, or bring it up to date.")
    .argument("<folder>", "where the results are: what `fleet preview --json` and `fleet drift --json` printed")
    .requiredOption("--changed-since <reference>", "what the pull request changes: its base, HEAD^1 of a merge")
    .option("--head <reference>", "the pull request's commit: its files are read from git, not from the working tree")
    .option("--pull-request <number>", "the pull request of GITHUB_REPOSITORY", wholeNumber)
    .option("--print", "print the comment instead")
    .addHelpText("after", environmentHelp)
    .action(async (folder: string, options: CommentOptions) => {
      const { writeComment } = await import("../report/write-comment.ts");
      finish(await writeComment(folder, options));
    });
}

function outdatedCommand(finish: Finish): Command {
  return new Command("outdated")
    .description("Say in the comment on a pull request that it is of an older commit, until the next one replaces it.")
    .requiredOption("--pull-request <number>", "the pull request of GITHUB_REPOSITORY", wholeNumber)
    .addHelpText("after", outdatedHelp)
    .action(async (options: OutdatedOptions) => {
      const { markOutdated } = await import("../report/mark-outdated.ts");
      finish(await markOutdated(options));
    });
}

function issuesCommand(finish: Finish): Command {
  return new Command("issues")
    .description("Open, update and close an issue for each stack that has drifted.")
    .argument("<folder>", "where the results are: what `fleet drift --json` printed for all stacks")
    .option("--print", "print what would be written instead")
    .addHelpText("after", environmentHelp)
    .action(async (folder: string, options: IssuesOptions) => {
      const { writeIssues } = await import("../report/write-issues.ts");
      finish(await writeIssues(folder, options));
    });
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("expected a whole number from 1");
  return Number(text);
}

const environmentHelp = `
Signs in with GITHUB_TOKEN, and works on GITHUB_REPOSITORY. The link to the logs is that of the workflow's run.
Exit codes: 0 done; 1 it could not be done, or results are missing. What the results say is no failure of this command.`;

const outdatedHelp = `
The first step of a preview: should the run fail, the comment does not claim to be of the newer commit. Where there is no
comment yet, nothing is done. Signs in with GITHUB_TOKEN, and works on GITHUB_REPOSITORY.
Exit codes: 0 done; 1 it could not be done.`;
