import { stackFilePath } from "../../src/settings/config.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { dependabotText } from "../../src/workflow/dependabot.ts";
import { NothingToPrintError } from "../../src/workflow/nothing-to-print.ts";
import { workflowText } from "../../src/workflow/workflow.ts";
import { Failure } from "../failure.ts";
import { findProject, type Project } from "../project.ts";
import { readStack } from "../stack.ts";
import { findOwnAction } from "./own-action.ts";

/** What the command line said. */
export interface WorkflowOptions {
  readonly action?: string;
  readonly dependabot?: true;
  readonly clientId?: string;
}

/** Runs `feedpass workflow`. */
export async function printWorkflow(given: string, options: WorkflowOptions): Promise<void> {
  if (options.clientId !== undefined && !options.dependabot) throw new Failure("--client-id is for --dependabot");
  const project = findProject();
  const { stack, settings } = readStack(project, given);
  const text = await textOf(project, settings, options).catch((error: unknown) => {
    if (error instanceof NothingToPrintError) throw new Failure(`${stackFilePath(stack)}: ${error.message}`);
    throw error;
  });
  process.stdout.write(text);
}

async function textOf(project: Project, settings: Settings, options: WorkflowOptions): Promise<string> {
  if (options.dependabot) return dependabotText(settings, checkedClientId(options.clientId));
  return workflowText(settings, await findOwnAction(project.root, options.action));
}

function checkedClientId(id: string | undefined): string | undefined {
  if (id === undefined || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return id;
  throw new Failure(
    `--client-id: got ${JSON.stringify(id)}, expected an id like 11111111-2222-3333-4444-555555555555; ` +
      "the stack's output identities has it",
  );
}
