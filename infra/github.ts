import { request } from "@octokit/request";
import type { RequestError } from "@octokit/request-error";
import type { Repository } from "../src/repository.ts";
import { type Problem, pathText } from "../src/settings/problem.ts";
import type { Settings } from "../src/settings/schema.ts";
import { type RepositoryClaims, type RepositorySubjects, subjectsOf } from "../src/jobs/repository-subjects.ts";
import { nameSubjectPrefix, trustOf } from "../src/jobs/trust.ts";
import { apiAddress } from "./github-address.ts";
import { proxiedFetch } from "./network.ts";

/** What only GitHub knows of a repository, and what of it makes the file wrong. */
export interface GitHubFacts {
  /** How the subjects of the repository's jobs are made. */
  readonly subjects: RepositorySubjects;
  readonly problems: readonly Problem[];
}

/**
 * Asks GitHub how it makes subjects, and whether the environments exist that the file trusts and does not make. A file
 * that pins the prefix needs no answer, and nothing is asked.
 */
export async function askGitHub(repository: Repository, settings: Settings): Promise<GitHubFacts> {
  const { subjectPrefix, subjectTemplate, repositoryId, issuer } = settings;
  const pinned = {
    ...(subjectTemplate === undefined ? {} : { template: subjectTemplate }),
    claims: repositoryId === undefined ? {} : { repository_id: repositoryId },
  };
  if (subjectPrefix !== undefined) return { subjects: subjectsOf(subjectPrefix, pinned), problems: [] };
  const ask = await connect(issuer);
  const guess = subjectsOf(nameSubjectPrefix(repository.owner, repository.name), pinned);
  try {
    const [found, customization, environments, protection] = await Promise.all([
      askRepository(ask, repository),
      askCustomization(ask, repository, subjectTemplate),
      Promise.all(foreignEnvironments(settings).map((place) => environmentProblems(ask, repository, place))),
      protectionProblems(ask, repository, settings),
    ]);
    // A repository that is not there answers every question with the same 404; the first one says it.
    if (found.problems.length > 0) return { subjects: guess, problems: found.problems };
    const { prefix = guess.prefix, template, problems } = customization;
    const subjects = subjectsOf(prefix, { ...(template ? { template } : {}), claims: found.claims });
    return { subjects, problems: [...problems, ...environments.flat(), ...protection] };
  } catch (error) {
    if (!isFailedRequest(error)) throw error;
    return { subjects: guess, problems: [{ path: "repository", text: noAnswer(error) }] };
  }
}

type Ask = typeof request;

/**
 * A client that signs in as the GitHub provider does, and goes where the machine's proxy settings say.
 * @param issuer as the stack's file says it: it tells which GitHub is asked
 */
export async function connect(issuer: string | undefined): Promise<Ask> {
  const { GITHUB_TOKEN, HTTPS_PROXY, https_proxy } = process.env;
  const address = apiAddress(issuer);
  const proxied = HTTPS_PROXY || https_proxy;
  return request.defaults({
    ...(address === undefined ? {} : { baseUrl: address.replace(/\/$/, "") }),
    ...(proxied ? { request: { fetch: await proxiedFetch() } } : {}),
    headers: {
      "x-github-api-version": "2022-11-28",
      ...(GITHUB_TOKEN ? { authorization: `token ${GITHUB_TOKEN}` } : {}),
    },
  });
}

/** Undefined where GitHub answers 404. */
async function found<T>(answer: Promise<{ data: T }>): Promise<T | undefined> {
  try {
    return (await answer).data;
  } catch (error) {
    if ((error as RequestError).status === 404) return undefined;
    throw error;
  }
}

interface RepositoryAnswer {
  readonly claims: RepositoryClaims;
  readonly problems: readonly Problem[];
}

async function askRepository(ask: Ask, { owner, name }: Repository): Promise<RepositoryAnswer> {
  const data = await found(ask("GET /repos/{owner}/{repo}", { owner, repo: name }));
  const written = `${owner}/${name}`;
  const refused = (text: string) => ({ claims: {}, problems: [{ path: "repository", text }] });
  if (data === undefined) {
    return refused(
      `GitHub knows no repository ${written} that this sign-in can see; check the name, and that GITHUB_TOKEN may read it`,
    );
  }
  if (data.full_name.toLowerCase() !== written.toLowerCase()) {
    return refused(`GitHub has moved ${written} to ${data.full_name}; write ${data.full_name}`);
  }
  const claims = {
    repository: data.full_name,
    repository_id: String(data.id),
    repository_owner: data.owner.login,
    repository_owner_id: String(data.owner.id),
    ...(data.visibility === undefined ? {} : { repository_visibility: data.visibility }),
  };
  return { claims, problems: [] };
}

