import { execFileSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Snapshot } from "../../../sandbox/cloud/store.ts";
import { startFeedpass } from "../feedpass.ts";
import { beyond, type Reach, reachOf } from "../order/judge.ts";
import { environments } from "../order/scenarios.ts";
import type { EngineResult, TestProject } from "../project.ts";
import type { FaultKind } from "./kinds.ts";
import { intercept, type RequestKind, requestKinds, requestText } from "./requests.ts";
import type { Change } from "./stacks.ts";
import { worldOf } from "./world.ts";

/** One fault in one run. */
export interface FaultCase {
  readonly request: RequestKind;
  readonly kind: FaultKind;
  /** Only the first request of its kind, or all for as long as the run lasts. */
  readonly often: "once" | "always";
}

/** `reset before the service acts, once, POST graph /v1.0/applications` */
export function caseText({ request, kind, often }: FaultCase): string {
  return `${kind.name}, ${often}, ${requestText(request)}`;
}

/**
 * How a case ended: `at once` where the run itself came through, `by the next up` (at most two) without anybody's help,
 * `with help` where it did not, `elsewhere` where the services are not what a run without a fault makes of them, and
 * `open` where a job could do more than both the stack before and the finished one allow.
 */
export const endings = ["at once", "by the next up", "with help", "elsewhere", "open"] as const;

export interface Outcome {
  readonly ending: (typeof endings)[number];
  /** What a person needs to see why. Empty where it ended well. */
  readonly why: string;
}

/** A change that was run without a fault, from which each case begins, and where each has to end. */
export interface Clean {
  readonly requests: readonly RequestKind[];
  run(one: FaultCase): Promise<Outcome>;
}

/** A run that goes on for longer is interrupted as by Ctrl-C. */
const patience = 90_000;

/**
 * Runs a change without a fault, and remembers where it began and ended.
 * @throws Error where it does not end well
 */
export async function prepareChange(project: TestProject, stack: string, change: Change): Promise<Clean> {
  const { cloud } = project.sandbox;
  const backend = join(project.folder, ".sandbox", "stacks");
  const kept = join(project.folder, `${stack}-before`);
  const command = [change.command, "--stack", stack, "--yes", "--skip-preview"];
  await project.succeed(["stack", "init", stack]);
  if (change.before !== undefined) {
    project.writeOnlyStack(stack, change.before);
    await project.succeed(["up", "--stack", stack, "--yes", "--skip-preview"]);
  }
  project.writeOnlyStack(stack, change.after);
  cpSync(backend, kept, { recursive: true });
  const before = cloud.store.snapshot();
  cloud.requests.clear();
  await project.succeed(command);
  const requests = requestKinds(cloud);
  const after = cloud.store.snapshot();
  const wanted = worldOf(after);
  const allowed = [await reachOf(before, environments), await reachOf(after, environments)];

  function begin(): void {
    rmSync(backend, { recursive: true, force: true });
    cpSync(kept, backend, { recursive: true });
    cloud.store.restore(before);
    cloud.faults.clear();
  }

  async function run(one: FaultCase): Promise<Outcome> {
    begin();
    const outputs = [await runWithFault(project, command, one)];
    const open = await opened(cloud.store.snapshot(), allowed);
    let ups = 0;
    while (!(await isDone(project, stack, change))) {
      if (ups === 2) return { ending: "with help", why: outputs.map(({ output }) => output).join("\n") };
      ups += 1;
      outputs.push(await heal(project, stack, command));
      open.push(...(await opened(cloud.store.snapshot(), allowed)));
    }
    if (open.length > 0) return { ending: "open", why: open.join("\n") };
    const difference = differenceOf(wanted, worldOf(cloud.store.snapshot()));
    if (difference !== "") return { ending: "elsewhere", why: difference };
    return { ending: ups === 0 ? "at once" : "by the next up", why: "" };
  }

  return { requests, run };
}

async function opened(snapshot: Snapshot, allowed: readonly Reach[]): Promise<string[]> {
  return beyond(await reachOf(snapshot, environments), ...allowed);
}

async function runWithFault(project: TestProject, command: readonly string[], one: FaultCase): Promise<EngineResult> {
  const { cloud } = project.sandbox;
  const killer = new AbortController();
  const stop = intercept(cloud, one.request, one.often, async (answer) => {
    const answered = one.kind.strike(answer, cloud);
    if (one.kind.kills === undefined) return answered;
    const response = await answered;
    if (one.kind.kills === "engine") killer.abort();
    else killPrograms();
    return response;
  });
  const tooLong = setTimeout(() => killer.abort(), patience);
  try {
    return await project.pulumi(command, {}, killer.signal);
  } finally {
    clearTimeout(tooLong);
    // The stand-ins for the providers live in this process, and bring what they have begun to its end.
    if (one.kind.kills !== undefined) await sleep(1500);
    stop();
    cloud.faults.clear();
  }
}

/** The programs that the stand-in for the language host has started in this process. */
function killPrograms(): void {
  const listed = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" });
  for (const line of listed.split("\n")) {
    if (/@pulumi\/pulumi\/cmd\/run\b/.test(line)) process.kill(Number.parseInt(line, 10), "SIGKILL");
  }
}

/** What `feedpass fleet up` and a person do: the same again, and the command for what a killed engine leaves. */
async function heal(project: TestProject, stack: string, command: readonly string[]): Promise<EngineResult> {
  const again = await project.pulumi(command);
  if (!/is currently locked|pending operations/i.test(again.output)) return again;
  const { exitCode, stdout, stderr } = await startFeedpass(project, ["recover", stack, "--yes"]);
  return { exitCode: exitCode ?? -1, output: `${stdout}\n${stderr}` };
}

async function isDone(project: TestProject, stack: string, { command }: Change): Promise<boolean> {
  if (command === "destroy") return (await project.resources(stack)).length === 0;
  const { exitCode } = await project.pulumi(["preview", "--stack", stack, "--expect-no-changes"]);
  return exitCode === 0;
}

function differenceOf(wanted: readonly string[], got: readonly string[]): string {
  const without = (one: readonly string[], other: readonly string[], sign: string) => {
    const left = [...other];
    return one.flatMap((line) => {
      const at = left.indexOf(line);
      if (at < 0) return [`${sign} ${line}`];
      left.splice(at, 1);
      return [];
    });
  };
  return [...without(wanted, got, "-"), ...without(got, wanted, "+")].join("\n");
}
