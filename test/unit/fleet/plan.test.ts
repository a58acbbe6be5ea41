import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { costs, limitsOf, type PlannedRun, planFleet, planRun } from "../../../cli/fleet/plan.ts";
import { durationWords } from "../../../cli/fleet/show-plan.ts";

const usual = { gitHubRequests: 5000, concurrency: 2, minutes: 30, tstu: 0.1 };

describe("a plan", () => {
  test("of 1,000 repositories is bound by GitHub's requests, and the first up by its writes", () => {
    const plans = planFleet({ ...usual, repositories: 1000 });

    expect(plans.map(({ run, boundBy, stacksPerHour }) => [run, boundBy, stacksPerHour])).toEqual([
      ["drift", "GitHub requests an hour", 307],
      ["preview", "GitHub requests an hour", 1000],
      ["firstUp", "GitHub writes an hour", 40],
    ]);
    expect(plans.map(({ shards, stacksPerShard }) => [shards, stacksPerShard])).toEqual([
      [7, 143],
      [2, 500],
      [50, 20],
    ]);
    expect(plans.map(({ totalMinutes }) => totalMinutes)).toEqual([175, 55, 1475]);
  });

  test("of 10,000 repositories, with an app of an enterprise", () => {
    const plans = planFleet({ ...usual, repositories: 10_000, gitHubRequests: 15_000 });

    expect(plans.map(({ boundBy, shards, totalMinutes }) => [boundBy, shards, totalMinutes])).toEqual([
      ["GitHub requests an hour", 22, 644],
      ["Azure DevOps TSTUs in 5 minutes", 17, 501],
      ["GitHub writes an hour", 500, 14_975],
    ]);
  });

  test("of one repository is one shard of one stack", () => {
    expect(planRun("drift", { ...usual, repositories: 1 })).toEqual({
      run: "drift",
      stacksPerHour: 307,
      boundBy: "GitHub requests an hour",
      concurrency: 2,
      machines: 1,
      shards: 1,
      stacksPerShard: 1,
      minutesPerShard: 1,
      startEveryMinutes: 1,
      totalMinutes: 1,
    });
  });

  test("runs several machines where the limits leave room for them", () => {
    const plan = planRun("drift", { ...usual, repositories: 1000, gitHubRequests: 1_000_000, concurrency: 1 });

    expect(plan.machines).toBe(2);
    expect(plan.boundBy).toBe("Azure DevOps TSTUs in 5 minutes");
  });

  test("takes fewer stacks at once where a short window allows no more", () => {
    const plan = planRun("firstUp", { ...usual, repositories: 100, concurrency: 100 });

    // 64 writes a minute are 6.4 stacks; each takes half a minute.
    expect(plan.concurrency).toBe(3);
  });

  test("stays within every limit, and has room for every stack", () => {
    const input = fc.record({
      repositories: fc.integer({ min: 1, max: 20_000 }),
      gitHubRequests: fc.integer({ min: 1000, max: 15_000 }),
      concurrency: fc.integer({ min: 1, max: 64 }),
      minutes: fc.integer({ min: 5, max: 300 }),
      tstu: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    const runs = fc.constantFrom<PlannedRun>("drift", "preview", "firstUp");

    fc.assert(
      fc.property(runs, input, (run, given) => {
        const plan = planRun(run, given);
        const perSecond = (plan.machines * plan.stacksPerShard) / (plan.startEveryMinutes * 60);

        expect(plan.shards * plan.stacksPerShard).toBeGreaterThanOrEqual(given.repositories);
        expect(plan.startEveryMinutes).toBeGreaterThanOrEqual(plan.minutesPerShard);
        for (const { amount, windowSeconds, cost } of limitsOf(given).filter(() => plan.shards > 1)) {
          expect(perSecond * windowSeconds * cost(costs[run])).toBeLessThanOrEqual(amount);
        }
      }),
    );
  });
});

test.each([
  [1, "1 minute"],
  [59, "59 minutes"],
  [60, "1 h"],
  [147, "2 h 27 min"],
  [2880, "2 days"],
  [14_949, "10 days 9 h"],
])("%d minutes are %s", (minutes, words) => {
  expect(durationWords(minutes)).toBe(words);
});
