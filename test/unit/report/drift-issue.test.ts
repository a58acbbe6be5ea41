import { expect, test } from "vitest";
import { driftIssue, leftoverIssue, saysTheSame, secretIssue, stackOfIssue } from "../../../src/report/drift-issue.ts";
import { created, pullRequest, stackResult } from "./pull-request.ts";

const url = "https://github.com/contoso/feed-access/actions/runs/42";
const drifted = pullRequest.drift.stacks.get("contoso-levers") ?? expect.unreachable();

test("the issue of a drifted stack reads like this", async () => {
  const { title, body } = driftIssue(drifted, url);

  await expect(`# ${title}\n\n${body}\n`).toMatchFileSnapshot("golden/drift-issue.md");
});

test("the issue of a stack without a file tells how to remove it", async () => {
  const { title, body } = leftoverIssue({ stack: "contoso-gizmos", resources: 24 }, url);

  await expect(`# ${title}\n\n${body}\n`).toMatchFileSnapshot("golden/leftover-issue.md");
});

test("the issue of a stack whose client secrets end reads like this, and says the same every day", async () => {
  const soon = { identity: "ci", signIn: "both", day: "2026-12-29", daysLeft: 29, state: "ends soon" } as const;
  const over = { ...soon, identity: "old", signIn: "secret", day: "2026-11-30", daysLeft: 0, state: "ended" } as const;
  const { title, body } = secretIssue({ stack: "contoso-levers", ends: [soon, over] }, url);
  const tomorrow = secretIssue({ stack: "contoso-levers", ends: [{ ...soon, daysLeft: 28 }, over] }, url);

  await expect(`# ${title}\n\n${body}\n`).toMatchFileSnapshot("golden/secret-issue.md");
  expect(saysTheSame(body, tomorrow.body)).toBe(true);
  expect(secretIssue({ stack: "x", ends: [soon] }, url).title).toBe("Client secret ends soon: x");
  expect(driftIssue(drifted, url, { stack: "contoso-levers", ends: [soon] }).body).toContain(
    "identities.ci.secretExpires: the client secret ends on 2026-12-29; set a later day",
  );
});

test("an issue is for the stack of its first line, and for no other whose name begins alike", () => {
  const issues = ["app", "app-2", "app.x"].map((stack) => driftIssue({ ...drifted, stack }, url).body);

  expect(issues.map(stackOfIssue)).toEqual(["app", "app-2", "app.x"]);
  expect(issues.map((body) => stackOfIssue(body.replaceAll("\n", "\r\n")))).toEqual(["app", "app-2", "app.x"]);
});

test.each([
  ["", "nothing"],
  ["It drifted\n<!-- feedpass:drift app -->", "a marker that somebody quotes further down"],
  ["<!-- feedpass:drift app --> and more", "a line that goes on"],
])("%o is no issue of a stack: %s", (body) => {
  expect(stackOfIssue(body)).toBe(undefined);
});

test("the same drift says the same in every run, and other drift does not", () => {
  const one = driftIssue(drifted, url).body;
  const next = driftIssue(drifted, url.replace("42", "43")).body;
  const other = driftIssue({ ...drifted, changes: drifted.changes.slice(1) }, url).body;

  expect([saysTheSame(one, next), saysTheSame(one.replaceAll("\n", "\r\n"), next), saysTheSame(one, other)]).toEqual([
    true,
    true,
    false,
  ]);
});

test("an issue stays below what GitHub takes, whatever has drifted", () => {
  const changes = Array.from({ length: 400 }, (_, index) => ({
    ...created("ActionsVariable", `access/VARIABLE_${index}`),
    properties: [{ path: "value", before: "x".repeat(10_000), after: "y" }],
  }));

  const { body } = driftIssue(stackResult("app", { outcome: "changed", changes }), url);

  expect(body.length).toBeLessThan(65_536);
  expect(body).toMatch(/… and \d+ more lines/);
});
