import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesWildcard } from "../../../sandbox/cloud/entra/claims-expression.ts";
import { matchesPattern } from "../../../sandbox/cloud/github/fnmatch.ts";
import { credentialPattern } from "../../../src/jobs/patterns/credential.ts";
import { deploymentPattern } from "../../../src/jobs/patterns/deployment.ts";
import { filterPattern, filtersOf } from "../../../src/jobs/patterns/filter.ts";
import { findName, inAnyCase, refsIn } from "../../../src/jobs/patterns/find.ts";
import {
  anyName,
  covers,
  example,
  literally,
  matches,
  meet,
  type Pattern,
} from "../../../src/jobs/patterns/pattern.ts";

// Proves each of the three pattern languages against somebody else's reading of it, and the questions between patterns
// against all short names.

const languages = { credential: credentialPattern, deployment: deploymentPattern, filter: filterPattern };

/** Every name of at most this many of these characters. */
function names(alphabet: string, most: number): string[] {
  const longer = (shorter: readonly string[]) => shorter.flatMap((name) => [...alphabet].map((next) => name + next));
  const all = [[""]];
  for (let length = 1; length <= most; length++) all.push(longer(all[length - 1] ?? []));
  return all.flat();
}

const short = names("ab/", 4);
/** Those that git allows a branch or a tag. */
const refs = short.filter((name) => /^[^/]+(\/[^/]+)*$/.test(name));

