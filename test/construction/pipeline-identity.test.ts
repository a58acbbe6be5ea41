import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { PipelineIdentity, type PipelineIdentityArgs } from "../../src/components/pipeline-identity.ts";
import type { TrustEntry } from "../../src/trust.ts";
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
