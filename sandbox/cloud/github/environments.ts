import type { Call } from "./api.ts";
import { ownerOf } from "./accounts.ts";
import type { Body } from "./bodies.ts";
import { optionalBoolean, optionalInteger } from "./bodies.ts";
import type { GitHubData } from "./data.ts";
import type { DeploymentPolicy, Environment, Repository, Reviewer } from "./entities.ts";
import { invalidRequest, notFound, unprocessable } from "./errors.ts";
import { newId, timestamp } from "./identifiers.ts";
import { grantedRole, roleOfTeam } from "./roles.ts";
import { forgetSecrets } from "./secrets.ts";

/** What a PUT of an environment can say. What it leaves out stays as it is. */
export type EnvironmentSettings = Partial<
  Pick<Environment, "waitTimer" | "reviewers" | "preventSelfReview" | "canAdminsBypass" | "deployFrom">
>;

const longestName = 255;
const longestWait = 43_200;
const mostReviewers = 6;

/** Names of environments are unique in their repository, whatever their case. */
export function findEnvironment(data: GitHubData, repository: Repository, name: string): Environment | undefined {
  const wanted = name.toLowerCase();
  return data.environments.find(
    (environment) => environment.repositoryId === repository.id && environment.name.toLowerCase() === wanted,
  );
}

/** The environment of the call's path. */
export function openEnvironment(call: Call, repository: Repository): Environment {
  const found = findEnvironment(call.var.data, repository, call.req.param("environment_name") ?? "");
  if (!found) throw notFound();
  return found;
}

/**
 * Makes the environment or changes it; what the settings leave out stays, and is off in a new one.
 * @throws GitHubError 422 for a name or a combination that the service refuses
 */
export function putEnvironment(
  data: GitHubData,
  repository: Repository,
  name: string,
  settings: EnvironmentSettings,
  now: number,
): Environment {
  if (name === "" || name.length > longestName) throw unprocessable("Validation Failed: environment name is invalid");
  const present = findEnvironment(data, repository, name);
  const next = { ...(present ?? emptySettings), ...settings };
  if (next.preventSelfReview && next.reviewers.length === 0) {
    throw unprocessable(
      "Failed to create or update the environment protection rule. Required reviewers must have at least one reviewer to set prevent_self_review.",
    );
  }
  checkPlan(data, repository, next);
  if (!present) return data.environments.insert(newEnvironment(data, repository, name, next, now));
  if (present.deployFrom === "custom" && next.deployFrom !== "custom") {
    data.policies.deleteWhere((policy) => policy.environmentId === present.id);
  }
  return data.environments.update(present.id, { ...next, updatedAt: timestamp(now) });
}

/** Removes the environment with its policies, secrets and variables. */
export function deleteEnvironment(data: GitHubData, environment: Environment): void {
  data.policies.deleteWhere((policy) => policy.environmentId === environment.id);
  const scope = environmentScope(environment);
  forgetSecrets(data, scope);
  data.variables.deleteWhere((variable) => variable.scope === scope);
  data.environments.delete(environment.id);
}

/** Where the environment's secrets and variables are kept. */
export function environmentScope(environment: Environment): string {
  return `environment ${environment.id}`;
}

export function policiesOf(data: GitHubData, environment: Environment): DeploymentPolicy[] {
  return data.policies.filter((policy) => policy.environmentId === environment.id);
}

/** The settings that the body asks for (https://docs.github.com/rest/deployments/environments). */
export function readSettings(data: GitHubData, repository: Repository, body: Body): EnvironmentSettings {
  // Null leaves the timer as it is: only zero clears it.
  const waitTimer = body.wait_timer === null ? undefined : optionalInteger(body, "wait_timer");
  if (waitTimer !== undefined && (waitTimer < 0 || waitTimer > longestWait)) {
    throw invalidRequest(`For 'properties/wait_timer', ${waitTimer} is not between 0 and ${longestWait}.`);
  }
  const preventSelfReview = optionalBoolean(body, "prevent_self_review");
  const canAdminsBypass = optionalBoolean(body, "can_admins_bypass");
  const reviewers = body.reviewers === undefined ? undefined : readReviewers(data, repository, body.reviewers);
  return {
    ...(waitTimer !== undefined ? { waitTimer } : {}),
    ...(preventSelfReview !== undefined ? { preventSelfReview } : {}),
    ...(canAdminsBypass !== undefined ? { canAdminsBypass } : {}),
    ...(reviewers !== undefined ? { reviewers } : {}),
    ...(body.deployment_branch_policy === undefined
      ? {}
      : { deployFrom: readBranchPolicy(body.deployment_branch_policy) }),
  };
}

