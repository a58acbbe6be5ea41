import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { stackFileSchema } from "../../../src/settings/json-schema.ts";
import { stackFile, withReader, withRelease, withTrust } from "../../support/stack-check.ts";

/** What a schema-driven editor says of a file: whether anything in it gets a red line. */
function accepts(file: string): boolean {
  // The schema is plain JSON, as an editor gets it; it is read back by a converter that knows nothing of its origin.
  const schema = JSON.parse(readFileSync("stacks/settings.schema.json", "utf8"));
  return z.fromJSONSchema(schema).safeParse(parse(file)).success;
}

/** Every value of the key `pattern`, at any depth. */
function patterns(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) =>
    key === "pattern" && typeof value === "string" ? [value] : patterns(value),
  );
}

test("the schema in the repository is what `npm run schema` writes", () => {
  const written = readFileSync("stacks/settings.schema.json", "utf8");

  expect(written).toBe(`${JSON.stringify(stackFileSchema(), null, 2)}\n`);
});

test("the example file is named with its schema, and an editor accepts it", () => {
  const file = readFileSync("stacks/Pulumi.contoso-widgets.yaml", "utf8");

  expect(file.split("\n")[0]).toBe("# yaml-language-server: $schema=settings.schema.json");
  expect(accepts(file)).toBe(true);
});

// JSON schema has no flags: one editor compiles a pattern with `u`, another without.
test("every pattern means the same with and without Unicode mode", () => {
  const all = patterns(stackFileSchema());

  expect(all.length).toBeGreaterThan(10);
  expect(all.filter((pattern) => /\\[pP]\{|\\u\{/.test(pattern))).toEqual([]);
  for (const pattern of all) expect(new RegExp(pattern, "u").source).toBe(new RegExp(pattern).source);
});

test.each([
  [
    "what Pulumi and other providers keep in the file",
    `${stackFile({ more: "azuread:tenantId: x" })}\nencryptionsalt: x\n`,
  ],
  ["a file without what Pulumi.yaml says for all stacks", stackFile({ tenantId: "" })],
  [
    "a protected environment",
    withRelease("reviewers: { users: [octocat] }, deployFrom: { tags: [v*] }, waitMinutes: 5"),
  ],
  [
    "a secret with its end",
    withReader('role: reader, trust: [{ tag: v1 }], signIn: both, secretExpires: "2027-06-30"'),
  ],
  ["a removable stack", stackFile({ more: "feedpass:removable: true" })],
])("an editor accepts %s", (_, file) => {
  expect(accepts(file)).toBe(true);
});

test.each([
  ["an unknown key of feedpass", stackFile({ more: "feedpass:owner: contoso" })],
  ["an unknown key of an identity", withReader("role: reader, trust: [{ branch: main }], roles: [reader]")],
  ["a file without a feed", stackFile({ feed: "" })],
  [
    "an address for the repository",
    stackFile({ repository: "feedpass:repository: https://github.com/contoso/widgets" }),
  ],
  ["an unknown role", withReader("role: owner, trust: [{ branch: main }]")],
  ["an empty trust list", withReader("role: reader, trust: []")],
  ["a trust entry of two kinds", withTrust("branch: main, tag: v1")],
  ["pull requests switched off", withTrust("pullRequest: false")],
  [
    "an identity's name with a capital",
    stackFile({ identities: "feedpass:identities: { Reader: { role: reader, trust: [{ tag: v1 }] } }" }),
  ],
  ["a time to wait with its unit", withRelease("waitMinutes: 5m")],
])("an editor marks %s", (_, file) => {
  expect(accepts(file)).toBe(false);
});
