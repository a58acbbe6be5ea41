import { onRepository } from "../access.ts";
import type { Api, Call } from "../api.ts";
import { readBody, requiredText } from "../bodies.ts";
import type { Access, IssueComment, Repository } from "../entities.ts";
import { forbidden, notFound, requiresAuthentication } from "../errors.ts";
import { newId, timestamp } from "../identifiers.ts";
import { authorOf, checkedComment } from "../issues.ts";
import { paginate } from "../pagination.ts";
import { issueCommentView } from "../views/issues.ts";
import { issuesOrPullRequests, mayEdit, openIssue, requireKind } from "./issues.ts";

const ofIssue = "/issues/:issue_number/comments";
const comment = "/issues/comments/:comment_id";

/** Comments on issues and on pull requests: https://docs.github.com/rest/issues/comments */
export function issueCommentRoutes(api: Api): void {
  onRepository(api, "GET", ofIssue, issuesOrPullRequests("read"), (call, repository) => {
    const { data } = call.var;
    const issue = openIssue(call, repository, "read");
    // Oldest first: in the order in which they were written.
    const comments = data.issueComments.filter((found) => found.issueId === issue.id);
    return call.json(paginate(call, comments).map((found) => issueCommentView(data, repository, found)));
  });

  onRepository(api, "POST", ofIssue, issuesOrPullRequests("write"), async (call, repository) => {
    const { data, now, caller } = call.var;
    const issue = openIssue(call, repository, "write");
    const author = authorOf(caller);
    if (!author) throw requiresAuthentication();
    const createdAt = timestamp(now);
    const made = data.issueComments.insert({
      id: newId(data.issueComments),
      issueId: issue.id,
      repositoryId: repository.id,
      body: checkedComment(requiredText(await readBody(call), "body")),
      author,
      createdAt,
      updatedAt: createdAt,
    });
    data.issues.update(issue.id, { updatedAt: createdAt });
    const view = issueCommentView(data, repository, made);
    return call.json(view, 201, { Location: view.url });
  });

  onRepository(api, "GET", comment, issuesOrPullRequests("read"), (call, repository) =>
    call.json(issueCommentView(call.var.data, repository, openComment(call, repository, "read"))),
  );

  onRepository(api, "PATCH", comment, issuesOrPullRequests("write"), async (call, repository) => {
    const { data, now } = call.var;
    const found = openComment(call, repository, "write");
    requireOwnOrEditor(call, repository, found);
    const body = checkedComment(requiredText(await readBody(call), "body"));
    const changed = data.issueComments.update(found.id, { body, updatedAt: timestamp(now) });
    return call.json(issueCommentView(data, repository, changed));
  });

  onRepository(api, "DELETE", comment, issuesOrPullRequests("write"), (call, repository) => {
    const found = openComment(call, repository, "write");
    requireOwnOrEditor(call, repository, found);
    call.var.data.issueComments.delete(found.id);
    return call.body(null, 204);
  });
}

function openComment(call: Call, repository: Repository, access: Access): IssueComment {
  const { data } = call.var;
  const found = data.issueComments.get(call.req.param("comment_id") ?? "");
  const issue = found && data.issues.get(found.issueId);
  if (!issue || found.repositoryId !== repository.id) throw notFound();
  requireKind(call, repository, issue, access);
  return found;
}

function requireOwnOrEditor(call: Call, repository: Repository, { author }: IssueComment): void {
  if (authorOf(call.var.caller)?.id === author.id || mayEdit(call, repository)) return;
  throw forbidden("Must have admin rights to Repository.");
}
