import { describe, expect, test } from "vitest";
import { type Runner, runQueue } from "../../../cli/fleet/queue.ts";
import type { StackResult } from "../../../cli/fleet/report.ts";
import type { StackTask } from "../../../cli/fleet/task.ts";

const same: StackResult = { outcome: "same", counts: {}, changes: [], errors: [], seconds: 0 };
const tasks = (...stacks: readonly string[]): StackTask[] =>
  stacks.map((stack) => ({
    stack,
    operation: "preview",
    exists: true,
    refresh: false,
    wait: 0,
    secretsProvider: undefined,
  }));
const outcomes = (results: ReadonlyMap<string, StackResult>) =>
  Object.fromEntries([...results].map(([stack, { outcome }]) => [stack, outcome]));

/** Runners that do what the test says, and count themselves. */
function runners(run: (stack: string, interrupted: Promise<void>) => Promise<StackResult>) {
  const counts = { opened: 0, closed: 0, atOnce: 0, mostAtOnce: 0 };
  const open = (): Runner => {
    counts.opened += 1;
    let interrupt = () => {};
    const interrupted = new Promise<void>((resolve) => {
      interrupt = resolve;
    });
    return {
      async run({ stack }) {
        counts.atOnce += 1;
        counts.mostAtOnce = Math.max(counts.mostAtOnce, counts.atOnce);
        try {
          return await run(stack, interrupted);
        } finally {
          counts.atOnce -= 1;
        }
      },
      interrupt: () => interrupt(),
      async close() {
        counts.closed += 1;
      },
    };
  };
  return { open, counts };
}

describe("a queue", () => {
  test("runs every stack once, never more at a time than it may, and closes what it opened", async () => {
    const { open, counts } = runners(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return same;
    });

    const results = await runQueue(tasks("a", "b", "c", "d", "e"), {
      concurrency: 2,
      open,
      signal: new AbortController().signal,
    });

    expect([...results.keys()].sort()).toEqual(["a", "b", "c", "d", "e"]);
    expect(counts).toEqual({ opened: 2, closed: 2, atOnce: 0, mostAtOnce: 2 });
  });

  test("opens no more runners than there are stacks", async () => {
    const { open, counts } = runners(async () => same);

    await runQueue(tasks("a"), { concurrency: 8, open, signal: new AbortController().signal });

    expect(counts.opened).toBe(1);
  });

  test("takes another runner when one has had its share of stacks", async () => {
    const { open, counts } = runners(async () => same);

    await runQueue(tasks("a", "b", "c", "d", "e"), {
      concurrency: 1,
      stacksPerRunner: 2,
      open,
      signal: new AbortController().signal,
    });

    expect(counts).toEqual({ opened: 3, closed: 3, atOnce: 0, mostAtOnce: 1 });
  });

  test("takes another runner where one breaks, and fails only the stack that it had", async () => {
    const { open, counts } = runners(async (stack) => {
      if (stack === "b") throw new Error("its process ended (SIGKILL)");
      return same;
    });

    const results = await runQueue(tasks("a", "b", "c"), {
      concurrency: 1,
      open,
      signal: new AbortController().signal,
    });

    expect(outcomes(results)).toEqual({ a: "same", b: "failed", c: "same" });
    expect(results.get("b")?.errors).toEqual(["its process ended (SIGKILL)"]);
    expect(counts).toEqual({ opened: 2, closed: 2, atOnce: 0, mostAtOnce: 1 });
  });

  test("that is interrupted has what runs end by itself, and begins nothing more", async () => {
    const interruption = new AbortController();
    const { open, counts } = runners(async (stack, interrupted) => {
      if (stack !== "b") return same;
      interruption.abort();
      await interrupted;
      return { ...same, outcome: "interrupted" };
    });

    const results = await runQueue(tasks("a", "b", "c", "d"), { concurrency: 1, open, signal: interruption.signal });

    expect(outcomes(results)).toEqual({ a: "same", b: "interrupted" });
    expect(counts.closed).toBe(1);
  });

  test("that is interrupted before it begins does nothing", async () => {
    const { open, counts } = runners(async () => same);

    const results = await runQueue(tasks("a"), { concurrency: 1, open, signal: AbortSignal.abort() });

    expect(results.size).toBe(0);
    expect(counts.opened).toBe(0);
  });
});
