import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** How the lock waits. */
export interface LockOptions {
  /** Told once, with the id of the process that holds the lock, when there is something to wait for. */
  readonly onWait?: (holder: number) => void;
  /** Milliseconds between two looks at the lock. Default: 500. */
  readonly interval?: number;
}

/**
 * Runs `use` while no other process runs the same under this lock. A second process waits; what a process left that has
 * ended, however it ended, is taken over.
 * @param file the lock: a file with the holder's process id
 */
export async function withLock<T>(file: string, options: LockOptions, use: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}.${crypto.randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    await acquire(file, own, options);
    await sweep(file);
    try {
      return await use();
    } finally {
      await rm(file, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** A hard link is made or refused in one step, and the file has its content from the first moment. */
async function acquire(file: string, own: string, { onWait, interval = 500 }: LockOptions): Promise<void> {
  let told = false;
  while (!(await tryLink(own, file))) {
    const holder = await readHolder(file);
    if (holder === undefined) continue;
    const processId = Number(holder);
    if (!isAlive(processId)) {
      await takeAway(file, own, holder);
      continue;
    }
    if (!told) onWait?.(processId);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}

async function tryLink(own: string, file: string): Promise<boolean> {
  try {
    await link(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes the lock of an ended process. Only whoever has the guard does so: nobody else can put another lock in its place
 * between the look at it and its removal.
 */
async function takeAway(file: string, own: string, holder: string): Promise<void> {
  const guard = `${file}.guard`;
  if (!(await tryLink(own, guard))) {
    const guardian = await readHolder(guard);
    if (guardian !== undefined && !isAlive(Number(guardian))) await rm(guard, { force: true });
    return;
  }
  try {
    if ((await readHolder(file)) === holder) await rm(file, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

/** Removes what processes left beside the lock that were killed while they waited or held it. */
async function sweep(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`)) continue;
    const processId = /^(\d+)\.[0-9a-f-]+$/.exec(name.slice(basename(file).length + 1))?.[1];
    if (processId !== undefined && !isAlive(Number(processId))) await rm(join(dirname(file), name), { force: true });
  }
}

/** What the lock names as its holder; undefined where there is no lock any more. */
async function readHolder(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch {
    return undefined;
  }
}

function isAlive(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
