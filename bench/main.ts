// npm run bench: what an engine run costs, against an empty program and a bare Node, what it asks of the services, and
// what `feedpass access` costs for a thousand files.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { execa } from "execa";
import { mergedEnvironment } from "../sandbox/environment.ts";
import { withProgress } from "../sandbox/progress.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import { type Engine, ensureEngine } from "../sandbox/toolchain/engine.ts";
import { accessTable, benchAccess } from "./access.ts";
import { alternate, spread } from "./measure.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const stack = "contoso-widgets";
const runs = 7;

const engine = await withProgress((onProgress) => ensureEngine({ onProgress }));
const folder = mkdtempSync(join(tmpdir(), "feedpass-bench-"));
const sandbox = await startSandbox({ folder: join(folder, "sandbox"), engine });
try {
  const project = copyProject(join(folder, "project"));
  const empty = writeEmptyProject(join(folder, "empty"));
  const requests = await countRequests(project);
  await pulumi(empty, "stack", "init", "empty");
  await pulumi(empty, "up", "--stack", "empty", "--yes", "--skip-preview");
  const times = await alternate(runs, {
    "node -e 0": () => execa(process.execPath, ["-e", "0"]),
    "preview of an empty program": () => pulumi(empty, "preview", "--stack", "empty"),
    "preview with nothing to do": () => pulumi(project, "preview", "--stack", stack, "--expect-no-changes"),
    "refresh that only looks": () => pulumi(project, "refresh", "--stack", stack, "--preview-only"),
  });
  report(engine, times, requests);
} finally {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${accessTable(await benchAccess())}\n`);

/** The engine by its binary: what `npx` adds is npm's. */
async function pulumi(cwd: string, ...args: string[]): Promise<void> {
  await execa(engine.binary, [...args, "--non-interactive"], {
    cwd,
    env: mergedEnvironment(sandbox.environment),
    extendEnv: false,
  });
}

/** The repository's own code and example, with the stack's state somewhere else. */
function copyProject(to: string): string {
  mkdirSync(join(to, "stacks"), { recursive: true });
  copyFileSync(join(root, "Pulumi.yaml"), join(to, "Pulumi.yaml"));
  copyFileSync(join(root, `stacks/Pulumi.${stack}.yaml`), join(to, `stacks/Pulumi.${stack}.yaml`));
  for (const name of ["src", "infra", "sdks", "node_modules", "package.json"])
    symlinkSync(join(root, name), join(to, name));
  return to;
}

/** The least that the engine can run: a program that makes nothing, with the SDK that every program has. */
function writeEmptyProject(to: string): string {
  mkdirSync(to, { recursive: true });
  writeFileSync(join(to, "Pulumi.yaml"), "name: empty\nruntime:\n  name: nodejs\n  options: { typescript: false }\n");
  writeFileSync(join(to, "package.json"), '{ "main": "index.cjs" }\n');
  writeFileSync(join(to, "index.cjs"), 'require("@pulumi/pulumi");\n');
  symlinkSync(join(root, "node_modules"), join(to, "node_modules"));
  return to;
}

async function countRequests(project: string): Promise<Record<string, Record<string, number>>> {
  const counts: Record<string, Record<string, number>> = {};
  async function count(name: string, ...args: string[]) {
    sandbox.cloud.requests.clear();
    await pulumi(project, ...args, "--stack", stack);
    counts[name] = sandbox.cloud.requests.perService();
  }
  await pulumi(project, "stack", "init", stack);
  await count("first up", "up", "--yes", "--skip-preview");
  await count("second up", "up", "--yes", "--skip-preview");
  await count("preview", "preview");
  await count("refresh that only looks", "refresh", "--preview-only");
  return counts;
}

function report(
  { version, parts }: Engine,
  times: Readonly<Record<string, readonly number[]>>,
  requests: Readonly<Record<string, Record<string, number>>>,
): void {
  const floor = spread(times["preview of an empty program"] ?? []).median;
  const timeTable = new Table({
    head: ["seconds", "median", "least", "most", "against an empty program"],
    style: { head: [], border: [] },
  });
  for (const [name, seconds] of Object.entries(times)) {
    const { median, least, most } = spread(seconds);
    timeTable.push([
      name,
      ...[median, least, most].map((value) => value.toFixed(2)),
      `${(median / floor).toFixed(2)} x`,
    ]);
  }
  const services = sandbox.cloud.services.map(({ name }) => name);
  const requestTable = new Table({ head: ["requests", ...services], style: { head: [], border: [] } });
  for (const [name, counts] of Object.entries(requests)) {
    requestTable.push([name, ...services.map((service) => String(counts[service] ?? 0))]);
  }
  process.stdout.write(`Pulumi ${version}, ${parts} providers, Node ${process.version}, ${runs} runs in turn\n`);
  process.stdout.write(`${timeTable.toString()}\n${requestTable.toString()}\n`);
}
