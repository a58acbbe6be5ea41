import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesWildcard, parseClaimsExpression } from "../../../sandbox/cloud/entra/claims-expression.ts";
import { conditionsOf, satisfies } from "../../../src/jobs/claims-expression.ts";

// Proves that the project reads expressions as the emulated Entra does, which was written apart from it.

const character = fc.constantFrom("a", "b", ":", "/", "*", "?");
const text = fc.string({ unit: character, maxLength: 8 });

describe("reading", () => {
  test("an expression is its comparisons, with doubled quotes undone", () => {
    expect(conditionsOf("claims['sub'] matches 'repo:*:it''s' and claims['repository_id'] eq '2'")).toEqual([
      { claim: "sub", operator: "matches", value: "repo:*:it's" },
      { claim: "repository_id", operator: "eq", value: "2" },
    ]);
  });

  test.each([
    "",
    "claims['sub'] eq",
    "claims['sub'] like 'a'",
    "claims['sub'] eq 'a' or claims['sub'] eq 'b'",
    "claims['sub'] eq 'a' and",
    "not claims['sub'] eq 'a'",
    "claims['sub'] eq 'a'x",
  ])("%j is no expression", (expression) => {
    expect(conditionsOf(expression)).toBeUndefined();
  });

  test("whatever Entra takes is read to the same comparisons", () => {
    const comparison = fc.tuple(fc.constantFrom("sub", "repository_id"), fc.constantFrom("eq", "matches"), text);
    const expressions = fc
      .array(comparison, { minLength: 1, maxLength: 3 })
      .map((all) => all.map(([claim, operator, value]) => `claims['${claim}'] ${operator} '${value}'`).join(" and "));

    fc.assert(
      fc.property(expressions, (expression) => {
        const parsed = parseClaimsExpression(expression);
        const conditions = parsed.valid ? parsed.conditions : [];

        expect(conditionsOf(expression)).toEqual(
          conditions.map(({ claim, operator, comparand }) => ({ claim, operator, value: comparand })),
        );
      }),
    );
  });
});

describe("matching", () => {
  test("a pattern takes what Entra takes", () => {
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        const condition = { claim: "sub", operator: "matches", value: pattern } as const;

        expect(satisfies(condition, value)).toBe(matchesWildcard(pattern, value));
      }),
      { numRuns: 2000 },
    );
  });

  test("eq takes the text itself, in its own case", () => {
    const condition = { claim: "sub", operator: "eq", value: "a*" } as const;

    expect(["a*", "ab", "A*"].map((value) => satisfies(condition, value))).toEqual([true, false, false]);
  });
});
