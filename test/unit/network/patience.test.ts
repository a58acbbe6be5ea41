import { describe, expect, test } from "vitest";
import { pauseAfter, type Refusal, wasCutOff } from "../../../infra/patience.ts";

// When a question is asked again, and when not: the one rule for all services.

const now = Date.UTC(2026, 10, 29, 12, 0, 0);

function pause(refusal: Partial<Refusal>, asked = 1): number | undefined {
  return pauseAfter({ method: "GET", status: 503, headers: {}, ...refusal }, asked, now);
}

test.each<[string, Partial<Refusal>, number]>([
  ["429 with seconds", { status: 429, headers: { "retry-after": "17" } }, 17],
  ["429 with a date", { status: 429, headers: { "retry-after": "Sun, 29 Nov 2026 12:00:05 GMT" } }, 5],
  ["503 with seconds", { headers: { "retry-after": "3" } }, 3],
  [
    "a limit that begins anew",
    { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1000 + 40) } },
    40,
  ],
  ["a date that is past", { status: 429, headers: { "retry-after": "Sun, 29 Nov 2026 11:00:00 GMT" } }, 0],
  ["500", { status: 500 }, 1],
  ["502", { status: 502 }, 1],
  ["a request that took too long", { status: 408 }, 1],
  ["a connection that broke", { status: undefined }, 1],
  ["what was just made, and is not there", { status: 404, isExpected: true }, 1],
  ["a POST that a limit refused", { method: "POST", status: 429 }, 1],
  ["a POST that may be sent twice", { method: "POST", status: 502, isRepeatable: true }, 1],
  ["a deletion", { method: "DELETE", status: 502 }, 1],
])("%s is asked again", (_what, refusal, seconds) => {
  expect(pause(refusal)).toBe(seconds);
});

test.each<[string, Partial<Refusal>]>([
  ["400", { status: 400 }],
  ["401", { status: 401 }],
  ["403 that is no limit", { status: 403, headers: { "x-ratelimit-remaining": "4999" } }],
  ["404", { status: 404 }],
  ["501", { status: 501 }],
  ["a POST whose answer was lost", { method: "POST", status: undefined }],
  ["a POST that may have been done", { method: "POST", status: 502 }],
])("%s is not asked again", (_what, refusal) => {
  expect(pause(refusal)).toBe(undefined);
});

test("without a word of the service pauses double, and six questions are the most", () => {
  expect([1, 2, 3, 4, 5, 6].map((asked) => pause({}, asked))).toEqual([1, 2, 4, 8, 16, undefined]);
  expect([1, 2, 3, 4].map((asked) => pause({ status: 404, isExpected: true }, asked))).toEqual([1, 2, 4, undefined]);
});

describe("a connection", () => {
  test("that was cut off may be had again, whatever the error wraps it in", () => {
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });

    expect(wasCutOff(new TypeError("fetch failed", { cause: reset }))).toBe(true);
  });

  test.each(["ENOTFOUND", "ECONNREFUSED", "DEPTH_ZERO_SELF_SIGNED_CERT"])(
    "that was never there, by %s, is not",
    (code) => {
      expect(wasCutOff(new TypeError("fetch failed", { cause: Object.assign(new Error("no"), { code }) }))).toBe(false);
    },
  );
});
