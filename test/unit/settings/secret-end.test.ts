import fc from "fast-check";
import { expect, test } from "vitest";
import { endWarning, hasEnded, lastingWarning, secretEnds, unmakeable } from "../../../src/settings/secret-end.ts";
import { settingsOf, withReader } from "../../support/stack-check.ts";

// Proves from when on the end of a client secret is told, and since when it has ended.

function endsOn(today: string, day: string, signIn = "secret") {
  const settings = settingsOf(
    withReader(`role: reader, trust: [{ branch: main }], signIn: ${signIn}, secretExpires: "${day}"`),
  );
  return secretEnds(settings.identities, today);
}

test.each([
  ["31 days before", "2026-11-30", "2026-12-31", []],
  ["30 days before", "2026-11-30", "2026-12-30", [["ends soon", 30]]],
  ["29 days before", "2026-11-30", "2026-12-29", [["ends soon", 29]]],
  ["the day before", "2026-11-30", "2026-12-01", [["ends soon", 1]]],
  ["the day itself", "2026-11-30", "2026-11-30", [["ended", 0]]],
  ["the day after", "2026-11-30", "2026-11-29", [["ended", -1]]],
  ["over the end of a leap year's February", "2028-02-15", "2028-03-16", [["ends soon", 30]]],
  ["over another year's", "2027-02-15", "2027-03-18", []],
])("%s: on %s, of a secret until %s", (_when, today, day, told) => {
  expect(endsOn(today, day).map(({ state, daysLeft }) => [state, daysLeft])).toEqual(told);
});

test("nothing is told of who has no secret", () => {
  const settings = settingsOf(withReader("role: reader, trust: [{ branch: main }]"));

  expect(secretEnds(settings.identities, "2030-01-01")).toEqual([]);
});

test("on every day and for every end: told for thirty days, whole ones in UTC, and over when Entra says so", () => {
  const day = fc
    .date({ min: new Date("2026-01-01"), max: new Date("2028-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));

  fc.assert(
    fc.property(day, day, fc.integer({ min: 0, max: 86_399_999 }), (today, end, time) => {
      const [told] = endsOn(today, end);
      // Entra refuses a secret from the moment on that its end names: the beginning of the day.
      const isRefused = Date.parse(`${end}T00:00:00Z`) <= Date.parse(`${today}T00:00:00Z`) + time;
      const later = (Date.parse(end) - Date.parse(today)) / 86_400_000;

      expect(told !== undefined && hasEnded(told)).toBe(isRefused);
      expect(told !== undefined).toBe(later <= 30);
      expect(told?.daysLeft ?? later).toBe(later);
      expect(Number.isInteger(later)).toBe(true);
    }),
  );
});

const renewal = "set a later day and apply the stack, which makes a new secret, or leave secrets behind: signIn oidc";

test.each([
  ["secret", "2026-12-30", "the client secret ends on 2026-12-30, in 30 days"],
  ["secret", "2026-12-01", "the client secret ends on 2026-12-01, tomorrow"],
  ["secret", "2026-11-30", "the client secret ended on 2026-11-30: no job signs in as reader any more"],
  ["both", "2026-12-02", "the client secret ends on 2026-12-02, in 2 days"],
  ["both", "2026-10-01", "the client secret ended on 2026-10-01: its jobs sign in with GitHub's token alone"],
])("of a %s until %s it is said that %s", (signIn, day, words) => {
  const [end = expect.unreachable()] = endsOn("2026-11-30", day, signIn);

  expect(endWarning(end)).toEqual({ path: "identities.reader.secretExpires", text: `${words}; ${renewal}` });
  expect(lastingWarning(end).text).toBe(`${words.replace(/, (tomorrow|in \d+ days)$/, "")}; ${renewal}`);
});

test("a secret that would have ended before it was made is refused with the days that there are", () => {
  const [end = expect.unreachable()] = endsOn("2026-11-30", "2026-11-30");

  expect(unmakeable(end, "2026-11-30")).toEqual({
    path: "identities.reader.secretExpires",
    text: 'got "2026-11-30", expected a day from 2026-12-01 to 2028-11-29; no secret can be made that has ended already: set a later day',
  });
});
