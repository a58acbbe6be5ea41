import type { ErrorGroup } from "./known-error.ts";

const python = "https://learn.microsoft.com/azure/devops/artifacts/quickstarts/python-packages";

/** pip and twine. What the service says is better known than what the tools make of it, so these come last. */
export const pythonErrors: ErrorGroup = {
  name: "pip and twine",
  errors: [
    {
      id: "twine 409",
      title: "409 Conflict: The feed already contains file",
      matches:
        /already contains file|PackageAlreadyExistsException|twine[\s\S]*409|409 Client Error[\s\S]*pypi\/upload/i,
      meaning:
        "A file of that name was published before. A feed never takes a version twice, not even after it was deleted.",
      causes: [
        {
          because: "the job ran again for the same version",
          fix: "raise the version, or twine upload --skip-existing where that is meant",
        },
      ],
      sources: ["https://learn.microsoft.com/azure/devops/artifacts/artifacts-key-concepts#immutability"],
    },
    {
      id: "exists in upstream",
      title: "cannot be published to the feed because it exists in at least one of the feed's upstream sources",
      matches: /exists in at least one of the feed's upstream/i,
      meaning: "An upstream source has this version of this name, and a feed does not hide one by the other.",
      causes: [
        {
          because: "a public package has the same name",
          fix: "choose a name of your own, with a prefix of the organization's",
        },
        { because: "the version was saved from the upstream before", fix: "raise the version" },
      ],
      sources: ["https://learn.microsoft.com/azure/devops/artifacts/concepts/upstream-behavior"],
    },
    {
      id: "twine 403",
      title: "403 Forbidden from …/pypi/upload",
      matches: /403[\s\S]{0,200}pypi\/upload|pypi\/upload[\s\S]{0,200}\b403\b/i,
      meaning: "Signed in, and not allowed to publish.",
      causes: [
        {
          because: "the job signs in as an identity that only reads",
          fix: "publish from a job that an identity with the role contributor trusts: npx feedpass access STACK shows which",
        },
      ],
      sources: ["https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions"],
    },
    {
      id: "feed 401",
      title: "401 Unauthorized from pkgs.dev.azure.com",
      matches:
        /401[\s\S]{0,200}pkgs\.dev\.azure\.com|pkgs\.dev\.azure\.com[\s\S]{0,300}\b401\b|401 Error, Credentials not correct/i,
      meaning: "The feed was asked without a sign-in, or with one that the organization does not take.",
      causes: [
        {
          because: "the token is empty or is not in the address: the step that sets it did not run, or in another job",
          fix: "use the action in actions/azure-artifacts in the same job, before pip",
        },
        { because: "the token is older than an hour", fix: "sign in again right before the feed is used" },
        {
          because: "the token is for another resource than Azure DevOps",
          fix: "ask for it with az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798",
        },
        { because: "a keyring answers in its place", fix: "set PIP_KEYRING_PROVIDER=disabled in the job" },
      ],
      sources: [python, "https://github.com/astral-sh/uv/issues/11130"],
    },
    {
      id: "feed 403",
      title: "403 Forbidden from pkgs.dev.azure.com",
      matches: /\b403\b[\s\S]{0,200}pkgs\.dev\.azure\.com|pkgs\.dev\.azure\.com[\s\S]{0,300}\b403\b/i,
      meaning: "Signed in, and the role on the feed is not enough for this.",
      causes: [
        {
          because: "the package is not saved in the feed yet, and the identity is a reader",
          fix: "set identities.NAME.role to collaborator, or write pull: true instead of a role",
        },
        {
          because: "the identity has no role on this feed",
          fix: "use vars.AZURE_ARTIFACTS_INDEX_URL, and apply the stack",
        },
      ],
      sources: ["https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions"],
    },
    {
      id: "No matching distribution",
      title: "No matching distribution found",
      matches: /No matching distribution found|Could not find a version that satisfies the requirement/i,
      meaning:
        "pip found no such package at the index. It says the same when the index refused to answer: look further up for 401 and 403.",
      causes: [
        {
          because: "the index refused the sign-in, and pip only warned",
          fix: "run pip with -v and read the lines with 401 or 403; explain those",
        },
        {
          because: "the version is only at an upstream source, and the identity is a reader, who is not shown it",
          fix: "set identities.NAME.role to collaborator, or write pull: true instead of a role",
        },
        {
          because: "the name is also a private package of the feed, which hides public versions",
          fix: "have an owner of the feed allow external versions for that package",
        },
        {
          because: "no file fits this Python or platform",
          fix: "compare with the files that the feed shows for the package",
        },
      ],
      sources: [python, "https://learn.microsoft.com/azure/devops/artifacts/concepts/upstream-behavior"],
    },
  ],
};
