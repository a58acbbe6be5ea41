import { readdirSync, readFileSync } from "node:fs";

/** What commands took: their time, that of the processors, and the most memory that they and their children had at once. */
export interface Run {
  readonly seconds: number;
  /** In seconds too. 0 elsewhere than on Linux. */
  readonly processor: number;
  /** In MiB. 0 elsewhere than on Linux. */
  readonly peak: number;
}

/** Measures what runs in child processes of this one while something is awaited; nothing else may be started meanwhile. */
export async function measure<Result>(act: () => Promise<Result>): Promise<Run & { readonly result: Result }> {
  const start = performance.now();
  const before = childrenSeconds();
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, childrenMemory());
  }, 200);
  try {
    const result = await act();
    return { seconds: (performance.now() - start) / 1000, processor: childrenSeconds() - before, peak, result };
  } finally {
    clearInterval(watch);
  }
}

/** Several runs, one after the other, as one. */
export function sum(runs: readonly Run[]): Run {
  return {
    seconds: runs.reduce((all, { seconds }) => all + seconds, 0),
    processor: runs.reduce((all, { processor }) => all + processor, 0),
    peak: Math.max(...runs.map(({ peak }) => peak)),
  };
}

/**
 * The processors' time of all that this process has started and that has ended: the command, what it started, and the
 * programs of the sandbox's language host. Other work on the machine does not change it.
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

/** The resident memory of all that this process has started, in MiB. */
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
      .reduce((all, { memory }) => all + memory, 0);
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
