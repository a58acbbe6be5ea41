import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { command, wayOut } from "../../../infra/hooks/way-out.ts";

const there = {
  what: "contoso/widgets has the variable AZURE_CLIENT_ID already",
  importId: "widgets:AZURE_CLIENT_ID",
  otherwise: ["to delete it", "gh variable delete AZURE_CLIENT_ID"],
} as const;
const wanted = {
  stack: "widgets",
  type: "github:index/actionsVariable:ActionsVariable",
  name: "access/AZURE_CLIENT_ID",
  parent: "urn:pulumi:widgets::feedpass::a:b:C$d:e:F::access",
  provider: "urn:pulumi:widgets::feedpass::pulumi:providers:github::github",
  isParentNew: false,
};
const importing =
  "npx pulumi import github:index/actionsVariable:ActionsVariable access/AZURE_CLIENT_ID widgets:AZURE_CLIENT_ID --stack widgets --parent 'parent=urn:pulumi:widgets::feedpass::a:b:C$d:e:F::access' --provider provider=urn:pulumi:widgets::feedpass::pulumi:providers:github::github --protect=false --generate-code=false";

test("says what is there, and both ways out of it", () => {
  expect(wayOut(there, wanted)).toBe(
    [
      "contoso/widgets has the variable AZURE_CLIENT_ID already",
      `  to adopt it: ${importing}`,
      "  to delete it: gh variable delete AZURE_CLIENT_ID",
      "  after either: npx pulumi up --stack widgets",
    ].join("\n"),
  );
});

test("begins with what the resource belongs to, where that is not there yet", () => {
  expect(
    wayOut(there, { ...wanted, isParentNew: true })
      .split("\n")
      .slice(1, 3),
  ).toEqual([
    "  to adopt it, first make what it belongs to: npx pulumi up --stack widgets --skip-preview",
    `  and then adopt it: ${importing}`,
  ]);
});

test("names what else is in the way of a parent that is not there yet, and of no other", () => {
  const several = { ...there, beside: ["AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID"] };

  expect(wayOut(several, { ...wanted, isParentNew: true }).split("\n")[1]).toBe(
    "  so are: AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID",
  );
  expect(wayOut(several, wanted)).toBe(wayOut(there, wanted));
});

test("leaves out a parent and a provider that nobody gave", () => {
  expect(wayOut(there, { ...wanted, parent: undefined, provider: undefined })).toContain(
    "widgets:AZURE_CLIENT_ID --stack widgets --protect=false",
  );
});

test.skipIf(process.platform === "win32")("a shell takes the words as they are", () => {
  const words = ["plain", "it's", "a$b", "v*", "two words", 'a"b', "", "feature/*:`id`"];

  const printed = execFileSync("sh", ["-c", `printf '%s|' ${command(words)}`], { encoding: "utf8" });

  expect(printed).toBe(`${words.join("|")}|`);
});
