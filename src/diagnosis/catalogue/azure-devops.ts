import type { ErrorGroup } from "./known-error.ts";

const permissions = "https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions";
const principals =
  "https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity";
const apply = "apply the stack: npx pulumi up --stack STACK";

/** Using a feed, and managing who may. */
export const azureDevOpsErrors: ErrorGroup = {
  name: "Azure DevOps and its feeds",
  errors: [
    {
      id: "AddUpstreamPackage",
      title: "You need to have 'AddUpstreamPackage'",
      matches: /AddUpstreamPackage/,
      meaning: "The package is not saved in the feed yet, and a reader cannot save it there from an upstream source.",
      causes: [
        {
          because: "the identity has the role reader, and the package or version is new to the feed",
          fix: "set identities.NAME.role to collaborator, or write pull: true instead of a role",
        },
        {
          because: "pull requests read with it, which must not save",
          fix: "install the new package once with an identity that saves, from a branch; it stays in the feed",
        },
      ],
      sources: [permissions, "https://learn.microsoft.com/azure/devops/artifacts/concepts/upstream-sources"],
    },
    {
      id: "AddPackage",
      title: "You need to have 'AddPackage'",
      matches: /'?\bAddPackage\b'?/,
      meaning: "The identity may not publish to the feed.",
      causes: [
        {
          because: "the job signs in as an identity that only reads",
          fix: "publish from a job that an identity with the role contributor trusts: npx feedpass access STACK shows which",
        },
        {
          because: "the role was changed by hand in the feed's settings",
          fix: `${apply} after npx pulumi refresh --stack STACK`,
        },
      ],
      sources: [permissions],
    },
    {
      id: "ReadPackages",
      title: "You need to have 'ReadPackages'",
      matches: /'?\bReadPackages\b'?/,
      meaning: "Signed in, and not allowed to see the feed.",
      causes: [
        {
          because: "the stack was not applied to the end, or the role was taken away by hand",
          fix: `npx pulumi refresh --stack STACK, then ${apply}`,
        },
        { because: "the address is of another feed than the stack file's", fix: "use vars.AZURE_ARTIFACTS_INDEX_URL" },
        {
          because: "the feed is of a project that the identity is no member of",
          fix: "set feed.project in the stack file; feedpass then makes the identity one of the project's readers",
        },
      ],
      sources: [permissions],
    },
    {
      id: "TF400813",
      title: "The user is not authorized to access this resource",
      matches: /TF400813/,
      meaning:
        "The organization does not take the sign-in: it is of nobody it knows. For the user aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa nobody signed in.",
      causes: [
        { because: "the service principal is not in the organization: it has no entitlement", fix: apply },
        {
          because: "the token is for another resource, such as management.azure.com",
          fix: "ask for it with az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798",
        },
        {
          because: "the index address has no credentials in it, or the variable with the token was empty",
          fix: "use the action in actions/azure-artifacts, or look where the token is set",
        },
        {
          because: "the organization is connected to another tenant than the service principal's",
          fix: "compare feedpass:tenantId with Organization settings, Microsoft Entra",
        },
      ],
      sources: [principals, "https://github.com/microsoft/terraform-provider-azuredevops/issues/901"],
    },
    {
      id: "Feed does not exist",
      title: "The feed with ID '…' doesn't exist",
      matches:
        /feed with ID .{0,120}(doesn't|does not) exist|FeedIdNotFoundException|there is no feed \S+ that this sign-in can see/i,
      meaning: "There is no such feed where it was looked for, or the sign-in may not see it.",
      causes: [
        {
          because: "the feed is of a project, and was looked for in the organization, or the other way round",
          fix: "set feed.project in the stack file, or leave it out; the address in the feed's Connect to feed shows which",
        },
        {
          because: "whoever applies the stack cannot see the feed",
          fix: "make it an owner of the feed: it has to change who may use it",
        },
        { because: "the feed is not there yet", fix: "set feed.create: true, or make the feed first" },
      ],
      sources: [
        "https://learn.microsoft.com/azure/devops/artifacts/quickstarts/python-packages",
        "https://github.com/microsoft/terraform-provider-azuredevops/issues/1349",
      ],
    },
    {
      id: "TF200016",
      title: "The following project does not exist",
      matches: /TF200016/,
      meaning: "The organization has no project of that name that the sign-in can see.",
      causes: [
        { because: "the name is misspelt, or the project was renamed", fix: "correct feed.project in the stack file" },
        {
          because: "whoever applies the stack is no member of the project",
          fix: "add it to the project, for example to its administrators",
        },
      ],
      sources: ["https://learn.microsoft.com/azure/devops/organizations/projects/about-projects"],
    },
    {
      id: "VS800075",
      title: "The project with id does not exist, or you do not have permission to access it",
      matches: /VS800075/,
      meaning: "The project was deleted, or the sign-in has no access to it.",
      causes: [
        { because: "whoever applies the stack is no member of the project", fix: "add it to the project" },
        {
          because: "the project was deleted and made again with another id",
          fix: "npx pulumi refresh --stack STACK, then npx pulumi up --stack STACK",
        },
      ],
      sources: ["https://learn.microsoft.com/azure/devops/organizations/security/permissions"],
    },
    {
      id: "5005",
      title: "(5005) Failed to assign license",
      matches: /\(5005\)|Failed to assign licen[sc]e/i,
      meaning: "The organization has no free licence of the kind that the identity asks for.",
      causes: [
        {
          because: "the identity asks for express, which is Basic, and all are taken",
          fix: "remove identities.NAME.licence: stakeholder, the default, is free and is enough for feeds",
        },
        {
          because: "Basic is really wanted",
          fix: "buy one under Organization settings, Billing, or take one from somebody",
        },
      ],
      sources: [
        "https://github.com/microsoft/terraform-provider-azuredevops/issues/1036",
        "https://learn.microsoft.com/azure/devops/organizations/security/stakeholder-access",
      ],
    },
    {
      id: "5000",
      title: "(5000) VS403283: Could not add user at this time",
      matches: /\(5000\)|VS403283/,
      meaning: "The organization could not take the service principal in.",
      causes: [
        {
          because: "Entra has not spread the new service principal yet",
          fix: "npx pulumi up --stack STACK once more, after a minute",
        },
        {
          because: "the id is that of the application, not of its service principal",
          fix: "give FeedMembership the service principal's object id",
        },
        {
          because: "the service principal is of another tenant than the organization's",
          fix: "set feedpass:tenantId to the tenant under Organization settings, Microsoft Entra",
        },
      ],
      sources: [principals],
    },
    {
      id: "Add Users",
      title: "Access Denied: … needs the following permission(s) … Add Users",
      matches: /\(5032\)|Access Denied:.*needs the following permission/is,
      meaning: "Whoever applies the stack may not do this in the organization.",
      causes: [
        {
          because: "it is no Project Collection Administrator, which adding service principals takes",
          fix: "add it under Organization settings, Permissions, Project Collection Administrators",
        },
      ],
      sources: ["https://github.com/microsoft/terraform-provider-azuredevops/issues/86", principals],
    },
  ],
};
