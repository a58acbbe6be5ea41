import fc from "fast-check";
import { expect, test } from "vitest";
import { type Change, changeLine } from "../../../src/access/change.ts";
import { accessChanges } from "../../../src/access/changes.ts";
import { permissions, roleLevel } from "../../../src/access/permissions.ts";
import { feedGrants } from "../../../src/feed-roles.ts";
import { classCovers } from "../../../src/jobs/job-class.ts";
import { type Reach, reachOf } from "../../../src/jobs/reach.ts";
import { knownOf } from "../../../src/settings/meaning.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { anyStacks, stack, stacks, stateOf } from "./stacks.ts";

const reader = "reader: { role: reader, trust: [{ branch: main }, { pullRequest: true }] }";
const publisher = "publisher: { role: contributor, trust: [{ environment: release }] }";
const readerOnly = `feedpass:identities: { ${reader} }`;
const readerAndPublisher = `feedpass:identities: { ${reader}, ${publisher} }`;
const guarded = "feedpass:environments: { release: { reviewers: { teams: [release-managers] } } }";

/** The lines of the change from one content of the file `widgets` to another, escalations marked. */
function linesBetween(before: string | undefined, after: string | undefined): string[] {
  const state = (lines: string | undefined) => (lines === undefined ? stacks({}) : stacks({ widgets: stack(lines) }));
  return marked(accessChanges(state(before), state(after)));
}

function marked(changes: readonly Change[]): string[] {
  return changes.map((change) => `${change.escalation ? "! " : "  "}${changeLine(change)}`);
}

test("an environment that may publish now is one line, marked", () => {
  const lines = linesBetween(readerOnly, readerAndPublisher);

  expect(lines).toEqual(["! contoso/widgets: environment release gains install and publish on contoso/data/python"]);
});

test("an environment that could install already gains publishing alone", () => {
  const before = `feedpass:identities: { reader: { role: reader, trust: [{ environment: release }] } }`;
  const after = `feedpass:identities: { ci: { role: contributor, trust: [{ environment: release }] } }`;

  const lines = linesBetween(before, after);

  expect(lines).toEqual([
    "! contoso/widgets: environment release gains publish on contoso/data/python",
    "  contoso/widgets: reader is an identity no more; others still give what it gave",
  ]);
});

test("a branch that is trusted no more loses what it had", () => {
  const after = "feedpass:identities: { reader: { role: reader, trust: [{ pullRequest: true }] } }";

  const lines = linesBetween(readerOnly, after);

  expect(lines).toEqual(["  contoso/widgets: branch main loses install on contoso/data/python"]);
});

test("another role is told with all that it means for", () => {
  const trust = "trust: [{ branch: main }, { pullRequest: true }], acceptedRisks: [pullRequestWrites]";

  const lines = linesBetween(readerOnly, `feedpass:identities: { reader: { role: contributor, ${trust} } }`);

  expect(lines).toEqual([
    "! contoso/widgets: reader becomes contributor: branch main, pull requests gain publish on contoso/data/python",
    "! contoso/widgets: reader takes on the risk pullRequestWrites",
  ]);
});

test("a role that shrinks tells what breaks", () => {
  const before = "feedpass:identities: { ci: { role: contributor, trust: [{ branch: main }] } }";

  const lines = linesBetween(before, before.replace("contributor", "reader"));

  expect(lines).toEqual([
    "  contoso/widgets: ci becomes reader: branch main loses publish and save from upstreams on contoso/data/python",
  ]);
});

test("saving from upstreams is a gain, and no escalation", () => {
  const before = "feedpass:identities: { ci: { role: reader, trust: [{ branch: main }] } }";

  const lines = linesBetween(before, before.replace("reader", "collaborator"));

  expect(lines).toEqual([
    "  contoso/widgets: ci becomes collaborator: branch main gains save from upstreams on contoso/data/python",
  ]);
});

test("a new file tells what it gives, how its environments are protected, and that it is new", () => {
  const lines = linesBetween(undefined, `${readerAndPublisher}\n${guarded}`);

  expect(lines).toEqual([
    "! contoso/widgets: environment release gains install and publish on contoso/data/python",
    "  contoso/widgets: branch main, pull requests gain install on contoso/data/python",
    "  contoso/widgets: environment release is protected by this file: approval by team release-managers",
    "  contoso/widgets: stacks/Pulumi.widgets.yaml is new",
  ]);
});

