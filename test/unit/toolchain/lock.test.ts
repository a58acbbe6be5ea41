import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { withLock } from "../../../sandbox/toolchain/lock.ts";

const module = new URL("../../../sandbox/toolchain/lock.ts", import.meta.url).href;
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
  file = join(folder, "locks", "engine.lock");
  onTestFinished(() => rm(folder, { recursive: true }));
});

/** Another process that takes the lock, says so, and lets go of it when its standard input says something. */
async function otherHolder() {
  const script = `
    import { once } from "node:events";
    const { withLock } = await import(${JSON.stringify(module)});
    await withLock(${JSON.stringify(file)}, {}, async () => {
      console.log("locked");
      await once(process.stdin, "data");
    });
    process.exit(0);
  `;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await once(child.stdout, "data");
  return child;
}

test("gives back what is done under it, and leaves nothing", async () => {
  expect(await withLock(file, {}, async () => 42)).toBe(42);
  expect(await readdir(join(folder, "locks"))).toEqual([]);
});

test("leaves nothing where what is done fails", async () => {
  await expect(withLock(file, {}, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await readdir(join(folder, "locks"))).toEqual([]);
});

test("lets one in at a time", async () => {
  let inside = 0;
  let most = 0;
  const use = async () => {
    inside++;
    most = Math.max(most, inside);
    await new Promise((resolve) => setTimeout(resolve, 5));
    inside--;
  };

  await Promise.all(Array.from({ length: 8 }, () => withLock(file, { interval: 1 }, use)));

  expect(most).toBe(1);
});

test("waits for another process, and says once for which", async () => {
  const child = await otherHolder();
  const waited: number[] = [];
  const mine = withLock(file, { interval: 5, onWait: (holder) => waited.push(holder) }, async () => "mine");
  await vi.waitFor(() => expect(waited).toEqual([child.pid]), { timeout: 30_000 });
  const first = await Promise.race([mine, new Promise((resolve) => setTimeout(resolve, 100, "still waiting"))]);

  child.stdin.write("go");

  expect(first).toBe("still waiting");
  expect(await mine).toBe("mine");
  expect(waited).toEqual([child.pid]);
});

test("takes over what a killed process left", async () => {
  const child = await otherHolder();
  child.kill("SIGKILL");
  await once(child, "exit");
  const waited: number[] = [];

  const all = [1, 2, 3].map((number) =>
    withLock(file, { interval: 1, onWait: (holder) => waited.push(holder) }, async () => number),
  );

  expect(await Promise.all(all)).toEqual([1, 2, 3]);
  expect(waited).not.toContain(child.pid);
});

test("takes over a lock that names no process", async () => {
  await withLock(file, {}, async () => {});
  await writeFile(file, "");

  expect(await withLock(file, {}, async () => "mine")).toBe("mine");
});
