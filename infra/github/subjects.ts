import type { Repository } from "../../src/repository.ts";
import { type RepositorySubjects, subjectsOf } from "../../src/jobs/repository-subjects.ts";
import { nameSubjectPrefix } from "../../src/jobs/trust.ts";
import type { Problem } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { type Ask, connect, found, isFailedRequest, noAnswer } from "./connect.ts";

/** How a file alone says that subjects are made: as it pins them, otherwise by the repository's names, as a guess. */
export function subjectsOfFile({ owner, name }: Repository, settings: Settings): RepositorySubjects {
  const { subjectPrefix = nameSubjectPrefix(owner, name), subjectTemplate, repositoryId } = settings;
  return subjectsOf(subjectPrefix, {
    ...(subjectTemplate === undefined ? {} : { template: subjectTemplate }),
    claims: repositoryId === undefined ? {} : { repository_id: repositoryId },
  });
}

export interface Customization {
  /** Undefined from a server that does not tell it. */
  readonly prefix: string | undefined;
  /** Undefined for the default. */
  readonly template: readonly string[] | undefined;
  readonly problems: readonly Problem[];
}

/**
 * The prefix is what GitHub says it is: neither the repository's age nor any flag tells it.
 * https://docs.github.com/rest/actions/oidc
 * @param pinned the template that the file pins: it is not asked for
 */
export async function askCustomization(
  ask: Ask,
  { owner, name }: Repository,
  pinned: readonly string[] | undefined,
): Promise<Customization> {
  const data = await found(ask("GET /repos/{owner}/{repo}/actions/oidc/customization/sub", { owner, repo: name }));
  // No customization, from a server that does not tell the prefix: the default.
  if (data === undefined) return { prefix: undefined, template: pinned, problems: [] };
  const { use_default, include_claim_keys, sub_claim_prefix } = data as typeof data & { sub_claim_prefix?: string };
  const own = use_default ? undefined : include_claim_keys;
  const answer = { prefix: sub_claim_prefix, problems: [] };
  if (pinned !== undefined || use_default) return { ...answer, template: pinned };
  if (own !== undefined && own.length > 0) return { ...answer, template: own };
  return { ...answer, ...(await askOrganization(ask, owner)) };
}

/** The template of the organization is for repositories that gave up the default and have none of their own. */
async function askOrganization(ask: Ask, org: string): Promise<Pick<Customization, "template" | "problems">> {
  try {
    const data = await found(ask("GET /orgs/{org}/actions/oidc/customization/sub", { org }));
    const keys = data?.include_claim_keys ?? [];
    return { template: keys.length > 0 ? keys : undefined, problems: [] };
  } catch (error) {
    if (!isFailedRequest(error) || error.status !== 403) throw error;
    const text =
      `its subjects follow the template of the organization ${org}, which this sign-in may not read; ` +
      "pin it as feedpass:subjectTemplate, or give the token the organization's administration to read";
    return { template: undefined, problems: [{ path: "repository", text }] };
  }
}

/**
 * How GitHub makes subjects for a repository now, under whatever name it has.
 * @param issuer of the tokens that its jobs get, where it is not GitHub's own
 * @returns undefined where there is no such repository for this sign-in, or GitHub does not tell
 * @throws Error where GitHub cannot be asked
 */
export async function askSubjectPrefix({ owner, name }: Repository, issuer: string | undefined) {
  const ask = connect(issuer);
  try {
    const [repository, customization] = await Promise.all([
      found(ask("GET /repos/{owner}/{repo}", { owner, repo: name })),
      askCustomization(ask, { owner, name }, []),
    ]);
    const { prefix } = customization;
    return repository === undefined || prefix === undefined ? undefined : { repository: repository.full_name, prefix };
  } catch (error) {
    throw isFailedRequest(error) ? new Error(noAnswer(error)) : error;
  }
}
