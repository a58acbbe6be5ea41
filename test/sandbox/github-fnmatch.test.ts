import { expect, test } from "vitest";
import { matchesPattern } from "../../sandbox/cloud/github/fnmatch.ts";

test.each([
  ["main", "main", true],
  ["main", "Main", false],
  ["main", "main2", false],
  ["release/*", "release/1", true],
  ["release/*", "release/1/2", false],
  ["release/*", "release/", true],
  ["*", "main", true],
  ["*", "feature/x", false],
  ["**", "feature/x", false],
  ["**/*", "feature/x/y", true],
  ["**/*", "main", true],
  ["release/**/*", "release/1/2/3", true],
  ["release/**/*", "release/1", true],
  ["a**/b", "a/x/b", false],
  ["v?.0", "v1.0", true],
  ["v?.0", "v/.0", false],
  ["v[0-9]*", "v12", true],
  ["v[0-9]*", "vx", false],
  ["v[!0-9]", "vx", true],
  ["v[^0-9]", "v1", false],
  ["a[/]b", "a/b", false],
  ["[z-a]", "z", false],
  ["a[b", "a[b", true],
  ["v1.0", "v1x0", false],
  ["a\\*", "a*", true],
  ["a\\*", "ab", false],
  ["a+(b)|c$", "a+(b)|c$", true],
  ["refs/pull/*/merge", "refs/pull/7/merge", true],
])("%s against %s is %s", (pattern, name, matches) => {
  expect(matchesPattern(pattern, name)).toBe(matches);
});
