// npm run rehearse: what the jobs of a repository may do by its stack file, tried for real.
import { Command } from "commander";
import pc from "picocolors";
import { describeParts, UserError, withUserErrors } from "./local.ts";
import { withProgress } from "./progress.ts";
import { openPython, readStack } from "./rehearsal/open.ts";
import { type Rehearsal, rehearse } from "./rehearsal/rehearse.ts";
import { renderRehearsal } from "./rehearsal/render.ts";
import { StagingError, type StagedStack, stageStack } from "./rehearsal/staging.ts";
import { type Engine, ensureEngine } from "./toolchain/engine.ts";
import type { PythonTools } from "./toolchain/python.ts";

const command = new Command("npm run rehearse --")
  .description("Applies stacks in a sandbox of their own, and tries what their jobs may do and what they may not.")
  .argument("<stack...>", "the stacks, by name")
  .requiredOption("--project <folder>", "the folder of Pulumi.yaml")
  .option("--json", "print JSON")
  .action((stacks: string[], { project, json = false }: { project: string; json?: boolean }) =>
    withUserErrors(() => rehearseAll(stacks, project, json)),
  );
// Leaves nothing behind in the machine's temporary folder.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
await command.parseAsync();

async function rehearseAll(stacks: readonly string[], project: string, json: boolean): Promise<number> {
  const staged = stacks.map((stack) => readStack(stack, project));
  const python = await openPython();
  if (!python.available) {
    throw new UserError(`nothing can be rehearsed without pip, build and twine: ${python.reason}`);
  }
  const engine = await withProgress((onProgress) => ensureEngine({ onProgress }));
  if (!json) process.stdout.write(`${describeParts(engine.parts)}\n`);
  const results: { readonly stack: string; readonly rehearsal: Rehearsal }[] = [];
  for (const one of staged) {
    const rehearsal = await rehearseOne(one, python.tools, engine);
    results.push({ stack: one.stack, rehearsal });
    if (!json) process.stdout.write(`\n${pc.bold(one.stack)}\n${renderRehearsal(rehearsal, process.stdout.columns)}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(results.map(plain), null, 2)}\n`);
  return results.every(({ rehearsal }) => rehearsal.agrees) ? 0 : 1;
}

function rehearseOne(staged: StagedStack, tools: PythonTools, engine: Engine): Promise<Rehearsal> {
  return withProgress(async (onProgress) => {
    onProgress(`applying ${staged.stack} in a sandbox of its own`);
    const state = await stageStack(staged, engine).catch((error: unknown) => {
      if (!(error instanceof StagingError)) throw error;
      throw new UserError(`${staged.stack} could not be applied in the sandbox:\n${error.message}`);
    });
    return rehearse({ state, settings: staged.settings, tools, onProgress });
  });
}

/** What scripts get: without logs where all is well, as these change with each run. */
function plain({ stack, rehearsal }: { readonly stack: string; readonly rehearsal: Rehearsal }) {
  const { agrees, workflow, cases } = rehearsal;
  const logOf = (result: { readonly agrees: boolean; readonly log: string }) =>
    result.agrees ? {} : { log: result.log };
  return {
    stack,
    agrees,
    workflow: workflow.map(({ log, revealed: _, ...result }) => ({ ...result, ...logOf({ ...result, log }) })),
    cases: cases.map(({ log, revealed: _, checks, ...result }) => ({
      ...result,
      checks: checks.map(({ reads: __, ...check }) => check),
      ...logOf({ ...result, log }),
    })),
  };
}
