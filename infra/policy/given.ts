import type { PolicyResource } from "@pulumi/policy";
import { type Resource, unknown } from "./resource.ts";

/** Resources as the engine hands them to a policy pack, made into those that rules look at. */

export function resourceOf({
  urn,
  type,
  props,
  opts,
}: Pick<PolicyResource, "urn" | "type" | "props"> & {
  readonly opts: Pick<PolicyResource["opts"], "protect">;
}): Resource {
  return { urn, type, isProtected: opts.protect, properties: knownOf(props), sources: {} };
}

/** What of a resource of a stack counts. */
export type GivenResource = Parameters<typeof resourceOf>[0] & {
  readonly propertyDependencies: Readonly<Record<string, readonly { readonly urn: string }[]>>;
};

/** The resources of a stack, and which of them went into which. */
export function resourcesOf(given: readonly GivenResource[]): Resource[] {
  const made = new Map(
    given.map((resource) => [resource.urn, { ...resourceOf(resource), sources: {} as Record<string, Resource[]> }]),
  );
  for (const { urn, propertyDependencies } of given) {
    const resource = made.get(urn);
    if (resource === undefined) continue;
    for (const [property, dependencies] of Object.entries(propertyDependencies)) {
      resource.sources[property] = dependencies.flatMap((dependency) => made.get(dependency.urn) ?? []);
    }
  }
  return [...made.values()];
}

/** The SDK throws where something reads what a preview does not know; rules want to look, and decide. */
function knownOf<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  const read = (key: string): unknown => {
    try {
      return knownOf((value as Record<string, unknown>)[key]);
    } catch {
      return unknown;
    }
  };
  const entries = Object.keys(value).map((key) => [key, read(key)] as const);
  return (Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)) as T;
}
