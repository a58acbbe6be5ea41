import { expect, test } from "vitest";
import { withDaysToCome } from "../../../sandbox/rehearsal/ended-secrets.ts";
import type { SecretEnd } from "../../../src/settings/secret-end.ts";

const end: SecretEnd = { identity: "ci", signIn: "secret", day: "2020-06-30", daysLeft: -1, state: "ended" };

test.each([
  "    secretExpires: 2020-06-30",
  'ci: { secretExpires: "2020-06-30" }',
  "ci: { 'secretExpires' : '2020-06-30' }",
  '{"secretExpires":"2020-06-30"}',
])("a day that has passed is one to come in %s", (text) => {
  const written = withDaysToCome(text, [end]);

  const [day = ""] = /\d{4}-\d\d-\d\d/.exec(written) ?? [];
  expect(Date.parse(day)).toBeGreaterThan(Date.now());
  expect(written.replace(day, end.day)).toBe(text);
});

test.each(["secretExpires: 2020-07-01", "branch: release/2020-06-30", "tag: 2020-06-30"])("%s stays", (text) => {
  expect(withDaysToCome(text, [end])).toBe(text);
});
