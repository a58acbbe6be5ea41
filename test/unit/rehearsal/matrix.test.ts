import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { knownEnvironments } from "../../../sandbox/rehearsal/known-environments.ts";
import { type Case, deriveMatrix } from "../../../sandbox/rehearsal/matrix.ts";
import { pullRequestReach } from "../../../src/jobs/reach.ts";
import type { TrustEntry } from "../../../src/jobs/trust.ts";
import { checkSettings } from "../../../src/settings/read.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { widgets } from "../../support/stacks.ts";

// Proves what is expected of each job by what a stack file says. That it is so is for the rehearsal itself to prove.

const tenantId = "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42";

function settingsOf(changes: Readonly<Record<string, unknown>>): Settings {
  const { settings, problems } = checkSettings({ ...widgets, tenantId, ...changes }, "2026-11-24");
  if (settings === undefined) throw new Error(JSON.stringify(problems));
  return settings;
}

const reader = (changes: Readonly<Record<string, unknown>>) => ({
  identities: { reader: { role: "reader", trust: [{ branch: "main" }], ...changes } },
  environments: {},
});

/** `job: check, check` with a minus before what is refused. */
const lines = (cases: readonly Case[]) =>
  cases.map(({ identity, way, job, checks }) => {
    const all = checks.map(({ action, expected }) => (expected === "works" ? action : `-${action}`));
    return `${identity} ${way} | ${job} | ${all.join(", ")}`;
  });

test("the example's jobs, allowed and refused", () => {
  const matrix = lines(deriveMatrix(settingsOf({}), new Set(["feed"])));

  expect(matrix).toEqual([
    "reader oidc | branch main | sign in, install, -save, -publish",
    "reader oidc | pull request | sign in, install, -save, -publish",
    "reader oidc | branch feedpass-rehearsal | -sign in",
    "reader oidc | pull request, from a fork | -sign in",
    "reader oidc | environment feedpass-rehearsal, from branch main | -sign in",
    "reader oidc | environment release, from tag v1 | -sign in",
    "reader oidc | branch main, of another repository | -sign in",
    "reader oidc | pull request, of another repository | -sign in",
    "reader oidc | branch Main | -sign in",
    "reader oidc | tag main | -sign in",
    "publisher oidc | environment release, from tag v1 | sign in, install, save, publish",
    "publisher oidc | branch feedpass-rehearsal | -sign in",
    "publisher oidc | pull request | -sign in",
    "publisher oidc | pull request, from a fork | -sign in",
    "publisher oidc | environment feedpass-rehearsal, from branch main | -sign in",
    "publisher oidc | branch main | -sign in",
    "publisher oidc | environment release, from tag v1, of another repository | -sign in",
    "publisher oidc | environment Release, from tag v1 | -sign in",
    "publisher oidc | tag v1 | -sign in",
    "publisher oidc | environment release, from branch feedpass-rehearsal | -start",
    "publisher oidc | environment release, from tag v1, not approved | -start",
    "publisher oidc | environment release, from pull request | -start",
  ]);
});

test.each([
  ["reader", "sign in, install, -save, -publish"],
  ["collaborator", "sign in, install, save, -publish"],
  ["contributor", "sign in, install, save, publish"],
])("a %s may: %s", (role, expected) => {
  const [own] = deriveMatrix(settingsOf(reader({ role })), new Set(["feed"]));

  expect(own && lines([own])).toEqual([`reader oidc | branch main | ${expected}`]);
});

test("nothing is saved where the feed has no upstream sources", () => {
  const [own] = deriveMatrix(settingsOf(reader({})), new Set());

  expect(own?.checks.map(({ action }) => action)).toEqual(["sign in", "install", "publish"]);
});

test("each expectation says why", () => {
  const [own, ...others] = deriveMatrix(settingsOf(reader({})), new Set(["feed"]));

  expect(own?.checks.map(({ why }) => why)).toEqual([
    "reader trusts branch main",
    "a reader may install",
    "a reader may not save packages from upstream sources",
    "a reader may not publish",
  ]);
  expect(others.map(({ checks }) => checks[0]?.why)).toEqual([
    "no trust entry is for that branch",
    "pull requests are not trusted",
    "GitHub gives a fork neither an ID token nor secrets",
    "a job with an environment is that environment's, whatever its branch",
    "what is trusted is this repository's alone",
    "subjects are case-sensitive",
    "a branch and a tag of one name are not the same",
  ]);
});

