import type { EngineEvent, OpType } from "@pulumi/pulumi/automation/index.js";
import { expect, test } from "vitest";
import { EventCollector } from "../../../cli/fleet/events.ts";
import type { FleetReport } from "../../../cli/fleet/report.ts";
import { countsInWords } from "../../../src/report/changes.ts";
import { fleetResults, merged, operations } from "../../../src/report/results.ts";
import { run, stackResult } from "./pull-request.ts";

const report: FleetReport = {
  operation: "drift",
  why: "the one stack",
  stacks: [
    {
      stack: "app",
      outcome: "changed",
      repository: undefined,
      isNew: false,
      access: [],
      secretEnds: [],
      counts: { update: 1 },
      changes: [
        {
          action: "update",
          type: "FeedPermission",
          name: "access/reader/feed:data/python",
          properties: [{ path: "role" }],
        },
      ],
      errors: [],
      seconds: 1.5,
    },
  ],
  leftovers: [{ stack: "gone", resources: undefined, access: [] }],
  seconds: 2,
};

/** All that the engine has: the compiler refuses this where one is missing. */
const engineOperations = Object.keys({
  same: 1,
  create: 1,
  update: 1,
  delete: 1,
  replace: 1,
  "create-replacement": 1,
  "delete-replaced": 1,
  read: 1,
  "read-replacement": 1,
  refresh: 1,
  discard: 1,
  "discard-replaced": 1,
  "remove-pending-replace": 1,
  import: 1,
  "import-replacement": 1,
} satisfies Record<OpType, 1>);

test("what the fleet prints is a result", () => {
  const parsed = fleetResults.parse(JSON.parse(JSON.stringify(report)));

  expect(parsed).toEqual({
    operation: "drift",
    stacks: [
      {
        stack: "app",
        outcome: "changed",
        isNew: false,
        counts: { update: 1 },
        changes: [
          {
            action: "update",
            type: "FeedPermission",
            name: "access/reader/feed:data/python",
            properties: [{ path: "role" }],
          },
        ],
        errors: [],
      },
    ],
    leftovers: [{ stack: "gone" }],
  });
});

const [stack] = report.stacks;

test.each([
  ["an operation that the engine does not have", { counts: { "# Approved": 1 } }],
  ["a name that every object has", { counts: { constructor: 1 } }],
  ["part of a resource", { counts: { create: 1.5 } }],
  ["less than none", { counts: { create: -1 } }],
  ["more resources than there are", { counts: { create: 1_000_000 } }],
  ["a number without an end", { counts: { create: "1e999" } }],
  ["a repository that is none", { repository: "contoso/widgets](https://evil.example)" }],
  ["a name without an end", { changes: [{ action: "create", type: "a", name: "x".repeat(1001), properties: [] }] }],
  ["an error without an end", { errors: ["x".repeat(100_001)] }],
  ["errors without an end", { errors: Array(10_001).fill("x") }],
])("%s is no result", (_what, more) => {
  const read = (value: unknown) => fleetResults.safeParse(JSON.parse(JSON.stringify(value))).success;

  expect(read({ ...report, stacks: [stack] })).toBe(true);
  expect(read({ ...report, stacks: [{ ...stack, ...more }] })).toBe(false);
});

test("every operation that the fleet counts is known, and told in words", () => {
  const events = new EventCollector();
  const resourceChanges = Object.fromEntries(engineOperations.map((operation) => [operation, 1]));
  events.add({ summaryEvent: { resourceChanges } } as unknown as EngineEvent);
  const { counts } = events.told();

  const told = fleetResults.parse({ ...report, stacks: [{ ...stack, counts, changes: [] }] }).stacks[0];

  expect(told?.counts).toEqual(counts);
  expect(countsInWords(told ?? expect.unreachable()).split(", ").length).toBe(operations.length);
});

test.each([
  ["no object", "[]"],
  ["a stack whose name is none", JSON.stringify({ ...report, leftovers: [{ stack: "a\nb", access: [] }] })],
  ["an unknown outcome", JSON.stringify({ ...report, stacks: [{ ...report.stacks[0], outcome: "fine" }] })],
])("%s is no result", (_what, text) => {
  expect(fleetResults.safeParse(JSON.parse(text)).success).toBe(false);
});

test("the shards of one operation are one, apart from those of another", () => {
  const results = [
    run("preview", [stackResult("a")]),
    run("drift", [stackResult("a", { outcome: "changed" })]),
    run("preview", [stackResult("b", { outcome: "failed" })]),
  ];

  const { stacks } = merged(results, "preview");

  expect([...stacks].map(([name, { outcome }]) => [name, outcome])).toEqual([
    ["a", "same"],
    ["b", "failed"],
  ]);
});
