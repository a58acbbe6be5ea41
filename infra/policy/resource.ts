import { nameInUrn } from "../../src/names.ts";

/** A resource as rules look at it, whatever code made it. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  /** `protect` of its options. */
  readonly isProtected: boolean;
  /** What is not there has no key; what a preview cannot know is `unknown`. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** For each property, the resources whose outputs went into it. */
  readonly sources: Readonly<Record<string, readonly Resource[]>>;
}

/** Stands for a value that only the update will tell. */
export const unknown = Symbol("unknown");

/** A property that is text; undefined where it is missing, unknown or something else. */
export function textOf({ properties }: Resource, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" ? value : undefined;
}

/** Something that a rule forbids. */
export interface Violation {
  readonly urn: string;
  /** What is wrong, and the fix. */
  readonly message: string;
}

/** The types that rules know. https://www.pulumi.com/registry/ has the pages of each. */
export const types = {
  application: "azuread:index/application:Application",
  applicationRegistration: "azuread:index/applicationRegistration:ApplicationRegistration",
  servicePrincipal: "azuread:index/servicePrincipal:ServicePrincipal",
  applicationPassword: "azuread:index/applicationPassword:ApplicationPassword",
  servicePrincipalPassword: "azuread:index/servicePrincipalPassword:ServicePrincipalPassword",
  credential: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
  flexibleCredential:
    "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
  entitlement: "azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement",
  group: "azuredevops:index/group:Group",
  groupMembership: "azuredevops:index/groupMembership:GroupMembership",
  feedPermission: "azuredevops:index/feedPermission:FeedPermission",
  environment: "github:index/repositoryEnvironment:RepositoryEnvironment",
  deploymentPolicy: "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
  /** The same for branches alone, by an older name. */
  deploymentBranchPolicy: "github:index/repositoryDeploymentBranchPolicy:RepositoryDeploymentBranchPolicy",
  repositorySecret: "github:index/actionsSecret:ActionsSecret",
  environmentSecret: "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
  organizationSecret: "github:index/actionsOrganizationSecret:ActionsOrganizationSecret",
  dependabotSecret: "github:index/dependabotSecret:DependabotSecret",
  dependabotOrganizationSecret: "github:index/dependabotOrganizationSecret:DependabotOrganizationSecret",
  repositoryVariable: "github:index/actionsVariable:ActionsVariable",
  environmentVariable: "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
  organizationVariable: "github:index/actionsOrganizationVariable:ActionsOrganizationVariable",
} as const;

/** Whether a resource is of one of the types, by their names above. */
export function isOf({ type }: Resource, ...names: readonly (keyof typeof types)[]): boolean {
  return names.some((name) => types[name] === type);
}

/** A resource as people know it: `ApplicationPassword access/legacy/secret`. */
export function nameOf({ urn, type }: Resource): string {
  const kind = Object.values<string>(types).includes(type) ? type.split(":").at(-1) : type;
  return `${kind} ${nameInUrn(urn)}`;
}
