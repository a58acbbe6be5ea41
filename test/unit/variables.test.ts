import { expect, test } from "vitest";
import { type Identity, planSettings, type Setting, settingConflicts } from "../../src/variables.ts";

/** The settings, each as `kind place NAME content`, with `-` for the repository. */
function written(settings: readonly Setting[]): string[] {
  return settings.map(({ kind, environment = "-", name, content }) => `${kind} ${environment} ${name} ${content}`);
}

const reader: Identity = { roles: { feed: "reader" }, trust: [{ branch: "main" }], signIn: "oidc" };

test("a sign-in with GitHub's token needs variables only", () => {
  expect(written(planSettings({ reader }, true))).toEqual([
    "variable - AZURE_TENANT_ID tenantId",
    "variable - AZURE_SUBSCRIPTION_ID subscriptionId",
    "variable - AZURE_CLIENT_ID clientId",
    "variable - AZURE_ARTIFACTS_INDEX_URL indexUrl",
    "variable - AZURE_ARTIFACTS_UPLOAD_URL uploadUrl",
  ]);
});

test("a sign-in with a client secret needs one secret, and no ids beside it", () => {
  const secret: Identity = { ...reader, signIn: "secret", secretExpires: "2027-06-30" };

  expect(written(planSettings({ secret }, true))).toEqual([
    "secret - AZURE_CREDENTIALS credentials",
    "variable - AZURE_ARTIFACTS_INDEX_URL indexUrl",
    "variable - AZURE_ARTIFACTS_UPLOAD_URL uploadUrl",
  ]);
});

test("on the way off a secret both are there", () => {
  const both: Identity = { ...reader, signIn: "both", secretExpires: "2027-06-30" };

  expect(written(planSettings({ both }, false))).toEqual([
    "variable - AZURE_TENANT_ID tenantId",
    "variable - AZURE_CLIENT_ID clientId",
    "secret - AZURE_CREDENTIALS credentials",
    "variable - AZURE_ARTIFACTS_INDEX_URL indexUrl",
    "variable - AZURE_ARTIFACTS_UPLOAD_URL uploadUrl",
  ]);
});

test("further feeds of an identity are one variable more", () => {
  const identity: Identity = { ...reader, roles: { feed: "reader", shared: "reader", stable: "reader" } };

  expect(written(planSettings({ identity }, false))).toEqual([
    "variable - AZURE_TENANT_ID tenantId",
    "variable - AZURE_CLIENT_ID clientId",
    "variable - AZURE_ARTIFACTS_INDEX_URL indexUrl",
    "variable - AZURE_ARTIFACTS_EXTRA_INDEX_URL extraIndexUrl",
    "variable - AZURE_ARTIFACTS_UPLOAD_URL uploadUrl",
  ]);
});

test("without a subscription none is told", () => {
  expect(planSettings({ reader }, false).map(({ name }) => name)).toEqual([
    "AZURE_TENANT_ID",
    "AZURE_CLIENT_ID",
    "AZURE_ARTIFACTS_INDEX_URL",
    "AZURE_ARTIFACTS_UPLOAD_URL",
  ]);
});

test("an identity writes at each environment that it is trusted through, and at the repository for all else, once each", () => {
  const identity: Identity = {
    ...reader,
    trust: [{ environment: "b" }, { branch: "main" }, { environment: "a" }, { tag: "v1" }, { pullRequest: true }],
  };

  const places = planSettings({ identity }, false).map(({ environment }) => environment);

  expect([...new Set(places)]).toEqual(["b", undefined, "a"]);
  expect(places).toHaveLength(3 * 4);
});

test("a prefix goes before every name", () => {
  expect(planSettings({ reader: { ...reader, variablePrefix: "READER_" } }, false).map(({ name }) => name)).toEqual([
    "READER_AZURE_TENANT_ID",
    "READER_AZURE_CLIENT_ID",
    "READER_AZURE_ARTIFACTS_INDEX_URL",
    "READER_AZURE_ARTIFACTS_UPLOAD_URL",
  ]);
});

test("identities at different places, or with different prefixes, do not meet", () => {
  const identities: Record<string, Identity> = {
    reader,
    publisher: { ...reader, trust: [{ environment: "release" }] },
    tester: { ...reader, variablePrefix: "TESTER_" },
  };

  expect(settingConflicts(planSettings(identities, true))).toEqual([]);
});

test("one name at one place, whatever the environment's case, is a conflict of all that write it", () => {
  const at = (environment: string): Identity => ({ ...reader, trust: [{ environment }] });

  const conflicts = settingConflicts(planSettings({ a: at("release"), b: at("Release"), c: at("release") }, false));

  expect(conflicts.map((group) => group.map(({ identity, name }) => `${identity} ${name}`))).toEqual(
    ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_ARTIFACTS_INDEX_URL", "AZURE_ARTIFACTS_UPLOAD_URL"].map((name) => [
      `a ${name}`,
      `b ${name}`,
      `c ${name}`,
    ]),
  );
});
