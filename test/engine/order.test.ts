import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { beyond, type Reach, reachOf } from "../support/order/judge.ts";
import { environments, type Scenario, scenarios } from "../support/order/scenarios.ts";
import { recordWrites, type Write } from "../support/order/writes.ts";
import { openProject, type TestProject } from "../support/project.ts";

// Proves that protection stands before access, and goes after it: at no moment of a change can a job do what both the
// stack before and the finished one refuse. The emulated services are the judge.

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
});

afterAll(() => project.close());

const run = (command: string) => project.succeed([command, "--stack", "order", "--yes", "--skip-preview"]);

/** What the services know before the change, and after each of its requests. */
async function change({ before, after }: Scenario): Promise<readonly Write[]> {
  await project.succeed(["stack", "init", "order"]);
  if (before !== undefined) {
    project.writeStack("order", before);
    await run("up");
  }
  const start = { what: "the start", after: project.sandbox.cloud.store.snapshot() };
  const { writes, stop } = recordWrites(project.sandbox.cloud);
  if (after !== undefined) project.writeStack("order", after);
  try {
    await run(after === undefined ? "destroy" : "up");
  } finally {
    stop();
  }
  return [start, ...writes];
}

describe.each(scenarios)("$name", (scenario) => {
  test("lets no job do at any moment what it refuses at its end", { timeout: 300_000 }, async () => {
    const { store } = project.sandbox.cloud;
    const empty = store.snapshot();
    const writes = await change(scenario);

    const reaches: Reach[] = [];
    for (const { after } of writes) reaches.push(await reachOf(after, environments));
    const allowed = [reaches.at(0) ?? new Map(), reaches.at(-1) ?? new Map()];
    const wrong = writes.flatMap(({ what }, index) => {
      const more = beyond(reaches[index] ?? new Map(), ...allowed);
      return more.length > 0 ? [`after ${what}: ${more.join("; ")}`] : [];
    });

    await project.succeed(["stack", "rm", "order", "--yes", "--force"]);
    store.restore(empty);
    expect(wrong).toEqual([]);
    expect(Math.max(...reaches.map(({ size }) => size))).toBeGreaterThan(0);
  });
});
