// npm run bench:fleet -- --stacks 200: what many stacks cost, against a loop of `npx pulumi`.

import { randomBytes } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import { execa } from "execa";
import type { FleetReport } from "../cli/fleet/report.ts";
import { gitHubData } from "../sandbox/cloud/github/data.ts";
import { seedGitHub } from "../sandbox/cloud/github/seed.ts";
import { platformPermissions } from "../sandbox/contoso.ts";
import { mergedEnvironment } from "../sandbox/environment.ts";
import { openProject } from "../test/support/project.ts";

const { values } = parseArgs({
  options: { stacks: { type: "string", default: "200" }, sample: { type: "string", default: "10" } },
});
const count = Number(values.stacks);
const sample = Math.min(Number(values.sample), count);
const cli = new URL("../cli/feedpass.js", import.meta.url).pathname;

const stacks = Array.from({ length: count }, (_none, index) => `repository-${String(index + 1).padStart(4, "0")}`);
const drifting = stacks.filter((_stack, index) => index % Math.max(1, Math.floor(count / 10)) === 0).slice(0, 10);

const project = await openProject();
let users = 0;
try {
  seedGitHub(project.sandbox.cloud.store, { repositories: stacks.map((name) => ({ owner: "contoso", name })) });
  const salt = await makeSalt();
  for (const stack of stacks) {
    project.writeStack(stack, settingsOf(stack));
    appendFileSync(join(project.folder, `stacks/Pulumi.${stack}.yaml`), salt);
  }

  const table = new Table({
    head: ["", "stacks", "s", "s a stack", "CPU s a stack", "peak MiB"],
    style: { head: [], border: [] },
  });
  const add = (what: string, stacks: number, { seconds, processor, peak }: Run) => {
    table.push([
      what,
      stacks,
      seconds.toFixed(1),
      ...[seconds, processor].map((all) => (all / stacks).toFixed(2)),
      peak,
    ]);
    process.stderr.write(`${what}: ${seconds.toFixed(1)} s for ${stacks} stacks, ${peak} MiB\n`);
    return seconds / stacks;
  };
  await fleet("preview", "--stacks", stacks[0] ?? "");
  add("fleet preview, nothing made yet", count, await fleet("preview"));
  // GitHub allows a user 5,000 requests an hour, of which a stack's first up takes 32.
  const parts = Math.ceil((count * 32) / 4500);
  const ups = [];
  for (let part = 1; part <= parts; part++) ups.push(await fleet("up", "--yes", "--shard", `${part}/${parts}`));
  add(`fleet up of everything, in ${parts} shards`, count, sum(ups));
  const preview = add("fleet preview, nothing to do", count, await fleet("preview"));
  const looped = add("loop of npx pulumi preview", sample, await loop("preview"));
  drift();
  const found = await fleet("drift");
  const driftSeconds = add(`fleet drift, ${drifting.length} drifted`, count, found);
  const foundStacks = found.report.stacks.filter(({ outcome }) => outcome === "changed").map(({ stack }) => stack);
  const loopedDrift = add("loop of npx pulumi refresh --preview-only", sample, await loop("refresh", "--preview-only"));

  process.stdout.write(`${table.toString()}\n\n`);
  process.stdout.write(`preview: ${(looped / preview).toFixed(1)} times as fast as the loop\n`);
  process.stdout.write(`drift: ${(loopedDrift / driftSeconds).toFixed(1)} times as fast as the loop\n`);
  const isExact = JSON.stringify(foundStacks.sort()) === JSON.stringify([...drifting].sort());
  process.stdout.write(`drift found: ${foundStacks.length}, ${isExact ? "exactly those that drifted" : "WRONG"}\n`);
  if (!isExact) process.exitCode = 1;
} finally {
  await project.close();
}

/** The line that `pulumi stack init` adds to a stack's file, as a team commits it. */
async function makeSalt(): Promise<string> {
  await project.succeed(["stack", "init", "salt"]);
  await project.succeed(["stack", "rm", "salt", "--yes", "--preserve-config"]);
  const file = join(project.folder, "stacks/Pulumi.salt.yaml");
  const text = readFileSync(file, "utf8");
  rmSync(file);
  return text;
}

/** As the README's example: an identity that reads, one that publishes, a protected environment. */
function settingsOf(name: string) {
  return {
    repository: `contoso/${name}`,
    feed: { organization: "contoso", project: "data", name: "python" },
    identities: {
      reader: { role: "reader", trust: [{ branch: "main" }, { pullRequest: true }] },
      publisher: { role: "contributor", trust: [{ environment: "release" }] },
    },
    environments: { release: { deployFrom: { tags: ["v*"] } } },
    removable: true,
  };
}

