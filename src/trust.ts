/**
 * What a workflow job must be for an identity to accept it: one entry of a trust list, as the stack file writes it.
 * Names are exact and case-sensitive.
 */
export type TrustEntry =
  | { readonly branch: string }
  | { readonly tag: string }
  | { readonly pullRequest: true }
  | { readonly environment: string };

/** An entry taken apart: its kind, and the name that it trusts (empty for pull requests). */
export interface Trust {
  readonly kind: "branch" | "tag" | "pullRequest" | "environment";
  readonly value: string;
}

/** Who signs the tokens of workflow jobs on github.com. https://docs.github.com/actions/reference/security/oidc */
export const githubIssuer = "https://token.actions.githubusercontent.com";

/** The one audience that Entra accepts in public clouds. https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
export const federationAudience = "api://AzureADTokenExchange";

export function trustOf(entry: TrustEntry): Trust {
  if ("branch" in entry) return { kind: "branch", value: entry.branch };
  if ("tag" in entry) return { kind: "tag", value: entry.tag };
  if ("environment" in entry) return { kind: "environment", value: entry.environment };
  return { kind: "pullRequest", value: "" };
}

/** The entry in a few words, for people: `branch main`, `pull requests`. */
export function describeTrust(entry: TrustEntry): string {
  const { kind, value } = trustOf(entry);
  return kind === "pullRequest" ? "pull requests" : `${kind} ${value}`;
}

/**
 * The subject that GitHub puts into the token of a job that the entry means. A job with an environment has that
 * environment's subject, whatever its event; a pull request has no ref of its own; a colon in a name is escaped.
 * @param prefix what GitHub says for this repository, e.g. `repo:contoso/widgets` or `repo:contoso@1/widgets@2`
 * https://docs.github.com/actions/reference/security/oidc#example-subject-claims
 */
export function subjectOf(prefix: string, entry: TrustEntry): string {
  const { kind, value } = trustOf(entry);
  const escaped = value.replaceAll(":", "%3A");
  switch (kind) {
    case "branch":
      return `${prefix}:ref:refs/heads/${escaped}`;
    case "tag":
      return `${prefix}:ref:refs/tags/${escaped}`;
    case "pullRequest":
      return `${prefix}:pull_request`;
    case "environment":
      return `${prefix}:environment:${escaped}`;
  }
}

/** The subject prefix of a repository whose subjects carry names only, as repositories did until July 2026. */
export function nameSubjectPrefix(owner: string, name: string): string {
  return `repo:${owner}/${name}`;
}
