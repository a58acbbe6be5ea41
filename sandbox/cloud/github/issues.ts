import type { Caller } from "./authentication.ts";
import type { GitHubData } from "./data.ts";
import type { Author, Issue, Label, Repository } from "./entities.ts";
import { type FieldError, validationFailed } from "./errors.ts";
import { newId } from "./identifiers.ts";

/** The most characters that a title, and that a body has. */
const mostCharacters = { title: 256, body: 65_536 } as const;

/** Whose an issue is where nobody is left: https://github.com/ghost. */
export const ghost: Author = { type: "User", id: "10137", login: "ghost" };

/** The bot of the app whose tokens Actions gives to jobs. */
const actionsBot: Author = { type: "Bot", id: "41898282", login: "github-actions[bot]" };

/** As whom the caller writes. Undefined for one that is nobody. */
export function authorOf(caller: Caller): Author | undefined {
  if (caller.kind === "anonymous") return undefined;
  return caller.kind === "installation" ? actionsBot : { type: "User", id: caller.user.id, login: caller.user.login };
}

export interface NewIssue {
  readonly title: string;
  readonly isPullRequest: boolean;
  readonly author: Author;
  readonly createdAt: string;
  /** Default: none. */
  readonly body?: string | null;
  /** Default: none. */
  readonly labels?: readonly string[];
}

/** Opens an issue under the next number. Labels that the repository does not have yet are made. */
export function openIssueIn(data: GitHubData, repository: Repository, issue: NewIssue): Issue {
  const { title, isPullRequest, author, createdAt, body = null, labels = [] } = issue;
  const others = data.issues.filter((found) => found.repositoryId === repository.id);
  return data.issues.insert({
    id: newId(data.issues),
    repositoryId: repository.id,
    number: Math.max(0, ...others.map((found) => found.number)) + 1,
    isPullRequest,
    title,
    body,
    state: "open",
    stateReason: null,
    labels: labelsIn(data, repository, labels),
    author,
    createdAt,
    updatedAt: createdAt,
    closedAt: null,
  });
}

/** The labels by the names that the repository has for them, each once. */
export function labelsIn(data: GitHubData, { id: repositoryId }: Repository, names: readonly string[]): string[] {
  const found = names.map(
    (name) =>
      findLabel(data, repositoryId, name) ??
      data.labels.insert({ id: newId(data.labels), repositoryId, name, color: "ededed" }),
  );
  return [...new Set(found.map((label) => label.name))];
}

export function findLabel(data: GitHubData, repositoryId: string, name: string): Label | undefined {
  const wanted = name.toLowerCase();
  return data.labels.find((label) => label.repositoryId === repositoryId && label.name.toLowerCase() === wanted);
}

/** @throws GitHubError 422 for a body that is longer than GitHub takes */
export function checkedIssueBody(body: string): string {
  return checkedLength(body, mostCharacters.body, {
    resource: "Issue",
    code: "custom",
    field: "body",
    message: `body is too long (maximum is ${mostCharacters.body} characters)`,
  });
}

/** @throws GitHubError 422 for no title, and for one that is longer than GitHub takes */
export function checkedTitle(title: string): string {
  if (title.trim() === "") throw validationFailed({ resource: "Issue", code: "missing_field", field: "title" });
  return checkedLength(title, mostCharacters.title, {
    resource: "Issue",
    code: "custom",
    field: "title",
    message: `title is too long (maximum is ${mostCharacters.title} characters)`,
  });
}

/** @throws GitHubError 422 for no comment, and for one that is longer than GitHub takes */
export function checkedComment(body: string): string {
  const error = { resource: "IssueComment", code: "unprocessable", field: "data" } as const;
  if (body.trim() === "") throw validationFailed({ ...error, message: "Body cannot be blank" });
  const message = `Body is too long (maximum is ${mostCharacters.body} characters)`;
  return checkedLength(body, mostCharacters.body, { ...error, message });
}

function checkedLength(text: string, most: number, error: FieldError): string {
  if ([...text].length > most) throw validationFailed(error);
  return text;
}
