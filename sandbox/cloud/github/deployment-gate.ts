import { findUser } from "./accounts.ts";
import type { GitHubData } from "./data.ts";
import type { DeploymentPolicy, Environment, Repository, User } from "./entities.ts";
import { policiesOf } from "./environments.ts";
import { matchesPattern } from "./fnmatch.ts";
import { hasProtectedBranch, isProtected } from "./protection.ts";
import { roleOfUser } from "./roles.ts";

/** A job that asks to deploy to an environment. */
export interface Deployment {
  /** In full, e.g. `refs/tags/v1.0.0` or `refs/pull/7/merge`. */
  readonly ref: string;
  readonly actor: User;
  /** The login of who approved the deployment. */
  readonly approvedBy: string | undefined;
}

/**
 * Why the environment's protection keeps the job from starting; undefined where it lets it through. The wait timer is
 * taken as elapsed
 * (https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#deployment-protection-rules).
 */
export function refusalOf(
  data: GitHubData,
  repository: Repository,
  environment: Environment,
  deployment: Deployment,
): string | undefined {
  if (!mayDeploy(data, repository, environment, deployment.ref)) {
    const { kind, name } = describeRef(deployment.ref);
    return `${kind} "${name}" is not allowed to deploy to ${environment.name} due to environment protection rules.`;
  }
  return environment.reviewers.length === 0 ? undefined : reviewRefusal(data, repository, environment, deployment);
}

function mayDeploy(data: GitHubData, repository: Repository, environment: Environment, ref: string): boolean {
  switch (environment.deployFrom) {
    case "all":
      return true;
    case "protected": {
      // Without any protected branch, every branch may deploy.
      if (!hasProtectedBranch(data, repository)) return true;
      const name = ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;
      return name !== undefined && isProtected(data, { repositoryId: repository.id, kind: "branch", name });
    }
    case "custom":
      return policiesOf(data, environment).some((policy) => lets(policy, ref));
  }
}

function lets(policy: DeploymentPolicy, ref: string): boolean {
  const folder = policy.type === "tag" ? "refs/tags/" : "refs/heads/";
  if (ref.startsWith(folder)) return matchesPattern(policy.name, ref.slice(folder.length));
  return policy.type === "branch" && ref.startsWith("refs/pull/") && matchesPattern(policy.name, ref);
}

function describeRef(ref: string) {
  const [, folder, ...name] = ref.split("/");
  return { kind: folder === "tags" ? "Tag" : "Branch", name: name.join("/") };
}

function reviewRefusal(
  data: GitHubData,
  repository: Repository,
  environment: Environment,
  { actor, approvedBy }: Deployment,
): string | undefined {
  const waiting = `The deployment to ${environment.name} is waiting for review.`;
  const approver = approvedBy === undefined ? undefined : findUser(data, approvedBy);
  if (!approver) return waiting;
  if (environment.canAdminsBypass && roleOfUser(data, approver.id, repository) === "admin") return undefined;
  if (environment.preventSelfReview && approver.id === actor.id) return waiting;
  const isReviewer = environment.reviewers.some(({ type, id }) =>
    type === "User" ? id === approver.id : (data.teams.get(id)?.memberIds.includes(approver.id) ?? false),
  );
  return isReviewer ? undefined : waiting;
}
