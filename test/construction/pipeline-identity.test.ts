import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { PipelineIdentity, type PipelineIdentityArgs } from "../../src/components/pipeline-identity.ts";
import type { TrustEntry } from "../../src/jobs/trust.ts";
import { inputsOf } from "../support/access-args.ts";
import { record, known } from "../support/mocks.ts";

function args(changes: Partial<PipelineIdentityArgs> = {}): PipelineIdentityArgs {
  return {
    repository: { owner: "contoso", name: "widgets" },
    identity: "publisher",
    subjectPrefix: "repo:contoso/widgets",
    trust: [{ branch: "main" }],
    signIn: "oidc",
    owner: "owner id",
    ...changes,
  };
}

test.each<[TrustEntry, string, string, string]>([
  [{ branch: "main" }, "p/branch:main", "branch-main", "repo:contoso/widgets:ref:refs/heads/main"],
  [{ branch: "feat/x" }, "p/branch:feat/x", "branch-feat-x-79b4cc554b", "repo:contoso/widgets:ref:refs/heads/feat/x"],
  [{ tag: "v1" }, "p/tag:v1", "tag-v1", "repo:contoso/widgets:ref:refs/tags/v1"],
  [{ pullRequest: true }, "p/pullRequest", "pull-request", "repo:contoso/widgets:pull_request"],
  [
    { environment: "release" },
    "p/environment:release",
    "environment-release",
    "repo:contoso/widgets:environment:release",
  ],
  [{ environment: "a:b" }, "p/environment:a:b", "environment-a-b-6783a31eab", "repo:contoso/widgets:environment:a%3Ab"],
])("the entry %j makes one credential", async (entry, name, displayName, subject) => {
  const { result, resources } = await record(() => new PipelineIdentity("p", args({ trust: [entry] })));

  expect(inputsOf(resources, "ApplicationFederatedIdentityCredential")).toEqual({
    [name]: {
      applicationId: "id of p",
      displayName,
      issuer: "https://token.actions.githubusercontent.com",
      subject,
      audiences: ["api://AzureADTokenExchange"],
    },
  });
  expect(await known(result.subjects)).toEqual([subject]);
});

const pattern = "claims['sub'] matches 'repo:contoso@1/widgets@2:ref:refs/tags/v*' and claims['repository_id'] eq '2'";

test("a pattern makes a flexible credential, and its expression is what is told", async () => {
  const { result, resources } = await record(
    () => new PipelineIdentity("p", args({ subjectPrefix: "repo:contoso@1/widgets@2", trust: [{ tag: "v*" }] })),
  );

  expect(inputsOf(resources, "ApplicationFederatedIdentityCredential")).toEqual({});
  expect(inputsOf(resources, "ApplicationFlexibleFederatedIdentityCredential")).toEqual({
    "p/ids/tag:v*": {
      applicationId: "id of p",
      displayName: "tag-v-af7e9fa404-ids-flexible",
      issuer: "https://token.actions.githubusercontent.com",
      claimsMatchingExpression: pattern,
      audience: "api://AzureADTokenExchange",
    },
  });
  expect(await known(result.subjects)).toEqual([pattern]);
});

test("while a repository moves, each entry makes two credentials, each under a name that stays", async () => {
  const subjects = { bothForms: true, claims: { repository_owner_id: "1", repository_id: "2" } };
  const { resources } = await record(() => new PipelineIdentity("p", args({ subjects })));

  const made = Object.entries(inputsOf(resources, "ApplicationFederatedIdentityCredential"));
  expect(made.map(([name, { displayName, subject }]) => [name, displayName, subject]).sort()).toEqual([
    ["p/branch:main", "branch-main", "repo:contoso/widgets:ref:refs/heads/main"],
    ["p/ids/branch:main", "branch-main-ids", "repo:contoso@1/widgets@2:ref:refs/heads/main"],
  ]);
});

test("an enterprise's issuer and a customized template reach every credential", async () => {
  const issuer = "https://token.actions.githubusercontent.com/contoso";
  const subjects = { issuer, template: ["repo", "context", "repository_visibility"] };
  const claims = { repository_visibility: "private" };
  const { resources } = await record(() => new PipelineIdentity("p", args({ subjects: { ...subjects, claims } })));

  expect(inputsOf(resources, "ApplicationFederatedIdentityCredential")).toEqual({
    "p/branch:main": {
      applicationId: "id of p",
      displayName: "branch-main",
      issuer,
      subject: "repo:contoso/widgets:ref:refs/heads/main:repository_visibility:private",
      audiences: ["api://AzureADTokenExchange"],
    },
  });
});

test("an entry that can never match is refused at once", async () => {
  await record(() => {
    expect(() => new PipelineIdentity("p", args({ subjects: { template: ["repo", "environment"] } }))).toThrow(
      "p: trust: branch main: no job can match: its subjects are made of repo, environment",
    );
  });
});

test("a sign-in with GitHub's token makes credentials and no secret", async () => {
  const { result, resources } = await record(
    () => new PipelineIdentity("p", args({ trust: [{ branch: "a" }, { tag: "a" }] })),
  );

  expect(resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
    "ApplicationFederatedIdentityCredential p/branch:a",
    "ApplicationFederatedIdentityCredential p/tag:a",
    "ApplicationRegistration p",
    "PipelineIdentity p",
    "ServicePrincipal p",
  ]);
  expect(result.clientSecret).toBeUndefined();
});

test("a sign-in with a secret makes a password with an end, and no credential", async () => {
  const { result, resources } = await record(
    () => new PipelineIdentity("p", args({ signIn: "secret", secretExpires: "2027-06-30" })),
  );

  expect(resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
    "ApplicationPassword p/secret",
    "ApplicationRegistration p",
    "PipelineIdentity p",
    "ServicePrincipal p",
  ]);
  expect(inputsOf(resources, "ApplicationPassword")).toEqual({
    "p/secret": { applicationId: "id of p", displayName: "feedpass", endDate: "2027-06-30T00:00:00Z" },
  });
  expect(await known(result.subjects)).toEqual([]);
  expect(await known(pulumi.output(result.clientSecret))).toBe("password of p/secret");
  expect(await pulumi.isSecret(pulumi.output(result.clientSecret))).toBe(true);
});

test("on the way off a secret there are both", async () => {
  const { resources } = await record(
    () => new PipelineIdentity("p", args({ signIn: "both", secretExpires: "2027-06-30" })),
  );

  expect(resources.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`).sort()).toEqual([
    "ApplicationFederatedIdentityCredential p/branch:main",
    "ApplicationPassword p/secret",
    "ApplicationRegistration p",
    "PipelineIdentity p",
    "ServicePrincipal p",
  ]);
});

test("an owner that is known only later is passed on", async () => {
  const { resources } = await record(
    () => new PipelineIdentity("p", args({ owner: pulumi.output(Promise.resolve("later")) })),
  );

  expect(inputsOf(resources, "ServicePrincipal")).toEqual({ p: { clientId: "client id of p", owners: ["later"] } });
});

test.each(["secret", "both"] as const)("signIn %s without an end of the secret is refused at once", async (signIn) => {
  await record(() => {
    expect(() => new PipelineIdentity("p", args({ signIn }))).toThrow(
      new pulumi.RunError(`p: secretExpires: missing, expected a day; signIn ${signIn} makes a client secret`),
    );
  });
});
