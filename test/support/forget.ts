import type { StateResource } from "./project.ts";

interface State {
  readonly deployment: { resources: StoredResource[] };
}

type StoredResource = StateResource & {
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
};

/**
 * A stack's state as if resources had never been in it. `pulumi state delete` does that only where nothing depends on
 * them: here they are taken out of the others' dependencies, too.
 * @param exported what `pulumi stack export` says
 */
export function withoutResources(exported: string, urns: readonly string[]): string {
  const state = JSON.parse(exported) as State;
  const others = (all: readonly string[] | null = []) => (all ?? []).filter((one) => !urns.includes(one));
  state.deployment.resources = state.deployment.resources
    .filter(({ urn }) => !urns.includes(urn))
    .map((one) => ({
      ...one,
      dependencies: others(one.dependencies),
      propertyDependencies: Object.fromEntries(
        Object.entries(one.propertyDependencies ?? {}).map(([property, all]) => [property, others(all)]),
      ),
    }));
  return JSON.stringify(state);
}
