/** Does tasks in their order, some at once. The first failure ends it. */
export async function runAtOnce(limit: number, tasks: ReadonlyArray<() => Promise<void>>): Promise<void> {
  const waiting = tasks.values();
  async function work(): Promise<void> {
    for (const task of waiting) await task();
  }
  await Promise.all(Array.from({ length: limit }, work));
}
