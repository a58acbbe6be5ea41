import fc from "fast-check";
import { expect, test } from "vitest";
import { describeTrust, nameSubjectPrefix, subjectOf, type TrustEntry, trustOf } from "../../../src/jobs/trust.ts";

// GitHub's own examples, in both forms: https://docs.github.com/actions/reference/security/oidc#example-subject-claims
test.each<[TrustEntry, string, string]>([
  [{ branch: "main" }, "repo:contoso/widgets:ref:refs/heads/main", "repo:contoso@1/widgets@2:ref:refs/heads/main"],
  [
    { branch: "feat/x" },
    "repo:contoso/widgets:ref:refs/heads/feat/x",
    "repo:contoso@1/widgets@2:ref:refs/heads/feat/x",
  ],
  [{ tag: "v1.0" }, "repo:contoso/widgets:ref:refs/tags/v1.0", "repo:contoso@1/widgets@2:ref:refs/tags/v1.0"],
  [{ pullRequest: true }, "repo:contoso/widgets:pull_request", "repo:contoso@1/widgets@2:pull_request"],
  [
    { environment: "release" },
    "repo:contoso/widgets:environment:release",
    "repo:contoso@1/widgets@2:environment:release",
  ],
  [
    { environment: "My Release" },
    "repo:contoso/widgets:environment:My Release",
    "repo:contoso@1/widgets@2:environment:My Release",
  ],
  [
    { environment: "a:b:c" },
    "repo:contoso/widgets:environment:a%3Ab%3Ac",
    "repo:contoso@1/widgets@2:environment:a%3Ab%3Ac",
  ],
  [
    { branch: "release/*" },
    "repo:contoso/widgets:ref:refs/heads/release/*",
    "repo:contoso@1/widgets@2:ref:refs/heads/release/*",
  ],
  [
    { mergeQueue: "main" },
    "repo:contoso/widgets:ref:refs/heads/gh-readonly-queue/main/pr-*",
    "repo:contoso@1/widgets@2:ref:refs/heads/gh-readonly-queue/main/pr-*",
  ],
  [{ environment: "50%" }, "repo:contoso/widgets:environment:50%", "repo:contoso@1/widgets@2:environment:50%"],
])("a job that %j means has the subject %s, or %s", (entry, byName, byId) => {
  expect(subjectOf("repo:contoso/widgets", entry)).toBe(byName);
  expect(subjectOf("repo:contoso@1/widgets@2", entry)).toBe(byId);
});

test("two entries mean different subjects, unless one spells out the escape", () => {
  const value = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom(..."ab:/") });
  const entry = fc.oneof(
    value.map((branch) => ({ branch })),
    value.map((tag) => ({ tag })),
    value.map((environment) => ({ environment })),
    fc.constant({ pullRequest: true as const }),
  );

  fc.assert(
    fc.property(entry, entry, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));
      expect(subjectOf("repo:o/n", one)).not.toBe(subjectOf("repo:o/n", other));
    }),
    { numRuns: 2000 },
  );
  expect(subjectOf("repo:o/n", { environment: "a:b" })).toBe(subjectOf("repo:o/n", { environment: "a%3Ab" }));
});

test.each<[TrustEntry, string, string, string]>([
  [{ branch: "main" }, "branch", "main", "branch main"],
  [{ tag: "v1" }, "tag", "v1", "tag v1"],
  [{ environment: "release" }, "environment", "release", "environment release"],
  [{ pullRequest: true }, "pullRequest", "", "pull requests"],
  [{ mergeQueue: "main" }, "mergeQueue", "main", "merge queue of main"],
  [
    { workflow: "o/r/.github/workflows/p.yml@refs/heads/main" },
    "workflow",
    "o/r/.github/workflows/p.yml@refs/heads/main",
    "workflow o/r/.github/workflows/p.yml@refs/heads/main",
  ],
])("%j is taken apart, and described in words", (entry, kind, value, words) => {
  expect(trustOf(entry)).toEqual({ kind, value });
  expect(describeTrust(entry)).toBe(words);
});

test("a workflow in an environment is that environment's", () => {
  const workflow = "o/r/.github/workflows/p.yml@refs/heads/main";
  const entry = { environment: "release", workflow };

  expect(trustOf(entry)).toEqual({ kind: "environment", value: "release", workflow });
  expect(describeTrust(entry)).toBe(`environment release in workflow ${workflow}`);
});

test("a repository whose subjects carry names begins with repo:OWNER/NAME", () => {
  expect(nameSubjectPrefix("Contoso", "widgets.py")).toBe("repo:Contoso/widgets.py");
});
