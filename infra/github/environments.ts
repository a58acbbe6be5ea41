import type { EnvironmentProtection } from "../../src/jobs/environment.ts";
import type { Repository } from "../../src/repository.ts";
import type { Problem } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { type Ask, found } from "./connect.ts";
import { at } from "./findings.ts";
import { byWhat, trustedPlaces } from "./places.ts";

/** Environments that a file trusts and leaves to somebody else. */
export interface OtherEnvironments {
  /** Those that are there, by name, as GitHub protects them now. */
  readonly environments: Readonly<Record<string, EnvironmentProtection>>;
  readonly problems: readonly Problem[];
}

/** Asks for each once, and for its patterns where it has some. */
export async function askOtherEnvironments(
  ask: Ask,
  repository: Repository,
  settings: Settings,
): Promise<OtherEnvironments> {
  const others = byWhat(
    trustedPlaces(settings).flatMap(({ trust: { kind, value }, path }) => {
      if (kind !== "environment" || Object.hasOwn(settings.environments, value)) return [];
      return [{ what: value, path: `${path}.environment` }];
    }),
  );
  const answers = await Promise.all(
    [...others].map(async ([environment, paths]) => ({
      environment,
      ...(await askOtherEnvironment(ask, repository, environment, paths)),
    })),
  );
  return {
    environments: Object.fromEntries(
      answers.flatMap(({ environment, protection }) => (protection === undefined ? [] : [[environment, protection]])),
    ),
    problems: answers.flatMap(({ problems }) => problems),
  };
}

async function askOtherEnvironment(ask: Ask, repository: Repository, environment: string, paths: readonly string[]) {
  const answer = await askEnvironment(ask, repository, environment);
  if (answer === undefined) {
    const text = `GitHub knows no environment "${environment}"; name it under environments to make it, or make it first`;
    return { protection: undefined, problems: at(paths, text) };
  }
  if (answer.name !== environment) {
    const text = `got "${environment}", expected "${answer.name}"; subjects are case-sensitive: write it as GitHub does`;
    return { protection: undefined, problems: at(paths, text) };
  }
  return { protection: await protectionOf(ask, repository, answer), problems: [] };
}

function requestEnvironment(ask: Ask, { owner, name }: Repository, environment: string, isExpected = false) {
  return ask("GET /repos/{owner}/{repo}/environments/{environment_name}", {
    owner,
    repo: name,
    environment_name: environment,
    request: { isExpected },
  });
}

type EnvironmentAnswer = Awaited<ReturnType<typeof requestEnvironment>>["data"] & {
  /** Sent by GitHub, missing in its description. Who does not tell it does as GitHub does by default. */
  readonly can_admins_bypass?: boolean;
};

/**
 * Undefined where there is none. https://docs.github.com/rest/deployments/environments#get-an-environment
 * @param isExpected whether it was made, and may not show yet
 */
export async function askEnvironment(
  ask: Ask,
  repository: Repository,
  environment: string,
  { isExpected = false } = {},
): Promise<EnvironmentAnswer | undefined> {
  return found(requestEnvironment(ask, repository, environment, isExpected));
}

/** How GitHub protects an environment, as a file would write it. */
async function protectionOf(
  ask: Ask,
  repository: Repository,
  answer: EnvironmentAnswer,
): Promise<EnvironmentProtection> {
  const { name, protection_rules: rules = [], can_admins_bypass: adminsMayBypass = true } = answer;
  const waitMinutes = rules.flatMap((rule) => ("wait_timer" in rule ? (rule.wait_timer ?? []) : [])).at(0);
  const review = rules.flatMap((rule) => ("reviewers" in rule ? [rule] : [])).at(0);
  const reviewers = (review?.reviewers ?? []).flatMap(({ reviewer }) => reviewer ?? []);
  const teams = reviewers.flatMap((reviewer) => ("slug" in reviewer ? (reviewer.slug ?? []) : []));
  const users = reviewers.flatMap((reviewer) => ("login" in reviewer ? (reviewer.login ?? []) : []));
  const policy = answer.deployment_branch_policy;
  const deployFrom = policy?.protected_branches
    ? ({ protectedBranches: true } as const)
    : policy?.custom_branch_policies
      ? await askPatterns(ask, repository, name)
      : undefined;
  return {
    ...(reviewers.length === 0
      ? {}
      : { reviewers: { ...(teams.length > 0 ? { teams } : {}), ...(users.length > 0 ? { users } : {}) } }),
    preventSelfReview: review?.prevent_self_review ?? false,
    adminsMayBypass,
    ...(waitMinutes === undefined ? {} : { waitMinutes }),
    ...(deployFrom === undefined ? {} : { deployFrom }),
  };
}

async function askPatterns(ask: Ask, repository: Repository, environment: string) {
  const policies = (await listPolicies(ask, repository, environment)) ?? [];
  const of = (kind: "branch" | "tag") => policies.flatMap(({ type, name }) => (type === kind ? [name] : []));
  return { branches: of("branch"), tags: of("tag") };
}

/** A pattern of an environment, as GitHub keeps it. */
export interface Policy {
  readonly id: number;
  readonly name: string;
  readonly type: "branch" | "tag";
}

/**
 * All patterns of an environment; undefined where it has none to go by.
 * https://docs.github.com/rest/deployments/branch-policies#list-deployment-branch-policies
 */
export async function listPolicies(
  ask: Ask,
  { owner, name }: Repository,
  environment: string,
): Promise<readonly Policy[] | undefined> {
  const policies: Policy[] = [];
  const place = { owner, repo: name, environment_name: environment };
  for (let page = 1; ; page += 1) {
    const url = "GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies";
    const data = await found(ask(url, { ...place, per_page: 100, page }));
    if (data === undefined) return undefined;
    policies.push(...data.branch_policies.map(({ id = 0, name = "", type = "branch" }) => ({ id, name, type })));
    if (data.branch_policies.length === 0 || policies.length >= data.total_count) return policies;
  }
}
