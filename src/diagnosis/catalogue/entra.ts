import { aadsts, type ErrorGroup } from "./known-error.ts";

const codes = "https://learn.microsoft.com/entra/identity-platform/reference-error-codes";
const federation = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations";
const apply = "apply the stack: npx pulumi up --stack STACK";

/** Signing in: what Entra answers to a workflow. */
export const entraErrors: ErrorGroup = {
  name: "Signing in to Entra",
  errors: [
    {
      id: "AADSTS700213",
      title: "No matching federated identity record found for presented assertion subject",
      matches: aadsts(700213, 7002131),
      meaning: "The application has federated credentials, and none of them is for the subject of this job's token.",
      causes: [
        {
          because:
            "the file trusts another branch, tag or environment, or the job names an environment, which replaces its branch in the subject",
          fix: "npx feedpass explain STACK --event EVENT --ref REF shows the subject and the nearest trust entries; add the entry to identities.NAME.trust, or change the job",
        },
        {
          because:
            "the repository's subjects carry ids (repo:OWNER@ID/NAME@ID:…) since it was made, renamed or moved after July 2026, and the credential has names alone",
          fix: "remove feedpass:subjectPrefix so that GitHub is asked, or set feedpass:subjects: both, and apply the stack",
        },
        {
          because: "the stack was changed and not applied, or a moment ago: Entra takes minutes to spread a credential",
          fix: `${apply}; then run the job again after five minutes`,
        },
        {
          because:
            "AZURE_CLIENT_ID is of another identity: a variable of an environment wins over the repository's, and that over the organization's",
          fix: "name the right variable in the workflow, or give identities.NAME.variablePrefix so that both can be there",
        },
        {
          because: "the organization or repository has a subject template of its own",
          fix: "leave feedpass:subjectTemplate out so that GitHub is asked, or pin the present template",
        },
      ],
      sources: [codes, federation, "https://docs.github.com/actions/reference/security/oidc"],
    },
    {
      id: "AADSTS70021",
      title: "No matching federated identity record found for presented assertion",
      matches: aadsts(70021),
      meaning:
        "The older number of AADSTS700213, AADSTS700211 or AADSTS700212: subject, issuer or audience match no credential.",
      causes: [
        {
          because: "the subject is not trusted",
          fix: "npx feedpass explain STACK --event EVENT --ref REF, or give this error together with STACK",
        },
        { because: "the credential is minutes old", fix: "run the job again after five minutes" },
      ],
      sources: [codes, federation],
    },
    {
      id: "AADSTS7002138",
      title: "The subject matches with case-insensitive comparison, but not with case-sensitive comparison",
      matches: aadsts(7002138),
      meaning: "A credential is for this job but for upper and lower case, which counts since August 2024.",
      causes: [
        {
          because: "the repository, branch or environment is written in another way than on GitHub",
          fix: "write feedpass:repository and identities.NAME.trust as GitHub does, and apply the stack",
        },
        {
          because: "the credential was changed in place and Entra still compares with the old one",
          fix: "make it again: npx pulumi up --stack STACK --target-replace URN, with the URN from npx pulumi stack --show-urns",
        },
      ],
      sources: [
        "https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes#august-2024",
        "https://github.com/Azure/login/issues/515",
      ],
    },
    {
      id: "AADSTS700211",
      title: "No matching federated identity record found for presented assertion issuer",
      matches: aadsts(700211),
      meaning: "No credential of the application is for tokens of this GitHub.",
      causes: [
        {
          because:
            "the enterprise has an issuer of its own: https://token.actions.githubusercontent.com/SLUG, or one on ghe.com",
          fix: "set feedpass:issuer to the issuer in the error, list it in feedpass:issuers of Pulumi.yaml, and apply the stack",
        },
        {
          because: "AZURE_CLIENT_ID is of an application that feedpass does not manage",
          fix: "compare it with the stack's output: npx pulumi stack output identities --stack STACK",
        },
      ],
      sources: [
        codes,
        "https://docs.github.com/actions/reference/security/oidc#customizing-the-issuer-value-for-an-enterprise",
      ],
    },
    {
      id: "AADSTS700212",
      title: "No matching federated identity record found for presented assertion audience",
      matches: aadsts(700212),
      meaning: "The token is for another audience than the credential's, which is api://AzureADTokenExchange.",
      causes: [
        {
          because: "the workflow asks for a token without an audience, or for another",
          fix: "ask for audience=api://AzureADTokenExchange; azure/login does so when its input audience is left out",
        },
      ],
      sources: [codes, federation],
    },
    {
      id: "AADSTS70025",
      title: "The client has no configured federated identity credentials",
      matches: aadsts(70025),
      meaning: "The application has no federated credential at all.",
      causes: [
        {
          because: "the identity has signIn: secret in the stack file",
          fix: "set identities.NAME.signIn to both or oidc, and apply the stack",
        },
        { because: "the stack was not applied to the end", fix: apply },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS7000215",
      title: "Invalid client secret provided",
      matches: aadsts(7000215),
      meaning: "The secret is not, or no longer, one of the application's.",
      causes: [
        {
          because: "AZURE_CREDENTIALS was changed by hand, or copied from another identity",
          fix: `${apply}; feedpass writes what was changed by hand back`,
        },
        {
          because: "it holds the id of the secret instead of its value",
          fix: "let feedpass write it, with identities.NAME.signIn: secret",
        },
        {
          because: "the secret was deleted in Entra",
          fix: "npx pulumi refresh --stack STACK, then npx pulumi up --stack STACK",
        },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS7000222",
      title: "The provided client secret keys are expired",
      matches: aadsts(7000222),
      meaning: "The client secret has ended.",
      causes: [
        {
          because: "the day in identities.NAME.secretExpires has passed",
          fix: "set a later day and apply the stack, which makes a new secret",
        },
        { because: "nobody wants to renew it", fix: "leave secrets behind: set identities.NAME.signIn to oidc" },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS700016",
      title: "Application with identifier was not found in the directory",
      matches: aadsts(700016),
      meaning: "The tenant has no such application.",
      causes: [
        {
          because: "AZURE_CLIENT_ID is of an application that was deleted, or of a typing mistake",
          fix: `${apply}; it writes the variable again`,
        },
        { because: "AZURE_TENANT_ID is of another tenant", fix: "compare it with feedpass:tenantId in Pulumi.yaml" },
        {
          because: "the workflow gives the application's object id instead of its client id",
          fix: "use vars.AZURE_CLIENT_ID",
        },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS90002",
      title: "Tenant not found",
      matches: aadsts(90002, 900023),
      meaning: "There is no such tenant.",
      causes: [
        {
          because: "AZURE_TENANT_ID is empty: variables of an environment reach only jobs that name it",
          fix: 'add "environment: NAME" to the job, or trust something else than an environment',
        },
        { because: "feedpass:tenantId is wrong", fix: "correct it in Pulumi.yaml and apply the stack" },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS7000112",
      title: "Application is disabled",
      matches: aadsts(7000112),
      meaning: "An administrator has disabled the application or its service principal.",
      causes: [
        {
          because: "somebody did it on purpose, for example after an incident",
          fix: "ask the tenant's administrators before anything else",
        },
        {
          because: "it was done by mistake",
          fix: "enable it under Enterprise applications, Properties, Enabled for users to sign-in",
        },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS7000229",
      title: "The client application is missing service principal in the tenant",
      matches: aadsts(7000229),
      meaning: "The application is there, and its service principal is not.",
      causes: [
        {
          because: "the service principal was deleted by hand",
          fix: "npx pulumi refresh --stack STACK, then npx pulumi up --stack STACK",
        },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS50105",
      title: "The signed in user is not assigned to a role for the application",
      matches: aadsts(50105),
      meaning: "The resource that the token is for admits only principals that are assigned to it.",
      causes: [
        {
          because: "the token is asked for a resource of your own tenant instead of Azure DevOps",
          fix: "ask for the scope 499b84ac-1321-427f-aa17-267ca6975798/.default",
        },
        {
          because: "an administrator demands assignment for Azure DevOps",
          fix: "assign the service principal to the enterprise application Azure DevOps",
        },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS53003",
      title: "Access has been blocked by Conditional Access policies",
      matches: aadsts(53003, 530034, 53000),
      meaning:
        "A Conditional Access policy for workload identities forbids the sign-in, mostly by the address it comes from.",
      causes: [
        {
          because: "the policy admits only known addresses, and GitHub's runners have none",
          fix: "run the job on runners with a fixed address, or have the policy exclude the service principal",
        },
        {
          because: "the service principal was found to be at risk",
          fix: "have the tenant's administrators look at it under Risky workload identities",
        },
      ],
      sources: [codes, "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity"],
    },
    {
      id: "AADSTS500011",
      title: "The resource principal was not found in the tenant",
      matches: aadsts(500011),
      meaning: "The tenant does not know the resource that the token is for.",
      causes: [
        {
          because: "the Azure DevOps organization is connected to another tenant",
          fix: "set feedpass:tenantId to the tenant under Organization settings, Microsoft Entra",
        },
        { because: "the scope is misspelt", fix: "ask for 499b84ac-1321-427f-aa17-267ca6975798/.default" },
      ],
      sources: [codes],
    },
    {
      id: "AADSTS700024",
      title: "Client assertion is not within its valid time range",
      matches: aadsts(700024),
      meaning: "GitHub's token has ended: it lasts minutes, and is for signing in once.",
      causes: [
        {
          because: "az asks again for a token long after azure/login ran",
          fix: "sign in right before the feed is used, and once more in long jobs",
        },
        { because: "the clock of a self-hosted runner is wrong", fix: "let the runner keep its time by NTP" },
      ],
      sources: [codes],
    },
  ],
};
