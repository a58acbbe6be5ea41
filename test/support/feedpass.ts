import { execa } from "execa";
import type { FleetReport } from "../../cli/fleet/report.ts";
import { type Environment, mergedEnvironment } from "../../sandbox/environment.ts";
import type { TestProject } from "./project.ts";

const cli = new URL("../../cli/feedpass.js", import.meta.url).pathname;

/** Starts `npx feedpass …` in a project as a terminal does: in a process group of its own. */
export function startFeedpass(project: TestProject, parameters: readonly string[], environment: Environment = {}) {
  return execa("node", [cli, ...parameters], {
    cwd: project.folder,
    env: mergedEnvironment(project.sandbox.environment, { GITHUB_STEP_SUMMARY: undefined, ...environment }),
    extendEnv: false,
    reject: false,
    detached: true,
  });
}

/** How a run of the fleet ended, with what it printed as JSON. */
export interface FleetRun extends FleetReport {
  readonly exitCode: number;
  readonly stderr: string;
}

/** Runs a command of `npx feedpass` that prints a fleet's report. @throws Error where it prints none */
export async function runFeedpass(
  project: TestProject,
  parameters: readonly string[],
  environment: Environment = {},
): Promise<FleetRun> {
  const { exitCode = -1, stdout, stderr } = await startFeedpass(project, [...parameters, "--json"], environment);
  if (stdout === "") throw new Error(`feedpass ${parameters.join(" ")} ended with ${exitCode}: ${stderr}`);
  return { ...(JSON.parse(stdout) as FleetReport), exitCode, stderr };
}
