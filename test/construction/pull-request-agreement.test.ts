import fc from "fast-check";
import { expect, test } from "vitest";
import { type GivenResource, resourcesOf } from "../../infra/policy/given.ts";
import { pullRequestWrites, writingRoles } from "../../infra/policy/stack-rules.ts";
import { RepositoryAccess } from "../../src/components/repository-access.ts";
import { feedRoles } from "../../src/feed.ts";
import { federate } from "../../src/jobs/credentials.ts";
import type { EnvironmentProtection } from "../../src/jobs/environment.ts";
import { defaultTemplate, type RepositorySubjects, subjectsOf } from "../../src/jobs/repository-subjects.ts";
import { type TrustEntry, trustOf } from "../../src/jobs/trust.ts";
import { pullRequestProblems } from "../../src/settings/pull-request-rules.ts";
import type { Settings } from "../../src/settings/schema.ts";
import type { Identity } from "../../src/variables.ts";
import { accessArgs, feedOfProject } from "../support/access-args.ts";
import { type Made, record } from "../support/mocks.ts";
import { everyCase, seed } from "../support/sample.ts";
import { entry, template } from "../support/subject-scenes.ts";

// Proves that the rules and the policy pack refuse the same identities of any file that keeps every environment that it
// trusts: the rules by what the file says, the pack by the resources that the components make of it.

const numRuns = everyCase ? 100 : 25;
console.info(`pull requests, rules and pack: seed ${seed}, ${numRuns} cases`);

const branch = fc.constantFrom(
  ...[
    "main",
    "*",
    "**",
    "**/*",
    "*/*/*/*",
    "refs/pull/*/merge",
    "refs/**",
    "refs/pull/[0-9]*/m?rge",
    "refs/pull/[/merge",
  ],
  ...["release/*", "refs/*/merge", "refs/pull/*", "[!a]efs/pul[m-k]/1/merge"],
);

const protection: fc.Arbitrary<EnvironmentProtection> = fc.record(
  {
    reviewers: fc.oneof(
      fc.record({ teams: fc.constant(["release-managers"]) }),
      fc.record({ users: fc.constant(["ada", "grace"]) }),
    ),
    waitMinutes: fc.constant(5),
    adminsMayBypass: fc.boolean(),
    deployFrom: fc.oneof(
      fc.constant({ protectedBranches: true as const }),
      fc.record({ branches: fc.uniqueArray(branch, { minLength: 1, maxLength: 3 }) }),
      fc.record({ tags: fc.constant(["v*", "**/*"]) }),
      fc.record({ branches: fc.uniqueArray(branch, { minLength: 1, maxLength: 2 }), tags: fc.constant(["v*"]) }),
    ),
  },
  { requiredKeys: [] },
);

const role = fc.constantFrom(...feedRoles);

const identity: fc.Arbitrary<Identity> = fc
  .record({
    roles: fc.oneof(fc.record({ feed: role }), fc.record({ feed: role, shared: role })),
    trust: fc.uniqueArray(entry, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) }),
    signIn: fc.constantFrom("oidc", "oidc", "secret", "both"),
  })
  .map((fields) => (fields.signIn === "oidc" ? fields : { ...fields, secretExpires: "2027-06-30" }));

const file = fc.record({
  identities: fc.dictionary(fc.constantFrom("a", "b"), identity, { minKeys: 1 }),
  protections: fc.array(protection, { minLength: 1, maxLength: 5 }),
  keys: fc.oneof(fc.constant(defaultTemplate), template),
  bothForms: fc.boolean(),
  prefix: fc.constantFrom("repo:contoso/widgets", "repo:contoso@1/widgets@2"),
});

/** A template with `ref` alone makes a branch's subject as the default does: the pack cannot tell. docs/policy.md says so. */
function looksLikeDefault(keys: readonly string[], trusted: TrustEntry): boolean {
  const { kind } = trustOf(trusted);
  return keys.includes("ref") && !keys.includes("context") && ["branch", "tag", "mergeQueue"].includes(kind);
}

/** The identities with the entries that credentials can be made of; without those that have none. */
function possible(identities: Readonly<Record<string, Identity>>, subjects: RepositorySubjects, bothForms: boolean) {
  const kept = Object.entries(identities).map(([name, one]) => {
    const trust = one.trust.filter(
      (trusted) =>
        one.signIn === "secret" ||
        (!("reason" in federate(subjects, trusted, { bothForms })) && !looksLikeDefault(subjects.template, trusted)),
    );
    // Two that write at one place have names of their own.
    return [name, { ...one, trust, variablePrefix: `${name.toUpperCase()}_` }] as const;
  });
  return Object.fromEntries(kept.filter(([, { trust }]) => trust.length > 0));
}

/** What the engine hands to the pack once all is made. */
function given({ urn, type, properties: { id: _id, ...props }, dependencies }: Made): GivenResource {
  const propertyDependencies = Object.fromEntries(
    Object.entries(dependencies).map(([property, urns]) => [property, urns.map((one) => ({ urn: one }))]),
  );
  return { urn, type, props, opts: { protect: false }, propertyDependencies };
}

const counts = { refused: 0, passed: 0 };

test("the rules and the policy pack refuse the same identities", async () => {
  await fc.assert(
    fc.asyncProperty(file, async ({ identities: written, protections, keys, bothForms, prefix }) => {
      const claims = { repository_id: "2", repository_owner_id: "1" };
      const subjects = subjectsOf(prefix, { template: keys, claims });
      const identities = possible(written, subjects, bothForms);
      fc.pre(Object.keys(identities).length > 0);
      const trusted = Object.values(identities).flatMap(({ trust }) => trust.map(trustOf));
      const names = [...new Set(trusted.flatMap(({ kind, value }) => (kind === "environment" ? [value] : [])))];
      const environments = Object.fromEntries(
        names.map((name, index) => [name, protections[index % protections.length] ?? {}]),
      );

      const location = { organization: "contoso", project: "data", name: "python" };
      const feeds = {
        feed: { location, place: feedOfProject },
        shared: { location: { ...location, name: "shared" }, place: { ...feedOfProject, feedId: "id of feed shared" } },
      };
      const { made } = await record(() => {
        const args = { identities, environments, feeds, subjectPrefix: prefix };
        return new RepositoryAccess("access", accessArgs({ ...args, subjects: { template: keys, claims, bothForms } }));
      });
      const byPack = pullRequestWrites(resourcesOf(made.map(given)), writingRoles).map(
        ({ urn }) => /::access\/([^/]+)\/[^:]*:[^:]*$/.exec(urn)?.[1],
      );

      const settings = { identities, environments, feeds: {} } as unknown as Settings;
      const byRules = pullRequestProblems(settings, { environments: settings.environments, template: keys }).map(
        ({ path }) => /^identities\.(\w+)/.exec(path)?.[1],
      );

      counts[byRules.length > 0 ? "refused" : "passed"]++;
      expect([...new Set(byPack)].sort()).toEqual([...new Set(byRules)].sort());
    }),
    { numRuns, seed },
  );
  expect(Math.min(counts.refused, counts.passed)).toBeGreaterThan(numRuns / 10);
}, 300_000);
