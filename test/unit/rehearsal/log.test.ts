import { expect, test } from "vitest";
import { JobLog } from "../../../sandbox/rehearsal/log.ts";

// Proves that a log hides what GitHub hides, and counts how often it had to.

test("what a step asks to hide is hidden from then on, in later steps too", () => {
  const log = new JobLog([]);

  const first = log.add("::add-mask::top\ntop of the page\n");
  const second = log.add("stop here");

  expect(first.text).toBe("*** of the page");
  expect(second.text).toBe("s*** here");
  expect(log.revealed).toBe(2);
});

test("the request to hide a value is not shown, and reveals nothing", () => {
  const log = new JobLog([]);

  const { text } = log.add("before\n::add-mask::hidden\nafter");

  expect(text).toBe("before\nafter");
  expect(log.revealed).toBe(0);
});

test("the job's secrets are hidden from the start: whole, line by line, and the longest first", () => {
  const log = new JobLog(["abc", "abcdef", "line one\nline two"]);

  const { text } = log.add("abcdef abc line two");

  expect(text).toBe("*** *** ***");
});

test("a value that was escaped for the command is hidden as it is", () => {
  const log = new JobLog([]);

  const { text } = log.add("::add-mask::100%25\n100% sure");

  expect(text).toBe("*** sure");
});

test("what a step tells people is collected, with its secrets hidden", () => {
  const log = new JobLog(["s3cret"]);

  const { annotations, text } = log.add("::error title=Azure Artifacts::bad s3cret%0Asecond line\n::notice::fine");

  expect(annotations).toEqual([
    { level: "error", message: "bad ***\nsecond line" },
    { level: "notice", message: "fine" },
  ]);
  expect(text).toBe("::error title=Azure Artifacts::bad ***%0Asecond line\n::notice::fine");
});

test("nothing is hidden for an empty secret", () => {
  const { text } = new JobLog(["", " \n"]).add("a b");

  expect(text).toBe("a b");
});
