import { documented, readInClient } from "../evidence.ts";
import type { CoveredHost, CoveredRoute } from "../service.ts";
import { repositoryAddresses, teamAddresses } from "./addresses.ts";
import { gitHubDotCom, tenantSite } from "./site.ts";

const readOn = "2026-11-29";
const rest = "https://docs.github.com/rest";
const tests = (name: string) => `test/sandbox/github-${name}.test.ts`;

/** Method, path, the operation's page below docs.github.com/rest, and the test. */
type Row = readonly [method: string, path: string, page: string, test: string];

const secrets = "actions/secrets#";
const variables = "actions/variables#";
const environments = "deployments/environments#";
const policies = "deployments/branch-policies#";
const environment = "/environments/:environment_name";
const policy = `${environment}/deployment-branch-policies`;

/** Operations on one repository. Each is there under the repository's name and under its id. */
const repositoryRows: readonly Row[] = [
  ["GET", "", "repos/repos#get-a-repository", "repositories"],
  ["PATCH", "", "repos/repos#update-a-repository", "repositories"],
  ["GET", "/branches", "branches/branches#list-branches", "repositories"],
  ["GET", "/branches/:branch", "branches/branches#get-a-branch", "repositories"],
  ["GET", "/branches/:branch/protection", "branches/branch-protection#get-branch-protection", "repositories"],
  ["GET", "/teams", "repos/repos#list-repository-teams", "reviewers"],
  [
    "GET",
    "/collaborators/:username",
    "collaborators/collaborators#check-if-a-user-is-a-repository-collaborator",
    "reviewers",
  ],
  ["GET", "/contents/:path{.+}", "repos/contents#get-repository-content", "repositories"],
  ["GET", "/tags", "repos/repos#list-repository-tags", "repositories"],
  ["GET", "/git/ref/:ref{.+}", "git/refs#get-a-reference", "repositories"],
  ["GET", "/git/matching-refs/:ref{.+}", "git/refs#list-matching-references", "repositories"],
  ["GET", "/environments", `${environments}list-environments`, "environments"],
  ["GET", environment, `${environments}get-an-environment`, "environments"],
  ["PUT", environment, `${environments}create-or-update-an-environment`, "environments"],
  ["DELETE", environment, `${environments}delete-an-environment`, "environments"],
  ["GET", policy, `${policies}list-deployment-branch-policies`, "environments"],
  ["POST", policy, `${policies}create-a-deployment-branch-policy`, "environments"],
  ["GET", `${policy}/:branch_policy_id`, `${policies}get-a-deployment-branch-policy`, "environments"],
  ["PUT", `${policy}/:branch_policy_id`, `${policies}update-a-deployment-branch-policy`, "environments"],
  ["DELETE", `${policy}/:branch_policy_id`, `${policies}delete-a-deployment-branch-policy`, "environments"],
  ["GET", "/actions/secrets", `${secrets}list-repository-secrets`, "secrets"],
  ["GET", "/actions/secrets/public-key", `${secrets}get-a-repository-public-key`, "secrets"],
  ["GET", "/actions/secrets/:secret_name", `${secrets}get-a-repository-secret`, "secrets"],
  ["PUT", "/actions/secrets/:secret_name", `${secrets}create-or-update-a-repository-secret`, "secrets"],
  ["DELETE", "/actions/secrets/:secret_name", `${secrets}delete-a-repository-secret`, "secrets"],
  ["GET", "/dependabot/secrets", "dependabot/secrets#list-repository-secrets", "secrets"],
  ["GET", "/dependabot/secrets/public-key", "dependabot/secrets#get-a-repository-public-key", "secrets"],
  ["GET", "/dependabot/secrets/:secret_name", "dependabot/secrets#get-a-repository-secret", "secrets"],
  ["PUT", "/dependabot/secrets/:secret_name", "dependabot/secrets#create-or-update-a-repository-secret", "secrets"],
  ["DELETE", "/dependabot/secrets/:secret_name", "dependabot/secrets#delete-a-repository-secret", "secrets"],
  ["GET", `${environment}/secrets`, `${secrets}list-environment-secrets`, "secrets"],
  ["GET", `${environment}/secrets/public-key`, `${secrets}get-an-environment-public-key`, "secrets"],
  ["GET", `${environment}/secrets/:secret_name`, `${secrets}get-an-environment-secret`, "secrets"],
  ["PUT", `${environment}/secrets/:secret_name`, `${secrets}create-or-update-an-environment-secret`, "secrets"],
  ["DELETE", `${environment}/secrets/:secret_name`, `${secrets}delete-an-environment-secret`, "secrets"],
  ["GET", "/actions/variables", `${variables}list-repository-variables`, "variables"],
  ["POST", "/actions/variables", `${variables}create-a-repository-variable`, "variables"],
  ["GET", "/actions/variables/:name", `${variables}get-a-repository-variable`, "variables"],
  ["PATCH", "/actions/variables/:name", `${variables}update-a-repository-variable`, "variables"],
  ["DELETE", "/actions/variables/:name", `${variables}delete-a-repository-variable`, "variables"],
  ["GET", `${environment}/variables`, `${variables}list-environment-variables`, "variables"],
  ["POST", `${environment}/variables`, `${variables}create-an-environment-variable`, "variables"],
  ["GET", `${environment}/variables/:name`, `${variables}get-an-environment-variable`, "variables"],
  ["PATCH", `${environment}/variables/:name`, `${variables}update-an-environment-variable`, "variables"],
  ["DELETE", `${environment}/variables/:name`, `${variables}delete-an-environment-variable`, "variables"],
  ["GET", "/issues", "issues/issues#list-repository-issues", "issues"],
  ["POST", "/issues", "issues/issues#create-an-issue", "issues"],
  ["GET", "/issues/:issue_number", "issues/issues#get-an-issue", "issues"],
  ["PATCH", "/issues/:issue_number", "issues/issues#update-an-issue", "issues"],
  ["GET", "/issues/:issue_number/comments", "issues/comments#list-issue-comments", "issues"],
  ["POST", "/issues/:issue_number/comments", "issues/comments#create-an-issue-comment", "issues"],
  ["GET", "/issues/comments/:comment_id", "issues/comments#get-an-issue-comment", "issues"],
  ["PATCH", "/issues/comments/:comment_id", "issues/comments#update-an-issue-comment", "issues"],
  ["DELETE", "/issues/comments/:comment_id", "issues/comments#delete-an-issue-comment", "issues"],
  [
    "GET",
    "/actions/oidc/customization/sub",
    "actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository",
    "oidc-customization",
  ],
  [
    "PUT",
    "/actions/oidc/customization/sub",
    "actions/oidc#set-the-customization-template-for-an-oidc-subject-claim-for-a-repository",
    "oidc-customization",
  ],
];

