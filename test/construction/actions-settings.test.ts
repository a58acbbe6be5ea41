import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { ActionsSettings } from "../../src/components/actions-settings.ts";
import type { EnvironmentProtection } from "../../src/jobs/environment.ts";
import { RepositoryAccess } from "../../src/components/repository-access.ts";
import { accessArgs, identity, inputsOf } from "../support/access-args.ts";
import { known, type Registered, record } from "../support/mocks.ts";

async function protectedBy(protection: EnvironmentProtection) {
  return record(
    () => new ActionsSettings("access", { repository: "widgets", environments: { release: protection }, settings: [] }),
  );
}

/** The environment itself, without what is there by default. */
function environmentOf(resources: readonly Registered[]): object {
  const { repository, environment, ...rest } =
    inputsOf(resources, "RepositoryEnvironment")["access/environment:release"] ?? {};
  expect([repository, environment]).toEqual(["widgets", "release"]);
  return rest;
}

/** The names of the variables and secrets of all places, each with its kind. */
function namesOf(resources: readonly Registered[]): string[] {
  return resources
    .filter(({ type }) => /:Actions(Environment)?(Variable|Secret)$/.test(type))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
    .sort();
}

test("an environment without protection lets nobody pass by what there is not", async () => {
  const { resources } = await protectedBy({});

  expect(environmentOf(resources)).toEqual({ canAdminsBypass: false, preventSelfReview: false });
  expect(resources).toHaveLength(2);
});

test("every protection reaches the environment, with reviewers by their ids", async () => {
  const { resources, calls } = await protectedBy({
    reviewers: { teams: ["a", "bcd"], users: ["octocat"] },
    preventSelfReview: true,
    adminsMayBypass: true,
    waitMinutes: 30,
    deployFrom: { branches: ["main", "release/*"], tags: ["v*"] },
  });

  expect(environmentOf(resources)).toEqual({
    canAdminsBypass: true,
    preventSelfReview: true,
    waitTimer: 30,
    reviewers: [{ teams: [1, 3], users: [107] }],
    deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
  });
  expect(inputsOf(resources, "RepositoryEnvironmentDeploymentPolicy")).toEqual({
    "access/environment:release/branch:main": { repository: "widgets", environment: "release", branchPattern: "main" },
    "access/environment:release/branch:release/*": {
      repository: "widgets",
      environment: "release",
      branchPattern: "release/*",
    },
    "access/environment:release/tag:v*": { repository: "widgets", environment: "release", tagPattern: "v*" },
  });
  expect(calls.map(({ token, inputs }): [string, object] => [token, inputs]).sort()).toEqual([
    ["github:index/getTeam:getTeam", { slug: "a", summaryOnly: true }],
    ["github:index/getTeam:getTeam", { slug: "bcd", summaryOnly: true }],
    ["github:index/getUser:getUser", { username: "octocat" }],
  ]);
});

test("reviewers whose ids are given are not looked up, those that are missing are", async () => {
  const environments = { release: { reviewers: { teams: ["a", "constructor"], users: ["octocat"] } } };
  const reviewerIds = { teams: { a: 17 }, users: { octocat: 18 } };

  const { resources, calls } = await record(
    () => new ActionsSettings("access", { repository: "widgets", environments, reviewerIds, settings: [] }),
  );

  expect(environmentOf(resources)).toMatchObject({ reviewers: [{ teams: [17, "constructor".length], users: [18] }] });
  expect(calls.map(({ token, inputs }): [string, object] => [token, inputs])).toEqual([
    ["github:index/getTeam:getTeam", { slug: "constructor", summaryOnly: true }],
  ]);
});

test("the protection of environments is they and their patterns", async () => {
  const { result } = await protectedBy({ deployFrom: { branches: ["main"], tags: ["v*"] } });

  const urns = await Promise.all(result.protection.map(({ urn }) => known(urn)));

  expect(urns.map((urn) => urn.split("::").at(-1))).toEqual([
    "access/environment:release",
    "access/environment:release/branch:main",
    "access/environment:release/tag:v*",
  ]);
});

test("protected branches need no policy of their own", async () => {
  const { resources } = await protectedBy({ deployFrom: { protectedBranches: true } });

  expect(environmentOf(resources)).toEqual({
    canAdminsBypass: false,
    preventSelfReview: false,
    deploymentBranchPolicy: { protectedBranches: true, customBranchPolicies: false },
  });
  expect(inputsOf(resources, "RepositoryEnvironmentDeploymentPolicy")).toEqual({});
});

