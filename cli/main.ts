import { Command, CommanderError } from "commander";
import { accessCommand } from "./commands/access.ts";
import { explainCommand } from "./commands/explain.ts";
import { fleetCommand } from "./commands/fleet.ts";
import { initCommand } from "./commands/init.ts";
import { recoverCommand } from "./commands/recover.ts";
import { rehearseCommand } from "./commands/rehearse.ts";
import { reportCommand } from "./commands/report.ts";
import { workflowCommand } from "./commands/workflow.ts";
import { type ExitCode, Failure, type Finish } from "./failure.ts";
import { coloursFor, complain } from "./output.ts";

/** Every command, in the order of the help. One file each; what is heavy is imported when the command runs. */
const commands: readonly ((finish: Finish) => Command)[] = [
  initCommand,
  accessCommand,
  fleetCommand,
  recoverCommand,
  explainCommand,
  workflowCommand,
  rehearseCommand,
  reportCommand,
];

/**
 * Runs one command line.
 * @param argv as `process.argv`: the first two are Node's own
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram((code) => {
    exitCode = code;
  });
  // Stays: what is written last may fail when this is over.
  process.stdout.off("error", endQuietly).on("error", endQuietly);
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    // Commander has said what is wrong with the command line, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    if (!(error instanceof Failure)) throw error;
    complain(coloursFor(process.stderr).red(error.message));
    return error.exitCode;
  }
}

function createProgram(finish: Finish): Command {
  const program = new Command("feedpass")
    .description("Azure Artifacts feed access for GitHub repositories: one stack file each, applied with Pulumi.")
    .exitOverride()
    .configureHelp({ styleTitle: (title) => coloursFor(process.stdout).bold(title) })
    .showHelpAfterError("run it with --help to see how it is used")
    .addHelpText(
      "after",
      `
Works on the project around the current folder, the one with Pulumi.yaml.
Exit codes: 0 done; 1 failed, or a file is wrong; 2 changes or drift, where a command says so;
3 access grows or protection shrinks, with access --diff … --fail-on widening;
4 failed, and the same command may end well: run it again (fleet, recover).`,
    );
  for (const create of commands) program.addCommand(create(finish).copyInheritedSettings(program));
  return program;
}

/** Whoever reads the output has seen enough, as `head` does. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
