import { describe, expect, test } from "vitest";
import { checkResourceInputs, importInputs, refreshInputs } from "../../../sandbox/offline/providers/inputs.ts";
import { unknownValue } from "../../../sandbox/offline/providers/values.ts";

const schema = {
  inputs: ["name", "level", "tags", "settings", "note"],
  requiredInputs: ["name"],
  secrets: [],
  sets: ["tags"],
  defaults: { level: "low" },
  check: ({ level, note }: Readonly<Record<string, unknown>>) => [
    ...(level === "wrong" ? [{ property: "level", reason: "expected low or high" }] : []),
    ...(note === undefined ? [{ property: "note", reason: "expected a note" }] : []),
  ],
};

describe("a check", () => {
  test("fills in the defaults, and keeps which they are", () => {
    const { inputs, failures } = checkResourceInputs(schema, { name: "a", note: "b" }, "it");

    expect(inputs).toEqual({ name: "a", note: "b", level: "low", __defaults: ["level"] });
    expect(failures).toEqual([]);
  });

  test("leaves what the program gives", () => {
    const { inputs } = checkResourceInputs(schema, { name: "a", level: "high", note: "b" }, "it");

    expect(inputs).toEqual({ name: "a", level: "high", note: "b", __defaults: [] });
  });

  test("tells unknown and missing inputs in the official provider's words, all at once", () => {
    const { failures } = checkResourceInputs(schema, { nmae: "a", colour: "red" }, "it");

    expect(failures).toEqual([
      "Invalid or unknown key. Examine values at 'it.nmae'.",
      "Invalid or unknown key. Examine values at 'it.colour'.",
      "Missing required property 'name'",
    ]);
  });

  test("tells where a value breaks the resource's own rules", () => {
    const { failures } = checkResourceInputs(schema, { name: "a", level: "wrong", note: "b" }, "it");

    expect(failures).toEqual(["expected low or high. Examine values at 'it.level'."]);
  });

  test("takes what is not known yet for given, and says nothing about it", () => {
    const { inputs, failures } = checkResourceInputs(schema, { name: unknownValue, note: [unknownValue] }, "it");

    expect(failures).toEqual([]);
    expect(inputs.name).toBe(unknownValue);
  });
});

describe("a refresh", () => {
  const old = { name: "a", tags: ["x", "y"], settings: { colour: "red" }, level: "low", __defaults: ["level"] };
  const state = { name: "a", tags: ["x", "y"], settings: { colour: "red", size: 3 }, level: "low", id: "1", note: "" };

  test("keeps the inputs where the service holds the same, whatever it holds beside them", () => {
    expect(refreshInputs({ ...schema, computed: ["size"] }, old, state)).toEqual(old);
  });

  test("keeps the program's order of a set", () => {
    expect(refreshInputs(schema, old, { ...state, tags: ["y", "x"] }).tags).toEqual(["x", "y"]);
  });

  test("takes over what has changed, of an object only what the program gave", () => {
    const inputs = refreshInputs(schema, old, { ...state, name: "b", settings: { colour: "blue", size: 4 } });

    expect(inputs).toEqual({ ...old, name: "b", settings: { colour: "blue" } });
  });

  test("drops what the service no longer has", () => {
    const { name: _, ...without } = state;

    expect(refreshInputs(schema, old, without)).toEqual({
      tags: ["x", "y"],
      settings: { colour: "red" },
      level: "low",
      __defaults: ["level"],
    });
  });

  test("no longer calls a value a default that has changed", () => {
    const { level, __defaults } = refreshInputs(schema, old, { ...state, level: "high" });

    expect(level).toBe("high");
    expect(__defaults).toEqual([]);
  });
});

test("an import takes every input that says something", () => {
  const state = { name: "a", level: "low", tags: [], settings: { colour: "red" }, note: "", id: "1" };

  expect(importInputs(schema, state)).toEqual({ name: "a", settings: { colour: "red" }, __defaults: [] });
});

test("an import takes what is false or zero where the default is something else", () => {
  const defaults = { shared: true, hidden: false, level: 2 };
  const of = (state: Readonly<Record<string, unknown>>) =>
    importInputs({ inputs: ["shared", "hidden", "level"], requiredInputs: [], secrets: [], defaults }, state);

  expect(of({ shared: false, hidden: false, level: 0 })).toEqual({ shared: false, level: 0, __defaults: [] });
  expect(of({ shared: true, hidden: true, level: 2 })).toEqual({ hidden: true, __defaults: [] });
  expect(of({})).toEqual({ __defaults: [] });
});
