import { Command, Option } from "commander";
import type { WorkflowOptions } from "../workflow/print.ts";

/** `feedpass workflow`: the workflow, or the Dependabot configuration, of a stack's repository. */
export function workflowCommand(): Command {
  return new Command("workflow")
    .description("Print the workflow that uses a stack's access: install, build, check and publish.")
    .argument("<stack>", "the stack, by name")
    .addOption(
      new Option(
        "--action <reference>",
        "where feedpass's own action is: OWNER/NAME@COMMIT (by default this checkout's origin, and the action's last commit)",
      ).conflicts("dependabot"),
    )
    .option("--dependabot", "print the configuration of Dependabot instead")
    .option("--client-id <id>", "with --dependabot: the identity's client id (by default a Dependabot secret is named)")
    .addHelpText(
      "after",
      `
Reads the stack file and nothing else: no sign-in, no network. Whom the file trusts decides which job signs in as whom.

Examples:
  npx feedpass workflow contoso-widgets > .github/workflows/package.yml
  npx feedpass workflow contoso-widgets --dependabot > .github/dependabot.yml`,
    )
    .action(async (stack: string, options: WorkflowOptions) => {
      const { printWorkflow } = await import("../workflow/print.ts");
      await printWorkflow(stack, options);
    });
}
