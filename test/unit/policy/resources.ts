import { type Resource, types, unknown } from "../../../infra/policy/resource.ts";

/** Makes resources as the engine would hand them to the pack. */
export function resource(
  kind: keyof typeof types,
  name: string,
  properties: Readonly<Record<string, unknown>> = {},
  sources: Readonly<Record<string, readonly Resource[]>> = {},
): Resource {
  const type = types[kind];
  return { urn: `urn:pulumi:dev::project::${type}::${name}`, type, isProtected: false, properties, sources };
}

/** An application with its principal and its place in the organization, as a preview knows them: by their sources. */
export function member(name: string) {
  const application = resource("applicationRegistration", name, { displayName: name, clientId: unknown });
  const principal = resource("servicePrincipal", name, { clientId: unknown }, { clientId: [application] });
  const entitlement = resource("entitlement", name, { originId: unknown }, { originId: [principal] });
  return { application, principal, entitlement, all: [application, principal, entitlement] };
}

export function credential(subject: string, application: Resource): Resource {
  return resource("credential", subject, { subject, applicationId: unknown }, { applicationId: [application] });
}

export function flexible(claimsMatchingExpression: string, application: Resource): Resource {
  const sources = { applicationId: [application] };
  return resource("flexibleCredential", "flexible", { claimsMatchingExpression, applicationId: unknown }, sources);
}

export function permission(role: unknown, holder: Resource, name = String(role)): Resource {
  return resource("feedPermission", name, { role, identityDescriptor: unknown }, { identityDescriptor: [holder] });
}

/** An environment of the repository widgets, with policies of its branches and tags where it has some. */
export function environment(
  name: string,
  properties: Readonly<Record<string, unknown>> = {},
  policies: readonly Readonly<Record<string, unknown>>[] = [],
) {
  const made = resource("environment", name, { repository: "widgets", environment: name, ...properties });
  const all = policies.map((policy, index) =>
    resource("deploymentPolicy", `${name}-${index}`, { repository: "widgets", environment: name, ...policy }),
  );
  return { environment: made, all: [made, ...all] };
}

/** The properties of an environment that deploys from patterns. */
export const fromPatterns = { deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true } };
