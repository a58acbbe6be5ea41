import fc from "fast-check";
import { expect, test } from "vitest";
import { anyJob, covers, type Source, sourcesOf } from "../../../src/access/sources.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";

function sourceOf(entry: TrustEntry): Source {
  const [source] = sourcesOf({ roles: { feed: "reader" }, trust: [entry], signIn: "oidc" });
  if (source === undefined) throw new Error("a trust entry is a source");
  return source;
}

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
  expect(covers(sourceOf(wide), sourceOf(narrow))).toBe(answer);
});

test("any job takes in every source, and no source takes in any job", () => {
  const entries: TrustEntry[] = [{ branch: "*" }, { pullRequest: true }, { environment: "release" }];

  const answers = entries.map(sourceOf).map((source) => [covers(anyJob, source), covers(source, anyJob)]);

  expect(answers).toEqual(Array(3).fill([true, false]));
});

test("a source that takes in another takes in all that the other takes in", () => {
  const branch = fc.stringMatching(/^[ab*?]{1,5}$/).map((name) => sourceOf({ branch: name }));

  fc.assert(
    fc.property(branch, branch, branch, (wide, middle, narrow) => {
      if (covers(wide, middle) && covers(middle, narrow)) expect(covers(wide, narrow)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("a trust entry and a secret at one environment are one source", () => {
  const sources = sourcesOf({ roles: { feed: "reader" }, trust: [{ environment: "release" }], signIn: "both" });

  expect(sources).toEqual([{ kind: "environment", value: "release", words: "environment release" }]);
});
