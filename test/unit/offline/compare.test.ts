import fc from "fast-check";
import { expect, test } from "vitest";
import { compare, isEmpty } from "../../../sandbox/offline/providers/compare.ts";
import { unknownValue } from "../../../sandbox/offline/providers/values.ts";

const comparison = { sets: new Set(["owners", "teams"]), computed: new Set(["tags", "version"]) };
const paths = (actual: unknown, wanted: unknown, property = "it") =>
  compare(actual, wanted, property, comparison).map(({ path, kind }) => `${kind} ${path}`);

test.each([
  ["equal texts", "a", "a", []],
  ["another text", "a", "b", ["update it"]],
  ["a text where there was none", undefined, "a", ["add it"]],
  ["no text where there was one", "a", undefined, ["delete it"]],
  ["an empty text for none", undefined, "", []],
  ["false for none", undefined, false, []],
  ["zero for none", 0, undefined, []],
  ["an empty list for none", [], undefined, []],
  ["an object of nothing for none", { a: "", b: [], c: { d: false } }, undefined, []],
  ["a list's order", ["a", "b"], ["b", "a"], ["update it[0]", "update it[1]"]],
  ["a longer list", ["a"], ["a", "b"], ["add it[1]"]],
  ["a shorter list", ["a", "b"], ["a"], ["delete it[1]"]],
  ["a member of an object", { a: 1, b: 2 }, { a: 1, b: 3 }, ["update it.b"]],
  ["a member that the program leaves out", { a: 1, b: 2 }, { a: 1 }, ["delete it.b"]],
  ["a member with a name that is no word", { "x-y": 1 }, { "x-y": 2 }, ['update it["x-y"]']],
  ["an object where there was none", undefined, { a: { b: "c" } }, ["add it.a.b"]],
  ["the bookkeeping of defaults", { __defaults: ["a"] }, { __defaults: [] }, []],
  ["what is not known yet", "a", unknownValue, ["update it"]],
  ["what is not known yet in a list", ["a"], ["a", unknownValue], ["add it[1]"]],
  ["what is not known yet where there was nothing", undefined, unknownValue, ["add it"]],
])("compares %s", (_what, actual, wanted, expected) => {
  expect(paths(actual, wanted)).toEqual(expected);
});

test("a set's order means nothing, at any depth", () => {
  expect(paths(["a", "b"], ["b", "a"], "owners")).toEqual([]);
  expect(paths([{ teams: ["a", "b"] }], [{ teams: ["b", "a"] }], "reviewers")).toEqual([]);
});

test("of a set only what differs is named", () => {
  expect(paths(["a", "b", "c"], ["c", "d"], "owners")).toEqual(["update owners[0]", "delete owners[1]"]);
});

test("a set counts how often it holds a value", () => {
  expect(paths(["a", "a"], ["a"], "owners")).toEqual(["delete owners[0]"]);
});

test("a computed value that the program leaves out stays", () => {
  expect(paths("1", undefined, "tags")).toEqual([]);
  expect(paths({ version: 1, other: "" }, undefined, "api")).toEqual([]);
});

test("a computed list that the program gives is compared whole", () => {
  expect(paths(["a", "b"], ["a"], "tags")).toEqual(["delete tags[1]"]);
});

test("nothing differs from itself", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(paths(value, value)).toEqual([]);
    }),
  );
});

test("there is a change exactly where the JSON differs in more than emptiness", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 })), fc.array(fc.string({ minLength: 1 })), (one, other) => {
      expect(paths(one, other).length > 0).toBe(JSON.stringify(one) !== JSON.stringify(other));
      expect(paths(one, other, "owners").length > 0).toBe(
        JSON.stringify([...one].sort()) !== JSON.stringify([...other].sort()),
      );
    }),
  );
});

test("a change of a property goes by the property's name at the top", () => {
  expect(compare([{ teams: ["a"] }], [], "reviewers", comparison)).toEqual([
    { path: "reviewers[0].teams", property: "reviewers", kind: "delete" },
  ]);
});

test.each([undefined, null, "", 0, false, [], {}, { a: [] }])("%j is empty", (value) => {
  expect(isEmpty(value)).toBe(true);
});

test.each(["a", 1, true, [0], { a: "b" }])("%j is not empty", (value) => {
  expect(isEmpty(value)).toBe(false);
});