const emptySettings = {
  waitTimer: 0,
  reviewers: [],
  preventSelfReview: false,
  canAdminsBypass: true,
  deployFrom: "all",
} as const;

function newEnvironment(
  data: GitHubData,
  repository: Repository,
  name: string,
  settings: Required<EnvironmentSettings>,
  now: number,
): Environment {
  const id = newId(data.environments);
  return {
    ...settings,
    id,
    repositoryId: repository.id,
    name,
    ruleIds: {
      waitTimer: newId(data.environments),
      reviewers: newId(data.environments),
      branchPolicy: newId(data.environments),
    },
    createdAt: timestamp(now),
    updatedAt: timestamp(now),
  };
}

/** Private repositories have these two rules with GitHub Enterprise only. */
function checkPlan(data: GitHubData, repository: Repository, settings: Required<EnvironmentSettings>): void {
  const owner = ownerOf(data, repository);
  const plan = owner.type === "Organization" ? owner.account.plan : "free";
  if (repository.visibility === "public" || plan === "enterprise") return;
  const rule = settings.reviewers.length > 0 ? "required reviewers" : settings.waitTimer > 0 ? "wait timer" : undefined;
  if (rule === undefined) return;
  throw unprocessable(
    `Failed to create the environment protection rule. Please ensure the billing plan supports the ${rule} protection rule.`,
  );
}

function readBranchPolicy(policy: unknown): Environment["deployFrom"] {
  if (policy === null) return "all";
  const { protected_branches: onlyProtected, custom_branch_policies: custom } = policy as Record<string, unknown>;
  if (typeof onlyProtected !== "boolean" || typeof custom !== "boolean") {
    throw invalidRequest("For 'properties/deployment_branch_policy', both booleans are needed.");
  }
  if (onlyProtected === custom) {
    throw unprocessable('"custom_branch_policies" and "protected_branches" cannot have the same value');
  }
  return custom ? "custom" : "protected";
}

/**
 * The reviewers, each a real user or team. Those who were given nothing with the repository are left out without a
 * word, as the service does (https://github.com/eclipse-csi/otterdog/issues/556).
 */
function readReviewers(data: GitHubData, repository: Repository, value: unknown): readonly Reviewer[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw invalidRequest("For 'properties/reviewers', the value is not an array.");
  if (value.length > mostReviewers) {
    throw unprocessable(
      `Failed to create the environment protection rule. reviewers can have at most ${mostReviewers} reviewers`,
    );
  }
  return value
    .map((item) => readReviewer(data, repository, item as Record<string, unknown>))
    .filter((reviewer) => mayReview(data, repository, reviewer));
}

function readReviewer(data: GitHubData, repository: Repository, item: Record<string, unknown>): Reviewer {
  const { type, id } = item;
  if (type !== "User" && type !== "Team") throw invalidRequest("For 'properties/reviewers', type is not User or Team.");
  const key = String(id);
  const team = type === "Team" ? data.teams.get(key) : undefined;
  const isThere = type === "User" ? data.users.get(key) !== undefined : team?.organizationId === repository.owner.id;
  if (!isThere) throw unprocessable(`Validation Failed: ${type} ${key} could not be found`);
  return { type, id: key };
}

function mayReview(data: GitHubData, repository: Repository, reviewer: Reviewer): boolean {
  if (reviewer.type === "User") return grantedRole(data, reviewer.id, repository) !== "none";
  const team = data.teams.get(reviewer.id);
  return team !== undefined && roleOfTeam(data, team, repository) !== "none";
}
