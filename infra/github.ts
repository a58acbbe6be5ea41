import { request } from "@octokit/request";
import type { RequestError } from "@octokit/request-error";
import type { Repository } from "../src/repository.ts";
import type { Problem } from "../src/settings/problem.ts";
import type { Settings } from "../src/settings/schema.ts";
import { nameSubjectPrefix, trustOf } from "../src/trust.ts";

/** What only GitHub knows of a repository, and what of it makes the file wrong. */
export interface GitHubFacts {
  /** How the subjects of the repository's jobs begin, e.g. `repo:contoso@1/widgets@2`. */
  readonly subjectPrefix: string;
  readonly problems: readonly Problem[];
}

/**
 * Asks GitHub for the subject prefix, and whether the environments exist that the file trusts and does not make. A file
 * that pins the prefix needs no answer, and nothing is asked.
 */
export async function askGitHub(repository: Repository, settings: Settings): Promise<GitHubFacts> {
  if (settings.subjectPrefix !== undefined) return { subjectPrefix: settings.subjectPrefix, problems: [] };
  const ask = await connect();
  const guess = nameSubjectPrefix(repository.owner, repository.name);
  try {
    const [moved, subject, environments] = await Promise.all([
      movedProblems(ask, repository),
      askSubject(ask, repository),
      Promise.all(foreignEnvironments(settings).map((place) => environmentProblems(ask, repository, place))),
    ]);
    // A repository that is not there answers every question with the same 404; the first one says it.
    if (moved.length > 0) return { subjectPrefix: guess, problems: moved };
    return { subjectPrefix: subject.prefix ?? guess, problems: [...subject.problems, ...environments.flat()] };
  } catch (error) {
    if (!isFailedRequest(error)) throw error;
    return { subjectPrefix: guess, problems: [{ path: "repository", text: noAnswer(error) }] };
  }
}

type Ask = typeof request;

/** A client that signs in as the GitHub provider does, and goes where the machine's proxy settings say. */
async function connect(): Promise<Ask> {
  const { GITHUB_TOKEN, GITHUB_BASE_URL, HTTPS_PROXY, https_proxy } = process.env;
  const proxied = HTTPS_PROXY || https_proxy;
  return request.defaults({
    ...(GITHUB_BASE_URL ? { baseUrl: GITHUB_BASE_URL.replace(/\/$/, "") } : {}),
    ...(proxied ? { request: { fetch: await proxiedFetch() } } : {}),
    headers: {
      "x-github-api-version": "2022-11-28",
      ...(GITHUB_TOKEN ? { authorization: `token ${GITHUB_TOKEN}` } : {}),
    },
  });
}

/** Node's own fetch does not look at HTTPS_PROXY before Node 24. Loaded only where it is needed. */
async function proxiedFetch() {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent();
  return (url: string, options: object) => fetch(url, { ...options, dispatcher });
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

async function movedProblems(ask: Ask, { owner, name }: Repository): Promise<Problem[]> {
  const data = await found(ask("GET /repos/{owner}/{repo}", { owner, repo: name }));
  const written = `${owner}/${name}`;
  if (data === undefined) {
    const text = `GitHub knows no repository ${written} that this sign-in can see; check the name, and that GITHUB_TOKEN may read it`;
    return [{ path: "repository", text }];
  }
  if (data.full_name.toLowerCase() === written.toLowerCase()) return [];
  return [{ path: "repository", text: `GitHub has moved ${written} to ${data.full_name}; write ${data.full_name}` }];
}

interface SubjectAnswer {
  readonly prefix: string | undefined;
  readonly problems: readonly Problem[];
}

/**
 * The prefix is what GitHub says it is: neither the repository's age nor any flag tells it.
 * https://docs.github.com/rest/actions/oidc
 */
async function askSubject(ask: Ask, { owner, name }: Repository): Promise<SubjectAnswer> {
  const data = await found(ask("GET /repos/{owner}/{repo}/actions/oidc/customization/sub", { owner, repo: name }));
  // No customization, from a server that does not tell the prefix: the default.
  if (data === undefined) return { prefix: undefined, problems: [] };
  const { use_default, include_claim_keys, sub_claim_prefix } = data as typeof data & { sub_claim_prefix?: string };
  const keys = include_claim_keys ?? [];
  const usual = use_default || keys.join() === "repo,context";
  const text =
    `its subjects are made of ${keys.join(", ")}, expected GitHub's default, repo and context; ` +
    "no trust entry would match; set the repository's OIDC subject template back to the default";
  return { prefix: sub_claim_prefix, problems: usual ? [] : [{ path: "repository", text }] };
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

/** @octokit/request has one kind of error for refusals and for answers that never came; it is known by its name. */
function isFailedRequest(error: unknown): error is RequestError {
  return error instanceof Error && error.name === "HttpError";
}

/** Why there is no answer to go by. GitHub's own words, without the address of a manual page after them. */
function noAnswer({ status, response, message }: RequestError): string {
  const words = message.replace(/ - https:\/\/\S+$/, "");
  const again = "run it again, or pin feedpass:subjectPrefix";
  if (response === undefined) return `GitHub cannot be reached (${words || "no connection"}); ${again}`;
  if (status === 401) return "GitHub does not accept the sign-in (401); set GITHUB_TOKEN to a token that is valid";
  if (status === 403 && !/rate limit/i.test(words)) {
    return `GitHub refuses the sign-in (403: ${words}); the token needs to read the repository, its Actions settings and its environments`;
  }
  return `GitHub answered ${status} (${words}); ${again}`;
}
