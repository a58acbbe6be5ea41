import { expect, test } from "vitest";
import { type DiffSchema, diffResource } from "../../../sandbox/offline/providers/diff.ts";
import type { Properties } from "../../../sandbox/offline/providers/definition.ts";
import { unknownValue } from "../../../sandbox/offline/providers/values.ts";

const schema: DiffSchema = {
  inputs: ["name", "text", "list", "password"],
  requiredInputs: ["name"],
  replaceOn: ["name"],
  secrets: [],
};

async function diff(question: {
  readonly schema?: Partial<DiffSchema>;
  readonly oldInputs?: Properties;
  readonly outputs?: Properties;
  readonly inputs?: Properties;
  readonly ignoreChanges?: readonly string[];
}): Promise<readonly string[]> {
  const { schema: changed, ...given } = question;
  const same = { name: "a", text: "b" };
  const all = { oldInputs: same, outputs: { ...same, id: "1" }, inputs: same, ignoreChanges: [], ...given };
  const changes = await diffResource({ ...schema, ...changed }, all);
  return changes.map(({ path, kind, replaces, isInput }) =>
    [kind, path, replaces ? "replaces" : "", isInput ? "" : "no input"].filter(Boolean).join(" "),
  );
}

test("what is as the program wants it needs no change", async () => {
  expect(await diff({})).toEqual([]);
});

test("an input that changed is updated", async () => {
  expect(await diff({ inputs: { name: "a", text: "c" } })).toEqual(["update text"]);
});

test("an input that cannot be changed replaces the resource", async () => {
  expect(await diff({ inputs: { name: "z", text: "c" } })).toEqual(["update name replaces", "update text"]);
});

test("an input that is not known yet may change, and so may replace", async () => {
  expect(await diff({ inputs: { name: unknownValue, text: "b" } })).toEqual(["update name replaces"]);
});

test("what was changed behind the program's back is mended, though the inputs are the same", async () => {
  expect(await diff({ outputs: { name: "a", text: "edited by hand" } })).toEqual(["update text"]);
});

test("what was set behind the program's back is undone", async () => {
  expect(await diff({ outputs: { name: "a", text: "b", list: ["by hand"] } })).toEqual(["delete list no input"]);
});

test("what the service makes by itself stays", async () => {
  const outputs = { name: "a", text: "b", list: ["made by the service"] };

  expect(await diff({ schema: { computed: ["list"] }, outputs })).toEqual([]);
});

test("where the state has no such property the last input counts", async () => {
  const inputs = { name: "a", text: "b", password: "p" };

  expect(await diff({ oldInputs: inputs, inputs })).toEqual([]);
  expect(await diff({ oldInputs: inputs, inputs: { ...inputs, password: "q" } })).toEqual(["update password"]);
});

test("outputs that are no inputs are not compared", async () => {
  expect(await diff({ outputs: { name: "a", text: "b", address: "anything" } })).toEqual([]);
});

test.each([
  ["a property", ["text"], ["update list[0].a", "update list[1].a"]],
  ["a whole list", ["list"], ["add text"]],
  ["one element", ["list[0]"], ["add text", "update list[1].a"]],
  ["a member of any element", ["list[*].a"], ["add text"]],
  ["a member that did not change", ["list[*].b"], ["add text", "update list[0].a", "update list[1].a"]],
])("ignores the changes of %s", async (_what, ignoreChanges, expected) => {
  const outputs = { list: [{ a: 1 }, { a: 2 }] };
  const inputs = { list: [{ a: 5 }, { a: 6 }], text: "c" };

  expect(await diff({ oldInputs: {}, outputs, inputs, ignoreChanges })).toEqual(expected);
});

test("drift that the inputs do not show is mended where the resource says so", async () => {
  const detectDrift = (outputs: Properties) => (outputs.touched === true ? ["password"] : []);

  expect(await diff({ schema: { detectDrift } })).toEqual([]);
  expect(await diff({ schema: { detectDrift }, outputs: { name: "a", text: "b", touched: true } })).toEqual([
    "update password no input",
  ]);
});

test("the resource may name further inputs that replace it, and is asked only when something changed", async () => {
  const asked: Properties[] = [];
  const alsoReplaceOn = async (inputs: Properties) => {
    asked.push(inputs);
    return ["text"];
  };

  expect(await diff({ schema: { alsoReplaceOn } })).toEqual([]);
  const inputs = { name: unknownValue, text: "c" };
  expect(await diff({ schema: { alsoReplaceOn }, inputs })).toEqual(["update name replaces", "update text replaces"]);

  expect(asked).toEqual([{ text: "c" }]);
});