const written: Readonly<Record<keyof typeof languages, fc.Arbitrary<string>>> = {
  credential: fc.stringMatching(/^[ab/*?]{0,5}$/),
  deployment: fc
    .array(fc.constantFrom("a", "b", "/", "*", "?", "**/", "[ab]", "[!a]", "[^b]", "[b-a]", "[]", "[!]", "[", "\\a"), {
      maxLength: 5,
    })
    .map((parts) => parts.join("")),
  filter: fc
    .array(fc.constantFrom("a", "b", "/", "*", "**", "a?", "b+", "[ab]", "\\*"), { maxLength: 4 })
    .map((parts) => parts.join("")),
};
const anyPattern: fc.Arbitrary<Pattern> = fc.oneof(
  ...Object.entries(languages).map(([name, parse]) => written[name as keyof typeof languages].map(parse)),
);

describe("a credential's patterns", () => {
  test("take what Entra takes", () => {
    fc.assert(
      fc.property(written.credential, fc.stringMatching(/^[ab/]{0,7}$/), (pattern, name) => {
        expect(matches(credentialPattern(pattern), name)).toBe(matchesWildcard(pattern, name));
      }),
      { numRuns: 3000 },
    );
  });
});

describe("an environment's patterns", () => {
  test("take what GitHub takes", () => {
    fc.assert(
      fc.property(written.deployment, fc.stringMatching(/^[ab/]{0,7}$/), (pattern, name) => {
        expect(matches(deploymentPattern(pattern), name)).toBe(matchesPattern(pattern, name));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ["v*", "v1.0", true],
    ["v*", "v1/0", false],
    ["*", "main", true],
    ["*", "feat/x", false],
    ["**/*", "main", true],
    ["**/*", "feat/a/b", true],
    ["release/**/x", "release/x", true],
    ["release/**/x", "release/a/b/x", true],
    ["release/**", "release/a/b", false],
    ["v[0-9].[0-9].[0-9]", "v0.7.0", true],
    ["v[0-9].[0-9].[0-9]", "v0.71.0", false],
    ["v[!0-9]", "v1", false],
    ["v[^0-9]", "vx", true],
    ["v[!0-9]", "v/", false],
    ["[z-a]", "m", false],
    ["[z-a]", "z", true],
    ["[", "[", false],
    ["[]a]", "a", false],
    ["[!]", "a", true],
    ["\\*", "*", true],
    ["\\*", "a", false],
    ["🚀?", "🚀é", true],
    ["refs/pull/*/merge", "refs/pull/7/merge", true],
  ])("%s and %s: %s", (pattern, name, answer) => {
    expect(matches(deploymentPattern(pattern), name)).toBe(answer);
  });
});

describe("a workflow's filters", () => {
  // The examples of GitHub's own cheat sheet.
  test.each([
    ["feature/*", "feature/my-branch", true],
    ["feature/*", "feature/a/b", false],
    ["feature/**", "feature/beta-a/my-branch", true],
    ["main", "main", true],
    ["*", "releases", true],
    ["*", "all/the/branches", false],
    ["**", "all/the/branches", true],
    ["*feature", "mona-feature", true],
    ["v2*", "v2.9", true],
    ["v[12].[0-9]+.[0-9]+", "v1.10.1", true],
    ["v[12].[0-9]+.[0-9]+", "v3.10.1", false],
    ["*.jsx?", "page.js", true],
    ["*.jsx?", "page.jsx", true],
    ["*.jsx?", "page.jsxx", false],
    ["v\\*", "v*", true],
    ["v\\*", "v1", false],
  ])("%s and %s: %s", (filter, name, answer) => {
    expect(matches(filterPattern(filter), name)).toBe(answer);
  });

  test("made of another pattern take no name that it does not take", () => {
    fc.assert(
      fc.property(fc.constantFrom("credential", "deployment"), fc.nat(), (language, seed) => {
        const [text = ""] = fc.sample(written[language], { seed, numRuns: 1 });
        const pattern = languages[language](text);

        const taken = filtersOf(pattern).map(filterPattern);
        const beyond = refs.find((name) => taken.some((filter) => matches(filter, name)) && !matches(pattern, name));
        expect(beyond).toBeUndefined();
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ["v*", ["v**"], ["v*"]],
    ["release/?", ["release/[0-9A-Za-z]"], ["release/[0-9A-Za-z]"]],
    ["**/x", ["**/x"], ["x", "**/x"]],
    ["a+b", ["a\\+b"], ["a\\+b"]],
    ["!a", ["\\!a"], ["\\!a"]],
  ])("%s is written %j for a credential, %j for an environment", (text, ofTrust, ofEnvironment) => {
    expect(filtersOf(credentialPattern(text))).toEqual(ofTrust);
    expect(filtersOf(deploymentPattern(text))).toEqual(ofEnvironment);
  });
});

test.each(["[]", "[", "v[!0-9A-Za-z]"])("nothing is written for %s, which no filter says", (text) => {
  expect(filtersOf(deploymentPattern(text))).toEqual([]);
});

test("folders upon folders are written in few filters", () => {
  const filters = filtersOf(deploymentPattern("**/a/".repeat(40)));

  expect(filters.length).toBeLessThan(100);
});

describe("a name that is looked for", () => {
  test("is of all of the one list and of none of the other, and is found where there is one", () => {
    fc.assert(
      fc.property(anyPattern, anyPattern, anyPattern, (one, other, not) => {
        const isWanted = (name: string) => matches(one, name) && matches(other, name) && !matches(not, name);
        const found = findName([one, other], [not]);

        if (found.verdict === "found") expect(isWanted(found.name)).toBe(true);
        else expect(short.filter(isWanted)).toEqual([]);
        expect(found.verdict).not.toBe("unknown");
      }),
      { numRuns: 500 },
    );
  });

  test.each<[all: string[], none: string[], answer: string | undefined]>([
    [["v*"], [], "v1"],
    [["v*"], ["v*-rc*"], "v1"],
    [["v*", "v*-rc*"], [], "v1-rc1"],
    [["v*-rc*"], ["v*"], undefined],
    [["v*"], ["v", "v[0-9]"], "vw"],
    [["v*"], ["v*[0-9]"], "v"],
  ])("of %j and not of %j is %s", (all, none, answer) => {
    const found = findName(all.map(deploymentPattern), none.map(deploymentPattern));

    expect(found).toEqual(answer === undefined ? { verdict: "none" } : { verdict: "found", name: answer });
  });

  test("is not known where looking would take very long", () => {
    const doubts = Array.from({ length: 6 }, (_, index) => credentialPattern(`*a${"?".repeat(40 + index)}`));

    expect(findName([credentialPattern("*")], [credentialPattern("*"), ...doubts]).verdict).toBe("unknown");
  });

  test("can be asked to be one that git allows", () => {
    const names = (pattern: string) => findName([credentialPattern(pattern), ...refsIn("refs/tags/")], []).verdict;

    expect([names("refs/tags/v*"), names("refs/tags/v:*"), names("refs/tags/v//*"), names("refs/heads/*")]).toEqual([
      "found",
      "none",
      "none",
      "none",
    ]);
  });
});

test.each([
  ["v[a-c]é", "VBÉ", true],
  ["v*", "V1", true],
  ["v1", "w1", false],
  ["[!a]", "A", true],
])("%s in any case and %s: %s", (pattern, name, answer) => {
  expect(matches(inAnyCase(deploymentPattern(pattern)), name)).toBe(answer);
});

describe("between patterns", () => {
  test("two meet if and only if some short name is of both, or a longer one", () => {
    fc.assert(
      fc.property(anyPattern, anyPattern, (left, right) => {
        const both = short.some((name) => matches(left, name) && matches(right, name));
        if (both) expect(meet(left, right)).toBe(true);
        if (!meet(left, right)) expect(both).toBe(false);
        expect(meet(left, right)).toBe(meet(right, left));
      }),
      { numRuns: 500 },
    );
  });

  test("one covers another if and only if every short name of the other is of it, or a longer one is not", () => {
    fc.assert(
      fc.property(anyPattern, anyPattern, (wide, narrow) => {
        const beyond = short.find((name) => matches(narrow, name) && !matches(wide, name));
        if (beyond !== undefined) expect(covers([wide], narrow)).toBe(false);
        if (covers([wide], narrow)) expect(beyond).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test.each<[wide: string[], narrow: string, answer: boolean]>([
    [["*"], "a*b", true],
    [["a*", "b*"], "a*", true],
    [["?*"], "*?", true],
    [["?*"], "*", false],
    [["*?a*"], "*aa*", true],
    [["*a*"], "*aa*", true],
    [["*aa*"], "*a*", false],
    [["", "?*"], "*", true],
  ])("%j together cover %s: %s", (wide, narrow, answer) => {
    expect(covers(wide.map(credentialPattern), credentialPattern(narrow))).toBe(answer);
  });

  test.each<[patterns: string[], answer: boolean]>([
    [["*"], false],
    [["*", "**/*"], true],
    [["**/*"], true],
    [["*", "*/*"], false],
    [["**/?*"], true],
  ])("%j of an environment let every name in: %s", (patterns, answer) => {
    expect(covers(patterns.map(deploymentPattern), anyName)).toBe(answer);
  });

  test("an example is of its pattern", () => {
    fc.assert(
      fc.property(anyPattern, (pattern) => {
        const name = example(pattern);

        expect(name === undefined || matches(pattern, name)).toBe(true);
      }),
    );
  });

  test.each([
    ["v*", "v1"],
    ["v[0-9].[0-9]", "v1.1"],
    ["[ab]", "a"],
    ["**/x", "x"],
    ["[!0-9]", "!"],
    ["[", undefined],
  ])("the example of %s is %s", (pattern, name) => {
    expect(example(deploymentPattern(pattern))).toBe(name);
  });
});

test("patterns made to take long are answered all the same", () => {
  const stars = credentialPattern(`${"*".repeat(500)}a*b`);
  const doubt = credentialPattern(`*a${"?".repeat(300)}`);
  const long = "a".repeat(2000);

  expect([matches(stars, long), matches(stars, `${long}b`), meet(stars, literally(long))]).toEqual([
    false,
    true,
    false,
  ]);
  expect([covers([stars], doubt), covers([doubt], credentialPattern(`*a${"?".repeat(301)}`))]).toEqual([false, false]);
});