test("a removed file tells that its access stays until its stack is destroyed", () => {
  const lines = linesBetween(readerOnly, undefined);

  expect(lines).toEqual([
    "  contoso/widgets: branch main, pull requests lose install on contoso/data/python when its stack is destroyed",
    "  contoso/widgets: stacks/Pulumi.widgets.yaml is removed; its access stays until the stack widgets is destroyed",
  ]);
});

test("a file for another repository takes access from the one and gives it to the other", () => {
  const before = stacks({ widgets: stack(readerOnly) });
  const after = stacks({ widgets: stack(readerOnly, "contoso/gadgets") });

  const lines = marked(accessChanges(before, after));

  expect(lines).toEqual([
    "  contoso/gadgets: branch main, pull requests gain install on contoso/data/python",
    "  contoso/gadgets: takes the place of contoso/widgets in stacks/Pulumi.widgets.yaml",
    "  contoso/widgets: branch main, pull requests lose install on contoso/data/python",
  ]);
});

test("another feed takes access from the one and gives it on the other", () => {
  const feed = "feedpass:feed: { organization: contoso, name: nuget }";

  const lines = linesBetween(readerOnly, `${readerOnly}\n${feed}`);

  expect(lines).toEqual([
    "  contoso/widgets: branch main, pull requests gain install on contoso/nuget",
    "  contoso/widgets: branch main, pull requests lose install on contoso/data/python",
  ]);
});

test("another spelling of the repository and the feed changes nothing", () => {
  const feed = "feedpass:feed: { organization: Contoso, project: Data, name: Python }";
  const before = stacks({ widgets: stack(readerOnly) });
  const after = stacks({ widgets: stack(`${readerOnly}\n${feed}`, "Contoso/Widgets") });

  expect(accessChanges(before, after)).toEqual([]);
});

test("a file under another name changes nobody's access", () => {
  const lines = marked(accessChanges(stacks({ old: stack(readerOnly) }), stacks({ new: stack(readerOnly) })));

  expect(lines).toEqual([
    "  contoso/widgets: stacks/Pulumi.new.yaml is new",
    "  contoso/widgets: stacks/Pulumi.old.yaml is removed; its access stays until the stack old is destroyed",
  ]);
});

const oidc = "feedpass:identities: { ci: { role: contributor, trust: [{ environment: release }] } }";
const risky = oidc.replace("] }", "], acceptedRisks: [pullRequestWrites] }");
const secret = oidc.replace("] }", '], signIn: secret, secretExpires: "2027-06-30" }');

test.each([
  {
    what: "a secret beside the token",
    before: oidc,
    after: secret.replace("signIn: secret", "signIn: both"),
    lines: ["! contoso/widgets: ci gets a client secret until 2027-06-30"],
  },
  {
    what: "a secret in place of the token",
    before: oidc,
    after: secret,
    lines: [
      "! contoso/widgets: ci gets a client secret until 2027-06-30",
      "  contoso/widgets: ci no longer signs in with GitHub's token",
    ],
  },
  {
    what: "the token in place of a secret",
    before: secret,
    after: oidc,
    lines: [
      "  contoso/widgets: ci has no client secret any more",
      "  contoso/widgets: ci may sign in with GitHub's token",
    ],
  },
  {
    what: "a secret that lasts longer",
    before: secret,
    after: secret.replace("2027-06-30", "2027-09-30"),
    lines: ["  contoso/widgets: ci has a client secret until 2027-09-30 instead of 2027-06-30"],
  },
])("$what is told", ({ before, after, lines }) => {
  expect(linesBetween(before, after)).toEqual(lines);
});

test("a secret at the repository opens the identity to any job", () => {
  const before =
    "feedpass:identities: { ci: { role: contributor, acceptedRisks: [pullRequestWrites], trust: [{ branch: main }] } }";
  const after = before.replace("] }", '], signIn: both, secretExpires: "2027-06-30" }');

  const lines = linesBetween(before, after);

  expect(lines).toEqual([
    "! contoso/widgets: any job with the repository's secrets (pull requests too) gains install and publish on contoso/data/python",
    "! contoso/widgets: ci gets a client secret until 2027-06-30",
  ]);
});

