import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { madeBefore, readBefore, readStack } from "../../../sandbox/rehearsal/open.ts";
import { stackText } from "../../support/rehearsal.ts";
import { widgets } from "../../support/stacks.ts";

let now: string;
let then: string;

beforeEach(() => {
  now = projectFolder();
  then = projectFolder();
  write(now, widgets);
});

afterEach(() => {
  for (const folder of [now, then]) rmSync(folder, { recursive: true, force: true });
});

function projectFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "feedpass-test-"));
  mkdirSync(join(folder, "stacks"));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    [
      "name: feedpass",
      "runtime: nodejs",
      "config:",
      "  tenantId: 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
      "  issuers:",
      "    - https://token.actions.githubusercontent.com",
      "    - https://token.actions.githubusercontent.com/octocat-inc",
      "    - https://token.actions.octocorp.ghe.com",
    ].join("\n"),
  );
  return folder;
}

function write(folder: string, settings: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(folder, "stacks/Pulumi.widgets.yaml"), stackText(settings));
}

const before = () => readBefore(readStack("widgets", now), then);

test("a stack is as its former file made it", () => {
  write(then, { ...widgets, repository: "Contoso/Widgets", removable: false });

  expect(before()).toMatchObject({ stack: "widgets", settings: { removable: false } });
});

test("a new file has nothing before it", () => {
  expect(before()).toBeUndefined();
});

test("a file of another repository is nothing that this one changes", () => {
  write(then, { ...widgets, repository: "contoso/gadgets" });

  expect(before()).toBe("it had another repository");
});

test("a file of another GitHub is nothing that this one changes", () => {
  write(then, { ...widgets, issuer: "https://token.actions.octocorp.ghe.com" });

  expect(before()).toBe("it had another GitHub");
});

test("a file with another issuer of the same GitHub is one that this one changes", () => {
  write(then, { ...widgets, issuer: "https://token.actions.githubusercontent.com/octocat-inc" });

  expect(before()).toMatchObject({ stack: "widgets" });
});

test("a former file with problems cannot have made a stack", () => {
  write(then, { ...widgets, repository: "contoso" });

  expect(before()).toContain('got "contoso", expected OWNER/NAME, as in contoso/widgets');
});

test("a secret that has ended is one that an up has made, unless the former file had no such secret", () => {
  const withSecret = (secretExpires: string) => ({
    ...widgets,
    identities: { ...widgets.identities, reader: { ...widgets.identities.reader, signIn: "both", secretExpires } },
  });
  write(now, withSecret("2020-06-30"));
  const made = (former: Readonly<Record<string, unknown>>) => {
    write(then, former);
    const staged = readStack("widgets", now);
    const found = readBefore(staged, then);
    return madeBefore(staged, typeof found === "string" ? undefined : found).map(({ identity }) => identity);
  };

  expect(readStack("widgets", now).ended?.map(({ identity, day }) => [identity, day])).toEqual([
    ["reader", "2020-06-30"],
  ]);
  expect(made(withSecret("2020-06-30"))).toEqual(["reader"]);
  expect(made(withSecret("2020-05-30"))).toEqual([]);
  expect(made(widgets)).toEqual([]);
});
