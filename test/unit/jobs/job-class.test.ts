import fc from "fast-check";
import { expect, test } from "vitest";
import { anyJob, classCovers, classOf, hasPullRequests, pullRequestsThrough } from "../../../src/jobs/job-class.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";

const workflow = "contoso/w/.github/workflows/a.yml";

test.each<{ wide: TrustEntry; narrow: TrustEntry; answer: boolean }>([
  { wide: { branch: "main" }, narrow: { branch: "main" }, answer: true },
  { wide: { branch: "main" }, narrow: { branch: "Main" }, answer: false },
  { wide: { branch: "*" }, narrow: { branch: "feat/x" }, answer: true },
  { wide: { branch: "feat/*" }, narrow: { branch: "feat/a/b" }, answer: true },
  { wide: { branch: "feat/*" }, narrow: { branch: "feat" }, answer: false },
  { wide: { branch: "v1.?" }, narrow: { branch: "v1.2" }, answer: true },
  { wide: { branch: "v1.?" }, narrow: { branch: "v1x2" }, answer: false },
  { wide: { branch: "v?" }, narrow: { branch: "v*" }, answer: false },
  { wide: { branch: "v*" }, narrow: { branch: "v?" }, answer: true },
  { wide: { branch: "v*" }, narrow: { branch: "v1*" }, answer: true },
  { wide: { branch: "v1*" }, narrow: { branch: "v*" }, answer: false },
  { wide: { branch: "*" }, narrow: { tag: "main" }, answer: false },
  { wide: { branch: "*" }, narrow: { environment: "main" }, answer: false },
  { wide: { branch: "*" }, narrow: { pullRequest: true }, answer: false },
  { wide: { branch: "*" }, narrow: { mergeQueue: "main" }, answer: true },
  { wide: { mergeQueue: "main" }, narrow: { branch: "gh-readonly-queue/main/pr-1-abc" }, answer: true },
  { wide: { mergeQueue: "main" }, narrow: { branch: "main" }, answer: false },
  { wide: { environment: "*" }, narrow: { environment: "release" }, answer: false },
  { wide: { workflow: `${workflow}@refs/tags/v*` }, narrow: { workflow: `${workflow}@refs/tags/v1` }, answer: true },
  { wide: { workflow: `${workflow}@refs/tags/v*` }, narrow: { tag: "v1" }, answer: false },
  { wide: { environment: "a" }, narrow: { environment: "a", workflow: `${workflow}@refs/tags/v1` }, answer: true },
  { wide: { environment: "b" }, narrow: { environment: "a", workflow: `${workflow}@refs/tags/v1` }, answer: false },
  { wide: { environment: "a", workflow: `${workflow}@refs/tags/v1` }, narrow: { environment: "a" }, answer: false },
  {
    wide: { workflow: `${workflow}@refs/tags/v1` },
    narrow: { environment: "a", workflow: `${workflow}@refs/tags/v1` },
    answer: false,
  },
  {
    wide: { environment: "a", workflow: `${workflow}@refs/tags/v*` },
    narrow: { environment: "a", workflow: `${workflow}@refs/tags/v1` },
    answer: true,
  },
])("$wide takes in $narrow: $answer", ({ wide, narrow, answer }) => {
  expect(classCovers(classOf(wide), classOf(narrow))).toBe(answer);
});

test("any job takes in every class, and no class takes in any job", () => {
  const all = anyJob("any job");
  const classes = [
    ...[{ branch: "*" }, { pullRequest: true }, { environment: "release" }].map((entry) =>
      classOf(entry as TrustEntry),
    ),
  ];

  const answers = classes.map((one) => [classCovers(all, one), classCovers(one, all)]);

  expect(answers).toEqual(Array(3).fill([true, false]));
});

test("whoever may open a pull request may have its job go through an environment that lets it in, not the other way round", () => {
  const [plain, through] = [classOf({ pullRequest: true }), pullRequestsThrough("ci", undefined)];

  expect([classCovers(plain, through), classCovers(through, plain)]).toEqual([true, false]);
});

test("an environment does not take in the pull requests that it lets in: that they get in has to be told", () => {
  expect(classCovers(classOf({ environment: "ci" }), pullRequestsThrough("ci", undefined))).toBe(false);
});

test("pull requests are among themselves and among any job", () => {
  const entries: TrustEntry[] = [{ branch: "*" }, { tag: "*" }, { environment: "e" }, { mergeQueue: "main" }];

  expect(entries.map(classOf).map(hasPullRequests)).toEqual([false, false, false, false]);
  expect(
    [classOf({ pullRequest: true }), anyJob(""), pullRequestsThrough("e", undefined)].map(hasPullRequests),
  ).toEqual([true, true, true]);
});

test("a class that takes in another takes in all that the other takes in", () => {
  const branch = fc.stringMatching(/^[ab*?]{1,5}$/).map((name) => classOf({ branch: name }));

  fc.assert(
    fc.property(branch, branch, branch, (wide, middle, narrow) => {
      if (classCovers(wide, middle) && classCovers(middle, narrow)) expect(classCovers(wide, narrow)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
