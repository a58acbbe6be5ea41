import type { EnvironmentProtection } from "../../src/jobs/environment.ts";
import type { Repository } from "../../src/repository.ts";
import { type Ask, isFailedRequest, noAnswer } from "../github/connect.ts";
import { askEnvironment, listPolicies } from "../github/environments.ts";

/** The environments that a file keeps. */
export interface KeptEnvironments {
  readonly repository: Repository;
  readonly gitHub: Ask;
  readonly environments: Readonly<Record<string, EnvironmentProtection>>;
}

/**
 * Sees to it, before anybody may use them, that GitHub has the environments as the file protects them. The engine deletes
 * at its end, so until then patterns that the file no longer has match nothing; they stay, so that the provider still
 * finds what it is to delete.
 * @throws Error where GitHub does not protect them so
 */
export async function completeProtection({ repository, gitHub: ask, environments }: KeptEnvironments): Promise<void> {
  try {
    await Promise.all(
      Object.entries(environments).map(([environment, protection]) =>
        Promise.all([
          requireReviewers(ask, repository, environment, protection),
          silenceFormerPatterns(ask, repository, environment, protection),
        ]),
      ),
    );
  } catch (error) {
    throw isFailedRequest(error) ? new Error(noAnswer(error)) : error;
  }
}

/** GitHub leaves reviewers out without a word who were given nothing with the repository. */
async function requireReviewers(
  ask: Ask,
  repository: Repository,
  environment: string,
  { reviewers }: EnvironmentProtection,
): Promise<void> {
  if (reviewers === undefined) return;
  const { protection_rules: rules = [] } =
    (await askEnvironment(ask, repository, environment, { isExpected: true })) ?? {};
  if (rules.some((rule) => "reviewers" in rule && (rule.reviewers?.length ?? 0) > 0)) return;
  throw new Error(
    `GitHub has no reviewers for the environment ${environment}, so that every job would get through; ` +
      `see that they have a role in ${repository.owner}/${repository.name}, and run the up with --refresh`,
  );
}

/** https://docs.github.com/rest/deployments/branch-policies#update-a-deployment-branch-policy */
async function silenceFormerPatterns(
  ask: Ask,
  repository: Repository,
  environment: string,
  { deployFrom }: EnvironmentProtection,
): Promise<void> {
  if (deployFrom === undefined || deployFrom.protectedBranches) return;
  const { branches = [], tags = [] } = deployFrom;
  const policies = await listPolicies(ask, repository, environment);
  if (policies === undefined) {
    throw new Error(
      `GitHub keeps no patterns for the environment ${environment}, so that every branch would get through; ` +
        "run the up with --refresh",
    );
  }
  const former = policies.filter(({ name, type }) => !(type === "tag" ? tags : branches).includes(name));
  await Promise.all(
    former.map(({ id }) =>
      ask("PUT /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies/{branch_policy_id}", {
        owner: repository.owner,
        repo: repository.name,
        environment_name: environment,
        branch_policy_id: id,
        // Nobody can have a branch or tag of this name ready.
        name: `feedpass-takes-this-away/${crypto.randomUUID()}`,
      }),
    ),
  );
}
