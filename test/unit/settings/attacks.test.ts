import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { report } from "../../support/stack-check.ts";

// Proves what is said of stack files that were written to deceive. Each file in `attacks` has beside it what a user is shown.

const folder = new URL("attacks", import.meta.url).pathname;
const names = readdirSync(folder).flatMap((name) => (name.endsWith(".yaml") ? [name.slice(0, -5)] : []));
const textOf = (name: string) => readFileSync(join(folder, `${name}.yaml`), "utf8");

test.each(names)("%s", async (name) => {
  await expect(`${report(textOf(name))}\n`).toMatchFileSnapshot(`attacks/${name}.txt`);
});

test("what is shown of them has nothing that a terminal obeys or a reader does not see", () => {
  const shown = names.filter((name) => name !== "harmless").map((name) => report(textOf(name)));

  expect(shown.filter((text) => text === "")).toEqual([]);
  expect(shown.join("\n")).not.toMatch(/[^\P{C}\n]|[\p{Default_Ignorable_Code_Point}\u2800]/u);
});

test("of a file that is no stack file nothing is shown", () => {
  expect(`${report(textOf("no-table"))}${report(textOf("no-yaml"))}`).not.toMatch(/root|ghp_/);
});
