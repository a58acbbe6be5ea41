import { onRepository, type Requirement, requireGranted, roleOf } from "../access.ts";
import type { Api, Call } from "../api.ts";
import { type Body, optionalText, optionalTexts, readBody, requiredText } from "../bodies.ts";
import type { Access, Issue, Repository } from "../entities.ts";
import { forbidden, GitHubError, invalidRequest, notFound, requiresAuthentication } from "../errors.ts";
import { timestamp } from "../identifiers.ts";
import { authorOf, checkedIssueBody, checkedTitle, labelsIn, openIssueIn } from "../issues.ts";
import { paginate } from "../pagination.ts";
import { includesRole } from "../roles.ts";
import { issueView } from "../views/issues.ts";

const issues = (access: Access): Requirement => ({
  permission: "issues",
  access,
  role: "read",
  ...(access === "read" ? { publicly: true } : {}),
});

/** What a pull request has in common with an issue is also for those who may do something with pull requests. */
export const issuesOrPullRequests = (access: Access): Requirement => ({
  ...issues(access),
  alternative: "pull_requests",
});

/** Issues, and pull requests as far as they are issues: https://docs.github.com/rest/issues/issues */
export function issueRoutes(api: Api): void {
  onRepository(api, "GET", "/issues", issuesOrPullRequests("read"), (call, repository) => {
    const found = paginate(call, listed(call, repository));
    return call.json(found.map((issue) => issueView(call.var.data, repository, issue)));
  });

  onRepository(api, "POST", "/issues", issues("write"), async (call, repository) => {
    const { data, now } = call.var;
    const body = await readBody(call);
    const author = authorOf(call.var.caller);
    if (!author) throw requiresAuthentication();
    const text = bodyText(body);
    const issue = openIssueIn(data, repository, {
      title: checkedTitle(requiredText(body, "title")),
      isPullRequest: false,
      author,
      createdAt: timestamp(now),
      ...(text === undefined ? {} : { body: text }),
      // Labels of somebody who may only read are dropped without a word.
      labels: mayEdit(call, repository) ? (optionalTexts(body, "labels") ?? []) : [],
    });
    return call.json(issueView(data, repository, issue), 201);
  });

  onRepository(api, "GET", "/issues/:issue_number", issuesOrPullRequests("read"), (call, repository) =>
    call.json(issueView(call.var.data, repository, openIssue(call, repository, "read"))),
  );

  onRepository(api, "PATCH", "/issues/:issue_number", issuesOrPullRequests("write"), async (call, repository) => {
    const { data, now } = call.var;
    const issue = openIssue(call, repository, "write");
    if (!mayEdit(call, repository) && authorOf(call.var.caller)?.id !== issue.author.id) {
      throw forbidden("Must have admin rights to Repository.");
    }
    const body = await readBody(call);
    const title = optionalText(body, "title");
    const text = bodyText(body);
    const labels = optionalTexts(body, "labels");
    const changed = data.issues.update(issue.id, {
      ...(title === undefined ? {} : { title: checkedTitle(title) }),
      ...(text === undefined ? {} : { body: text }),
      ...(labels === undefined ? {} : { labels: labelsIn(data, repository, labels) }),
      ...stateChange(issue, body, timestamp(now)),
      updatedAt: timestamp(now),
    });
    return call.json(issueView(data, repository, changed));
  });
}

/**
 * The issue of the call's path.
 * @throws GitHubError 404 for none, 403 for a caller who may only do something with pull requests where it is none
 */
export function openIssue(call: Call, repository: Repository, access: Access): Issue {
  const number = Number(call.req.param("issue_number"));
  const found = call.var.data.issues.find((issue) => issue.repositoryId === repository.id && issue.number === number);
  if (!found) throw notFound();
  requireKind(call, repository, found, access);
  return found;
}

/** @throws GitHubError 403 for a caller who may only do something with pull requests where it is none */
export function requireKind(call: Call, repository: Repository, issue: Issue, access: Access): void {
  if (!issue.isPullRequest) requireGranted(call, repository, issues(access));
}

/** Whether the caller may change what others have written. */
export function mayEdit(call: Call, repository: Repository): boolean {
  return includesRole(roleOf(call.var.data, call.var.caller, repository), "write");
}

/** Newest first, open ones where no other state is asked for. */
function listed(call: Call, repository: Repository): Issue[] {
  const state = call.req.query("state") ?? "open";
  const labels = (call.req.query("labels") ?? "").split(",").filter((name) => name !== "");
  return call.var.data.issues
    .filter(
      (issue) =>
        issue.repositoryId === repository.id &&
        (state === "all" || issue.state === state) &&
        labels.every((name) => issue.labels.some((label) => label.toLowerCase() === name.toLowerCase())),
    )
    .sort((left, right) => right.number - left.number);
}

function bodyText(body: Body): string | null | undefined {
  if (body.body === null) return null;
  const text = optionalText(body, "body");
  return text === undefined ? undefined : checkedIssueBody(text);
}

function stateChange(issue: Issue, body: Body, now: string): Partial<Issue> {
  const state = optionalText(body, "state");
  const reason = optionalText(body, "state_reason");
  if (state === undefined || state === issue.state) return {};
  if (state === "open") return { state, stateReason: "reopened", closedAt: null };
  if (state !== "closed") throw invalidRequest(`For 'properties/state', "${state}" is not one of open, closed.`);
  if (reason !== undefined && reason !== "completed" && reason !== "not_planned") {
    throw new GitHubError(422, `Invalid request.\n\n"${reason}" is no reason to close an issue.`);
  }
  return { state, stateReason: reason ?? "completed", closedAt: now };
}
