import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const text = readFileSync("docs/rules.md", "utf8");
const rows = text.split("\n").filter((line) => line.startsWith("| ") && !/^\| (Rule|---)/.test(line));

test("every rule names a source, a test that is there, and a route or a dash", () => {
  const cells = rows.map((row) => row.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "")));

  expect(rows.length).toBeGreaterThan(30);
  for (const [rule, source, tests, route, ...others] of cells) {
    expect([rule, others]).toEqual([rule, []]);
    expect(source).toMatch(/^feedpass$|^\[/);
    expect(route).toMatch(/\S/);
    const files = [...(tests ?? "").matchAll(/`(test\/[^`]+)`/g)].map(([, file = ""]) => file);
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  }
});

test("every link of the table has its address", () => {
  const used = [...text.matchAll(/\]\[([a-z0-9-]+)\]/g)].map(([, name]) => name);
  const known = [...text.matchAll(/^\[([a-z0-9-]+)\]: https:/gm)].map(([, name]) => name);

  expect([...new Set(used)].sort()).toEqual([...new Set(known)].sort());
});
