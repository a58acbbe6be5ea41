import type { ErrorGroup } from "./known-error.ts";

const federation = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations";

/** What the providers say when a stack is applied. */
export const providerErrors: ErrorGroup = {
  name: "Applying a stack",
  errors: [
    {
      id: "Authorization_RequestDenied",
      title: "Insufficient privileges to complete the operation",
      matches: /Authorization_RequestDenied|Insufficient privileges to complete the operation/i,
      meaning: "Whoever applies the stack may not do this in the tenant.",
      causes: [
        {
          because: "it has no permission on Microsoft Graph",
          fix: "grant Application.ReadWrite.OwnedBy to its application, with the consent of an administrator",
        },
        {
          because: "it has that permission, and the application belongs to somebody else",
          fix: "make it an owner of the application and of its service principal",
        },
        {
          because: "the consent was given a moment ago",
          fix: "wait some minutes, and sign in again: a token keeps what it was made with",
        },
      ],
      sources: ["https://learn.microsoft.com/graph/permissions-reference#applicationreadwriteownedby"],
    },
    {
      id: "feed permission exists",
      title: "Feed Permission for … already exists",
      matches: /Feed Permission for .* already exists|permission already exists/i,
      meaning:
        "The identity has a role on the feed that the stack did not give, and the provider does not take it over.",
      causes: [
        {
          because: "somebody gave the role by hand, or an earlier up was cut off after it was given",
          fix: "npx pulumi up --stack STACK prints the npx pulumi import that adopts it; or remove it under Feed settings, Permissions",
        },
      ],
      sources: ["https://www.pulumi.com/registry/packages/azuredevops/api-docs/feedpermission/"],
    },
    {
      id: "feed exists",
      title: "409: A feed named … already exists",
      matches: /A feed named '.*' already exists|FeedNameAlreadyExists/i,
      meaning: "The organization or the project has a feed of this name, and the stack is to make it.",
      causes: [
        {
          because: "the feed is somebody else's, or was there before the stack",
          fix: "take create: true out of feedpass:feed to use it as it is",
        },
        {
          because: "the stack is to have it from now on",
          fix: "npx pulumi up --stack STACK prints the npx pulumi import that adopts it",
        },
      ],
      sources: ["https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management/create-feed"],
    },
    {
      id: "feed name reserved",
      title: "409: The feed name … is still reserved by a deleted feed",
      matches: /still reserved by a deleted feed|FeedNotReleased/i,
      meaning: "A feed of this name was deleted, and keeps its name for 30 days in the recycle bin.",
      causes: [
        {
          because: "the deleted feed is wanted again",
          fix: "restore it under Artifacts, Deleted feeds, and take create: true out of feedpass:feed",
        },
        { because: "it is not", fix: "delete it permanently under Artifacts, Deleted feeds, or take another name" },
      ],
      sources: ["https://learn.microsoft.com/azure/devops/artifacts/artifacts-key-concepts"],
    },
    {
      id: "variable exists",
      title: "409: Already exists - Variable already exists",
      matches: /409 Already exists|Variable already exists/i,
      meaning: "GitHub has a variable of this name in this place, and the stack does not know it.",
      causes: [
        {
          because: "somebody set it by hand, before feedpass did",
          fix: "gh variable delete NAME --repo OWNER/REPOSITORY, with --env ENVIRONMENT for one of an environment",
        },
        {
          because: "the stack's state was lost",
          fix: "npx pulumi up --stack STACK prints the npx pulumi import that adopts it",
        },
      ],
      sources: ["https://docs.github.com/rest/actions/variables#create-a-repository-variable"],
    },
    {
      id: "requires import",
      title: "a resource with the ID … already exists",
      matches: /resource with the ID .* already exists|needs to be imported into the State|import it into the state/i,
      meaning: "The service has this already, and the stack's state does not know it.",
      causes: [
        {
          because: "it was made by hand, or by another stack",
          fix: "take it over with npx pulumi import TYPE NAME ID --stack STACK, or delete it",
        },
        {
          because: "the state was lost or is of another backend",
          fix: "npx pulumi whoami --verbose shows the backend; npx feedpass recover STACK rebuilds the state",
        },
      ],
      sources: ["https://www.pulumi.com/docs/iac/guides/migration/import/"],
    },
    {
      id: "credential exists",
      title: "409: FederatedIdentityCredential with name … already exists",
      matches:
        /FederatedIdentityCredential with name .* already exists|combination of issuer and subject must be unique|Request_MultipleObjectsWithSameKeyValue/i,
      meaning: "The application has a credential with this name, or for this subject, that the stack does not know.",
      causes: [
        {
          because: "somebody added it by hand",
          fix: "delete it under App registrations, Certificates & secrets, Federated credentials, and apply the stack again",
        },
        {
          because: "an earlier up was cut off after it was made",
          fix: "npx feedpass recover STACK",
        },
      ],
      sources: [federation],
    },
    {
      id: "InvalidFederatedIdentityCredentialValue",
      title: "Expression either lacks all required claims or contains unallowed claims",
      matches: /lacks all required claims|InvalidFederatedIdentityCredentialValue/i,
      meaning:
        "Entra refuses the expression of a flexible credential: for GitHub it must compare repository_id or repository_owner_id with eq.",
      causes: [
        {
          because: "the credential is not feedpass's own, and has only sub, as older examples show",
          fix: "add and claims['repository_id'] eq 'ID' to the expression",
        },
        {
          because: "the tenant does not have flexible credentials, which are a preview",
          fix: "set feedpass:patterns: environment in the stack file",
        },
      ],
      sources: [
        "https://github.com/hashicorp/terraform-provider-azuread/issues/1901",
        "https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials",
      ],
    },
    {
      id: "Directory_ConcurrencyViolation",
      title: "409: concurrency violation",
      matches: /Directory_ConcurrencyViolation|ConcurrencyViolation/i,
      meaning: "Two changes of one application met each other in Entra.",
      causes: [
        {
          because: "two runs apply the same stack",
          fix: "let one end, then npx pulumi up --stack STACK once more; a concurrency group in the workflow keeps them apart",
        },
      ],
      sources: ["https://github.com/nais/azurerator/issues/448"],
    },
    {
      id: "locked",
      title: "the stack is currently locked by 1 lock(s)",
      matches: /the stack is currently locked by|another update is currently in progress/i,
      meaning: "An engine is at work on the stack, or one that was has been killed. The lock names it, and since when.",
      causes: [
        {
          because: "somebody else, or another run, is at work on it",
          fix: "wait for it, and run it again: npx feedpass fleet up waits for a minute by itself",
        },
        {
          because: "an engine was killed on this machine",
          fix: "npx feedpass recover STACK takes a lock away whose process has ended",
        },
        {
          because: "an engine was killed on another machine, which is gone",
          fix: "npx pulumi cancel STACK, then npx feedpass recover STACK",
        },
      ],
      sources: ["https://www.pulumi.com/docs/iac/cli/commands/pulumi_cancel/"],
    },
    {
      id: "pending operations",
      title: "Attempting to deploy or update resources with N pending operations",
      matches: /pending operations? from previous deployment|interrupted while creating/i,
      meaning:
        "An engine was killed while it made something, and nobody has learned whether it is there. The engine keeps that for ever: neither an up nor a refresh without a terminal clears it.",
      causes: [
        {
          because: "an up was killed, or its machine went away",
          fix: "npx feedpass recover STACK asks the services, imports what is there and clears the rest",
        },
      ],
      sources: ["https://www.pulumi.com/docs/support/troubleshooting/common-issues/interrupted-updates/"],
    },
    {
      id: "checkpoint EOF",
      title: "failed to load checkpoint: EOF",
      matches: /failed to load checkpoint: EOF|^error: EOF$/im,
      meaning: "The file beside a state in a folder, STACK.json.attrs, is empty: a kill came while it was written.",
      causes: [
        { because: "an engine was killed", fix: "npx feedpass recover STACK takes it away; the state is whole" },
      ],
      sources: ["https://github.com/google/go-cloud/blob/master/blob/fileblob/attrs.go"],
    },
    {
      id: "checkpoint",
      title: "failed to load checkpoint: unexpected end of JSON input",
      matches: /failed to load checkpoint(?!: EOF)|unexpected end of JSON input/i,
      meaning: "The stack's state is empty or cut off. What the services have is still there.",
      causes: [
        {
          because: "the disk was full, or somebody wrote to the file",
          fix: "put STACK.json.bak in its place, or an empty state by npx pulumi stack import --stack STACK, as docs/runbook.md says; then npx feedpass recover STACK",
        },
      ],
      sources: ["https://www.pulumi.com/docs/iac/concepts/state-and-backends/"],
    },
    {
      id: "passphrase",
      title: "incorrect passphrase",
      matches: /incorrect passphrase|passphrase must be set with PULUMI_CONFIG_PASSPHRASE/i,
      meaning: "The secrets of the stack's state cannot be read with this passphrase.",
      causes: [
        {
          because: "PULUMI_CONFIG_PASSPHRASE is another one, or is not set",
          fix: "set the one that the stack was made with, or PULUMI_CONFIG_PASSPHRASE_FILE",
        },
        {
          because: "it is lost",
          fix: "import an empty state, as docs/runbook.md says, take encryptionsalt out of the stack file, then npx feedpass fleet up --stacks STACK with another passphrase",
        },
      ],
      sources: ["https://www.pulumi.com/docs/iac/concepts/secrets/#changing-the-secrets-provider-for-a-stack"],
    },
    {
      id: "protected",
      title: "resource cannot be deleted because it is protected",
      matches: /cannot be deleted[\s\S]{0,20}because it is protected|is protected from deletion/i,
      meaning: "The resource cannot be made again with the same id, so the stack protects it.",
      causes: [
        {
          because: "the stack is to go",
          fix: "set feedpass:removable: true in the stack file, npx pulumi up --stack STACK, then npx pulumi destroy --stack STACK",
        },
        {
          because: "an identity was renamed in the file, which for the engine is another",
          fix: "take the old name back",
        },
      ],
      sources: ["https://www.pulumi.com/docs/iac/concepts/resources/options/protect/"],
    },
  ],
};
