import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { createProviders } from "../../infra/providers.ts";
import { RepositoryAccess, type RepositoryAccessArgs } from "../../src/components/repository-access.ts";
import { accessArgs, identity } from "../support/access-args.ts";
import { callerObjectId, known, notKnown, type Registered, record } from "../support/mocks.ts";

/** As stacks/Pulumi.contoso-widgets.yaml has it. */
const example: RepositoryAccessArgs = accessArgs({
  identities: {
    reader: identity({ trust: [{ branch: "main" }, { pullRequest: true }] }),
    publisher: identity({ role: "contributor", trust: [{ environment: "release" }] }),
  },
  environments: { release: { reviewers: { teams: ["release-managers"] }, deployFrom: { tags: ["v*"] } } },
});

/** Every resource's inputs, by the last part of its type and its name. */
function tree(resources: readonly Registered[]): Record<string, Registered["inputs"]> {
  const all = resources.map(({ type, name, inputs }) => [`${type.split(":").at(-1)} ${name}`, inputs] as const);
  expect(new Set(all.map(([key]) => key)).size).toBe(all.length);
  return Object.fromEntries(all);
}

const indexUrl = "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/simple/";
const uploadUrl = "https://pkgs.dev.azure.com/contoso/data/_packaging/python/pypi/upload";

function variable(name: string, value: string) {
  return { repository: "widgets", variableName: name, value };
}

function credential(of: string, displayName: string, subject: string) {
  return {
    applicationId: `id of access/${of}`,
    displayName,
    issuer: "https://token.actions.githubusercontent.com",
    subject,
    audiences: ["api://AzureADTokenExchange"],
  };
}

function identityTree(name: string, role: string) {
  return {
    [`PipelineIdentity access/${name}`]: {},
    [`ApplicationRegistration access/${name}`]: {
      displayName: `feedpass contoso/widgets ${name}`,
      notes: "Managed by feedpass: what is changed by hand is changed back.",
      signInAudience: "AzureADMyOrg",
    },
    [`ServicePrincipal access/${name}`]: { clientId: `client id of access/${name}`, owners: [callerObjectId] },
    [`FeedMembership access/${name}`]: {},
    [`ServicePrincipalEntitlement access/${name}`]: {
      originId: `principal object id of access/${name}`,
      origin: "aad",
      accountLicenseType: "stakeholder",
      licensingSource: "account",
    },
    [`GroupMembership access/${name}/project:data`]: {
      group: "vssgp of Readers in id of project data",
      members: [`aadsp of access/${name}`],
      mode: "add",
    },
    [`FeedPermission access/${name}/feed:data/python`]: {
      feedId: "id of feed python",
      identityDescriptor: `aadsp of access/${name}`,
      role,
      projectId: "id of project data",
    },
  };
}

test("the example makes exactly these resources, with exactly these inputs", async () => {
  const { resources } = await record(() => new RepositoryAccess("access", example));

  const release = { repository: "widgets", environment: "release" };
  expect(tree(resources)).toEqual({
    "RepositoryAccess access": {},
    ...identityTree("reader", "reader"),
    "ApplicationFederatedIdentityCredential access/reader/branch:main": credential(
      "reader",
      "branch-main",
      "repo:contoso/widgets:ref:refs/heads/main",
    ),
    "ApplicationFederatedIdentityCredential access/reader/pullRequest": credential(
      "reader",
      "pull-request",
      "repo:contoso/widgets:pull_request",
    ),
    ...identityTree("publisher", "contributor"),
    "ApplicationFederatedIdentityCredential access/publisher/environment:release": credential(
      "publisher",
      "environment-release",
      "repo:contoso/widgets:environment:release",
    ),
    "ActionsSettings access": {},
    "RepositoryEnvironment access/environment:release": {
      ...release,
      canAdminsBypass: false,
      preventSelfReview: false,
      reviewers: [{ teams: ["release-managers".length], users: [] }],
      deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
    },
    "RepositoryEnvironmentDeploymentPolicy access/environment:release/tag:v*": { ...release, tagPattern: "v*" },
    "ActionsVariable access/AZURE_TENANT_ID": variable("AZURE_TENANT_ID", "tenant id"),
    "ActionsVariable access/AZURE_CLIENT_ID": variable("AZURE_CLIENT_ID", "client id of access/reader"),
    "ActionsVariable access/AZURE_ARTIFACTS_INDEX_URL": variable("AZURE_ARTIFACTS_INDEX_URL", indexUrl),
    "ActionsVariable access/AZURE_ARTIFACTS_UPLOAD_URL": variable("AZURE_ARTIFACTS_UPLOAD_URL", uploadUrl),
    "ActionsEnvironmentVariable access/environment:release/AZURE_TENANT_ID": {
      ...release,
      ...variable("AZURE_TENANT_ID", "tenant id"),
    },
    "ActionsEnvironmentVariable access/environment:release/AZURE_CLIENT_ID": {
      ...release,
      ...variable("AZURE_CLIENT_ID", "client id of access/publisher"),
    },
    "ActionsEnvironmentVariable access/environment:release/AZURE_ARTIFACTS_INDEX_URL": {
      ...release,
      ...variable("AZURE_ARTIFACTS_INDEX_URL", indexUrl),
    },
    "ActionsEnvironmentVariable access/environment:release/AZURE_ARTIFACTS_UPLOAD_URL": {
      ...release,
      ...variable("AZURE_ARTIFACTS_UPLOAD_URL", uploadUrl),
    },
  });
});

