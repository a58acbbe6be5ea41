import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { federationRefusal } from "../../../sandbox/cloud/entra/federation.ts";
import { openingsIn } from "../../../infra/policy/openings.ts";
import { type Resource, unknown } from "../../../infra/policy/resource.ts";
import { pullRequestWrites, writingRoles } from "../../../infra/policy/stack-rules.ts";
import { credential, environment, flexible, fromPatterns, member, permission, resource } from "./resources.ts";

// Proves which ways the pack finds for pull requests to become an application: subjects, environments and secrets.

const { application, entitlement, all } = member("ci");

/** Whether an application that publishes is had by pull requests, where the stack also has these. */
function isRefused(...resources: readonly Resource[]): boolean {
  return pullRequestWrites([...all, permission("contributor", entitlement), ...resources], writingRoles).length > 0;
}

describe("subjects", () => {
  test.each([
    "repo:contoso/widgets",
    "repo:contoso/widgets:ref_type:branch",
    "repo:contoso/widgets:job_workflow_ref:contoso/x/.github/workflows/y.yml@refs/heads/main",
    "repository_owner_id:1:repository_id:2",
    "repository_owner_id:1:repository_id:2:pull_request",
    "repo:contoso/widgets:ref:refs/pull/7/merge",
    "repo:contoso/widgets:actor:environment:actor_id:5",
    "repo:contoso/widgets:actor:ref:pull_request",
  ])("%s lets pull requests in", (subject) => {
    expect(isRefused(credential(subject, application))).toBe(true);
  });

  test.each([
    "repo:contoso/widgets:ref:refs/tags/v1",
    "repository_owner_id:1:repository_id:2:ref:refs/heads/main",
    "ref:refs/heads/main:repo:contoso/widgets",
    "repo:contoso/widgets:environment:pull_request",
    "repo:contoso/widgets:environment:ref%3Arefs",
    "repo:contoso/widgets:actor:pull_request:environment:release",
  ])("%s does not", (subject) => {
    expect(isRefused(credential(subject, application))).toBe(false);
  });

  test.each([
    "claims['repository_id'] eq '2'",
    "claims['sub'] matches 'repo:contoso/widgets:ref:*' and claims['repository_id'] eq '2'",
    "claims['sub'] matches '*:environment:release' and claims['repository_id'] eq '2'",
    "claims['sub'] matches 'repo:*' and claims['sub'] matches '*:pull_request'",
    "no expression",
  ])("the expression %s lets pull requests in", (expression) => {
    expect(isRefused(flexible(expression, application))).toBe(true);
  });

  test.each([
    "claims['sub'] matches 'repo:contoso/widgets:ref:refs/*' and claims['job_workflow_ref'] eq 'w'",
    "claims['sub'] matches 'repo:*:pull_request' and claims['sub'] matches 'repo:*:ref:refs/heads/*'",
  ])("the expression %s does not", (expression) => {
    expect(isRefused(flexible(expression, application))).toBe(false);
  });

  test("a token of somebody else than GitHub is of no pull request", () => {
    const of = (issuer: string) => {
      const made = credential("system:serviceaccount:default:app", application);
      return isRefused({ ...made, properties: { ...made.properties, issuer } });
    };

    expect(of("https://oidc.prod-aks.azure.com/1/")).toBe(false);
    expect(of("https://token.actions.githubusercontent.com")).toBe(true);
    expect(of("https://token.actions.githubusercontent.com/octo-inc")).toBe(true);
    expect(of("https://token.actions.octocorp.ghe.com")).toBe(true);
    expect(of("https://ghes.example.com/_services/token")).toBe(true);
  });

  test("no credential takes the token of a pull request unseen", () => {
    const issuer = "https://token.actions.githubusercontent.com";
    const part = fc.constantFrom(
      "repo",
      "contoso/widgets",
      "pull_request",
      "*",
      "?",
      ":",
      "environment",
      "ref",
      "refs/",
    );
    const text = fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join("")),
      fc.array(part, { maxLength: 5 }).map((parts) => parts.join(":")),
    );
    const subject = "repo:contoso/widgets:pull_request";
    let taken = 0;

    fc.assert(
      fc.property(text, fc.boolean(), (wanted, isPattern) => {
        const expression = `claims['sub'] matches '${wanted}'`;
        const by = isPattern
          ? { subject: null, claimsMatchingExpression: { value: expression, languageVersion: 1 } }
          : { subject: wanted, claimsMatchingExpression: null };
        const one = {
          id: "1",
          applicationId: "ci",
          name: "one",
          description: null,
          issuer,
          audiences: ["api://AzureADTokenExchange"],
          ...by,
        };
        const claims = { iss: issuer, aud: ["api://AzureADTokenExchange"], sub: subject };
        if (federationRefusal([one], claims) !== undefined) return;
        taken++;

        expect(
          openingsIn([isPattern ? flexible(expression, application) : credential(wanted, application)]),
        ).toHaveLength(1);
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(50);
  });
});

describe("environments of the stack", () => {
  const release = credential("repo:contoso/widgets:environment:release", application);
  const words =
    "ApplicationFederatedIdentityCredential repo:contoso/widgets:environment:release lets pull requests in through the environment release, which has neither reviewers nor deployment branches that keep them out";

  test.each([
    ["without protection", environment("release")],
    [
      "with empty lists",
      environment("release", { reviewers: [{ teams: [], users: [] }], deploymentBranchPolicy: null }),
    ],
    ["that waits", environment("release", { waitTimer: 30, canAdminsBypass: false })],
    [
      "that deploys from the merge of pull requests",
      environment("release", fromPatterns, [{ branchPattern: "refs/pull/*/merge" }]),
    ],
    [
      "that deploys from any folder",
      environment("release", fromPatterns, [{ tagPattern: "v*" }, { branchPattern: "*/*/*/*" }]),
    ],
    ["called otherwise", environment("release", { environment: "Release", repository: "Widgets" })],
  ])("one %s lets pull requests in", (_, { all: made }) => {
    expect(openingsIn([release, ...made])).toEqual([expect.objectContaining({ of: release })]);
    expect(isRefused(release, ...made)).toBe(true);
  });

  test("the credential, the environment and what is missing are told", () => {
    expect(openingsIn([release, ...environment("release").all])).toEqual([{ of: release, words }]);
  });

  test.each([
    ["with reviewers", environment("release", { reviewers: [{ teams: [7] }] })],
    ["whose reviewers only the update tells", environment("release", { reviewers: [{ users: [unknown] }] })],
    ["of which only the update tells whether it has reviewers", environment("release", { reviewers: unknown })],
    [
      "for protected branches",
      environment("release", { deploymentBranchPolicy: { protectedBranches: true, customBranchPolicies: false } }),
    ],
    ["that deploys from tags", environment("release", fromPatterns, [{ tagPattern: "**/*" }])],
    ["that deploys from main", environment("release", fromPatterns, [{ branchPattern: "main" }])],
    ["that deploys from nowhere", environment("release", fromPatterns)],
    ["of another repository", environment("release", { repository: "gadgets" })],
    ["of another name", environment("releases")],
  ])("one %s does not", (_, { all: made }) => {
    expect(isRefused(release, ...made)).toBe(false);
  });

  test("one that the stack does not make is not known", () => {
    expect(isRefused(release)).toBe(false);
  });

  test("policies are found by what went into them, and by the older resource too", () => {
    const { environment: made } = environment("release", { ...fromPatterns, environment: "release" });
    const merges = { branchPattern: "refs/pull/*/merge", repository: unknown, environment: unknown };
    const bySource = resource("deploymentPolicy", "one", merges, { environment: [made] });
    const older = resource("deploymentBranchPolicy", "two", {
      name: "refs/pull/*/merge",
      environmentName: "release",
      repository: "widgets",
    });

    expect(isRefused(release, made)).toBe(false);
    expect(isRefused(release, made, bySource)).toBe(true);
    expect(isRefused(release, made, older)).toBe(true);
  });

  test.each([
    ["repo:contoso/widgets:environment:a%3Ab", true],
    ["repo:contoso@1/widgets@2:environment:a%3Ab", true],
    ["repository:contoso/widgets:environment:a%3Ab", true],
    ["repository_id:2:environment:a%3Ab", true],
    ["repo:contoso/widgets:environment:a%3Ab:job_workflow_ref:w", true],
    ["repo:contoso/widgets:environment:a", false],
    ["repo:contoso/widgets:environment:*", false],
    ["repo:contoso/widgets:ref:refs/heads/main:environment:a%3Ab", false],
  ])("the subject %s is of the environment a:b: %s", (subject, refused) => {
    expect(isRefused(credential(subject, application), ...environment("a:b").all)).toBe(refused);
  });

  test.each([
    ["repo:contoso/widgets:environment:rel*", true],
    ["repo:contoso@*/widgets@*:environment:release", true],
    ["repo:*:environment:*", true],
    ["repo:contoso/w*:environment:r?lease", true],
    ["repo:contoso/g*:environment:release", false],
    ["repo:contoso/widgets:environment:test*", false],
  ])("the pattern %s takes in the environment release: %s", (pattern, refused) => {
    const expression = `claims['sub'] matches '${pattern}' and claims['repository_id'] eq '2'`;

    expect(isRefused(flexible(expression, application), ...environment("release").all)).toBe(refused);
  });
});

describe("secrets", () => {
  const password = resource(
    "applicationPassword",
    "ci",
    { value: unknown, applicationId: unknown },
    { applicationId: [application] },
  );
  const made = { value: [password] };

  test.each([
    resource("repositorySecret", "s", { repository: "widgets" }, made),
    resource("organizationSecret", "s", {}, { plaintextValue: [application, password] }),
    resource("dependabotSecret", "s", { repository: "widgets" }, { encryptedValue: [password] }),
    resource("dependabotOrganizationSecret", "s", {}, made),
  ])("a password in a secret that every job reads lets pull requests in: $type", (secret) => {
    expect(isRefused(password, secret)).toBe(true);
  });

  test("what reads it and whose password it is are told", () => {
    const secret = resource("environmentSecret", "s", { repository: "widgets", environment: "release" }, made);

    expect(openingsIn([password, secret, ...environment("release").all])).toEqual([
      {
        of: password,
        words:
          "ActionsEnvironmentSecret s gives pull requests the password of ApplicationPassword ci through the environment release, which has neither reviewers nor deployment branches that keep them out",
      },
    ]);
  });

  test("a secret of an environment is as open as that", () => {
    const secret = resource("environmentSecret", "s", { repository: "widgets", environment: "release" }, made);

    expect(isRefused(password, secret, ...environment("release").all)).toBe(true);
    expect(isRefused(password, secret, ...environment("release", { reviewers: [{ teams: [1] }] }).all)).toBe(false);
    expect(isRefused(password, secret, ...environment("other").all)).toBe(false);
    expect(isRefused(password, secret)).toBe(false);
  });

  test("a secret that is not made of the password, and a password in none, let nobody in", () => {
    const secret = resource("repositorySecret", "s", { value: "x" }, { value: [application] });

    expect(isRefused(password, secret)).toBe(false);
  });

  test("values tell where the program passed plain text", () => {
    const known = resource("applicationPassword", "ci", { value: "hunter2", applicationId: "/applications/AAA" });
    const own = resource("application", "own", { id: "/applications/AAA", password: { value: "hunter3" } });
    const granted = resource("feedPermission", "feed", { role: "contributor", identityDescriptor: "aadsp.1" });
    const joined = resource("entitlement", "e", { originId: "bbb", descriptor: "aadsp.1" });
    const principal = resource("servicePrincipal", "p", { clientId: unknown, objectId: "bbb" }, { clientId: [own] });
    const told = (value: string) =>
      pullRequestWrites(
        [known, own, granted, joined, principal, resource("repositorySecret", "s", { value })],
        writingRoles,
      ).length;

    expect([told("hunter2"), told('{"clientSecret":"hunter3"}'), told("hunter")]).toEqual([1, 1, 0]);
  });

  test("a password of the service principal is one of its application", () => {
    const { principal } = member("ci");
    const other = resource(
      "servicePrincipalPassword",
      "sp",
      { value: unknown },
      { servicePrincipalId: [all[1] ?? principal] },
    );
    const secret = resource("repositorySecret", "s", {}, { value: [other] });

    expect(isRefused(other, secret)).toBe(true);
  });
});
