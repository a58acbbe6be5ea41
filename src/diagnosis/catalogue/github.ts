import type { ErrorGroup } from "./known-error.ts";

const oidc = "https://docs.github.com/actions/reference/security/oidc";

/** Workflows, and GitHub's own interface. */
export const githubErrors: ErrorGroup = {
  name: "GitHub",
  errors: [
    {
      id: "id-token: write",
      title: "Unable to get ACTIONS_ID_TOKEN_REQUEST_URL",
      matches:
        /ACTIONS_ID_TOKEN_REQUEST_(URL|TOKEN)|write permissions? to id-token|may not ask GitHub for an ID token/i,
      meaning: "The job may not ask GitHub for an ID token.",
      causes: [
        {
          because: "the job's permissions do not have it",
          fix: "add to the job: permissions: { contents: read, id-token: write }",
        },
        {
          because: "the job is in a reusable workflow, and the caller does not grant it",
          fix: "add the same permissions to the job that calls it",
        },
        {
          because: "the pull request comes from a fork, or from Dependabot: both only read",
          fix: "install without the feed there; for Dependabot see npx feedpass workflow STACK --dependabot",
        },
      ],
      sources: [oidc, "https://github.com/Azure/login/issues/369"],
    },
    {
      id: "No subscriptions found",
      title: "azure/login: No subscriptions found",
      matches: /No subscriptions found/i,
      meaning:
        "The sign-in worked; the identity may do nothing in any Azure subscription, and feeds take no such role.",
      causes: [
        {
          because: "azure/login wants a subscription unless told otherwise",
          fix: "give azure/login the input allow-no-subscriptions: true, and leave subscription-id out",
        },
      ],
      sources: ["https://github.com/Azure/login#readme"],
    },
    {
      id: "Not all values are present",
      title: "azure/login: Not all values are present",
      matches: /Not all values are present|Ensure 'client-id' and 'tenant-id' are supplied/i,
      meaning: "azure/login was given an empty client id or tenant id.",
      causes: [
        {
          because: "the variables are at an environment that the job does not name",
          fix: 'add "environment: NAME" to the job: npx feedpass explain STACK --event EVENT --environment NAME shows where they are',
        },
        {
          because: "the workflow reads them from secrets, where feedpass writes variables",
          fix: "write vars.AZURE_CLIENT_ID and vars.AZURE_TENANT_ID",
        },
        {
          because: "the run is of Dependabot or of a fork, which get no secrets of Actions",
          fix: "read variables, or use Dependabot's own registries: npx feedpass workflow STACK --dependabot",
        },
      ],
      sources: ["https://github.com/Azure/login/issues/402"],
    },
    {
      id: "Resource not accessible",
      title: "403 Resource not accessible by integration, or by personal access token",
      matches: /Resource not accessible by (integration|personal access token)/i,
      meaning: "The token that applies the stack may not do this in the repository.",
      causes: [
        {
          because: "the token is the workflow's own GITHUB_TOKEN, which writes neither variables nor environments",
          fix: "use the token of a GitHub App",
        },
        {
          because: "the app or token lacks a permission",
          fix: "give it Administration (read), Environments, Secrets and Variables (read and write) on the repository",
        },
        { because: "the app is not installed on this repository", fix: "add the repository to its installation" },
      ],
      sources: ["https://docs.github.com/rest/authentication/permissions-required-for-github-apps"],
    },
    {
      id: "secondary rate limit",
      title: "403 or 429: You have exceeded a secondary rate limit",
      matches: /secondary rate limit/i,
      meaning:
        "Too much was written in a short time: GitHub takes about 80 changes of content a minute and 500 an hour.",
      causes: [
        {
          because: "many stacks were applied at once",
          fix: "apply again after the time that Retry-After tells, a minute at least, and fewer side by side",
        },
      ],
      sources: [
        "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits",
      ],
    },
    {
      id: "rate limit",
      title: "403: API rate limit exceeded",
      matches: /API rate limit exceeded/i,
      meaning: "The sign-in has used up its requests for this hour; without a token these are 60 for the address.",
      causes: [
        {
          because: "GITHUB_TOKEN is not set",
          fix: "set GITHUB_TOKEN, or pin feedpass:subjectPrefix so that nothing is asked",
        },
        {
          because: "the token is shared by much else",
          fix: "wait for the time in x-ratelimit-reset, or use a GitHub App",
        },
      ],
      sources: ["https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api"],
    },
    {
      id: "GitHub 422",
      title: "422 Validation Failed",
      matches:
        /\b422\b[\s\S]{0,200}(Validation Failed|Unprocessable|Invalid request|limit exceeded)|(Validation Failed|Unprocessable Entity)/i,
      meaning: "GitHub understood the request and does not take its values.",
      causes: [
        {
          because: "a reviewer of an environment is no collaborator, or a team has no access to the repository",
          fix: "give the team or user read access, or correct environments.NAME.reviewers",
        },
        {
          because: "required reviewers or deployment rules are not part of the plan for private repositories",
          fix: "leave reviewers and waitMinutes out, or move to a plan that has them",
        },
        {
          because: "a limit is reached: 100 secrets or 500 variables in a repository, 100 of each in an environment",
          fix: "remove some that nothing reads",
        },
      ],
      sources: [
        "https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments",
        "https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed",
      ],
    },
    {
      id: "pattern is gone",
      title: "DELETE …/deployment-branch-policies/ID: 404 Not Found",
      matches: /DELETE \S*\/deployment-branch-policies\/\d+: 404/i,
      meaning: "A pattern of an environment, which was to be deleted, is not at GitHub any more.",
      causes: [
        {
          because:
            "deployFrom became protectedBranches, or was taken out: GitHub drops the patterns with that, before they are deleted",
          fix: "run npx feedpass recover STACK, or npx pulumi up --refresh --stack STACK",
        },
        { because: "somebody took it away by hand", fix: "the same" },
      ],
      sources: [
        "https://docs.github.com/rest/deployments/branch-policies",
        "https://github.com/github-community-projects/safe-settings/issues/746",
      ],
    },
  ],
};