test("a branch loses nothing while any job may do the same", () => {
  const both = 'signIn: both, secretExpires: "2027-06-30"';
  const before = `feedpass:identities: { ci: { role: reader, trust: [{ branch: main }, { branch: next }], ${both} } }`;

  const lines = linesBetween(before, before.replace(", { branch: next }", ""));

  expect(lines).toEqual(["  contoso/widgets: ci gives something else than before; others make up for it"]);
});

test("a name in place of a pattern that took it in is a loss alone, the other way a gain alone", () => {
  const pattern = "feedpass:identities: { ci: { role: contributor, trust: [{ branch: 'release/*' }] } }";
  const name = pattern.replace("'release/*'", "release/1");

  const narrower = linesBetween(pattern, name);
  const wider = linesBetween(name, pattern);

  expect(narrower).toEqual(["  contoso/widgets: branch release/* loses install and publish on contoso/data/python"]);
  expect(wider).toEqual(["! contoso/widgets: branch release/* gains install and publish on contoso/data/python"]);
});

test("an identity that is new and gives nothing new is told as that", () => {
  const extra = "extra: { role: reader, trust: [{ branch: main }], variablePrefix: EXTRA_ }";

  const lines = linesBetween(readerOnly, `feedpass:identities: { ${reader}, ${extra} }`);

  expect(lines).toEqual(["  contoso/widgets: extra is a new identity; it gives nothing that others do not give"]);
});

test.each([
  {
    what: "pinned",
    before: "",
    after: "repo:contoso/widgets",
    line: "! contoso/widgets: how the subjects of its jobs begin is pinned: repo:contoso/widgets",
  },
  {
    what: "pinned otherwise",
    before: "repo:contoso/widgets",
    after: "repo:contoso@1/widgets@2",
    line: "! contoso/widgets: how the subjects of its jobs begin is pinned: repo:contoso@1/widgets@2",
  },
  {
    what: "pinned no more",
    before: "repo:contoso/widgets",
    after: "",
    line: "  contoso/widgets: how the subjects of its jobs begin is asked from GitHub again",
  },
])("a subject prefix that is $what is told", ({ before, after, line }) => {
  const pinned = (prefix: string) => (prefix === "" ? readerOnly : `${readerOnly}\nfeedpass:subjectPrefix: ${prefix}`);

  expect(linesBetween(pinned(before), pinned(after))).toEqual([line]);
});

test.each([
  {
    line: "issuer: https://token.actions.githubusercontent.com/contoso",
    on: "! contoso/widgets: tokens of its jobs are taken from https://token.actions.githubusercontent.com/contoso instead of https://token.actions.githubusercontent.com",
    off: "! contoso/widgets: tokens of its jobs are taken from https://token.actions.githubusercontent.com instead of https://token.actions.githubusercontent.com/contoso",
  },
  {
    line: "subjectTemplate: [repo, context]",
    on: "! contoso/widgets: what the subjects of its jobs are made of is pinned: repo, context",
    off: "  contoso/widgets: what the subjects of its jobs are made of is asked from GitHub again",
  },
  {
    line: 'repositoryId: "123"',
    on: "! contoso/widgets: its id is pinned: 123",
    off: "  contoso/widgets: its id is asked from GitHub again",
  },
  {
    line: "subjects: both",
    on: "! contoso/widgets: its subjects are trusted with names and with ids",
    off: "  contoso/widgets: its subjects are trusted only as GitHub makes them today",
  },
])("how a repository's tokens are known is told: $line", ({ line, on, off }) => {
  const without = `${readerOnly}\nfeedpass:subjectPrefix: repo:contoso/widgets`;

  expect(linesBetween(without, `${without}\nfeedpass:${line}`)).toEqual([on]);
  expect(linesBetween(`${without}\nfeedpass:${line}`, without)).toEqual([off]);
});

