import { Command, Option } from "commander";
import type { Finish } from "../failure.ts";
import type { InitOptions } from "../init/options.ts";

/** `feedpass init`: a stack file for a repository, from what GitHub and the feed say. */
export function initCommand(finish: Finish): Command {
  return new Command("init")
    .description("Write the stack file of a repository, from what GitHub and the feed say.")
    .argument("<owner/repository>", "the GitHub repository, e.g. contoso/widgets")
    .option("--feed <path>", "ORGANIZATION/PROJECT/FEED, or ORGANIZATION/FEED for a feed of the organization")
    .addOption(
      new Option("--role <role>", "the most that its workflows may do on the feed").choices([
        "reader",
        "collaborator",
        "contributor",
      ]),
    )
    .option("--environment <name>", "the GitHub environment that publishes, with --role contributor")
    .option("--stack <name>", "the stack's name (default: OWNER-REPOSITORY)")
    .addHelpText("after", help)
    .action(async (repository: string, options: InitOptions) => {
      const { writeStackFile } = await import("../init/run.ts");
      finish(await writeStackFile(repository, options));
    });
}

const help = `
On a terminal it asks for what the flags leave open. Without one, --feed is needed, the role is reader, and the
environment is release.
Signs in at GitHub with GITHUB_TOKEN. At Azure DevOps with AZDO_PERSONAL_ACCESS_TOKEN, with ARM_TENANT_ID, ARM_CLIENT_ID
and ARM_CLIENT_SECRET, or as whoever has signed in with az; without any of them the feed is taken as it is written.
The file is checked before it is written, and a file that is there is never overwritten.

Roles:
  reader         installs; from the default branch and from pull requests
  collaborator   also saves packages from the feed's upstreams; from the default branch only
  contributor    publishes, from an environment; installs as a reader

Examples:
  npx feedpass init contoso/widgets
  npx feedpass init contoso/widgets --feed contoso/data/python --role contributor --environment release`;