describe("with a secret", () => {
  const secret = { signIn: "secret", secretExpires: "2027-06-30" };

  test("at the repository, every job that is given it signs in", () => {
    const matrix = deriveMatrix(settingsOf(reader(secret)), new Set());

    expect(lines(matrix)).toEqual([
      "reader secret | branch main | sign in, install, -publish",
      "reader secret | branch feedpass-rehearsal | sign in",
      "reader secret | pull request | sign in",
      "reader secret | pull request, from a fork | -sign in",
      "reader secret | environment feedpass-rehearsal, from branch main | sign in",
      "reader secret | branch main, of another repository | -sign in",
      "reader secret | tag main | sign in",
    ]);
    expect(matrix[1]?.checks[0]?.why).toBe("a secret asks for nothing: every job that is given it signs in");
    expect(matrix[3]?.checks[0]?.why).toBe("GitHub gives the job no such secret");
  });

  test("at an environment, only its jobs sign in, and its rules come first", () => {
    const publisher = { role: "contributor", trust: [{ environment: "release" }], ...secret };
    const matrix = lines(deriveMatrix(settingsOf({ identities: { publisher } }), new Set()));

    expect(matrix).toEqual([
      "publisher secret | environment release, from tag v1 | sign in, install, publish",
      "publisher secret | branch feedpass-rehearsal | -sign in",
      "publisher secret | pull request | -sign in",
      "publisher secret | pull request, from a fork | -sign in",
      "publisher secret | environment feedpass-rehearsal, from branch main | -sign in",
      "publisher secret | environment release, from tag v1, of another repository | -sign in",
      "publisher secret | tag v1 | -sign in",
      "publisher secret | environment release, from branch feedpass-rehearsal | -start",
      "publisher secret | environment release, from tag v1, not approved | -start",
      "publisher secret | environment release, from pull request | -start",
    ]);
  });

  test("a job that would find another identity's secret of the same name is not tried", () => {
    const identities = {
      reader: { role: "reader", trust: [{ branch: "main" }], ...secret },
      publisher: { role: "contributor", trust: [{ environment: "release" }], ...secret },
    };
    const matrix = deriveMatrix(settingsOf({ identities }), new Set()).filter(({ identity }) => identity === "reader");

    expect(matrix.map(({ job }) => job)).not.toContain("environment release, from tag v1");
  });

  test("both ways are tried where both are there", () => {
    const matrix = deriveMatrix(settingsOf(reader({ ...secret, signIn: "both" })), new Set());

    expect(new Set(matrix.map(({ way }) => way))).toEqual(new Set(["oidc", "secret"]));
  });
});

test("an environment that nothing protects is trusted whatever deploys to it", () => {
  const acceptedRisks = ["pullRequestWrites"];
  const publisher = { role: "contributor", trust: [{ environment: "release" }], acceptedRisks };
  const matrix = deriveMatrix(settingsOf({ identities: { publisher }, environments: { release: {} } }), new Set());

  const from = matrix.find(({ job }) => job === "environment release, from branch feedpass-rehearsal");
  expect(from?.checks).toEqual([{ action: "sign in", expected: "works", why: "publisher trusts environment release" }]);
});

test.each<[string, readonly string[]]>([
  ["reader", ["from branch main | sign in, install, -publish", "from branch feedpass-rehearsal | sign in"]],
  ["contributor", ["from tag v1 | sign in, install, publish", "from branch feedpass-rehearsal | -start"]],
])("an environment that the file does not keep is as the rehearsal makes it, for a %s", (role, expected) => {
  const one = { role, trust: [{ environment: "release" }] };
  const matrix = lines(deriveMatrix(settingsOf({ identities: { one }, environments: {} }), new Set()));

  const own = expected.map((line) => `one oidc | environment release, ${line}`);
  expect(matrix).toEqual(expect.arrayContaining(own));
});

test("of protected branches the one that the rehearsal protects deploys, and no other", () => {
  const publisher = { role: "contributor", trust: [{ environment: "release" }] };
  const environments = { release: { deployFrom: { protectedBranches: true } } };
  const matrix = lines(deriveMatrix(settingsOf({ identities: { publisher }, environments }), new Set()));

  expect(matrix).toEqual(
    expect.arrayContaining([
      "publisher oidc | environment release, from branch main | sign in, install, publish",
      "publisher oidc | environment release, from branch feedpass-rehearsal | -start",
      "publisher oidc | environment release, from pull request | -start",
    ]),
  );
});

describe("a pull request in an environment", () => {
  const rowOf = (role: string, environment: object, more: object = {}) => {
    const written = { ...settingsOf({ identities: { one: { role: "reader", trust: [{ branch: "main" }] } } }) };
    // Whatever the rules say of such a file: the matrix has to know it by itself.
    const one = { ...written.identities.one, roles: { feed: role }, trust: [{ environment: "e" }], ...more };
    const settings = { ...written, identities: { one }, environments: { e: environment } } as unknown as Settings;
    const pullRequests = lines(deriveMatrix(settings, new Set(["feed"]))).filter((line) =>
      line.includes("pull request"),
    );
    return pullRequests.filter((line) => line.includes("| environment e"));
  };
  const merges = { deployFrom: { branches: ["main", "refs/pull/*/merge"] } };
  const accepted = { acceptedRisks: ["pullRequestWrites"] };

  test.each<[string, object, object, string]>([
    ["reader", merges, {}, "from pull request | sign in, install, -save, -publish"],
    ["reader", {}, {}, "from pull request | sign in, install, -save, -publish"],
    ["contributor", { deployFrom: { branches: ["main"] } }, {}, "from pull request | -start"],
    ["contributor", { reviewers: { teams: ["captains"] } }, {}, "from pull request, not approved | -start"],
    ["contributor", merges, {}, "from pull request | sign in, install, -save, -publish"],
    ["contributor", {}, {}, "from pull request | sign in, install, -save, -publish"],
    [
      "collaborator",
      { deployFrom: { branches: ["refs/**/*"] } },
      {},
      "from pull request | sign in, install, -save, -publish",
    ],
    ["contributor", merges, accepted, "from pull request | sign in, install, save, publish"],
  ])("of a %s, with %j and %j: %s", (role, environment, more, expected) => {
    expect(rowOf(role, environment, more)).toEqual([`one oidc | environment e, ${expected}`]);
  });

  test("by a client secret there", () => {
    expect(rowOf("contributor", {}, { signIn: "secret" })).toEqual([
      "one secret | environment e, from pull request | sign in, install, -save, -publish",
    ]);
  });

  test("alone, where only an approved pull request may deploy", () => {
    const environment = { reviewers: { teams: ["captains"] }, deployFrom: { branches: ["refs/pull/*/merge"] } };

    expect(rowOf("contributor", environment)).toEqual([
      "one oidc | environment e, from pull request | sign in, install, save, publish",
      "one oidc | environment e, from pull request, of another repository | -sign in",
      "one oidc | environment e, from pull request, not approved | -start",
    ]);
  });
});

