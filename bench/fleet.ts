// npm run bench:fleet -- --stacks 200: what many stacks cost, against a loop of `npx pulumi`, and against the engine's
// own start, which no driver can do without.
import { availableParallelism, cpus } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { execa } from "execa";
import type { FleetReport } from "../cli/fleet/report.ts";
import { mergedEnvironment } from "../sandbox/environment.ts";
import { withProgress } from "../sandbox/progress.ts";
import { ensureEngine } from "../sandbox/toolchain/engine.ts";
import { openProject } from "../test/support/project.ts";
import { addOwner, makeDrift, makeEmptyProject, useEngineHome, writeStacks } from "./fleet-project.ts";
import { measure, type Run, sum } from "./processes.ts";

const { values } = parseArgs({
  options: {
    stacks: { type: "string", default: "200" },
    // How many stacks a loop is measured with.
    sample: { type: "string", default: "10" },
  },
});
const count = Number(values.stacks);
const sample = Math.min(Number(values.sample), count);
const atOnce = availableParallelism();
/** How often the engine is started for a floor: often enough that the start of the processes around it is little. */
const starts = 50 * atOnce;
const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const stacks = Array.from({ length: count }, (_none, index) => `repository-${String(index + 1).padStart(4, "0")}`);
const drifting = stacks.filter((_stack, index) => index % Math.max(1, Math.floor(count / 10)) === 0).slice(0, 10);

const engine = await withProgress((onProgress) => ensureEngine({ onProgress }));
const home = useEngineHome();
const project = await openProject();
const { store } = project.sandbox.cloud;
const table = new Table({
  head: ["", "stacks", "s", "s a stack", "CPU s a stack", "peak MiB"],
  style: { head: [], border: [] },
});
try {
  await writeStacks(project, stacks);
  const empty = await makeEmptyProject(project);

  // What the services make up when they are asked first, and the bundles.
  await fleet("preview", "--stacks", stacks[0] ?? "");
  add("fleet preview, nothing made yet", count, await fleet("preview"));
  // GitHub allows a user 5,000 requests an hour, of which a stack's first up takes 34.
  const parts = Math.ceil((count * 34) / 4500);
  const ups = [];
  for (let part = 1; part <= parts; part++) ups.push(await fleet("up", "--yes", "--shard", `${part}/${parts}`));
  add(`fleet up of everything, in ${parts} ${parts === 1 ? "shard" : "shards"}`, count, sum(ups));

  const preview = add("fleet preview, nothing to do", count, await fleet("preview"));
  const loop = add("loop of npx pulumi preview", sample, await loopOf(["preview"]));
  const calls = [["stack", "select"], ["preview"]] as const;
  const longLoop = add("loop of npx pulumi stack select, then preview", sample, await loopOf(...calls));
  const floor = add("floor: the engine, an empty program", starts, await floorOf(empty, "preview"));

  makeDrift(store, drifting);
  const found = await fleet("drift");
  const drift = add(`fleet drift, ${drifting.length} drifted`, count, found);
  const driftLoop = add("loop of npx pulumi refresh", sample, await loopOf(["refresh", "--preview-only"]));
  const driftFloor = add("floor: the engine, an empty state", starts, await floorOf(empty, "drift"));
  const start = add("the engine's bare start: pulumi version", starts, await bareStarts());

  const times = (seconds: number, others: number) => (seconds / others).toFixed(1);
  const [{ model = "unknown" } = {}] = cpus();
  tell(`Pulumi ${engine.version}, ${engine.parts} providers, Node ${process.version}, ${atOnce} x ${model}`);
  tell(`${table.toString()}\n`);
  tell(`preview: ${times(loop, preview)} times as fast as the loop, ${times(longLoop, preview)} with stack select;`);
  tell(`  the floor is ${times(loop, floor)} times, the bare start ${times(loop, start)} times as fast as the loop`);
  tell(`drift: ${times(driftLoop, drift)} times as fast as the loop;`);
  tell(`  the floor is ${times(driftLoop, driftFloor)} times, the bare start ${times(driftLoop, start)} times`);
  const names = found.report.stacks.filter(({ outcome }) => outcome === "changed").map(({ stack }) => stack);
  const isExact = JSON.stringify(names.sort()) === JSON.stringify([...drifting].sort());
  tell(`drift found: ${names.length}, ${isExact ? "exactly those that drifted" : "WRONG"}`);
  if (!isExact) process.exitCode = 1;
} finally {
  await project.close();
  home.remove();
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @returns seconds a stack */
function add(what: string, stacks: number, { seconds, processor, peak }: Run): number {
  const each = [seconds, processor].map((all) => (all / stacks).toFixed(2));
  table.push([what, stacks, seconds.toFixed(1), ...each, peak]);
  process.stderr.write(`${what}: ${seconds.toFixed(1)} s for ${stacks} stacks, ${peak} MiB\n`);
  return seconds / stacks;
}

async function fleet(...parameters: readonly string[]): Promise<Run & { readonly report: FleetReport }> {
  const run = await inSandbox((start) =>
    start(process.execPath, [file("../cli/feedpass.js"), "fleet", ...parameters, "--json"]),
  );
  const report: FleetReport = JSON.parse(run.result);
  const failed = report.stacks.filter(({ outcome }) => outcome !== "same" && outcome !== "changed");
  if (failed.length > 0) throw new Error(JSON.stringify(failed[0], null, 2));
  return { ...run, report };
}

/** As a shell's loop over the stacks, with one or more calls for each. */
async function loopOf(...calls: readonly (readonly string[])[]): Promise<Run> {
  return inSandbox(async (start) => {
    for (const stack of stacks.slice(0, sample)) {
      for (const call of calls) await start("npx", ["pulumi", ...call, "--stack", stack, "--non-interactive"]);
    }
  });
}

/**
 * The engine with nothing to do: its start, the backend, the key of the stack's secrets, a program that is there already
 * and makes nothing. As many processes at once as the fleet has.
 */
async function floorOf(folder: string, operation: "preview" | "drift"): Promise<Run> {
  const root = dirname(dirname(engine.binary));
  return inSandbox((start) =>
    Promise.all(
      Array.from({ length: atOnce }, () =>
        start(process.execPath, [file("engine-floor.js"), folder, root, "empty", String(starts / atOnce), operation]),
      ),
    ),
  );
}

async function bareStarts(): Promise<Run> {
  return inSandbox((start) =>
    Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let time = 0; time < starts / atOnce; time++) await start(engine.binary, ["version"]);
      }),
    ),
  );
}

type Start = (file: string, parameters: readonly string[]) => Promise<string>;

/** Measures what commands take, signed in at GitHub as somebody who has requests left. */
async function inSandbox<Result>(act: (start: Start) => Promise<Result>) {
  const token = addOwner(store);
  const { environment, close } = await project.sandbox.withEnvironment({ GITHUB_TOKEN: token, GH_TOKEN: token });
  home.forgetLogs();
  const start: Start = async (file, parameters) => {
    const { stdout, stderr, exitCode } = await execa(file, parameters, {
      cwd: project.folder,
      env: mergedEnvironment(environment, { GITHUB_STEP_SUMMARY: undefined }),
      extendEnv: false,
      reject: false,
      maxBuffer: 1024 ** 3,
    });
    if (exitCode !== 0 && exitCode !== 2) throw new Error(`${file} ${parameters.join(" ")}: ${stderr}`);
    return stdout;
  };
  try {
    return await measure(() => act(start));
  } finally {
    await close();
  }
}
