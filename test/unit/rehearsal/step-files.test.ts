import { expect, test } from "vitest";
import { parsePathFile, parseSettingsFile } from "../../../sandbox/rehearsal/step-files.ts";

// Proves that what steps write for those after them is read as the runner reads it.

test("a setting is a line, or lines between two marks", () => {
  const settings = parseSettingsFile("A=1\nB=x=y\n\nC<<END\none\n\ntwo=2\nEND\nD=\n");

  expect(settings).toEqual({ A: "1", B: "x=y", C: "one\n\ntwo=2", D: "" });
});

test("the last of several settings of one name counts", () => {
  expect(parseSettingsFile("A=1\nA=2\n")).toEqual({ A: "2" });
});

test("a line that is neither is refused, and not shown", () => {
  expect(() => parseSettingsFile("A=1\na secret without a name\n")).toThrow(
    /^Invalid format in line 2, expected NAME=VALUE or NAME<<END$/,
  );
});

test("lines without their end mark are refused", () => {
  expect(() => parseSettingsFile("A<<END\none\n")).toThrow("Invalid value. Matching delimiter not found 'END'");
});

test("the folder that was added last comes first", () => {
  expect(parsePathFile("/a\n/b\n")).toEqual(["/b", "/a"]);
});
