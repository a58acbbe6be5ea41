import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createBuildProgress } from "../../../sandbox/toolchain/build-progress.ts";

let messages: string[];

beforeEach(() => {
  vi.useFakeTimers();
  messages = [];
});

afterEach(() => {
  vi.useRealTimers();
});

const told = () => messages.splice(0);

test("tells each step when it begins, and how far it is every five seconds", () => {
  const progress = createBuildProgress("building", (message) => messages.push(message));
  expect(told()).toEqual(["building: looking at the modules (0:00)"]);

  vi.advanceTimersByTime(1000);
  progress.downloading("go: downloading example.com/a v1.0.0");
  progress.downloading("go: added example.com/a v1.0.0");
  progress.downloading("go: downloading example.com/b v1.0.0");
  expect(told()).toEqual(["building: downloading, 1 module (0:01)"]);
  vi.advanceTimersByTime(9000);
  expect(told()).toEqual(["building: downloading, 2 modules (0:05)", "building: downloading, 2 modules (0:10)"]);

  progress.compile(4);
  progress.compiled("example.com/a");
  progress.compiled("# example.com/a");
  progress.compiled("example.com/b");
  expect(told()).toEqual(["building: compiling, 0 % of 4 packages (0:10)"]);
  vi.advanceTimersByTime(65_000);
  expect(told().at(-1)).toBe("building: compiling, 50 % of 4 packages (1:15)");

  progress.compiled("example.com/c");
  expect(told()).toEqual(["building: linking (1:15)"]);

  progress.end();
  vi.advanceTimersByTime(60_000);
  expect(told()).toEqual([]);
});

test("where all is compiled already only linking is left", () => {
  const progress = createBuildProgress("building", (message) => messages.push(message));

  progress.compile(0);
  progress.end();

  expect(told()).toEqual(["building: looking at the modules (0:00)", "building: linking (0:00)"]);
});