test("variables and secrets are written at the repository or at an environment, managed or not", async () => {
  const { resources } = await record(
    () =>
      new ActionsSettings("access", {
        repository: "widgets",
        environments: { release: {} },
        settings: [
          { name: "A", environment: undefined, kind: "variable", value: "1" },
          { name: "B", environment: undefined, kind: "secret", value: "2" },
          { name: "A", environment: "release", kind: "variable", value: pulumi.output("3") },
          { name: "B", environment: "foreign", kind: "secret", value: pulumi.secret("4") },
        ],
      }),
  );

  expect(inputsOf(resources, "ActionsVariable")).toEqual({
    "access/A": { repository: "widgets", variableName: "A", value: "1" },
  });
  expect(inputsOf(resources, "ActionsSecret")).toEqual({
    "access/B": { repository: "widgets", secretName: "B", value: { secret: "2" } },
  });
  expect(inputsOf(resources, "ActionsEnvironmentVariable")).toEqual({
    "access/environment:release/A": { repository: "widgets", environment: "release", variableName: "A", value: "3" },
  });
  expect(inputsOf(resources, "ActionsEnvironmentSecret")).toEqual({
    "access/environment:foreign/B": {
      repository: "widgets",
      environment: "foreign",
      secretName: "B",
      value: { secret: "4" },
    },
  });
});

test.each([
  ["oidc", ["ActionsVariable access/AZURE_CLIENT_ID", "ActionsVariable access/AZURE_TENANT_ID"]],
  ["secret", ["ActionsSecret access/AZURE_CREDENTIALS"]],
  [
    "both",
    [
      "ActionsSecret access/AZURE_CREDENTIALS",
      "ActionsVariable access/AZURE_CLIENT_ID",
      "ActionsVariable access/AZURE_TENANT_ID",
    ],
  ],
] as const)("signIn %s writes what its jobs need, and the feed's addresses", async (signIn, names) => {
  const reader = identity({ signIn, ...(signIn === "oidc" ? {} : { secretExpires: "2027-06-30" }) });

  const { resources } = await record(() => new RepositoryAccess("access", accessArgs({ identities: { reader } })));

  expect(namesOf(resources)).toEqual(
    [
      ...names,
      "ActionsVariable access/AZURE_ARTIFACTS_INDEX_URL",
      "ActionsVariable access/AZURE_ARTIFACTS_UPLOAD_URL",
    ].sort(),
  );
});

test.each([
  ["with a subscription", { subscriptionId: "subscription id" }, "subscription id"],
  ["without a subscription", {}, ""],
])(
  "%s, AZURE_CREDENTIALS holds exactly what azure/login reads, and nothing else is secret",
  async (_, changes, subscriptionId) => {
    const reader = identity({
      signIn: "both",
      secretExpires: "2027-06-30",
      trust: [{ tag: "v1" }, { environment: "release" }],
    });

    const { resources } = await record(
      () => new RepositoryAccess("access", accessArgs({ identities: { reader }, ...changes })),
    );

    const secrets = resources.flatMap(({ name, inputs }) =>
      Object.entries(inputs).flatMap(([key, value]) =>
        JSON.stringify(value).includes('{"secret":') ? [{ place: `${name} ${key}`, value }] : [],
      ),
    );
    expect(secrets.map(({ place }) => place).sort()).toEqual([
      "access/AZURE_CREDENTIALS value",
      "access/environment:release/AZURE_CREDENTIALS value",
    ]);
    for (const { value } of secrets) {
      expect(JSON.parse((value as { secret: string }).secret)).toStrictEqual({
        clientId: "client id of access/reader",
        clientSecret: "password of access/reader/secret",
        subscriptionId,
        tenantId: "tenant id",
      });
    }
    expect(JSON.stringify(resources.filter(({ type }) => !type.endsWith("Secret")))).not.toContain("password of");
  },
);

test("a subscription is told as a variable where there is one", async () => {
  const { resources } = await record(
    () => new RepositoryAccess("access", accessArgs({ subscriptionId: pulumi.output("subscription id") })),
  );

  expect(inputsOf(resources, "ActionsVariable")["access/AZURE_SUBSCRIPTION_ID"]).toEqual({
    repository: "widgets",
    variableName: "AZURE_SUBSCRIPTION_ID",
    value: "subscription id",
  });
});

test("a prefix is part of the names that a workflow reads", async () => {
  const identities = {
    reader: identity({ variablePrefix: "READER_" }),
    publisher: identity({ role: "contributor", signIn: "secret", secretExpires: "2027-06-30" }),
  };

  const { resources } = await record(() => new RepositoryAccess("access", accessArgs({ identities })));

  expect(namesOf(resources)).toEqual([
    "ActionsSecret access/AZURE_CREDENTIALS",
    "ActionsVariable access/AZURE_ARTIFACTS_INDEX_URL",
    "ActionsVariable access/AZURE_ARTIFACTS_UPLOAD_URL",
    "ActionsVariable access/READER_AZURE_ARTIFACTS_INDEX_URL",
    "ActionsVariable access/READER_AZURE_ARTIFACTS_UPLOAD_URL",
    "ActionsVariable access/READER_AZURE_CLIENT_ID",
    "ActionsVariable access/READER_AZURE_TENANT_ID",
  ]);
  expect(inputsOf(resources, "ActionsVariable")["access/READER_AZURE_CLIENT_ID"]).toEqual({
    repository: "widgets",
    variableName: "READER_AZURE_CLIENT_ID",
    value: "client id of access/reader",
  });
});
