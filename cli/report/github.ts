import { lastAnswer } from "../../infra/github/connect.ts";
import { createGitHubClient, isFailedRequest } from "../../infra/github/client.ts";
import { proxiedFetch } from "../../infra/network.ts";
import { usualPatience } from "../../infra/patience.ts";
import { Failure } from "../failure.ts";
import { complain } from "../output.ts";

/** A comment, or an issue, as far as reports look at it. */
export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly isByBot: boolean;
}

export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

/** One repository's pull requests and issues. */
export interface GitHub {
  /** All of them, oldest first. */
  comments(issue: number): Promise<Comment[]>;
  addComment(issue: number, body: string): Promise<void>;
  changeComment(id: number, body: string): Promise<void>;
  /** Those with a label that are open, oldest first. */
  openIssues(label: string): Promise<Issue[]>;
  /** @returns its number */
  openIssue(issue: Omit<Issue, "number"> & { readonly label: string }): Promise<number>;
  changeIssue(number: number, issue: Omit<Issue, "number">): Promise<void>;
  closeIssue(number: number, reason: "completed" | "not_planned"): Promise<void>;
}

const pageSize = 100;

/**
 * Signs in with GITHUB_TOKEN, and goes where the machine's proxy settings say.
 * @throws Failure without a token, or without a repository
 */
export function connect(repository: string | undefined, environment = process.env): GitHub {
  const { GITHUB_TOKEN, GITHUB_API_URL } = environment;
  if (!GITHUB_TOKEN) throw new Failure("no sign-in to GitHub: set GITHUB_TOKEN, or use --print");
  const [, owner, repo] = /^([^/]+)\/([^/]+)$/.exec(repository ?? "") ?? [];
  if (owner === undefined || repo === undefined) {
    throw new Failure("no repository: set GITHUB_REPOSITORY to OWNER/NAME, or use --print");
  }
  const options = { address: GITHUB_API_URL || undefined, token: GITHUB_TOKEN, fetch: proxiedFetch };
  const client = createGitHubClient(options, { ...usualPatience, limit: longestReport, tell: complain });
  const ask = async (route: string, parameters: Readonly<Record<string, unknown>>) => {
    try {
      return (await client(route, { owner, repo, ...parameters })).data;
    } catch (error) {
      throw isFailedRequest(error) ? new Failure(lastAnswer(error)) : error;
    }
  };

  async function all(route: string, parameters: Readonly<Record<string, unknown>>): Promise<unknown[]> {
    const found: unknown[] = [];
    for (let page = 1; ; page++) {
      const items: unknown[] = await ask(route, { ...parameters, per_page: pageSize, page });
      found.push(...items);
      if (items.length < pageSize) return found;
    }
  }

  return {
    async comments(issue) {
      const found = await all("GET /repos/{owner}/{repo}/issues/{issue}/comments", { issue });
      return (found as CommentData[]).map(({ id, body, user }) => ({
        id,
        body: body ?? "",
        isByBot: user?.type === "Bot",
      }));
    },
    async addComment(issue, body) {
      await ask("POST /repos/{owner}/{repo}/issues/{issue}/comments", { issue, body });
    },
    async changeComment(id, body) {
      await ask("PATCH /repos/{owner}/{repo}/issues/comments/{id}", { id, body });
    },
    async openIssues(label) {
      const route = "GET /repos/{owner}/{repo}/issues";
      const found = (await all(route, {
        labels: label,
        state: "open",
        sort: "created",
        direction: "asc",
      })) as IssueData[];
      return found
        .filter(({ pull_request }) => pull_request === undefined)
        .map(({ number, title, body }) => ({ number, title, body: body ?? "" }))
        .sort((left, right) => left.number - right.number);
    },
    async openIssue({ title, body, label }) {
      const made: IssueData = await ask("POST /repos/{owner}/{repo}/issues", { title, body, labels: [label] });
      return made.number;
    },
    async changeIssue(number, { title, body }) {
      await ask("PATCH /repos/{owner}/{repo}/issues/{number}", { number, title, body });
    },
    async closeIssue(number, reason) {
      await ask("PATCH /repos/{owner}/{repo}/issues/{number}", { number, state: "closed", state_reason: reason });
    },
  };
}

interface CommentData {
  readonly id: number;
  readonly body?: string;
  readonly user: { readonly type: string } | null;
}

interface IssueData {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly pull_request?: object;
}

/** In seconds: a fleet has more to tell than the eighty writes a minute that GitHub takes, and nobody waits for it. */
const longestReport = 600;
