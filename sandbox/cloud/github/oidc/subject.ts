import type { OrganizationSubject, RepositorySubject } from "../entities.ts";

/**
 * Repositories that are created, renamed or transferred from this day on emit immutable subjects
 * (https://docs.github.com/actions/reference/security/oidc#immutable-subject-claims).
 */
const immutableSince = Date.UTC(2026, 6, 15);

/** The keys of the default template. */
export const defaultClaimKeys = ["repo", "context"] as const;

/** Names only, or names with the ids that never change. */
export type SubjectForm = "names" | "immutable";

/** The form that a repository of this age has when nobody chose one. */
export function formAtBirth(createdAt: number): SubjectForm {
  return createdAt >= immutableSince ? "immutable" : "names";
}

/** A rename moves the repository to immutable subjects, and shows in its flag. */
export function subjectAfterRename(subject: RepositorySubject, now: number): RepositorySubject {
  return now < immutableSince ? subject : { ...subject, defaultForm: "immutable", optedIn: true };
}

/** The form that the repository's tokens have now. */
export function subjectForm(repository: RepositorySubject, organization: OrganizationSubject | undefined): SubjectForm {
  const isImmutable =
    repository.defaultForm === "immutable" || repository.optedIn || organization?.useImmutableSubject === true;
  return isImmutable ? "immutable" : "names";
}

/** What makes up the `repo` segment. Names in their canonical spelling. */
export interface SubjectRepository {
  readonly owner: string;
  readonly ownerId: string;
  readonly name: string;
  readonly id: string;
}

/** The `repo` segment, e.g. `repo:octo-org/octo-repo` or `repo:octo-org@123456/octo-repo@456789`. */
export function subjectPrefix({ owner, ownerId, name, id }: SubjectRepository, form: SubjectForm): string {
  return form === "names" ? `repo:${owner}/${name}` : `repo:${owner}@${ownerId}/${name}@${id}`;
}

/** What a subject says of the run: the environment before the pull request, and that before the ref. */
export function subjectContext(job: {
  readonly event: string;
  readonly ref: string;
  readonly environment: string | null;
}): string {
  if (job.environment !== null) return `environment:${escapeColons(job.environment)}`;
  return job.event.startsWith("pull_request") ? "pull_request" : `ref:${escapeColons(job.ref)}`;
}

/** The keys that the repository's subjects are made of. */
export function claimKeysOf(
  repository: RepositorySubject,
  organization: OrganizationSubject | undefined,
): readonly string[] {
  if (repository.useDefault) return defaultClaimKeys;
  return repository.includeClaimKeys ?? organization?.includeClaimKeys ?? defaultClaimKeys;
}

/** The subject cannot be made: its template asks for a claim that the job does not have. */
export class MissingClaimError extends Error {
  constructor(claim: string) {
    super(`the subject needs the claim "${claim}", which the job does not have`);
  }
}

/**
 * The subject by a template: each key with its value, `repo` as the prefix, `context` as the context.
 * @throws MissingClaimError e.g. for `environment` in a job without one
 */
export function buildSubject(
  keys: readonly string[],
  prefix: string,
  context: string,
  claims: Readonly<Record<string, string>>,
): string {
  return keys.map((key) => segment(key, prefix, context, claims)).join(":");
}

function segment(key: string, prefix: string, context: string, claims: Readonly<Record<string, string>>): string {
  if (key === "repo") return prefix;
  if (key === "context") return context;
  const value = claims[key];
  if (value === undefined) throw new MissingClaimError(key);
  return `${key}:${escapeColons(value)}`;
}

function escapeColons(value: string): string {
  return value.replaceAll(":", "%3A");
}
