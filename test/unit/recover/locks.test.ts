import { describe, expect, test } from "vitest";
import { isDead, type Lock, locksIn, lockWords, type Machine } from "../../../cli/recover/locks.ts";

const words = `the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file
  file:///state/.pulumi/locks/organization/feedpass/widgets/1.json?no_tmp_dir=true: created by root@vm (pid 1530) at 2026-11-29T01:24:31Z
  azblob://state/.pulumi/locks/organization/feedpass/widgets/2.json: created by Jane Doe@runner-1 (pid 7) at 2026-11-29T01:25:00Z`;

test("the engine's refusal names its locks", () => {
  const locks = locksIn(words);

  expect(locks).toEqual([
    { scheme: "file", user: "root", host: "vm", pid: 1530, since: "2026-11-29T01:24:31Z" },
    { scheme: "azblob", user: "Jane Doe", host: "runner-1", pid: 7, since: "2026-11-29T01:25:00Z" },
  ]);
  expect(locks.map(lockWords)[0]).toBe("by root@vm (process 1530) since 2026-11-29T01:24:31Z");
});

describe("a lock is dead", () => {
  const lock: Lock = { scheme: "file", user: "root", host: "vm", pid: 1530, since: "2026-11-29T01:24:31Z" };
  const machine: Machine = { user: "root", host: "vm", isAlive: () => false, isShared: false };

  test.each<[what: string, lock: Lock, machine: Machine, isDead: boolean]>([
    ["where its process has ended on this machine", lock, machine, true],
    ["not where it runs", lock, { ...machine, isAlive: (pid) => pid === 1530 }, false],
    ["not on another machine", { ...lock, host: "other" }, machine, false],
    ["not of another user: a machine of the same name may be another one", { ...lock, user: "jane" }, machine, false],
    [
      "not in a container, of a machine of GitHub's",
      { ...lock, scheme: "azblob" },
      { ...machine, isShared: true },
      false,
    ],
    ["in a folder, of a machine of GitHub's", lock, { ...machine, isShared: true }, true],
  ])("%s", (_what, one, here, expected) => {
    expect(isDead(one, here)).toBe(expected);
  });
});
