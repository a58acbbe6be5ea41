import type { RestEndpointMethodTypes } from "@octokit/rest";
import { fullName } from "../accounts.ts";
import type { GitHubData } from "../data.ts";
import type { Author, Issue, IssueComment, Repository } from "../entities.ts";
import { nodeId } from "../identifiers.ts";
import { findLabel } from "../issues.ts";
import type { Site } from "../site.ts";
import { accountView } from "./accounts.ts";

type FullIssue = RestEndpointMethodTypes["issues"]["get"]["response"]["data"];
type FullComment = RestEndpointMethodTypes["issues"]["getComment"]["response"]["data"];

export function issueView(data: GitHubData, repository: Repository, issue: Issue) {
  const { number, repositoryId, isPullRequest } = issue;
  const name = fullName(data, repository);
  const { host, apiHost } = data.site;
  const repositoryUrl = `https://${apiHost}/repos/${name}`;
  const url = `${repositoryUrl}/issues/${number}`;
  const pullRequest = {
    url: `${repositoryUrl}/pulls/${number}`,
    html_url: `https://${host}/${name}/pull/${number}`,
    diff_url: `https://${host}/${name}/pull/${number}.diff`,
    patch_url: `https://${host}/${name}/pull/${number}.patch`,
    merged_at: null,
  };
  return {
    url,
    repository_url: repositoryUrl,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: htmlUrl(data.site, name, issue),
    id: Number(issue.id),
    node_id: nodeId(isPullRequest ? "PR" : "I", repositoryId, issue.id),
    number,
    title: issue.title,
    user: authorView(data.site, issue.author),
    labels: issue.labels.map((label) => labelView(data, repositoryUrl, repositoryId, label)),
    state: issue.state,
    locked: false,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: data.issueComments.filter((comment) => comment.issueId === issue.id).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: "CONTRIBUTOR" as const,
    active_lock_reason: null,
    ...(isPullRequest ? { draft: false, pull_request: pullRequest } : {}),
    body: issue.body,
    closed_by: null,
    state_reason: issue.stateReason,
  } satisfies FullIssue;
}

export function issueCommentView(data: GitHubData, repository: Repository, comment: IssueComment) {
  const name = fullName(data, repository);
  const { apiHost } = data.site;
  const issue = data.issues.get(comment.issueId);
  if (!issue) throw new Error(`comment ${comment.id} has no issue`);
  return {
    url: `https://${apiHost}/repos/${name}/issues/comments/${comment.id}`,
    html_url: `${htmlUrl(data.site, name, issue)}#issuecomment-${comment.id}`,
    issue_url: `https://${apiHost}/repos/${name}/issues/${issue.number}`,
    id: Number(comment.id),
    node_id: nodeId("IC", comment.repositoryId, comment.id),
    user: authorView(data.site, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    author_association: "CONTRIBUTOR" as const,
    performed_via_github_app: null,
  } satisfies FullComment;
}

function authorView(site: Site, author: Author) {
  return { ...accountView(site, author, "User"), type: author.type };
}

function htmlUrl({ host }: Site, name: string, { number, isPullRequest }: Issue): string {
  return `https://${host}/${name}/${isPullRequest ? "pull" : "issues"}/${number}`;
}

function labelView(data: GitHubData, repositoryUrl: string, repositoryId: string, name: string) {
  const label = findLabel(data, repositoryId, name);
  if (!label) throw new Error(`there is no label ${name}`);
  return {
    id: Number(label.id),
    node_id: nodeId("LA", repositoryId, label.id),
    url: `${repositoryUrl}/labels/${encodeURIComponent(name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: null,
  };
}
