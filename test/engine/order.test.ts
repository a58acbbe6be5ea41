import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { beyond, type Reach, reachOf } from "../support/order/judge.ts";
import { environments, type Scenario, scenarios } from "../support/order/scenarios.ts";
import { recordWrites, type Stop, stopAt, type Write } from "../support/order/writes.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { sample, seed } from "../support/sample.ts";

// Proves that protection stands before access, and goes after it: at no moment of a change can a job do what both the
// stack before and the finished one refuse. The emulated services are the judge. A seed chooses two changes.

let project: TestProject;
let empty: Snapshot;
let stacks = 0;

beforeAll(async () => {
  project = await openProject();
  empty = project.sandbox.cloud.store.snapshot();
});

beforeEach(() => project.sandbox.cloud.store.restore(empty));

afterAll(() => project.close());

const command = (name: string, stack: string) => [name, "--stack", stack, "--yes", "--skip-preview"];

/** Makes what is there before the change, in a stack of its own. @returns the change, and what to run for it */
async function prepare({ before, after }: Scenario): Promise<readonly string[]> {
  stacks += 1;
  const stack = `order-${stacks}`;
  await project.succeed(["stack", "init", stack]);
  if (before !== undefined) {
    project.writeOnlyStack(stack, before);
    await project.succeed(command("up", stack));
  }
  if (after !== undefined) project.writeOnlyStack(stack, after);
  return command(after === undefined ? "destroy" : "up", stack);
}

/** What the services know before the change, and after each of its requests. */
async function changeWhole(scenario: Scenario): Promise<readonly Write[]> {
  const run = await prepare(scenario);
  const start = { what: "the start", after: project.sandbox.cloud.store.snapshot() };
  const { writes, stop } = recordWrites(project.sandbox.cloud);
  try {
    await project.succeed(run);
  } finally {
    stop();
  }
  return [start, ...writes];
}

/** What the services know once the change was stopped, and nothing of it is on its way any more. */
async function changeUntil(scenario: Scenario, number: number, stop: Stop): Promise<Snapshot> {
  const run = await prepare(scenario);
  const killer = new AbortController();
  const restore = stopAt(project.sandbox.cloud, number, stop, () => killer.abort());
  try {
    const { exitCode } = await project.pulumi(run, {}, killer.signal);
    expect(exitCode).not.toBe(0);
    // The stand-ins for the providers live in this process, and bring what they have begun to its end.
    await sleep(1500);
  } finally {
    restore();
    project.sandbox.cloud.faults.clear();
  }
  return project.sandbox.cloud.store.snapshot();
}

/** A change is stopped once, wherever a seed says; `npm run test:order` stops it at each request, in both ways. */
function stopsOf(name: string, count: number): readonly [number, Stop][] {
  const kinds = ["failure", "kill"] as const;
  const stops = kinds.flatMap((stop) => Array.from({ length: count }, (_, at): [number, Stop] => [at + 1, stop]));
  return sample(name, stops, 1);
}

describe.each(sample("scenarios", scenarios, 2))("$name", (scenario) => {
  let writes: readonly Write[];
  let allowed: readonly Reach[];

  test("lets no job do at any moment what it refuses at its end", { timeout: 300_000 }, async () => {
    writes = await changeWhole(scenario);

    const reaches: Reach[] = [];
    for (const { after } of writes) reaches.push(await reachOf(after, environments));
    allowed = [reaches.at(0) ?? new Map(), reaches.at(-1) ?? new Map()];
    const wrong = writes.flatMap(({ what }, index) => {
      const more = beyond(reaches[index] ?? new Map(), ...allowed);
      return more.length > 0 ? [`after ${what}: ${more.join("; ")}`] : [];
    });
    expect(wrong).toEqual([]);
    expect(Math.max(...reaches.map(({ size }) => size))).toBeGreaterThan(0);
  });

  test(`leaves no more where it is stopped (FEEDPASS_SEED=${seed})`, { timeout: 4 * 60 * 60_000 }, async () => {
    for (const [number, stop] of stopsOf(scenario.name, writes.length - 1)) {
      project.sandbox.cloud.store.restore(empty);

      const left = await changeUntil(scenario, number, stop);

      expect({ number, stop, more: beyond(await reachOf(left, environments), ...allowed) }).toEqual({
        ...{ number, stop },
        more: [],
      });
    }
  });
});
