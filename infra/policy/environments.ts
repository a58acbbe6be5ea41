import type { EnvironmentProtection } from "../../src/jobs/environment.ts";
import { pullRequestReach } from "../../src/jobs/reach.ts";
import { isTable } from "../../src/table.ts";
import { isOf, type Resource, textOf, unknown } from "./resource.ts";

/** An environment of a stack that the jobs of pull requests get into. */
export interface OpenEnvironment {
  readonly resource: Resource;
  readonly name: string;
  /** Without its owner; undefined where it is not known. */
  readonly repository: string | undefined;
}

/**
 * The environments of a stack that let pull requests in, by the protection that the stack gives them. One of which a
 * preview does not know all is judged in the update.
 */
export function openEnvironments(resources: readonly Resource[]): OpenEnvironment[] {
  const policies = resources.filter((resource) => isOf(resource, "deploymentPolicy", "deploymentBranchPolicy"));
  return resources.flatMap((resource) => {
    const name = textOf(resource, "environment");
    if (!isOf(resource, "environment") || name === undefined) return [];
    const environment = { resource, name, repository: textOf(resource, "repository") };
    const protection = protectionOf(
      resource,
      policies.filter((policy) => isAt(policy, environment)),
    );
    return protection !== undefined && letsPullRequestsIn(protection) ? [environment] : [];
  });
}

/** Whether a policy or a secret is of an environment. */
export function isAt(resource: Resource, environment: OpenEnvironment): boolean {
  const property = isOf(resource, "deploymentBranchPolicy") ? "environmentName" : "environment";
  if (resource.sources[property]?.includes(environment.resource)) return true;
  return (
    isSame(textOf(resource, property), environment.name) &&
    isSame(textOf(resource, "repository"), environment.repository)
  );
}

/** GitHub finds environments and repositories whatever the case. */
function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase();
}

function letsPullRequestsIn(protection: EnvironmentProtection): boolean {
  const trusting = { trust: [{ environment: "it" }], signIn: "oidc" } as const;
  return pullRequestReach(trusting, { environments: { it: protection } }) !== undefined;
}

/** How a stack protects an environment; undefined for what is not known yet. */
function protectionOf({ properties }: Resource, policies: readonly Resource[]): EnvironmentProtection | undefined {
  const { deploymentBranchPolicy: policy } = properties;
  const reviewers = reviewersIn(properties.reviewers);
  if (reviewers === undefined || policy === unknown) return undefined;
  const { protectedBranches, customBranchPolicies } = isTable(policy) ? policy : {};
  if (protectedBranches === unknown || customBranchPolicies === unknown) return undefined;
  if (protectedBranches === true) return { reviewers, deployFrom: { protectedBranches } };
  if (customBranchPolicies !== true) return { reviewers };
  const branches = policies.flatMap(
    (resource) => textOf(resource, isOf(resource, "deploymentBranchPolicy") ? "name" : "branchPattern") ?? [],
  );
  return { reviewers, deployFrom: { branches } };
}

/** Teams and users by their ids, also by those that are not known yet. */
function reviewersIn(value: unknown): { readonly teams: string[]; readonly users: string[] } | undefined {
  const groups = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  const ids = (key: string) => groups.map((group) => (isTable(group) ? (group[key] ?? []) : unknown));
  const [teams, users] = [ids("teams"), ids("users")];
  if ([...teams, ...users].some((list) => !Array.isArray(list))) return undefined;
  return { teams: teams.flat().map(String), users: users.flat().map(String) };
}
