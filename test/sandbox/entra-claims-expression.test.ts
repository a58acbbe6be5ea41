import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ClaimCondition,
  claimsSatisfy,
  matchesWildcard,
  parseClaimsExpression,
} from "../../sandbox/cloud/entra/claims-expression.ts";

test.each<[string, readonly ClaimCondition[]]>([
  [
    "claims['sub'] eq 'repo:a/b:ref:refs/heads/main'",
    [{ claim: "sub", operator: "eq", comparand: "repo:a/b:ref:refs/heads/main" }],
  ],
  [
    "claims['sub'] matches 'repo:*:ref:refs/tags/v*' and claims['repository_id'] eq '42'",
    [
      { claim: "sub", operator: "matches", comparand: "repo:*:ref:refs/tags/v*" },
      { claim: "repository_id", operator: "eq", comparand: "42" },
    ],
  ],
  ["claims['sub'] eq 'it''s and not ''or'''", [{ claim: "sub", operator: "eq", comparand: "it's and not 'or'" }]],
  ["claims['sub'] eq ''", [{ claim: "sub", operator: "eq", comparand: "" }]],
])("%s is read", (text, conditions) => {
  expect(parseClaimsExpression(text)).toEqual({ valid: true, conditions });
});

test.each([
  ["", "expected claims['<name>'] at 0"],
  ["sub eq 'x'", "expected claims['<name>'] at 0"],
  [`claims["sub"] eq 'x'`, "expected claims['<name>'] at 0"],
  ["claims['sub']  eq 'x'", "expected ' eq ' or ' matches ' at 13"],
  ["claims['sub'] startsWith 'x'", "expected ' eq ' or ' matches ' at 13"],
  ["claims['sub'] eq x", "expected a comparand in single quotes at 17"],
  ["claims['sub'] eq 'x", "expected a comparand in single quotes at 17"],
  ["claims['sub'] eq 'x' or claims['sub'] eq 'y'", "expected ' and ' or the end at 20"],
  ["claims['sub'] eq 'x' ", "expected ' and ' or the end at 20"],
  ["claims['sub'] eq 'x' and ", "expected claims['<name>'] at 25"],
  ["(claims['sub'] eq 'x')", "expected claims['<name>'] at 0"],
])("%s is refused: %s", (text, reason) => {
  expect(parseClaimsExpression(text)).toEqual({ valid: false, reason });
});

test.each<[string, string, boolean]>([
  ["v*", "v1.2", true],
  ["v*", "v", true],
  ["v*", "V1", false],
  ["v?", "v1", true],
  ["v?", "v", false],
  ["*", "", true],
  ["", "", true],
  ["", "x", false],
  ["repo:*:ref:refs/heads/main", "repo:a/b:ref:refs/heads/main", true],
  ["repo:*:ref:refs/heads/main", "repo:a/b:environment:x:ref:refs/heads/main", true],
  ["repo:*:ref:refs/heads/main", "repo:a/b:ref:refs/heads/maintenance", false],
  ["*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false],
  ["a.c", "abc", false],
])("the pattern %s fits %s: %s", (pattern, value, fits) => {
  expect(matchesWildcard(pattern, value)).toBe(fits);
});

test("a condition on a claim that is absent or no string fails", () => {
  const conditions: ClaimCondition[] = [{ claim: "repository_id", operator: "eq", comparand: "42" }];

  const results = [{}, { repository_id: 42 }, { repository_id: "42" }].map((claims) =>
    claimsSatisfy(conditions, claims),
  );

  expect(results).toEqual([false, false, true]);
});

test("all conditions have to hold", () => {
  const conditions: ClaimCondition[] = [
    { claim: "a", operator: "eq", comparand: "1" },
    { claim: "b", operator: "matches", comparand: "2*" },
  ];

  const results = [
    { a: "1", b: "22" },
    { a: "1", b: "3" },
    { a: "0", b: "2" },
  ].map((claims) => claimsSatisfy(conditions, claims));

  expect(results).toEqual([true, false, false]);
});

const condition = fc.record({
  claim: fc.stringMatching(/^[A-Za-z0-9_]+$/),
  operator: fc.constantFrom("eq" as const, "matches" as const),
  comparand: fc.string(),
});

test("what is written is what is read, whatever the comparands hold", () => {
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 4 }), (conditions) => {
      const text = conditions
        .map((each) => `claims['${each.claim}'] ${each.operator} '${each.comparand.replaceAll("'", "''")}'`)
        .join(" and ");

      expect(parseClaimsExpression(text)).toEqual({ valid: true, conditions });
    }),
  );
});

test("no text makes the parser fail", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect([true, false]).toContain(parseClaimsExpression(text).valid);
    }),
  );
});

test("wildcards agree with the regular expression that means the same", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "?"), maxLength: 8 });
  const value = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 8 });
  fc.assert(
    fc.property(letters, value, (pattern, text) => {
      const meaning = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);

      expect(matchesWildcard(pattern, text)).toBe(meaning.test(text));
    }),
  );
});