function drift(): void {
  const { repositories, variables } = gitHubData(project.sandbox.cloud.store);
  for (const stack of drifting) {
    const repository = repositories.find(({ name }) => name === stack);
    const variable = variables.find(
      ({ name, scope }) => name === "AZURE_ARTIFACTS_INDEX_URL" && scope.split(/\D+/).includes(repository?.id ?? ""),
    );
    if (variable === undefined) throw new Error(`${stack} has no variable to change`);
    variables.update(variable.id, { value: "https://mallory.example/simple/" });
  }
}

/** What a command took: its time, that of the processors, and the most memory that it and its children had at once. */
interface Run {
  readonly seconds: number;
  readonly processor: number;
  readonly peak: number;
}

async function fleet(...parameters: readonly string[]): Promise<Run & { readonly report: FleetReport }> {
  const run = await measure(process.execPath, [cli, "fleet", ...parameters, "--json"]);
  const report: FleetReport = JSON.parse(run.stdout);
  const failed = report.stacks.filter(({ outcome }) => outcome !== "same" && outcome !== "changed");
  if (failed.length > 0) throw new Error(JSON.stringify(failed[0], null, 2));
  return { ...run, report };
}

async function loop(...parameters: readonly string[]): Promise<Run> {
  const runs: Run[] = [];
  for (const stack of stacks.slice(0, sample)) {
    runs.push(await measure("npx", ["pulumi", ...parameters, "--stack", stack, "--non-interactive"]));
  }
  return sum(runs);
}

function sum(runs: readonly Run[]): Run {
  return runs.reduce((all, { seconds, processor, peak }) => ({
    seconds: all.seconds + seconds,
    processor: all.processor + processor,
    peak: Math.max(all.peak, peak),
  }));
}

/** The environment of another owner of the organization at GitHub, who has requests left. */
async function signInAnew(): Promise<{ readonly environment: Record<string, string>; close(): Promise<void> }> {
  const { store } = project.sandbox.cloud;
  const { organizations } = gitHubData(store);
  users += 1;
  const login = `owner-${users}`;
  const token = `github_pat_${randomBytes(30).toString("hex")}`;
  const ids = seedGitHub(store, { users: [{ login }] }).users;
  const contoso = organizations.find((organization) => organization.login === "contoso");
  if (contoso === undefined) throw new Error("the sandbox has no contoso");
  organizations.update(contoso.id, { members: [...contoso.members, { userId: String(ids[login]), role: "admin" }] });
  seedGitHub(store, {
    tokens: [{ token, kind: "fine-grained", user: login, resourceOwner: "contoso", permissions: platformPermissions }],
  });
  const { environment, close } = await project.sandbox.withEnvironment({ GITHUB_TOKEN: token, GH_TOKEN: token });
  return { environment: mergedEnvironment(environment, { GITHUB_STEP_SUMMARY: undefined }), close };
}

async function measure(file: string, parameters: readonly string[]): Promise<Run & { readonly stdout: string }> {
  const { environment, close } = await signInAnew();
  const start = performance.now();
  const before = childrenSeconds();
  const running = execa(file, parameters, {
    cwd: project.folder,
    env: environment,
    extendEnv: false,
    reject: false,
    maxBuffer: 1024 ** 3,
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, childrenMemory());
  }, 200);
  try {
    const { stdout, stderr, exitCode } = await running;
    if (exitCode !== 0 && exitCode !== 2) throw new Error(`${file} ${parameters.join(" ")}: ${stderr}`);
    return { seconds: (performance.now() - start) / 1000, processor: childrenSeconds() - before, peak, stdout };
  } finally {
    clearInterval(watch);
    await close();
  }
}

/**
 * The processors' time of all that this process has started and that has ended: the command, what it started, and the
 * programs of the sandbox's language host. Other work on the machine does not change it. Linux only; 0 elsewhere.
 */
function childrenSeconds(): number {
  try {
    const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const [user = 0, system = 0] = fields.slice(13, 15).map(Number);
    // In hundredths of a second, whatever the machine.
    return (user + system) / 100;
  } catch {
    return 0;
  }
}

/** The resident memory of all that this process has started, in MiB. Linux only; 0 elsewhere. */
function childrenMemory(): number {
  try {
    const processes = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statusOf(name));
    const tree = new Set([process.pid]);
    for (let size = 0; size < tree.size; ) {
      size = tree.size;
      for (const { id, parent } of processes) if (tree.has(parent)) tree.add(id);
    }
    const kibibytes = processes
      .filter(({ id }) => tree.has(id) && id !== process.pid)
      .reduce((sum, { memory }) => sum + memory, 0);
    return Math.round(kibibytes / 1024);
  } catch {
    return 0;
  }
}

/** Nothing for a process that has ended meanwhile. */
function statusOf(id: string) {
  try {
    const text = readFileSync(`/proc/${id}/status`, "utf8");
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
    return [{ id: Number(id), parent: field("PPid"), memory: field("VmRSS") }];
  } catch {
    return [];
  }
}
