import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/**
 * Workflows and composite actions, as far as ours go. A key that is not here is an error: what the rehearsal would pass
 * over could be what makes the difference on GitHub.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 */

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const environmentVariables = z.record(z.string(), scalar);
const permissions = z.record(z.string(), z.enum(["read", "write", "none"]));

const step = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  if: scalar.optional(),
  uses: z.string().optional(),
  with: environmentVariables.optional(),
  run: z.string().optional(),
  shell: z.enum(["bash"]).optional(),
  env: environmentVariables.optional(),
  "working-directory": z.string().optional(),
  "continue-on-error": z.boolean().optional(),
  "timeout-minutes": z.number().optional(),
});
export type Step = z.output<typeof step>;

const environment = z.union([
  z.string(),
  z.strictObject({ name: z.string(), url: z.string().optional() }).transform(({ name }) => name),
]);

const job = z.strictObject({
  name: z.string().optional(),
  "runs-on": z.string(),
  needs: z.union([z.string().transform((id) => [id]), z.array(z.string())]).optional(),
  if: scalar.optional(),
  environment: environment.optional(),
  permissions: permissions.optional(),
  concurrency: z.unknown().optional(),
  env: environmentVariables.optional(),
  "timeout-minutes": z.number().optional(),
  steps: z.array(step),
});
export type WorkflowJob = z.output<typeof job>;

const filters = z.strictObject({ branches: z.array(z.string()).optional(), tags: z.array(z.string()).optional() });

const workflow = z.strictObject({
  name: z.string().optional(),
  "run-name": z.string().optional(),
  on: z.strictObject({
    push: filters.nullish(),
    pull_request: z.unknown().optional(),
    merge_group: z.strictObject({ branches: z.array(z.string()) }).nullish(),
    workflow_dispatch: z.unknown().optional(),
  }),
  permissions: permissions.optional(),
  concurrency: z.unknown().optional(),
  env: environmentVariables.optional(),
  jobs: z.record(z.string(), job),
});
export type Workflow = z.output<typeof workflow>;

/** @throws Error for what is no workflow, or has what the rehearsal knows nothing of */
export function parseWorkflow(text: string): Workflow {
  return check(workflow, parse(text), "the printed workflow");
}

const action = z.strictObject({
  name: z.string(),
  description: z.string(),
  author: z.string().optional(),
  branding: z.unknown().optional(),
  inputs: z.record(
    z.string(),
    z.strictObject({ description: z.string(), default: z.string().optional(), required: z.boolean().optional() }),
  ),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
  runs: z.strictObject({ using: z.literal("composite"), steps: z.array(step) }),
});

/** A composite action, and the folder that its scripts are in. */
export type CompositeAction = z.output<typeof action> & { readonly folder: string };

/** @throws Error for what is no composite action, or has what the rehearsal knows nothing of */
export function readAction(folder: string): CompositeAction {
  const file = join(folder, "action.yml");
  return { ...check(action, parse(readFileSync(file, "utf8")), file), folder };
}

function check<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw new Error(`the rehearsal cannot run ${what}:\n${z.prettifyError(checked.error)}`);
}
