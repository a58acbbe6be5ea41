import { isOf, type Resource, textOf } from "./resource.ts";

/**
 * Which application stands behind a resource. The way from a feed permission leads over the entitlement and the service
 * principal, or over a group and its members. Where the program passed outputs, the engine knows it, also in a preview;
 * where it passed plain ids, the ids tell.
 */
export interface Identities {
  /** The applications that a credential, a password or a feed permission is for: URNs, or the id where it is not in the stack. */
  of(resource: Resource): ReadonlySet<string>;
}

/** What leads on towards the application, by the kind of resource. */
const links = [
  { kind: "credential", property: "applicationId" },
  { kind: "flexibleCredential", property: "applicationId" },
  { kind: "applicationPassword", property: "applicationId" },
  { kind: "servicePrincipalPassword", property: "servicePrincipalId" },
  { kind: "servicePrincipal", property: "clientId" },
  { kind: "entitlement", property: "originId" },
  { kind: "feedPermission", property: "identityDescriptor" },
  { kind: "group", property: "members" },
  { kind: "groupMembership", property: "members" },
] as const;

/** The outputs by which others name a resource. */
const ids = [
  { kind: "application", properties: ["id", "objectId", "clientId"] },
  { kind: "applicationRegistration", properties: ["id", "objectId", "clientId"] },
  { kind: "servicePrincipal", properties: ["id", "objectId"] },
  { kind: "entitlement", properties: ["id", "descriptor"] },
  { kind: "group", properties: ["id", "descriptor"] },
] as const;

export function identitiesIn(resources: readonly Resource[]): Identities {
  const byId = new Map<string, Resource>();
  for (const resource of resources) {
    for (const { kind, properties } of ids) {
      if (!isOf(resource, kind)) continue;
      for (const property of properties) {
        const id = textOf(resource, property);
        if (id !== undefined) byId.set(plainId(id), resource);
      }
    }
  }
  const memberships = resources.filter((resource) => isOf(resource, "groupMembership"));

  function collect(resource: Resource, found: Set<string>, seen: Set<Resource>): void {
    if (seen.has(resource)) return;
    seen.add(resource);
    if (isOf(resource, "application", "applicationRegistration")) found.add(resource.urn);
    if (isOf(resource, "group")) {
      for (const membership of memberships)
        if (leads(membership, "group").includes(resource)) collect(membership, found, seen);
    }
    const link = links.find(({ kind }) => isOf(resource, kind));
    if (link === undefined) return;
    for (const next of leads(resource, link.property)) collect(next, found, seen);
    for (const id of strayIds(resource, link.property)) {
      found.add(id);
      // A group that is not in the stack, and members that the stack puts in it.
      for (const membership of memberships)
        if (strayIds(membership, "group").includes(id)) collect(membership, found, seen);
    }
  }

  /** The resources of the stack that a property names. */
  function leads(resource: Resource, property: string): Resource[] {
    const bySource = (resource.sources[property] ?? []).filter((source) => ids.some(({ kind }) => isOf(source, kind)));
    const byValue = textsIn(resource, property).flatMap((id) => byId.get(plainId(id)) ?? []);
    return [...new Set([...bySource, ...byValue])];
  }

  /** The ids in a property that name nothing of the stack. */
  function strayIds(resource: Resource, property: string): string[] {
    return textsIn(resource, property)
      .map(plainId)
      .filter((id) => !byId.has(id));
  }

  return {
    of(resource) {
      const found = new Set<string>();
      collect(resource, found, new Set());
      return found;
    },
  };
}

function textsIn({ properties }: Resource, name: string): string[] {
  const value = properties[name];
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string");
}

/** Object ids are written alone, or as `/applications/ID`. */
function plainId(id: string): string {
  return id.replace(/^\/(applications|servicePrincipals)\//i, "").toLowerCase();
}
