import { expect, test } from "vitest";
import { accessChanges } from "../../../src/access/changes.ts";
import { changeLine } from "../../../src/access/change.ts";
import { grantsOf } from "../../../src/access/grants.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { stack, stacks, tenantId } from "./stacks.ts";

// Proves that who signs is part of a grant: a file that is new, or has another name, hides no other issuer, tenant or pin.

const identities = "feedpass:identities: { ci: { role: contributor, trust: [{ environment: release }] } }";
const enterprise = "https://token.actions.githubusercontent.com/contoso";
const elsewhere = "11111111-2222-3333-4444-555555555555";

const usual = stack(identities);
const others: readonly {
  readonly what: string;
  readonly settings: Settings;
  readonly line: string;
  readonly words: string;
}[] = [
  {
    what: "issuer",
    settings: stack(`${identities}\nfeedpass:issuer: ${enterprise}`),
    line: `tokens of its jobs are taken from ${enterprise} instead of https://token.actions.githubusercontent.com`,
    words: `signed by ${enterprise}`,
  },
  {
    what: "tenant",
    settings: { ...usual, tenantId: elsewhere },
    line: `its identities are in the tenant ${elsewhere} instead of ${tenantId}`,
    words: `in the tenant ${elsewhere}`,
  },
  {
    what: "prefix",
    settings: stack(`${identities}\nfeedpass:subjectPrefix: repo:contoso@1/widgets@2`),
    line: "how the subjects of its jobs begin is pinned: repo:contoso@1/widgets@2",
    words: "subjects pinned to repo:contoso@1/widgets@2",
  },
  {
    what: "template",
    settings: stack(`${identities}\nfeedpass:subjectTemplate: [repo, context]`),
    line: "what the subjects of its jobs are made of is pinned: repo, context",
    words: "subjects pinned to be made of repo, context",
  },
  {
    what: "id",
    settings: stack(`${identities}\nfeedpass:repositoryId: "123"`),
    line: "its id is pinned: 123",
    words: "repository pinned to the id 123",
  },
  {
    what: "subject form",
    settings: stack(`${identities}\nfeedpass:subjects: both`),
    line: "its subjects are trusted with names and with ids",
    words: "subjects with names and with ids",
  },
];

/** The escalations that are about who signs, between two states. */
function told(before: Record<string, Settings>, after: Record<string, Settings>): string[] {
  return accessChanges(stacks(before), stacks(after))
    .filter(({ kind, escalation }) => escalation && (kind === "subject" || kind === "tenant"))
    .map(changeLine);
}

test.each(others)(
  "another $what is told as an escalation of a file that is edited, renamed or new",
  ({ settings, line }) => {
    const expected = [`contoso/widgets: ${line}`];

    expect(told({ widgets: usual }, { widgets: settings })).toEqual(expected);
    expect(told({ widgets: usual }, { renamed: settings })).toEqual(expected);
    expect(told({}, { widgets: settings })).toEqual(expected);
  },
);

test.each(others)("a file with another $what under another name gives and takes nothing", ({ settings }) => {
  const changes = accessChanges(stacks({ widgets: settings }), stacks({ renamed: settings }));

  expect(changes.map(({ kind }) => kind)).toEqual(["file", "file"]);
});

test.each(others)("another $what is told with the grant", ({ settings, words }) => {
  expect(grantsOf("widgets", settings, tenantId).map(({ unusual }) => unusual)).toEqual([[words]]);
});

test("what is usual is told of no grant, and no tenant is unusual where none is the usual one", () => {
  expect(grantsOf("widgets", usual, tenantId.toUpperCase())[0]?.unusual).toEqual([]);
  expect(grantsOf("widgets", { ...usual, tenantId: elsewhere })[0]?.unusual).toEqual([]);
});

test("a client secret is for a tenant, and asks for no token", () => {
  const secret = identities.replace("] }", '], signIn: secret, secretExpires: "2027-06-30" }');
  const settings = { ...stack(`${secret}\nfeedpass:issuer: ${enterprise}`), tenantId: elsewhere };

  expect(grantsOf("widgets", settings, tenantId)[0]?.unusual).toEqual([`in the tenant ${elsewhere}`]);
});

test("a new file is in a tenant that Pulumi.yaml does not name", () => {
  const after = { ...stacks({ widgets: usual }), project: { config: {}, issuers: [] } };

  const changes = accessChanges(stacks({}), after).filter(({ kind }) => kind === "tenant");

  expect(changes.map(({ text }) => text)).toEqual([
    `its identities are in the tenant ${tenantId}, which Pulumi.yaml does not name`,
  ]);
});

test("a repository at a site of its own is another one than that of the same name at github.com", () => {
  const site = stack(`${identities}\nfeedpass:issuer: https://token.actions.octocorp.ghe.com`);

  const changes = accessChanges(stacks({ widgets: usual }), stacks({ widgets: usual, other: site }));

  expect(changes.filter(({ kind }) => kind === "gain").map(({ stack: name }) => name)).toEqual(["other"]);
});
