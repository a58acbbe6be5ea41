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
      ...(await askEnvironment(ask, repository, environment, paths)),
    })),
  );
  return {
    environments: Object.fromEntries(
      answers.flatMap(({ environment, protection }) => (protection === undefined ? [] : [[environment, protection]])),
    ),
    problems: answers.flatMap(({ problems }) => problems),
  };
}

async function askEnvironment(ask: Ask, repository: Repository, environment: string, paths: readonly string[]) {
  const answer = await found(askFor(ask, repository, environment));
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

function askFor(ask: Ask, { owner, name }: Repository, environment: string) {
  return ask("GET /repos/{owner}/{repo}/environments/{environment_name}", {
    owner,
    repo: name,
    environment_name: environment,
  });
}

type EnvironmentAnswer = Awaited<ReturnType<typeof askFor>>["data"] & {
  /** Sent by GitHub, missing in its description. Who does not tell it does as GitHub does by default. */
  readonly can_admins_bypass?: boolean;
};

/**
 * How GitHub protects an environment, as a file would write it.
 * https://docs.github.com/rest/deployments/environments#get-an-environment
 */
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

/** https://docs.github.com/rest/deployments/branch-policies#list-deployment-branch-policies */
async function askPatterns(ask: Ask, { owner, name }: Repository, environment: string) {
  const patterns: { readonly name?: string; readonly type?: string }[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await ask("GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies", {
      owner,
      repo: name,
      environment_name: environment,
      per_page: 100,
      page,
    });
    patterns.push(...data.branch_policies);
    if (data.branch_policies.length === 0 || patterns.length >= data.total_count) break;
  }
  const of = (kind: "branch" | "tag") =>
    patterns.flatMap((pattern) => ((pattern.type ?? "branch") === kind ? (pattern.name ?? []) : []));
  return { branches: of("branch"), tags: of("tag") };
}
