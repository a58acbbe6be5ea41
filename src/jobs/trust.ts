/**
 * What a workflow job must be for an identity to accept it: one entry of a trust list, as the stack file writes it.
 * Names are exact and case-sensitive; a branch or tag with `*` or `?` is a pattern.
 */
export type TrustEntry =
  | { readonly branch: string }
  | { readonly tag: string }
  | { readonly pullRequest: true }
  | { readonly environment: string }
  /** An environment in the jobs of a reusable workflow alone. */
  | { readonly environment: string; readonly workflow: string }
  /** The branch that a merge queue is for. */
  | { readonly mergeQueue: string }
  /** A reusable workflow with its ref: `contoso/workflows/.github/workflows/publish.yml@refs/heads/main`. */
  | { readonly workflow: string };

/** An entry taken apart: its kind, and the name that it trusts (empty for pull requests). */
export interface Trust {
  readonly kind: "branch" | "tag" | "pullRequest" | "environment" | "mergeQueue" | "workflow";
  readonly value: string;
  /** Of an environment: the reusable workflow that its job must be of; undefined for any. */
  readonly workflow?: string;
}

/** Who signs the tokens of workflow jobs on github.com. https://docs.github.com/actions/reference/security/oidc */
export const githubIssuer = "https://token.actions.githubusercontent.com";

/** The one audience that Entra accepts in public clouds. https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
export const federationAudience = "api://AzureADTokenExchange";

export function trustOf(entry: TrustEntry): Trust {
  if ("branch" in entry) return { kind: "branch", value: entry.branch };
  if ("tag" in entry) return { kind: "tag", value: entry.tag };
  if ("environment" in entry) {
    return {
      kind: "environment",
      value: entry.environment,
      ...("workflow" in entry ? { workflow: entry.workflow } : {}),
    };
  }
  if ("mergeQueue" in entry) return { kind: "mergeQueue", value: entry.mergeQueue };
  if ("workflow" in entry) return { kind: "workflow", value: entry.workflow };
  return { kind: "pullRequest", value: "" };
}

/** The entry in a few words, for people: `branch main`, `pull requests`. */
export function describeTrust(entry: TrustEntry): string {
  const { kind, value, workflow } = trustOf(entry);
  if (kind === "pullRequest") return "pull requests";
  if (workflow !== undefined) return `environment ${value} in workflow ${workflow}`;
  return kind === "mergeQueue" ? `merge queue of ${value}` : `${kind} ${value}`;
}

/** Whether a branch or tag as written is a pattern: git allows neither character in a name. */
export function isPattern(name: string): boolean {
  return /[*?]/.test(name);
}

/** The reusable workflow, with its ref, that the jobs of an entry are of; undefined where that is nothing to it. */
export function workflowOf(entry: TrustEntry): string | undefined {
  return "workflow" in entry ? entry.workflow : undefined;
}

/** Whether no one subject can stand for the entry: it means refs by a pattern. */
export function meansSeveralRefs(entry: TrustEntry): boolean {
  const { kind, value } = trustOf(entry);
  if (kind === "mergeQueue" || kind === "workflow") return true;
  return (kind === "branch" || kind === "tag") && isPattern(value);
}

/**
 * What the subject of a job that the entry means says of the run. A job with an environment has that environment's,
 * whatever its event; a pull request has no ref of its own; a colon in a name is escaped. Several refs are a pattern in
 * which `*` stands for any run of characters, slashes too: every run of a reusable workflow on a branch or tag, and no
 * pull request among them.
 * https://docs.github.com/actions/reference/security/oidc#example-subject-claims
 */
export function contextOf(entry: TrustEntry): string {
  const { kind, value } = trustOf(entry);
  switch (kind) {
    case "branch":
    case "tag":
    case "mergeQueue":
      return `ref:${escapeColons(refOf({ kind, value }))}`;
    case "pullRequest":
      return "pull_request";
    case "environment":
      return `environment:${escapeColons(value)}`;
    case "workflow":
      return "ref:refs/*";
  }
}

/** The ref of a branch, of a tag, or of a merge queue's runs, in full; perhaps a pattern. */
export function refOf({ kind, value }: Trust & { readonly kind: "branch" | "tag" | "mergeQueue" }): string {
  if (kind === "mergeQueue") return `refs/heads/${mergeQueuePattern(value)}`;
  return `refs/${kind === "branch" ? "heads" : "tags"}/${value}`;
}

/** The branches on which a merge queue runs. https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue */
export function mergeQueuePattern(branch: string): string {
  return `gh-readonly-queue/${branch}/pr-*`;
}

/** How GitHub writes a value into a subject. */
export function escapeColons(value: string): string {
  return value.replaceAll(":", "%3A");
}

/**
 * The subject that GitHub puts by default into the token of a job that the entry means.
 * @param prefix what GitHub says for this repository, e.g. `repo:contoso/widgets` or `repo:contoso@1/widgets@2`
 */
export function subjectOf(prefix: string, entry: TrustEntry): string {
  return `${prefix}:${contextOf(entry)}`;
}

/** The subject prefix of a repository whose subjects carry names only, as repositories did until July 2026. */
export function nameSubjectPrefix(owner: string, name: string): string {
  return `repo:${owner}/${name}`;
}
