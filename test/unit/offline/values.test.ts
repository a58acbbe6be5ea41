import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test } from "vitest";
import { decodeProperties, encodeProperties, unknownValue } from "../../../sandbox/offline/providers/values.ts";

const key = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const output = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resource = "5cf8f73096256a8f31e491e813e4eb8e";
const decoded = (value: Parameters<typeof structs.Struct.fromJavaScript>[0]) =>
  decodeProperties(structs.Struct.fromJavaScript(value));

test("properties come back as they went", () => {
  const properties = { text: "a", number: 1.5, yes: true, no: false, list: ["a", { b: [] }], object: { c: { d: "" } } };

  expect(decodeProperties(encodeProperties(properties))).toEqual(properties);
});

test("what is absent is not sent", () => {
  expect(encodeProperties({ a: undefined, b: null, c: { d: undefined } }).toJavaScript()).toEqual({ c: {} });
});

test("nulls are left out of what comes", () => {
  expect(decoded({ a: null, b: { c: null, d: 1 } })).toEqual({ b: { d: 1 } });
});

test("a secret is wrapped on its way out, and unwrapped on its way in", () => {
  const struct = encodeProperties({ password: "hunter2", name: "a" }, ["password", "absent"]);

  expect(struct.toJavaScript()).toEqual({ password: { [key]: secret, value: "hunter2" }, name: "a" });
  expect(decodeProperties(struct)).toEqual({ password: "hunter2", name: "a" });
});

test("a secret within a value is unwrapped", () => {
  expect(decoded({ list: [{ inner: { [key]: secret, value: { deep: "x" } } }] })).toEqual({
    list: [{ inner: { deep: "x" } }],
  });
});

test("what is not known yet is told apart from text, both ways", () => {
  const sentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

  expect(decoded({ a: sentinel, b: [sentinel] })).toEqual({ a: unknownValue, b: [unknownValue] });
  expect(encodeProperties({ a: unknownValue, b: [unknownValue] }).toJavaScript()).toEqual({
    a: sentinel,
    b: [sentinel],
  });
});

test("an output is its value, or not known yet", () => {
  expect(decoded({ a: { [key]: output, value: 1 }, b: { [key]: output } })).toEqual({ a: 1, b: unknownValue });
});

test("a reference to a resource is its id, or its URN where it has none", () => {
  const urn = "urn:pulumi:test::project::t::n";

  expect(decoded({ a: { [key]: resource, urn, id: "7" }, b: { [key]: resource, urn } })).toEqual({ a: "7", b: urn });
});

test("no message is no properties", () => {
  expect(decodeProperties(undefined)).toEqual({});
});
