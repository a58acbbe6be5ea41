import { expect, test } from "vitest";
import { report, reportOf } from "../../support/stack-check.ts";

test("a file with nothing in it lacks all that there is no default for", () => {
  expect(report("config: {}")).toBe(`4 problems in stacks/Pulumi.x.yaml, nothing was changed:
  stacks/Pulumi.x.yaml: repository: missing, expected OWNER/NAME, as in contoso/widgets
  stacks/Pulumi.x.yaml: tenantId: missing, expected the id of an Entra tenant, like 11111111-2222-3333-4444-555555555555; set feedpass:tenantId in Pulumi.yaml, once for all stacks
  stacks/Pulumi.x.yaml: feed: missing, expected a feed with its name, as in { name: python }
  stacks/Pulumi.x.yaml: identities: missing, expected at least one identity by its name, as in { reader: { role: reader, trust: [{ branch: main }] } }`);
});

test("all mistakes are told at once: those of single values first, then those between values", () => {
  const file = `
config:
  feedpass:tenantId: 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42
  feedpass:repository: widgets
  feedpass:feed:
    name: python
    scope: organization
  feedpass:identities:
    Reader:
      role: owner
      trust:
        - branch: refs/heads/main
        - tag: "*"
    publisher:
      role: contributor
      trust:
        - branch: main
        - pullRequest: true
        - branch: main
      signIn: secret
    tester:
      role: reader
      trust:
        - branch: test
        - environment: Release
  feedpass:environments:
    release:
      reviewers: {}
      deployFrom: {}
    staging:
      waitMinutes: 0
`;

  expect(report(file)).toBe(
    reportOf(
      'repository: got "widgets", expected OWNER/NAME, as in contoso/widgets',
      'feed: unknown "scope", expected organization, project, name, view, upstreams or create',
      'identities.Reader: got "Reader", expected a name of at most 32 lower-case letters, digits and hyphens, a letter first',
      'identities.Reader.role: got "owner", expected reader, collaborator or contributor; feedpass gives no role that administers a feed',
      'identities.Reader.trust[0].branch: got "refs/heads/main", expected the exact name of a branch; write the name without refs/heads/',
      'identities.Reader.trust[1].tag: got "*", expected the name of a tag, or a pattern of names; this would trust every tag: write what the names begin with, like v*',
      "environments.staging.waitMinutes: got 0, expected a whole number of minutes from 1 to 43200",
      "identities.publisher.trust[2]: trusts branch main again, as trust[0] does; Entra takes a subject once: remove one",
      "identities.publisher.secretExpires: missing, expected a day from 2026-12-01 to 2028-11-29; signIn secret makes a client secret, and none may last for ever",
      "identities.publisher.signIn: the client secret is written at the repository, where the jobs of pull requests read it: whoever can open one could write to the feed, with the role contributor; sign in with oidc, or trust only environments that have reviewers or deployFrom, give pull requests an identity of their own with the role reader and publish from the push that the merge makes, or take the risk on with acceptedRisks: [pullRequestWrites]",
      "environments.release.reviewers: got {}, expected teams, users or both; remove it for no reviewers",
      "environments.release.deployFrom: got {}, expected branches, tags or protectedBranches; remove it to let every branch and tag deploy",
      'identities.tester.trust[1].environment: got "Release", expected "release", as in environments.release; GitHub takes the two for one, Entra does not: write it as GitHub does',
      "identities.tester: writes AZURE_ARTIFACTS_INDEX_URL at the repository, as publisher does; set variablePrefix: TESTER_ to name them apart, or trust an environment of its own",
    ),
  );
});

test("each identity that writes what an earlier one writes is told once for each place", () => {
  const file = `
config:
  feedpass:tenantId: 8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42
  feedpass:repository: contoso/widgets
  feedpass:feed: { organization: contoso, name: python }
  feedpass:identities:
    a: { role: reader, trust: [{ branch: main }, { environment: release }] }
    b: { role: reader, trust: [{ tag: v1 }, { environment: release }] }
    c: { role: reader, trust: [{ pullRequest: true }] }
`;

  expect(report(file)).toBe(
    reportOf(
      "identities.b: writes AZURE_TENANT_ID at the repository, as a does; set variablePrefix: B_ to name them apart, or trust an environment of its own",
      "identities.c: writes AZURE_TENANT_ID at the repository, as a does; set variablePrefix: C_ to name them apart, or trust an environment of its own",
      "identities.b: writes AZURE_TENANT_ID at the environment release, as a does; set variablePrefix: B_ to name them apart, or trust an environment of its own",
    ),
  );
});