test.each([
  ["reader", {}, "sign in"],
  ["contributor", {}, "sign in, install, -publish"],
  ["contributor", { acceptedRisks: ["pullRequestWrites"] }, "sign in, install, publish"],
])("a pull request that reads the secret of a %s, with %j: %s", (role, more, expected) => {
  const settings = settingsOf(reader({ signIn: "secret", secretExpires: "2027-06-30" }));
  const { reader: one } = settings.identities;
  const identities = { reader: { ...one, roles: { feed: role }, ...more } } as unknown as Settings["identities"];

  expect(lines(deriveMatrix({ ...settings, identities }, new Set()))).toContain(
    `reader secret | pull request | ${expected}`,
  );
});

test("by a client secret that has ended nobody signs in, and by GitHub's token as before", () => {
  const settings = settingsOf(reader({ signIn: "both", secretExpires: "2026-06-30" }));
  const end = { identity: "reader", signIn: "both", day: "2026-06-30", daysLeft: -1, state: "ended" } as const;
  const signIns = deriveMatrix(settings, new Set(), [end]).flatMap(({ way, checks: [first] }) =>
    first?.action === "sign in" ? [`${way} ${first.expected}`] : [],
  );

  expect(signIns).toContain("oidc works");
  expect(signIns).not.toContain("secret works");
  expect(lines(deriveMatrix(settings, new Set(), [end]))).toContain("reader secret | branch main | -sign in");
});

test("a pull request signs in wherever the model says that one can, and nowhere else", () => {
  // Not `refs/**`: rules take it at what people mean by it, and GitHub lets nothing in by it.
  const patterns = ["main", "*", "**/*", "refs/pull/*/merge", "refs/**/*", "*/*/*/*", "v[0-9]"];
  const environment = fc.record({
    reviewers: fc.constantFrom(undefined, { teams: ["captains"] }),
    deployFrom: fc.oneof(
      fc.constantFrom(undefined, { protectedBranches: true as const }, { tags: ["v*"] }),
      fc.subarray(patterns, { minLength: 1 }).map((branches) => ({ branches })),
    ),
  });
  const trust = fc.uniqueArray(
    fc.constantFrom<TrustEntry>(...([{ branch: "main" }, { pullRequest: true }, { environment: "e" }] as const)),
    {
      minLength: 1,
    },
  );
  const signIn = fc.constantFrom("oidc" as const, "secret" as const);
  const base = settingsOf(reader({}));

  fc.assert(
    fc.property(environment, trust, signIn, (e, entries, way) => {
      const one = { ...base.identities.reader, trust: entries, signIn: way } as Settings["identities"][string];
      const settings = { ...base, identities: { one }, environments: { e } } as unknown as Settings;

      const tried = deriveMatrix(settings, new Set()).filter(({ scene, checks }) => {
        const canStart = scene.event === "pull_request" && scene.repository === "own";
        const isUnapproved = !scene.approved || scene.environment !== "e" || e.reviewers === undefined;
        return canStart && isUnapproved && checks[0]?.expected === "works";
      });

      const reach = pullRequestReach(one, { environments: knownEnvironments(settings) });
      expect(tried.length > 0).toBe(reach !== undefined);
    }),
    { numRuns: 200 },
  );
});

test("a job that one entry is not for may be trusted by another", () => {
  const trust = [{ branch: "main" }, { branch: "Main" }, { tag: "main" }];
  const matrix = lines(deriveMatrix(settingsOf(reader({ trust })), new Set()));

  expect(matrix.slice(0, 3)).toEqual([
    "reader oidc | branch main | sign in, install, -publish",
    "reader oidc | branch Main | sign in, install, -publish",
    "reader oidc | tag main | sign in, install, -publish",
  ]);
  expect(matrix.filter((line) => line.includes("| branch Main |"))).toHaveLength(1);
});
