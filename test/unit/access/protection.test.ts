import fc from "fast-check";
import { expect, test } from "vitest";
import { protectionChanges } from "../../../src/access/protection.ts";
import { anyEnvironment, stack } from "./stacks.ts";

function environment(text: string) {
  const identities = "feedpass:identities: { ci: { role: reader, trust: [{ branch: main }] } }";
  const { release } = stack(`${identities}\nfeedpass:environments: { release: ${text} }`).environments;
  if (release === undefined) throw new Error("the test's file has no environment");
  return release;
}

test.each([
  { before: "{}", after: "{ reviewers: { teams: [a] } }", text: "needs approval by team a", weaker: false },
  { before: "{ reviewers: { teams: [a] } }", after: "{}", text: "no longer needs approval by team a", weaker: true },
  {
    before: "{ reviewers: { teams: [a] } }",
    after: "{ reviewers: { teams: [a, b] } }",
    text: "needs approval by team a or team b instead of team a",
    weaker: true,
  },
  {
    before: "{ reviewers: { teams: [a], users: [b] } }",
    after: "{ reviewers: { teams: [a] } }",
    text: "needs approval by team a instead of team a or user b",
    weaker: false,
  },
  {
    before: "{ reviewers: { teams: [a] }, preventSelfReview: true }",
    after: "{ reviewers: { teams: [a] } }",
    text: "lets people approve their own deployments",
    weaker: true,
  },
  {
    before: "{ reviewers: { teams: [a] } }",
    after: "{ reviewers: { teams: [a] }, preventSelfReview: true }",
    text: "no longer lets people approve their own deployments",
    weaker: false,
  },
  {
    before: "{ reviewers: { teams: [a] }, preventSelfReview: true }",
    after: "{}",
    text: "no longer needs approval by team a",
    weaker: true,
  },
  { before: "{}", after: "{ adminsMayBypass: true }", text: "lets administrators bypass its protection", weaker: true },
  {
    before: "{ adminsMayBypass: true }",
    after: "{}",
    text: "no longer lets administrators bypass its protection",
    weaker: false,
  },
  { before: "{}", after: "{ waitMinutes: 5 }", text: "waits 5 minutes before a deployment", weaker: false },
  {
    before: "{ waitMinutes: 5 }",
    after: "{ waitMinutes: 1 }",
    text: "waits 1 minute before a deployment instead of 5 minutes",
    weaker: true,
  },
  { before: "{ waitMinutes: 5 }", after: "{}", text: "no longer waits 5 minutes before a deployment", weaker: true },
  { before: "{}", after: "{ deployFrom: { tags: ['v*'] } }", text: "deploys only from tag v*", weaker: false },
  {
    before: "{ deployFrom: { tags: ['v*'] } }",
    after: "{}",
    text: "deploys from every branch and tag, no longer only from tag v*",
    weaker: true,
  },
  {
    before: "{ deployFrom: { tags: ['v*'] } }",
    after: "{ deployFrom: { tags: ['v*', 'w*'] } }",
    text: "deploys from tag v* or tag w* instead of tag v*",
    weaker: true,
  },
  {
    before: "{ deployFrom: { tags: ['v*', 'w*'] } }",
    after: "{ deployFrom: { tags: ['v*'] } }",
    text: "deploys from tag v* instead of tag v* or tag w*",
    weaker: false,
  },
  {
    before: "{ deployFrom: { protectedBranches: true } }",
    after: "{ deployFrom: { branches: [main] } }",
    text: "deploys from branch main instead of protected branches",
    weaker: true,
  },
  {
    before: "{ deployFrom: { tags: ['v1*'] } }",
    after: "{ deployFrom: { tags: ['v*'] } }",
    text: "deploys from tag v* instead of tag v1*",
    weaker: true,
  },
  {
    before: "{ deployFrom: { tags: ['v*'] } }",
    after: "{ deployFrom: { tags: ['v1*'] } }",
    text: "deploys from tag v1* instead of tag v*",
    weaker: false,
  },
  {
    before: "{ deployFrom: { branches: [main] } }",
    after: "{ deployFrom: { tags: [main] } }",
    text: "deploys from tag main instead of branch main",
    weaker: true,
  },
  {
    before: "{ deployFrom: { branches: [main] } }",
    after: "{ deployFrom: { branches: ['*', '**/*'] } }",
    text: "deploys from branch * or branch **/*, which lets every name in, no longer only from branch main",
    weaker: true,
  },
  {
    before: "{ deployFrom: { branches: ['*'] } }",
    after: "{ deployFrom: { branches: ['release/*'] } }",
    text: "deploys only from branch release/*",
    weaker: true,
  },
  {
    before: "{ deployFrom: { branches: ['**/*'] } }",
    after: "{ deployFrom: { protectedBranches: true } }",
    text: "deploys only from protected branches",
    weaker: false,
  },
])("an environment that $text", ({ before, after, text, weaker }) => {
  expect(protectionChanges(environment(before), environment(after))).toEqual([{ text, weaker }]);
});

test.each([
  ["{ deployFrom: { tags: ['v*', 'v1*'] } }", "{ deployFrom: { tags: ['v*'] } }"],
  ["{ deployFrom: { branches: ['release/[0-9]*', 'release/*'] } }", "{ deployFrom: { branches: ['release/*'] } }"],
  ["{ deployFrom: { branches: ['**/*'], tags: ['**/*'] } }", "{}"],
])("patterns that take the same refs are no change: %s and %s", (left, right) => {
  expect(protectionChanges(environment(left), environment(right))).toEqual([]);
  expect(protectionChanges(environment(right), environment(left))).toEqual([]);
});

test("every part that changed is told", () => {
  const before = environment("{ reviewers: { teams: [a] }, waitMinutes: 5, deployFrom: { tags: ['v*'] } }");

  const changes = protectionChanges(before, environment("{}"));

  expect(changes.map(({ weaker }) => weaker)).toEqual([true, true, true]);
});

test("the same protection is no change, and what is only weaker one way is only stronger the other way", () => {
  fc.assert(
    fc.property(anyEnvironment, anyEnvironment, (left, right) => {
      const there = protectionChanges(left, right);
      const back = protectionChanges(right, left);

      expect(protectionChanges(left, left)).toEqual([]);
      // Whoever may approve can change to others who are neither more nor fewer: weaker both ways, but never stronger.
      if (there.length > 0 && there.every(({ weaker }) => !weaker))
        expect(back.some(({ weaker }) => weaker)).toBe(true);
    }),
  );
});