const accountRows: readonly Row[] = [
  ["GET", "/user", "users/users#get-the-authenticated-user", "accounts"],
  ["GET", "/users/:username", "users/users#get-a-user", "accounts"],
  ["GET", "/users/:username/keys", "users/keys#list-public-keys-for-a-user", "accounts"],
  ["GET", "/users/:username/gpg_keys", "users/gpg-keys#list-gpg-keys-for-a-user", "accounts"],
  ["GET", "/rate_limit", "rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user", "access"],
  ["GET", "/orgs/:org", "orgs/orgs#get-an-organization", "accounts"],
  ["GET", "/orgs/:org/teams", "teams/teams#list-teams", "accounts"],
  ...teamAddresses.flatMap((team): Row[] => [
    ["GET", team, "teams/teams#get-a-team-by-name", "accounts"],
    ["GET", `${team}/members`, "teams/members#list-team-members", "accounts"],
    ["GET", `${team}/repos`, "teams/teams#list-team-repositories", "accounts"],
    ["GET", `${team}/repos/:owner/:repo`, "teams/teams#check-team-permissions-for-a-repository", "reviewers"],
  ]),
  [
    "GET",
    "/orgs/:org/actions/oidc/customization/sub",
    "actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-an-organization",
    "oidc-customization",
  ],
  [
    "PUT",
    "/orgs/:org/actions/oidc/customization/sub",
    "actions/oidc#set-the-customization-template-for-an-oidc-subject-claim-for-an-organization",
    "oidc-customization",
  ],
];

const apiRoutes: readonly CoveredRoute[] = [
  ...accountRows,
  ...repositoryAddresses.flatMap((address) =>
    repositoryRows.map(([method, path, page, test]): Row => [method, address + path, page, test]),
  ),
].map(([method, path, page, test]) => ({
  host: "api.github.com",
  method,
  path,
  ...documented(`${rest}/${page}`, readOn),
  testedBy: tests(test),
}));

const enterpriseCloud = "https://docs.github.com/enterprise-cloud@latest";
const enterpriseRoute: CoveredRoute = {
  host: "api.github.com",
  method: "PUT",
  path: "/enterprises/:enterprise/actions/oidc/customization/issuer",
  ...documented(
    `${enterpriseCloud}/rest/actions/oidc#set-the-github-actions-oidc-custom-issuer-policy-for-an-enterprise`,
    readOn,
  ),
  testedBy: tests("enterprises"),
};

const oidcReference = "https://docs.github.com/actions/reference/security/oidc";

/** Every route of the service. */
export const coverage: readonly CoveredRoute[] = [
  ...apiRoutes,
  enterpriseRoute,
  ...["/.well-known/openid-configuration", "/.well-known/jwks"].map((path) => ({
    host: "token.actions.githubusercontent.com",
    method: "GET",
    path,
    ...documented(oidcReference, readOn),
    testedBy: tests("id-token"),
  })),
  ...["/:slug/.well-known/openid-configuration", "/:slug/.well-known/jwks"].map((path) => ({
    host: "token.actions.githubusercontent.com",
    method: "GET",
    path,
    ...documented(
      `${enterpriseCloud}/actions/reference/security/oidc#customizing-the-issuer-value-for-an-enterprise`,
      readOn,
    ),
    testedBy: tests("enterprises"),
  })),
  {
    host: "pipelines.actions.githubusercontent.com",
    method: "GET",
    path: "/:tenant/:project/_apis/distributedtask/hubs/Actions/plans/:plan_id/jobs/:job_id/idtoken",
    ...readInClient("https://github.com/actions/toolkit/blob/main/packages/core/src/oidc-utils.ts", readOn),
    testedBy: tests("id-token"),
  },
];

const dataResidency = `${enterpriseCloud}/admin/data-residency`;
const differences = `${dataResidency}/feature-overview-for-github-enterprise-cloud-with-data-residency`;

/** Where enterprises with data residency have what github.com has at its own hosts. */
export const tenantHosts: readonly CoveredHost[] = (
  [
    ["apiHost", `${differences}#api-access`],
    ["issuerHost", `${differences}#url-differences`],
    ["runServiceHost", `${dataResidency}/network-details-for-ghecom#githubs-hostnames`],
  ] as const
).map(([name, source]) => ({
  host: tenantSite("SUBDOMAIN")[name],
  answersAs: gitHubDotCom[name],
  ...documented(source, readOn),
  testedBy: tests("tenants"),
}));

const pages = new Map([...apiRoutes, enterpriseRoute].map((route) => [`${route.method} ${route.path}`, route.source]));

/** The page of an operation of api.github.com, as its errors name it. */
export function documentationOf(method: string, path: string): string {
  return pages.get(`${method} ${path}`) ?? rest;
}
