import { expect, test } from "vitest";
import { takesPullRequests } from "../../../src/jobs/environment.ts";

test.each([
  ["refs/pull/*/merge", true],
  ["**/*", true],
  ["refs/pul[l-a]/*/merge", true],
  ["main", false],
  ["refs/pull/*", false],
])("whether the merge of a pull request may deploy from branches %s: %s", (branch, answer) => {
  expect(takesPullRequests({ deployFrom: { branches: [branch] } })).toBe(answer);
});

test.each(["**", "refs/**", "refs/pull/**"])("%s is taken at what people mean by it, not at Ruby's word", (branch) => {
  expect(takesPullRequests({ deployFrom: { branches: [branch] } })).toBe(true);
});

test("every ref may deploy without a rule, and of tags no merge is one", () => {
  expect(takesPullRequests({})).toBe(true);
  expect(takesPullRequests({ deployFrom: { tags: ["**/*"] } })).toBe(false);
  expect(takesPullRequests({ deployFrom: { protectedBranches: true } })).toBe(false);
});
