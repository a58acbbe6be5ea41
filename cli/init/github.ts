import { z } from "zod";
import type { Network, NetworkAnswer } from "../../infra/network.ts";
import type { Repository } from "../../src/repository.ts";
import { Failure } from "../failure.ts";

/** What GitHub says of a repository. */
export interface RepositoryFacts {
  /** As GitHub writes it: `contoso/widgets` */
  readonly fullName: string;
  readonly defaultBranch: string;
  /** Undefined where the sign-in may not see them. */
  readonly environments: readonly EnvironmentFacts[] | undefined;
}

export interface EnvironmentFacts {
  readonly name: string;
  /** What stands before it, in words; none for an environment that every job may use. */
  readonly protection: readonly string[];
}

const repositoryAnswer = z.object({ full_name: z.string(), default_branch: z.string(), archived: z.boolean() });

const environmentsAnswer = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      protection_rules: z
        .array(
          z.object({ type: z.string(), wait_timer: z.number().optional(), reviewers: z.array(z.unknown()).optional() }),
        )
        .default([]),
      deployment_branch_policy: z
        .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
        .nullish(),
    }),
  ),
});

const policiesAnswer = z.object({
  branch_policies: z.array(z.object({ name: z.string(), type: z.string().default("branch") })),
});

/**
 * Asks GitHub for a repository and its environments.
 * @param environment whose GITHUB_TOKEN and GITHUB_BASE_URL are used
 * @throws Failure where GitHub does not know it, or refuses the sign-in
 */
export async function askRepository(
  network: Network,
  { owner, name }: Repository,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RepositoryFacts> {
  const { GITHUB_TOKEN, GITHUB_BASE_URL } = environment;
  const base = (GITHUB_BASE_URL || "https://api.github.com").replace(/\/$/, "");
  const path = `${base}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
  const headers = {
    accept: "application/vnd.github+json",
    "user-agent": "feedpass",
    "x-github-api-version": "2022-11-28",
    ...(GITHUB_TOKEN ? { authorization: `token ${GITHUB_TOKEN}` } : {}),
  };
  const found = await network(path, { headers });
  if (found.status !== 200) throw new Failure(refusal(found, `${owner}/${name}`, Boolean(GITHUB_TOKEN)));
  const repository = repositoryAnswer.parse(found.body);
  if (repository.archived) {
    throw new Failure(`${repository.full_name} is archived: GitHub runs no workflow of it, and keeps it as it is`);
  }
  const listed = await network(`${path}/environments?per_page=100`, { headers });
  const environments = listed.status === 200 ? environmentsAnswer.parse(listed.body).environments : undefined;
  return {
    fullName: repository.full_name,
    defaultBranch: repository.default_branch,
    environments:
      environments &&
      (await Promise.all(
        environments.map(async ({ name, protection_rules, deployment_branch_policy: policy }) => {
          const url = `${path}/environments/${encodeURIComponent(name)}/deployment-branch-policies?per_page=100`;
          const patterns = policy?.custom_branch_policies ? await network(url, { headers }) : undefined;
          const from = patterns?.status === 200 ? policiesAnswer.parse(patterns.body).branch_policies : [];
          return { name, protection: protectionWords(protection_rules, policy?.protected_branches === true, from) };
        }),
      )),
  };
}

function protectionWords(
  rules: readonly { type: string; wait_timer?: number | undefined; reviewers?: readonly unknown[] | undefined }[],
  onlyProtected: boolean,
  patterns: readonly { readonly name: string; readonly type: string }[],
): string[] {
  const words = rules.flatMap(({ type, wait_timer = 0, reviewers = [] }) => {
    if (type === "required_reviewers")
      return [`approval by ${reviewers.length === 1 ? "1 reviewer" : `one of ${reviewers.length} reviewers`}`];
    return type === "wait_timer" ? [`a wait of ${wait_timer} minutes`] : [];
  });
  const from = patterns.map(({ name, type }) => `${type} ${name}`);
  return [
    ...words,
    ...(onlyProtected ? ["only from protected branches"] : []),
    ...(from.length > 0 ? [`only from ${from.join(", ")}`] : []),
  ];
}

function refusal({ status, body }: NetworkAnswer, repository: string, hasToken: boolean): string {
  if (status === 404) {
    const why = hasToken
      ? "that this sign-in can see; check the name, and GITHUB_TOKEN"
      : "that is public; a private one needs GITHUB_TOKEN";
    return `GitHub knows no repository ${repository} ${why}`;
  }
  if (status === 401) return "GitHub does not accept the sign-in (401); set GITHUB_TOKEN to a token that is valid";
  const message = z.object({ message: z.string() }).safeParse(body).data?.message;
  return `GitHub answered ${status}${message === undefined ? "" : ` (${message})`}; run it again`;
}
