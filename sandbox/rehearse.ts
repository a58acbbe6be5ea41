// npm run rehearse: what the jobs of a repository may do by its stack file, tried for real.
import { Command } from "commander";
import pc from "picocolors";
import { describeParts, UserError, withUserErrors } from "./local.ts";
import { withProgress } from "./progress.ts";
import { madeBefore, openPython, readBefore, readStack } from "./rehearsal/open.ts";
import { type Rehearsal, rehearse } from "./rehearsal/rehearse.ts";
import { renderRehearsal } from "./rehearsal/render.ts";
import { type AppliedStack, StagingError, type StagedStack, stageStack } from "./rehearsal/staging.ts";
import { type Engine, ensureEngine } from "./toolchain/engine.ts";
import type { PythonTools } from "./toolchain/python.ts";

const command = new Command("npm run rehearse --")
  .description("Applies stacks in a sandbox of their own, and tries what their jobs may do and what they may not.")
  .argument("<stack...>", "the stacks, by name")
  .requiredOption("--project <folder>", "the folder of Pulumi.yaml")
  .option("--before <folder>", "stack files as they were: they are applied first, and what changes is shown")
  .option("--json", "print JSON")
  .action((stacks: string[], options: Options) => withUserErrors(() => rehearseAll(stacks, options)));
// Leaves nothing behind in the machine's temporary folder.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
await command.parseAsync();

interface Options {
  readonly project: string;
  readonly before?: string;
  readonly json?: true;
}

async function rehearseAll(stacks: readonly string[], { project, before, json }: Options): Promise<number> {
  const staged = stacks.map((stack) => withBefore(readStack(stack, project), before));
  const python = await openPython();
  if (!python.available) {
    throw new UserError(`nothing can be rehearsed without pip, build and twine: ${python.reason}`);
  }
  const engine = await withProgress((onProgress) => ensureEngine({ onProgress }));
  if (!json) process.stdout.write(`${describeParts(engine.parts)}\n`);
  const told = before === undefined ? undefined : json ? "json" : "text";
  const results: Result[] = [];
  for (const one of staged) {
    const result = await rehearseOne(one, python.tools, engine, told);
    results.push(result);
    if (json) continue;
    if (result.preview !== undefined) process.stdout.write(`\n${pc.bold("The change")}\n${result.preview}\n`);
    const table = renderRehearsal(result.rehearsal, process.stdout.columns);
    process.stdout.write(`\n${pc.bold(one.stack)}\n${table}\n`);
  }
  if (json) process.stdout.write(`${JSON.stringify(results.map(plain), null, 2)}\n`);
  return results.every(({ rehearsal }) => rehearsal.agrees) ? 0 : 1;
}

function withBefore(staged: StagedStack, folder: string | undefined): StagedStack {
  if (folder === undefined) return staged;
  const before = readBefore(staged, folder);
  if (typeof before !== "string") {
    return { ...staged, ended: madeBefore(staged, before), ...(before === undefined ? {} : { before }) };
  }
  process.stderr.write(`${staged.stack} is taken for new; its former file cannot be applied before: ${before}\n`);
  return { ...staged, ended: [] };
}

interface Result extends Pick<AppliedStack, "preview"> {
  readonly stack: string;
  readonly rehearsal: Rehearsal;
}

function rehearseOne(
  staged: StagedStack,
  tools: PythonTools,
  engine: Engine,
  preview?: "text" | "json",
): Promise<Result> {
  const { stack, settings, ended } = staged;
  return withProgress(async (onProgress) => {
    onProgress(`applying ${stack} in a sandbox of its own`);
    const { state, ...told } = await stageStack(staged, engine, preview).catch((error: unknown) => {
      if (!(error instanceof StagingError)) throw error;
      throw new UserError(`${stack} could not be applied in the sandbox:\n${error.message}`);
    });
    return { stack, ...told, rehearsal: await rehearse({ state, settings, ended, tools, onProgress }) };
  });
}

/** What scripts get: without logs where all is well, as these change with each run. */
function plain({ stack, preview, rehearsal }: Result) {
  const { agrees, workflow, cases } = rehearsal;
  const logOf = (result: { readonly agrees: boolean; readonly log: string }) =>
    result.agrees ? {} : { log: result.log };
  return {
    stack,
    ...(preview === undefined ? {} : { preview: JSON.parse(preview) }),
    agrees,
    workflow: workflow.map(({ log, revealed: _, ...result }) => ({ ...result, ...logOf({ ...result, log }) })),
    cases: cases.map(({ log, revealed: _, checks, ...result }) => ({
      ...result,
      checks: checks.map(({ reads: __, ...check }) => check),
      ...logOf({ ...result, log }),
    })),
  };
}
