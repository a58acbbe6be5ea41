import { expect, test } from "vitest";
import { readStackFile } from "../../../src/settings/stack-file.ts";

// The values were got from pulumi v3.259.0 itself: LoadProjectStack of sdk/go/common/workspace, decrypted.
test.each([
  ["2027-06-30", "2027-06-30 00:00:00 +0000 UTC"],
  ['"2027-06-30"', "2027-06-30"],
  ["2027-6-3", "2027-06-03 00:00:00 +0000 UTC"],
  ["2027-06-30T10:00:00Z", "2027-06-30 10:00:00 +0000 UTC"],
  ["12", "12"],
  ["1.50", "1.5"],
  ["1.0", "1"],
  ["true", "true"],
  ["yes", "yes"],
  ["null", ""],
  ["~", ""],
  ["", ""],
  ['""', ""],
  ["0x10", "16"],
  ["0123", "83"],
  ["1e3", "1000"],
  ['"[oops"', "[oops"],
  [
    "[1, 2.0, yes, null, 2027-06-30, 0123, 0o17, 1_000, 1e3]",
    '[1,2,"yes",null,"2027-06-30 00:00:00 +0000 UTC",83,15,1000,1000]',
  ],
  ["{ b: 1, a: 2, 3: x, true: y }", '{"3":"x","a":2,"b":1,"true":"y"}'],
  ['[on, off, no, "on", y, Y, True]', '["on","off","no","on","y","Y",true]'],
  ["[2027-06-30T10:00:00Z, 2027-13-30]", '["2027-06-30 10:00:00 +0000 UTC","2027-13-30"]'],
])("the engine hands on the YAML %s as %j", (yaml, value) => {
  expect(readStackFile(`config:\n  feedpass:x: ${yaml}\n`)).toMatchObject({
    file: { config: { "feedpass:x": value }, secretKeys: [], environments: [] },
    problems: [],
  });
});

test("a value that is encrypted, or holds something that is, is known by its key", () => {
  const { file } = readStackFile(
    "config: { feedpass:x: { secure: abc }, feedpass:y: { a: { secure: abc }, b: 1 }, z: 1 }",
  );

  expect(file?.secretKeys).toEqual(["feedpass:x", "feedpass:y"]);
});