test("the component tells ids, subjects and addresses, and none of it is a secret", async () => {
  const { result } = await record(
    () =>
      new RepositoryAccess("access", {
        ...example,
        identities: { ...example.identities, reader: identity({ signIn: "both", secretExpires: "2027-06-30" }) },
      }),
  );

  expect(await known(result.identities)).toEqual({
    reader: {
      clientId: "client id of access/reader",
      applicationObjectId: "application object id of access/reader",
      servicePrincipalObjectId: "principal object id of access/reader",
      subjects: ["repo:contoso/widgets:ref:refs/heads/main"],
    },
    publisher: {
      clientId: "client id of access/publisher",
      applicationObjectId: "application object id of access/publisher",
      servicePrincipalObjectId: "principal object id of access/publisher",
      subjects: ["repo:contoso/widgets:environment:release"],
    },
  });
  expect(await pulumi.isSecret(result.identities)).toBe(false);
  expect(await pulumi.isSecret(result.feeds)).toBe(false);
});

test("the order of identities, entries and environments is nothing to the resources", async () => {
  const identities = {
    a: identity({ trust: [{ branch: "x" }, { tag: "x" }, { environment: "x" }] }),
    b: identity({ role: "contributor", trust: [{ environment: "y" }] }),
  };
  const environments = { x: { deployFrom: { branches: ["m", "n"] } }, y: { waitMinutes: 5 } };
  const { resources: before } = await record(
    () => new RepositoryAccess("access", accessArgs({ identities, environments })),
  );

  const { resources: after } = await record(
    () =>
      new RepositoryAccess(
        "access",
        accessArgs({
          identities: { b: identities.b, a: { ...identities.a, trust: identities.a.trust.toReversed() } },
          environments: { y: environments.y, x: { deployFrom: { branches: ["n", "m"] } } },
        }),
      ),
  );

  expect(before).toHaveLength(36);
  expect(tree(after)).toEqual(tree(before));
});

test("one more entry and one more identity leave every other resource as it was", async () => {
  const { resources: before } = await record(() => new RepositoryAccess("access", example));

  const { resources: after } = await record(
    () =>
      new RepositoryAccess("access", {
        ...example,
        identities: {
          first: identity({ trust: [{ environment: "first" }] }),
          ...example.identities,
          reader: identity({ trust: [{ tag: "v1" }, { branch: "main" }, { pullRequest: true }] }),
        },
      }),
  );

  const added = Object.keys(tree(after)).filter((key) => !(key in tree(before)));
  expect(tree(after)).toMatchObject(tree(before));
  expect(added.toSorted()).toEqual(
    [
      "ActionsEnvironmentVariable access/environment:first/AZURE_ARTIFACTS_INDEX_URL",
      "ActionsEnvironmentVariable access/environment:first/AZURE_ARTIFACTS_UPLOAD_URL",
      "ActionsEnvironmentVariable access/environment:first/AZURE_CLIENT_ID",
      "ActionsEnvironmentVariable access/environment:first/AZURE_TENANT_ID",
      "ApplicationFederatedIdentityCredential access/first/environment:first",
      "ApplicationFederatedIdentityCredential access/reader/tag:v1",
      ...Object.keys(identityTree("first", "reader")),
    ].toSorted(),
  );
});