test("another tenant is told", () => {
  const before = stack(readerOnly);
  const after = { ...before, tenantId: "11111111-2222-3333-4444-555555555555" };

  const lines = marked(accessChanges(stacks({ widgets: before }), stacks({ widgets: after })));

  expect(lines).toEqual([
    "! contoso/widgets: its identities are in the tenant 11111111-2222-3333-4444-555555555555 instead of 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42",
  ]);
});

test.each([
  {
    before: guarded,
    after: "",
    line: "! contoso/widgets: environment release is no longer kept by this file: its protection goes with it",
  },
  {
    before: "",
    after: guarded,
    line: "  contoso/widgets: environment release is protected by this file: approval by team release-managers",
  },
])("the protection of a trusted environment: $line", ({ before, after, line }) => {
  expect(linesBetween(`${oidc}\n${before}`, `${oidc}\n${after}`)).toEqual([line]);
});

test.each([
  { before: "", line: "! contoso/widgets: environment release is kept by this file without protection" },
  {
    before: guarded,
    line: "! contoso/widgets: environment release no longer needs approval by team release-managers",
  },
])("an environment without protection lets pull requests in: $line", ({ before, line }) => {
  const open = "feedpass:environments: { release: {} }";

  expect(linesBetween(`${risky}\n${before}`, `${risky}\n${open}`)).toEqual([
    "! contoso/widgets: pull requests through environment release gain install and publish on contoso/data/python",
    line,
  ]);
});

test.each([
  { after: "v1*", lines: [] },
  { after: "v*", lines: ["! contoso/widgets: environment Release deploys from tag v* instead of tag v1*"] },
])("an environment under a name of other case is the same one: $after", ({ after, lines }) => {
  const kept = (name: string, tags: string) =>
    `${oidc.replace("release", name)}\nfeedpass:environments: { ${name}: { deployFrom: { tags: ['${tags}'] } } }`;
  const changes = accessChanges(
    stacks({ widgets: stack(kept("release", "v1*")) }),
    stacks({ renamed: stack(kept("Release", after)) }),
  );

  expect(marked(changes.filter(({ kind }) => kind === "protection"))).toEqual(lines);
});

test("the protection of an environment that nobody is trusted through is no escalation", () => {
  const lines = linesBetween(`${readerOnly}\n${guarded}`, `${readerOnly}\nfeedpass:environments: { release: {} }`);

  expect(lines).toEqual(["  contoso/widgets: environment release no longer needs approval by team release-managers"]);
});

test("a file that cannot be read now is left out, and takes nobody's access away", () => {
  const before = stacks({ one: stack(readerOnly), two: stack(readerOnly, "contoso/gadgets") });
  const after = stacks({ one: undefined, two: stack(readerOnly, "contoso/gadgets") });

  expect(accessChanges(before, after)).toEqual([]);
});

test("all that a file gives counts as gained where it could not be read before", () => {
  const lines = marked(accessChanges(stacks({ widgets: undefined }), stacks({ widgets: stack(readerOnly) })));

  expect(lines).toEqual([
    "  contoso/widgets: branch main, pull requests gain install on contoso/data/python",
    "  contoso/widgets: stacks/Pulumi.widgets.yaml could not be read before; all that it gives counts as gained",
  ]);
});

test("who gains publishing comes first, then what else is an escalation, whatever the files' order", () => {
  const weaker = stack(`${oidc}\n${guarded.replace("] }", "], users: [mallory] }")}`, "contoso/anvils");
  const strong = stack(`${oidc}\n${guarded}`, "contoso/anvils");
  const before = { a: strong, b: stack(readerOnly, "contoso/bolts"), c: stack(readerOnly, "contoso/cogs") };
  const after = { c: stack(readerAndPublisher, "contoso/cogs"), a: weaker, d: stack(readerOnly, "contoso/drills") };

  const lines = marked(accessChanges(stacks(before), stacks(after)));

  expect(lines).toEqual([
    "! contoso/cogs: environment release gains install and publish on contoso/data/python",
    "! contoso/anvils: environment release needs approval by team release-managers or user mallory instead of team release-managers",
    "  contoso/drills: branch main, pull requests gain install on contoso/data/python",
    "  contoso/bolts: branch main, pull requests lose install on contoso/data/python when its stack is destroyed",
    "  contoso/bolts: stacks/Pulumi.b.yaml is removed; its access stays until the stack b is destroyed",
    "  contoso/drills: stacks/Pulumi.d.yaml is new",
  ]);
});

