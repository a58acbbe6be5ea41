import fc from "fast-check";
import { feedRoles } from "../../../src/feed.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import type { AccessState } from "../../../src/access/state.ts";
import { usualIssuers } from "../../../src/settings/project-settings.ts";
import { settingsOf } from "../../support/stack-check.ts";

export const tenantId = "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42";

/** The settings of a stack: contoso/widgets on contoso/data/python, with the lines of a file in place of what it has. */
export function stack(lines: string, repository = "contoso/widgets"): Settings {
  const feed = "feedpass:feed: { organization: contoso, project: data, name: python }";
  const text = [
    "config:",
    `  feedpass:repository: ${repository}`,
    `  feedpass:tenantId: ${tenantId}`,
    ...(lines.includes("feedpass:feed:") ? [] : [`  ${feed}`]),
    ...lines.split("\n").map((line) => `  ${line}`),
  ].join("\n");
  return settingsOf(text);
}

/** The state with these stacks, by name, whose files say nothing else. */
export function stacks(entries: Record<string, Settings | undefined>): AccessState {
  return stateOf(new Map(Object.entries(entries)));
}

export function stateOf(entries: ReadonlyMap<string, Settings | undefined>): AccessState {
  const project = { config: { "feedpass:tenantId": tenantId }, issuers: usualIssuers };
  return { stacks: entries, files: new Map(), project };
}

export const anyEnvironment: fc.Arbitrary<Settings["environments"][string]> = fc.record(
  {
    reviewers: fc.record({ teams: fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }) }),
    preventSelfReview: fc.boolean(),
    adminsMayBypass: fc.boolean(),
    waitMinutes: fc.integer({ min: 1, max: 3 }),
    deployFrom: fc.record({ tags: fc.uniqueArray(fc.constantFrom("v*", "w*"), { minLength: 1 }) }),
  },
  { requiredKeys: ["preventSelfReview", "adminsMayBypass"] },
);

const trust = fc.uniqueArray(
  fc.constantFrom(
    { branch: "main" },
    { branch: "next" },
    { branch: "*" },
    { branch: "ma*" },
    { branch: "n?xt" },
    { tag: "v1" },
    { tag: "v*" },
    { mergeQueue: "main" },
    { workflow: "contoso/w/.github/workflows/a.yml@refs/heads/main" },
    { pullRequest: true as const },
    { environment: "release" },
    { environment: "constructor" },
  ),
  { minLength: 1 },
);

const role = fc.constantFrom(...feedRoles);

const roles = fc.oneof(fc.record({ feed: role }), fc.record({ feed: role, shared: role }), fc.record({ shared: role }));

const identity: fc.Arbitrary<Settings["identities"][string]> = fc
  .record({ roles, trust, signIn: fc.constantFrom("oidc", "secret", "both") })
  .chain((fields) =>
    fields.signIn === "oidc"
      ? fc.constant(fields)
      : fc.constantFrom("2027-01-01", "2027-06-30").map((secretExpires) => ({ ...fields, secretExpires })),
  );

function feedOf(...names: readonly string[]) {
  return fc.record({
    organization: fc.constant("contoso"),
    name: fc.constantFrom(...names),
    create: fc.constant(false),
    upstreams: fc.constant(undefined),
  });
}

const settings: fc.Arbitrary<Settings> = fc.record({
  repository: fc.constantFrom("contoso/widgets", "Contoso/Widgets", "contoso/gadgets"),
  tenantId: fc.constant(tenantId),
  feeds: fc.record({ feed: feedOf("python", "python", "nuget"), shared: feedOf("shared", "wheels") }),
  identities: fc.dictionary(fc.constantFrom("reader", "publisher", "constructor"), identity, { minKeys: 1 }),
  environments: fc.dictionary(fc.constantFrom("release", "constructor"), anyEnvironment),
  removable: fc.constant(false),
});

/** Any stacks of up to three repositories under any names, all of them readable. */
export const anyStacks: fc.Arbitrary<ReadonlyMap<string, Settings>> = fc
  .uniqueArray(fc.tuple(fc.constantFrom("one", "two", "three"), settings), {
    selector: ([, { repository }]) => repository.toLowerCase(),
  })
  .chain((entries) => fc.constant(new Map(entries)));
