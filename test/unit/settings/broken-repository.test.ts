import { expect, test } from "vitest";
import { report, reportOf, stackFile } from "../../support/stack-check.ts";

const known =
  "repository, subjectPrefix, subjectTemplate, repositoryId, subjects, issuer, patterns, tenantId, subscriptionId, organization, feed, feeds, identities, environments or removable";

test.each([
  [
    "an address for the repository",
    stackFile({ repository: "feedpass:repository: https://github.com/contoso/widgets" }),
    'repository: got "https://github.com/contoso/widgets", expected OWNER/NAME, as in contoso/widgets; write it without the address of GitHub',
  ],
  [
    "an address for git",
    stackFile({ repository: "feedpass:repository: git@github.com:contoso/widgets.git" }),
    'repository: got "git@github.com:contoso/widgets.git", expected OWNER/NAME, as in contoso/widgets; write it without the address of GitHub',
  ],
  [
    "a repository with git's suffix",
    stackFile({ repository: "feedpass:repository: contoso/widgets.git" }),
    'repository: got "contoso/widgets.git", expected OWNER/NAME, as in contoso/widgets; write it without .git',
  ],
  [
    "a repository without its owner",
    stackFile({ repository: "feedpass:repository: widgets" }),
    'repository: got "widgets", expected OWNER/NAME, as in contoso/widgets',
  ],
  [
    "a path into a repository",
    stackFile({ repository: "feedpass:repository: contoso/widgets/docs" }),
    'repository: got "contoso/widgets/docs", expected OWNER/NAME, as in contoso/widgets',
  ],
  [
    "several repositories",
    stackFile({ repository: "feedpass:repository: [contoso/widgets, contoso/gadgets]" }),
    'repository: got ["contoso/widgets","contoso/gadgets"], expected OWNER/NAME, as in contoso/widgets',
  ],
  [
    "a repository without a value",
    stackFile({ repository: "feedpass:repository:" }),
    'repository: got "", expected OWNER/NAME, as in contoso/widgets',
  ],
  ["no repository", stackFile({ repository: "" }), "repository: missing, expected OWNER/NAME, as in contoso/widgets"],
  [
    "the prefix of another repository",
    stackFile({ more: "feedpass:subjectPrefix: repo:contoso/gadgets" }),
    'subjectPrefix: got "repo:contoso/gadgets", expected a prefix of contoso/widgets; leave it out and GitHub is asked',
  ],
  [
    "the prefix of another repository, with ids",
    stackFile({ more: "feedpass:subjectPrefix: repo:contoso@1/gadgets@2" }),
    'subjectPrefix: got "repo:contoso@1/gadgets@2", expected a prefix of contoso/widgets; leave it out and GitHub is asked',
  ],
  [
    "a prefix with one id of two",
    stackFile({ more: "feedpass:subjectPrefix: repo:contoso@1/widgets" }),
    'subjectPrefix: got "repo:contoso@1/widgets", expected repo:OWNER/NAME or repo:OWNER@ID/NAME@ID; leave it out and GitHub is asked',
  ],
  [
    "a whole subject for a prefix",
    stackFile({ more: "feedpass:subjectPrefix: repo:contoso/widgets:pull_request" }),
    'subjectPrefix: got "repo:contoso/widgets:pull_request", expected repo:OWNER/NAME or repo:OWNER@ID/NAME@ID; leave it out and GitHub is asked',
  ],
  [
    "no tenant",
    stackFile({ tenantId: "" }),
    "tenantId: missing, expected the id of an Entra tenant, like 11111111-2222-3333-4444-555555555555; set feedpass:tenantId in Pulumi.yaml, once for all stacks",
  ],
  [
    "a tenant by its domain",
    stackFile({ tenantId: "feedpass:tenantId: contoso.onmicrosoft.com" }),
    'tenantId: got "contoso.onmicrosoft.com", expected the id of an Entra tenant, like 11111111-2222-3333-4444-555555555555',
  ],
  [
    "a subscription by its name",
    stackFile({ more: "feedpass:subscriptionId: Pay-As-You-Go" }),
    'subscriptionId: got "Pay-As-You-Go", expected the id of an Azure subscription, like 11111111-2222-3333-4444-555555555555',
  ],
  [
    "YAML's old word for true",
    stackFile({ more: "feedpass:removable: yes" }),
    'removable: got "yes", expected true or false',
  ],
  [
    "an encrypted value",
    stackFile({ repository: "feedpass:repository: { secure: AAABAGxldHRlcnM= }" }),
    "repository: got an encrypted value, expected a plain one; set it again without --secret",
  ],
  [
    "unknown keys",
    stackFile({ more: "feedpass:owner: contoso\nfeedpass:reviewers: [octocat]" }),
    `feedpass: unknown "owner" and "reviewers", expected ${known}`,
  ],
])("%s is told with its place and its fix", (_, file, problem) => {
  expect(report(file)).toBe(reportOf(problem));
});
