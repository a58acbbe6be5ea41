import { Command, Option } from "commander";
import type { ExplainOptions } from "../explain/show.ts";
import type { Finish } from "../failure.ts";

/** `feedpass explain`: which identity takes a job's token and why, or what an error means. */
export function explainCommand(finish: Finish): Command {
  return new Command("explain")
    .description("Tell which identity accepts a workflow job and why, or what an error means and what ends it.")
    .argument("[stack]", "the stack, by name; with --error it may be left out")
    .option("--event <name>", "what starts the run, e.g. push or pull_request (default: push)")
    .option("--ref <ref>", "the branch or tag in full: refs/heads/main, refs/tags/v1")
    .option("--environment <name>", "the environment that the job names")
    .option("--workflow <ref>", "the reusable workflow that holds the job: OWNER/REPO/.github/workflows/FILE.yml@REF")
    .option("--fork", "the pull request comes from a fork")
    .option("--claim <name=value...>", "another claim, where the subjects of the repository are made of it")
    .option("--prefix <prefix>", "how the repository's subjects begin, instead of asking GitHub: repo:OWNER/NAME")
    .addOption(
      new Option("--error <text>", "explain an error instead; - reads it from standard input").conflicts([
        ...["event", "ref", "environment", "workflow", "fork", "claim"],
      ]),
    )
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Asks GitHub how it makes the repository's subjects, with GITHUB_TOKEN, and keeps the answer for when GitHub cannot be
reached. Nothing is asked where the stack file pins feedpass:subjectPrefix, or with --prefix.
Whether the rules of its environment let the job start is told first.
Exit codes: 0 accepted, or explained; 2 GitHub does not start it, no identity accepts, or the error is not known;
1 failed, or it cannot be told.

Examples:
  npx feedpass explain contoso-widgets --ref refs/heads/main
  npx feedpass explain contoso-widgets --event pull_request
  npx feedpass explain contoso-widgets --ref refs/tags/v1.2.3 --environment release
  npx feedpass explain --error "AADSTS7000222: The provided client secret keys are expired."
  gh run view --log-failed | npx feedpass explain contoso-widgets --error -`,
    )
    .action(async (stack: string | undefined, options: ExplainOptions) => {
      const { explain } = await import("../explain/show.ts");
      finish(await explain(stack, options));
    });
}
