import { expect, test } from "vitest";
import { nothingShared, readProjectFile, readStackFile, stackSettings } from "../../../src/settings/stack-file.ts";

const tenantId = "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42";
const own = [
  "config:",
  "  feedpass:repository: contoso/widgets",
  "  feedpass:feed: { name: python }",
  "  feedpass:identities: { reader: { role: reader, trust: [{ branch: main }] } }",
].join("\n");

// What `pulumi config --json` of v3.259.0 says for a stack whose own file is empty.
test.each([
  { declared: "feedpass:x: contoso", value: "contoso" },
  { declared: "x: contoso", value: "contoso" },
  { declared: "feedpass:x: 12", value: "12" },
  { declared: "feedpass:x: true", value: "true" },
  { declared: "feedpass:x: [1, a, 1.5]", value: '[1,"a",1.5]' },
  { declared: "feedpass:x: { value: contoso }", value: "contoso" },
  { declared: "feedpass:x: { type: string, default: contoso }", value: "contoso" },
  { declared: "feedpass:x: { value: { b: [x], a: 1 } }", value: '{"a":1,"b":["x"]}' },
])("Pulumi.yaml with the entry $declared gives every stack $value", ({ declared, value }) => {
  const { file } = readProjectFile(`name: feedpass\nconfig:\n  ${declared}\n`);

  expect(file?.config).toEqual({ "feedpass:x": value });
});

test("an entry of Pulumi.yaml that only has a type gives no value", () => {
  const { file } = readProjectFile("name: feedpass\nconfig: { feedpass:x: { type: string }, feedpass:y: }\n");

  expect(file?.config).toEqual({});
});

test("a stack's own value comes before the one that all share", () => {
  const shared = readProjectFile(`config: { tenantId: ${tenantId}, organization: contoso }`).file ?? nothingShared;

  const { settings } = stackSettings(`${own}\n  feedpass:organization: fabrikam\n`, shared, "2026-11-30");

  expect(settings?.feeds.feed?.organization).toBe("fabrikam");
  expect(settings?.tenantId).toBe(tenantId);
});

test.each([
  {
    text: "config:\n  a: b: c\n",
    path: "line 2",
    says: "not valid YAML: nested mappings are not allowed in compact mappings",
  },
  { text: "config:\n  a: 1\n  a: 2\n", path: "line 3", says: "not valid YAML: map keys must be unique" },
  { text: "config:\n\ta: 1\n", path: "line 2", says: "not valid YAML: tabs are not allowed as indentation" },
  { text: "a: 1\n---\nb: 2\n", path: "line 2", says: "not valid YAML: got several documents, expected one" },
  {
    text: "config:\n  a: !!binary bWFpbg==\n",
    path: "line 2",
    says: "not valid YAML: unresolved tag",
  },
  { text: "config:\n  a: &a [*a]\n", path: "config.a[0]", says: "an alias leads to itself" },
  {
    text: "config:\n  a: *b\n",
    path: "line 1",
    says: "not valid YAML: unresolved alias (the anchor must be set before the alias)",
  },
  { text: "- config\n", path: "line 1", says: "got a list, expected a table with the key config" },
  { text: "config: feedpass\n", path: "config", says: "got text, expected a table of settings" },
  {
    text: "config:\n  feedpass:x:y: 1\n",
    path: 'config["feedpass:x:y"]',
    says: "the engine knows no such key, expected feedpass:NAME",
  },
  {
    text: "config:\n  x: 1\n  feedpass:x: 2\n",
    path: 'config["feedpass:x"]',
    says: "feedpass:x is set already; remove one",
  },
])("a file that cannot be read says where and why: $says", ({ text, path, says }) => {
  expect(readStackFile(text)).toEqual({ file: undefined, problems: [{ path, text: says }] });
});

test.each([
  "hunter2hunter2",
  "[hunter2hunter2, hunter2hunter2]",
  '"hunter2hunter2',
  '"\\hunter2hunter2"',
  "a: *hunter2hunter2",
  "a: !hunter2hunter2 b",
  "%hunter2hunter2 x\n---\na: 1",
  "%YAML hunter2hunter2\n---\na: 1",
  "a: |hunter2hunter2\n  b",
  "a: 1\n} hunter2hunter2",
  "a: [b] hunter2hunter2",
  "key = hunter2hunter2\nother = hunter2hunter2",
  "a: !<hunter2hunter2> b",
  "config: hunter2hunter2",
  "root:hunter2hunter2:0:0::/root:/bin/bash\nhunter2hunter2:x",
])("nothing of a file that is no stack file is shown: %j", (text) => {
  const { problems } = readStackFile(text);

  expect(problems.length).toBeGreaterThan(0);
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});

test("every syntax error of a file is told", () => {
  const { problems } = readStackFile("config:\n  a: 1\n  a: 2\n  b: c: d\n");

  expect(problems.map(({ path }) => path)).toEqual(["line 3", "line 4"]);
});

test("a file with an alias bomb is refused at once", () => {
  const levels = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const lines = levels.map((name, index) => {
    const inner = index === 0 ? "x" : `*${levels[index - 1]}`;
    return `  ${name}: &${name} [${Array(9).fill(inner).join(", ")}]`;
  });

  const { problems } = readStackFile(`config:\n${lines.join("\n")}\n`);

  expect(problems).toEqual([
    { path: "line 1", text: "not valid YAML: excessive alias count indicates a resource exhaustion attack" },
  ]);
});

test("an encrypted value is refused before anything of it is shown", () => {
  const { problems } = stackSettings(
    `${own}\n  feedpass:subscriptionId: { secure: v1:abc }\n`,
    nothingShared,
    "2026-11-30",
  );

  expect(problems).toEqual([
    { path: "subscriptionId", text: "got an encrypted value, expected a plain one; set it again without --secret" },
  ]);
});

test("an encrypted value that all stacks share is refused, and a plain one in its place is taken", () => {
  const shared = readProjectFile("config: { feedpass:tenantId: { value: { secure: v1:abc } }, organization: contoso }");
  const file = shared.file ?? nothingShared;

  const refused = stackSettings(own, file, "2026-11-30");
  const taken = stackSettings(`${own}\n  feedpass:tenantId: ${tenantId}\n`, file, "2026-11-30");

  expect(refused.problems.map(({ path }) => path)).toEqual(["tenantId"]);
  expect(taken.settings?.tenantId).toBe(tenantId);
});

test("a secret that has ended is no problem of the file, one that ends too late is one on the day", () => {
  const shared = readProjectFile(`config: { tenantId: ${tenantId}, organization: contoso }`).file ?? nothingShared;
  const text = own.replace("role: reader,", 'role: reader, signIn: secret, secretExpires: "2026-06-30",');

  const late = text.replace("2026-06-30", "2036-06-30");

  for (const today of ["2026-11-30", undefined]) {
    expect(stackSettings(text, shared, today).settings?.identities.reader?.secretExpires).toBe("2026-06-30");
  }
  expect(stackSettings(late, shared, "2026-11-30").problems.map(({ path }) => path)).toEqual([
    "identities.reader.secretExpires",
  ]);
  expect(stackSettings(late, shared, undefined).problems).toEqual([]);
});

test.each([
  { written: "[team/dev, prod]", names: ["team/dev", "prod"] },
  { written: "{ imports: [prod], values: { x: 1 } }", names: ["prod", "its own"] },
])("a file that takes settings from Pulumi ESC says so: $written", ({ written, names }) => {
  const { file } = readStackFile(`config: {}\nenvironment: ${written}\n`);

  expect(file?.environments).toEqual(names);
});
