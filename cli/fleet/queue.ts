import type { StackResult } from "./report.ts";
import type { StackTask } from "./task.ts";

/** Runs stacks one after the other. */
export interface Runner {
  /** @throws Error where the runner itself is broken: another one is needed for the next stack */
  run(task: StackTask): Promise<StackResult>;
  /** Has the stack that runs end cleanly, as soon as it can. */
  interrupt(): void;
  close(): Promise<void>;
}

export interface QueueOptions {
  /** How many at once. */
  readonly concurrency: number;
  /** How many stacks a runner has before another one takes its place: each leaves something in memory. Default: 50. */
  readonly stacksPerRunner?: number;
  readonly open: () => Runner;
  /** Aborted: nothing more is begun, and what runs is interrupted. */
  readonly signal: AbortSignal;
  readonly onStart?: (task: StackTask) => void;
  readonly onEnd?: (task: StackTask, result: StackResult) => void;
}

/** Runs every task, some at once. @returns the results by stack; one whose turn never came has none */
export async function runQueue(
  tasks: readonly StackTask[],
  { concurrency, stacksPerRunner = 50, open, signal, onStart, onEnd }: QueueOptions,
): Promise<Map<string, StackResult>> {
  const waiting = [...tasks];
  const results = new Map<string, StackResult>();

  async function lane(): Promise<void> {
    let runner: Runner | undefined;
    let taken = 0;
    const replace = async () => {
      await runner?.close();
      runner = undefined;
      taken = 0;
    };
    const interrupt = () => runner?.interrupt();
    signal.addEventListener("abort", interrupt);
    while (!signal.aborted) {
      const task = waiting.shift();
      if (task === undefined) break;
      onStart?.(task);
      if (taken === stacksPerRunner) await replace();
      runner ??= open();
      taken += 1;
      const start = performance.now();
      let result: StackResult;
      try {
        result = await runner.run(task);
      } catch (error) {
        const seconds = (performance.now() - start) / 1000;
        const errors = [error instanceof Error ? error.message : String(error)];
        result = { outcome: "failed", counts: {}, changes: [], errors, seconds };
        await replace();
      }
      results.set(task.stack, result);
      onEnd?.(task, result);
    }
    signal.removeEventListener("abort", interrupt);
    await runner?.close();
  }

  await Promise.all(Array.from({ length: Math.min(concurrency, tasks.length) }, lane));
  return results;
}