test("equal states have no change, whatever the order of their entries", () => {
  fc.assert(
    fc.property(anyStacks, (state) => {
      const reversed = new Map([...state].reverse().map(([name, settings]) => [name, reversedSettings(settings)]));

      expect(accessChanges(stateOf(state), stateOf(reversed))).toEqual([]);
    }),
  );
});

test("every gain one way is the loss the other way", () => {
  fc.assert(
    fc.property(anyStacks, anyStacks, (left, right) => {
      const there = atomsOf(accessChanges(stateOf(left), stateOf(right)), "gain");
      const back = atomsOf(accessChanges(stateOf(right), stateOf(left)), "loss");

      expect(there).toEqual(back);
    }),
  );
});

test("no state is compared that has two stacks of one repository", () => {
  const twice = stacks({ one: stack(readerOnly), two: stack(readerOnly, "Contoso/Widgets") });

  expect(() => accessChanges(stacks({}), twice)).toThrow("the stacks one and two are for one repository");
});

test("what is gained is just what could not be done before and can be done now", () => {
  fc.assert(
    fc.property(anyStacks, anyStacks, (before, after) => {
      const had = doable(before);
      const has = doable(after).filter(
        (now) => !had.some((then) => then.what === now.what && classCovers(then.source, now.source)),
      );
      const atoms = has.map(({ what, source }) => `${what} | ${source.words}`);

      expect(atomsOf(accessChanges(stateOf(before), stateOf(after)), "gain")).toEqual([...new Set(atoms)].sort());
    }),
  );
});

test("no publishing is gained after a line that is less dangerous", () => {
  fc.assert(
    fc.property(anyStacks, anyStacks, (before, after) => {
      const dangerous = accessChanges(stateOf(before), stateOf(after)).map(
        ({ kind, permissions: gained = [] }) => kind === "gain" && gained.includes("publish"),
      );

      expect(dangerous).toEqual([...dangerous].sort((left, right) => Number(right) - Number(left)));
    }),
  );
});

function reversedSettings(settings: Settings): Settings {
  const identities = Object.entries(settings.identities).map(([name, identity]) => {
    return [name, { ...identity, trust: identity.trust.toReversed() }] as const;
  });
  const environments = Object.entries(settings.environments).map(([name, { reviewers, ...rest }]) => {
    const teams = reviewers?.teams?.toReversed();
    return [name, { ...rest, ...(teams ? { reviewers: { teams } } : {}) }] as const;
  });
  return {
    ...settings,
    identities: Object.fromEntries(identities.reverse()),
    environments: Object.fromEntries(environments.reverse()),
  };
}

/** One entry for each repository, feed, permission and source. */
function atomsOf(changes: readonly Change[], kind: "gain" | "loss"): string[] {
  return changes
    .filter((change) => change.kind === kind)
    .flatMap(({ repository, feeds, sources = [], permissions: found = [] }) =>
      sources.flatMap((source) =>
        found.map((permission) => `${whatOf(repository, feeds[0] ?? "", permission)} | ${source}`),
      ),
    )
    .sort();
}

/** What can be done in a state and from where, told identity by identity. */
function doable(state: ReadonlyMap<string, Settings>): { readonly what: string; readonly source: Reach }[] {
  return [...state.values()].flatMap((settings) => {
    const { repository, feeds, identities } = settings;
    return Object.values(identities).flatMap((identity) =>
      reachOf(identity, knownOf(settings)).flatMap((source) =>
        feedGrants(feeds, identity.roles).flatMap(({ feed, role }) =>
          permissions
            .slice(0, roleLevel[role])
            .map((permission) => ({ what: whatOf(repository, `contoso/${feed.name}`, permission), source })),
        ),
      ),
    );
  });
}

function whatOf(repository: string, feed: string, permission: string): string {
  return [repository.toLowerCase(), feed, permission].join(" | ");
}
