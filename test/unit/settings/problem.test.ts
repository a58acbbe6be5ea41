import { expect, test } from "vitest";
import { mismatch, pathText, renderProblems, shown } from "../../../src/settings/problem.ts";
import { alternatives } from "../../../src/words.ts";

test.each([
  [["identities", "reader", "trust", 1, "branch"], "identities.reader.trust[1].branch"],
  [["identities", "b-2"], "identities.b-2"],
  [["environments", "my release", "waitMinutes"], 'environments["my release"].waitMinutes'],
  [["environments", "1"], 'environments["1"]'],
  [["environments", 'a"b\\c'], 'environments["a\\"b\\\\c"]'],
  [[], ""],
])("the path %j is written %s", (path, text) => {
  expect(pathText(path)).toBe(text);
});

test.each([
  ["contoso", '"contoso"'],
  [12, "12"],
  [null, "null"],
  [undefined, "undefined"],
  [["a", { b: 1 }], '["a",{"b":1}]'],
  ["x".repeat(58), `"${"x".repeat(58)}"`],
  ["x".repeat(59), `"${"x".repeat(56)}..."`],
  [Array.from({ length: 40 }, () => 1), `[${"1,".repeat(28)}...`],
])("the value %j is shown as %s", (value, text) => {
  expect(shown(value)).toBe(text);
});

test.each([
  [[], ""],
  [["a"], "a"],
  [["a", "b"], "a or b"],
  [["a", "b", "c"], "a, b or c"],
])("the alternatives %j are written %s", (values, text) => {
  expect(alternatives(values)).toBe(text);
});

test.each([
  [mismatch("owner", "reader", "ask"), 'got "owner", expected reader; ask'],
  [mismatch(null, "reader"), "got null, expected reader"],
  [mismatch(undefined, "reader", "name it"), "missing, expected reader; name it"],
])("a mismatch says %#: what was got, what is allowed and how to fix it", (text, expected) => {
  expect(text).toBe(expected);
});

test("each problem has a line that starts with its file and its place", () => {
  const problem = { path: "feed.name", text: "missing, expected the name of a feed" };

  expect(
    renderProblems("stacks/Pulumi.x.yaml", [problem]),
  ).toBe(`1 problem in stacks/Pulumi.x.yaml, nothing was changed:
  stacks/Pulumi.x.yaml: feed.name: missing, expected the name of a feed`);
  expect(renderProblems("stacks/Pulumi.x.yaml", [problem, problem]).split("\n")).toHaveLength(3);
});