interface CustomizationAnswer {
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
async function askCustomization(
  ask: Ask,
  { owner, name }: Repository,
  pinned: readonly string[] | undefined,
): Promise<CustomizationAnswer> {
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
async function askOrganization(ask: Ask, org: string): Promise<Pick<CustomizationAnswer, "template" | "problems">> {
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
  const ask = await connect(issuer);
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

interface ForeignEnvironment {
  readonly path: string;
  readonly environment: string;
}

/** The environments that the file trusts and leaves to somebody else. */
function foreignEnvironments({ identities, environments }: Settings): ForeignEnvironment[] {
  return Object.entries(identities).flatMap(([identity, { trust }]) =>
    trust.flatMap((entry, index) => {
      const { kind, value } = trustOf(entry);
      if (kind !== "environment" || Object.hasOwn(environments, value)) return [];
      return [{ path: `identities.${identity}.trust[${index}].environment`, environment: value }];
    }),
  );
}

async function environmentProblems(ask: Ask, { owner, name }: Repository, { path, environment }: ForeignEnvironment) {
  const url = "GET /repos/{owner}/{repo}/environments/{environment_name}";
  const data = await found(ask(url, { owner, repo: name, environment_name: environment }));
  if (data === undefined) {
    const text = `GitHub knows no environment "${environment}"; name it under environments to make it, or make it first`;
    return [{ path, text }];
  }
  if (data.name === environment) return [];
  return [
    {
      path,
      text: `got "${environment}", expected "${data.name}"; subjects are case-sensitive: write it as GitHub does`,
    },
  ];
}

/**
 * "Protected branches only" lets every branch deploy where no branch is protected:
 * https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
 */
async function protectionProblems(ask: Ask, { owner, name }: Repository, settings: Settings): Promise<Problem[]> {
  const wanting = Object.entries(settings.environments).filter(([, { deployFrom }]) => deployFrom?.protectedBranches);
  if (wanting.length === 0 || (await hasProtectedBranch(ask, { owner, name }))) return [];
  const text =
    `got true, but ${owner}/${name} has no protected branch, and then GitHub lets every branch deploy; ` +
    "protect a branch first, or name branches";
  return wanting.map(([environment]) => ({
    path: pathText(["environments", environment, "deployFrom", "protectedBranches"]),
    text,
  }));
}

/** A sign-in that may not read branches cannot tell; then nothing is held against the file. */
async function hasProtectedBranch(ask: Ask, { owner, name }: Repository): Promise<boolean> {
  try {
    const url = "GET /repos/{owner}/{repo}/branches";
    const branches = await found(ask(url, { owner, repo: name, protected: true, per_page: 1 }));
    return branches === undefined || branches.length > 0;
  } catch (error) {
    if (isFailedRequest(error) && error.status === 403) return true;
    throw error;
  }
}

/** @octokit/request has one kind of error for refusals and for answers that never came; it is known by its name. */
function isFailedRequest(error: unknown): error is RequestError {
  return error instanceof Error && error.name === "HttpError";
}

/** Why there is no answer to go by. GitHub's own words, without the address of a manual page after them. */
function noAnswer({ status, response, message, request: { url } }: RequestError): string {
  const words = message.replace(/ - https:\/\/\S+$/, "");
  const again = "run it again, or pin feedpass:subjectPrefix";
  if (response === undefined) return `GitHub cannot be reached (${words || "no connection"}); ${again}`;
  const [, site] = /^https:\/\/api\.([^/]+\.ghe\.com)\//.exec(url) ?? [];
  if (status === 401 && site !== undefined) {
    return `GitHub does not accept the sign-in at ${site} (401); set GITHUB_TOKEN to a token of that site, which knows no others`;
  }
  if (status === 401) return "GitHub does not accept the sign-in (401); set GITHUB_TOKEN to a token that is valid";
  if (status === 403 && !/rate limit/i.test(words)) {
    return `GitHub refuses the sign-in (403: ${words}); the token needs to read the repository, its Actions settings and its environments`;
  }
  return `GitHub answered ${status} (${words}); ${again}`;
}
