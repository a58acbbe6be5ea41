import { expect, test } from "vitest";
import type { FleetReport } from "../../../cli/fleet/report.ts";
import { fleetResults, merged } from "../../../src/report/results.ts";
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