test("a preview shows every resource, though no id is known yet", async () => {
  const { resources: made } = await record(() => new RepositoryAccess("access", example));

  const { resources: previewed } = await record(() => new RepositoryAccess("access", example), { preview: true });

  expect(Object.keys(tree(previewed)).sort()).toEqual(Object.keys(tree(made)).sort());
  expect(tree(previewed)["ServicePrincipal access/reader"]).toEqual({
    clientId: notKnown,
    owners: [callerObjectId],
  });
});

// That it lifts the protection is for the engine tests: mocks do not show it.
test("being removable changes no resource's inputs", async () => {
  const { resources: before } = await record(() => new RepositoryAccess("access", example));

  const { resources: after } = await record(() => new RepositoryAccess("access", { ...example, removable: true }));

  expect(tree(after)).toEqual(tree(before));
});

/** What the providers' SDKs look for in the environment. */
function stubEnvironment(): void {
  for (const name of ["ARM_ENVIRONMENT", "ARM_MSI_ENDPOINT", "ARM_USE_MSI", "GITHUB_BASE_URL"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AZDO_ORG_SERVICE_URL", "https://dev.azure.com/other");
  vi.stubEnv("GITHUB_TOKEN", "a token");
}

afterEach(() => vi.unstubAllEnvs());

test("the providers work where the file says, whatever the environment does, and hold no credential", async () => {
  stubEnvironment();

  const { resources } = await record(() =>
    createProviders({ owner: "contoso", organization: "fabrikam", tenantId: "tenant id" }),
  );

  expect(tree(resources)).toEqual({
    "azuread azuread": { environment: "public", tenantId: "tenant id", useMsi: "false" },
    "azuredevops azuredevops": { orgServiceUrl: "https://dev.azure.com/fabrikam", tenantId: "tenant id" },
    "github github": { baseUrl: "https://api.github.com/", owner: "contoso" },
  });
});

test.each([
  ["https://token.actions.octocorp.ghe.com", undefined, "https://api.octocorp.ghe.com/"],
  ["https://token.actions.octocorp.ghe.com/octocorp", undefined, "https://api.octocorp.ghe.com/"],
  ["https://token.actions.octocorp.ghe.com", "https://github.example.com/", "https://github.example.com/"],
  ["https://token.actions.githubusercontent.com/octocat-inc", undefined, "https://api.github.com/"],
])("for the issuer %s, with GITHUB_BASE_URL %s, GitHub's provider works at %s", async (issuer, variable, baseUrl) => {
  stubEnvironment();
  vi.stubEnv("GITHUB_BASE_URL", variable);

  const { resources } = await record(() =>
    createProviders({ owner: "octo", issuer, organization: "fabrikam", tenantId: "tenant id" }),
  );

  expect(tree(resources)["github github"]).toEqual({ baseUrl, owner: "octo" });
});

test("every resource and every look-up goes through the providers of the program", async () => {
  const { resources, calls } = await record(() => {
    const scope = { owner: "contoso", organization: "fabrikam", tenantId: "tenant id" };
    return new RepositoryAccess("access", example, { providers: createProviders(scope) });
  });

  const made = resources.map(({ type, provider }) => ({ what: type, provider }));
  const asked = calls.map(({ token, provider }) => ({ what: token, provider }));
  const used = [...made, ...asked]
    .filter(({ what }) => /^(azuread|azuredevops|github):/.test(what))
    .map(({ what, provider }) => `${what.split(":")[0]} by ${provider.split("::").slice(-2).join(" ")}`);
  expect([...new Set(used)].sort()).toEqual([
    "azuread by pulumi:providers:azuread azuread",
    "azuredevops by pulumi:providers:azuredevops azuredevops",
    "github by pulumi:providers:github github",
  ]);
});
