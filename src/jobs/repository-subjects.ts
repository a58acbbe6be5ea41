import type { Repository } from "../repository.ts";

/** How the subjects of one repository's jobs are made, as GitHub says. */
export interface RepositorySubjects {
  /** The `repo` segment as it is today, e.g. `repo:contoso/widgets` or `repo:contoso@1/widgets@2`. */
  readonly prefix: string;
  /** The claims that subjects are made of, in their order. */
  readonly template: readonly string[];
  /** The claims that are the same for every job of the repository, as far as they are known. */
  readonly claims: RepositoryClaims;
}

/** Claims by which a token tells its repository. All values are text. */
export interface RepositoryClaims {
  readonly repository?: string;
  readonly repository_id?: string;
  readonly repository_owner?: string;
  readonly repository_owner_id?: string;
  /** `public`, `private` or `internal`. */
  readonly repository_visibility?: string;
}

/** What subjects are made of where nobody changed it. https://docs.github.com/actions/reference/security/oidc#customizing-the-subject-claims-for-an-organization-or-repository */
export const defaultTemplate: readonly string[] = ["repo", "context"];

/**
 * The two forms of the `repo` segment: names alone, or names with the ids that no rename changes.
 * https://docs.github.com/actions/reference/security/oidc#immutable-subject-claims
 */
export type SubjectForm = "names" | "ids";

/** The form of a prefix. Neither owners nor repositories have `@` in their names. */
export function formOf(prefix: string): SubjectForm {
  return prefix.includes("@") ? "ids" : "names";
}

const parts = /^repo:([^@/]+)(?:@(\d+))?\/([^@/]+)(?:@(\d+))?$/;

/** The rules of a repository's subjects from its prefix, and from whatever else is known. */
export function subjectsOf(
  prefix: string,
  { template = defaultTemplate, claims = {} }: Partial<Omit<RepositorySubjects, "prefix">> = {},
): RepositorySubjects {
  return { prefix, template, claims: { ...claimsOfPrefix(prefix), ...claims } };
}

/** What a prefix alone tells: the names, and the ids where it has them. */
function claimsOfPrefix(prefix: string): RepositoryClaims {
  const [, owner, ownerId, name, id] = parts.exec(prefix) ?? [];
  return {
    ...(owner === undefined ? {} : { repository_owner: owner, repository: `${owner}/${name}` }),
    ...(ownerId === undefined ? {} : { repository_owner_id: ownerId }),
    ...(id === undefined ? {} : { repository_id: id }),
  };
}

/**
 * The prefix in one of the forms.
 * @returns undefined where the ids are not known that the form needs
 */
export function prefixIn(form: SubjectForm, { prefix, claims }: RepositorySubjects): string | undefined {
  if (form === formOf(prefix)) return prefix;
  const { owner, name } = repositoryOfPrefix(prefix);
  if (form === "names") return `repo:${owner}/${name}`;
  const { repository_owner_id: ownerId, repository_id: id } = claims;
  return ownerId === undefined || id === undefined ? undefined : `repo:${owner}@${ownerId}/${name}@${id}`;
}

function repositoryOfPrefix(prefix: string): Repository {
  const [, owner = "", , name = ""] = parts.exec(prefix) ?? [];
  return { owner, name };
}
