import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inShard, matching, parseShard } from "../../../cli/fleet/select.ts";

const stacks = ["contoso-widgets", "contoso-widgets.v2", "contoso-gadgets", "fabrikam-widgets"];

describe("a pattern", () => {
  test.each([
    { patterns: [], matched: stacks },
    { patterns: ["contoso-widgets"], matched: ["contoso-widgets"] },
    { patterns: ["*-widgets"], matched: ["contoso-widgets", "fabrikam-widgets"] },
    { patterns: ["contoso-?adgets"], matched: ["contoso-gadgets"] },
    { patterns: ["contoso-widgets?v2"], matched: ["contoso-widgets.v2"] },
    { patterns: ["fabrikam*", "*gadgets"], matched: ["contoso-gadgets", "fabrikam-widgets"] },
    { patterns: ["contoso-widgets.+", "widgets"], matched: [] },
  ])("$patterns means $matched", ({ patterns, matched }) => {
    expect(matching(stacks, patterns)).toEqual(matched);
  });
});

describe("a shard", () => {
  test("is read from I/N", () => {
    expect(parseShard("2/5")).toEqual({ index: 2, count: 5 });
  });

  test.each(["0/5", "6/5", "5", "1/0", "a/b", "-1/5", "1/5/2"])("is refused as %s", (text) => {
    expect(() => parseShard(text)).toThrow(`--shard: got ${JSON.stringify(text)}, expected I/N, as in 1/4`);
  });

  test("has each stack in exactly one of them, and none has two more than another, however the stacks are listed", () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 40 });

    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 9 }), (listed, count) => {
        const shards = Array.from({ length: count }, (_none, at) => inShard(listed, { index: at + 1, count }));
        const reversed = inShard([...listed].reverse(), { index: 1, count });

        const sizes = shards.map((shard) => shard.length);
        expect(shards.flat().sort()).toEqual([...listed].sort());
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(reversed).toEqual(shards[0]);
      }),
    );
  });
});
