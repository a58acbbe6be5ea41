import { Octokit } from "@octokit/core";
import type { OctokitOptions } from "@octokit/core/types";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import type { RequestError } from "@octokit/request-error";
import { mostAttempts, type Patience, Question, wasCutOff } from "../patience.ts";

/** Asks GitHub, and throws where it answers with an error, or not at all. */
export type Ask = Octokit["request"];

export interface ClientOptions {
  /** Of the API, without a slash at its end. Default: github.com's. */
  readonly address?: string | undefined;
  /** Default: nobody signs in. */
  readonly token?: string | undefined;
  /** Default: Node's own. */
  readonly fetch?: unknown;
}

/** Which answers are asked for again is one rule for all services: the plugin waits and asks, and has none of its own. */
const everyRefusal = Array.from({ length: 200 }, (_, index) => 400 + index);

/**
 * A client that asks again as GitHub wants it: the throttling plugin keeps within GitHub's limits and waits where one is
 * reached, the retry plugin does the rest.
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export function createGitHubClient({ address, token, fetch }: ClientOptions, patience: Patience): Ask {
  const { second } = patience;
  const mayWait = (seconds: number, options: object) =>
    questionOf(options)?.pauseFor(seconds, "is at its limit") !== undefined;
  const octokit = new PatientOctokit({
    ...(address === undefined ? {} : { baseUrl: address }),
    ...(fetch === undefined ? {} : { request: { fetch } }),
    patience,
    throttle: { onRateLimit: mayWait, onSecondaryRateLimit: mayWait, retryAfterBaseValue: second },
    retry: { doNotRetry: everyRefusal, retryAfterBaseValue: second },
  });
  return octokit.request.defaults({
    headers: {
      "x-github-api-version": "2022-11-28",
      ...(token ? { authorization: `token ${token}` } : {}),
    },
  });
}

// What is hooked first is nearest to the request. Each attempt is judged before the plugins see its error, and a question
// is all of its attempts.
const PatientOctokit = Octokit.plugin(judgeAttempts, throttling, retry, beginQuestions);

function judgeAttempts({ hook }: Octokit) {
  hook.error("request", (error, options) => {
    const question = questionOf(options);
    // How long those take is for the throttling plugin to find out.
    if (!isFailedRequest(error) || question === undefined || isToldLimit(error)) throw error;
    const { response, request } = error;
    const pause =
      response !== undefined || wasCutOff(error)
        ? question.pause({
            method: options.method,
            status: response?.status,
            headers: response?.headers ?? {},
            isExpected: options.request.isExpected === true,
          })
        : undefined;
    // As the retry plugin's own retryRequest() tells it: https://github.com/octokit/plugin-retry.js#readme
    if (pause !== undefined) request.request = { ...request.request, retries: mostAttempts, retryAfter: pause };
    throw error;
  });
}

function beginQuestions({ hook }: Octokit, { patience }: OctokitOptions & { patience?: Patience }) {
  hook.before("request", (options) => {
    if (patience === undefined) return;
    const question = new Question("GitHub", patience);
    options.request = { ...options.request, question, signal: question.signal };
  });
}

/** The question that a request, or its error, belongs to. */
export function questionOf({ request }: { readonly request?: unknown }): Question | undefined {
  const { question } = Object(request) as { question?: unknown };
  return question instanceof Question ? question : undefined;
}

/** @octokit/request has one kind of error for refusals and for answers that never came; it is known by its name. */
export function isFailedRequest(error: unknown): error is RequestError {
  return error instanceof Error && error.name === "HttpError";
}

/** As the throttling plugin knows that a limit was reached. */
function isToldLimit({ status, message, response }: RequestError): boolean {
  if (status !== 403 && status !== 429) return false;
  return /\bsecondary rate\b/i.test(message) || String(response?.headers["x-ratelimit-remaining"]) === "0";
}
