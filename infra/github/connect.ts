import type { RequestError } from "@octokit/request-error";
import { proxiedFetch, whyUnreached } from "../network.ts";
import { runItAgain, usualPatience } from "../patience.ts";
import { apiAddress } from "./address.ts";
import { type Ask, createGitHubClient, isFailedRequest, questionOf } from "./client.ts";

export { type Ask, isFailedRequest } from "./client.ts";

/**
 * A client that signs in as the GitHub provider does, and goes where the machine's proxy settings say.
 * @param issuer as the stack's file says it: it tells which GitHub is asked
 * @param patience how long it goes on asking
 */
export function connect(issuer: string | undefined, patience = usualPatience): Ask {
  const { GITHUB_TOKEN, HTTPS_PROXY, https_proxy } = process.env;
  const address = apiAddress(issuer);
  const fetch = HTTPS_PROXY || https_proxy ? proxiedFetch : undefined;
  return createGitHubClient({ address: address?.replace(/\/$/, ""), token: GITHUB_TOKEN, fetch }, patience);
}

/** What GitHub answers where a sign-in may not know: the question is open, and no verdict on the file. */
export const cannotTell = Symbol("cannot tell");

/** Undefined where GitHub answers 404. */
export async function found<T>(answer: Promise<{ data: T }>): Promise<T | undefined> {
  try {
    return (await answer).data;
  } catch (error) {
    if (isFailedRequest(error) && error.status === 404) return undefined;
    throw error;
  }
}

/** The same, and `cannotTell` where the token lacks a permission (403). */
export async function foundIfPermitted<T>(answer: Promise<{ data: T }>): Promise<T | typeof cannotTell | undefined> {
  try {
    return await found(answer);
  } catch (error) {
    if (isFailedRequest(error) && error.status === 403 && !isRateLimited(error)) return cannotTell;
    throw error;
  }
}

/** Whether something is there, of which an answer may say no more. */
export async function isThere(answer: Promise<unknown>): Promise<boolean | typeof cannotTell> {
  return (await foundIfPermitted(answer.then(() => ({ data: true })))) ?? false;
}

function isRateLimited({ message }: RequestError): boolean {
  return /rate limit/i.test(message);
}

/** Why there is no answer to go by. GitHub's own words, without the address of a manual page after them. */
export function noAnswer(error: RequestError): string {
  const { status, response, request } = error;
  const [, site] = /^https:\/\/api\.([^/]+\.ghe\.com)\//.exec(request.url) ?? [];
  if (status === 401 && site !== undefined) {
    return `GitHub does not accept the sign-in at ${site} (401); set GITHUB_TOKEN to a token of that site, which knows no others`;
  }
  if (status === 401) return "GitHub does not accept the sign-in (401); set GITHUB_TOKEN to a token that is valid";
  if (response !== undefined && status === 403 && !isRateLimited(error)) {
    return `GitHub refuses the sign-in (403: ${wordsOf(error)}); the token needs to read the repository, its Actions settings and its environments`;
  }
  return lastAnswer(error);
}

/** The same whatever was asked for. */
export function lastAnswer(error: RequestError): string {
  const ending = questionOf(error.request)?.ending ?? runItAgain;
  if (error.response === undefined) return `GitHub cannot be reached (${whyUnreached(error)})${ending}`;
  return `GitHub answered ${error.status} (${wordsOf(error)})${ending}`;
}

function wordsOf({ message }: RequestError): string {
  return message.replace(/ - https:\/\/\S+$/, "");
}
