import type { RepositorySubjects } from "./repository-subjects.ts";
import { contextOf, escapeColons, meansSeveralRefs, refOf, type TrustEntry, trustOf, workflowOf } from "./trust.ts";

/** What is known of a claim in the tokens of the jobs that a trust entry means. */
export type ClaimKnowledge =
  | { readonly kind: "exact" | "pattern"; readonly value: string }
  /** It may be anything. */
  | { readonly kind: "any" }
  /** These jobs do not have it. */
  | { readonly kind: "none" };

/** One part of a subject: `repo:contoso/widgets`, `ref:refs/tags/v*`, `job_workflow_ref:*`. */
export interface SubjectSegment {
  readonly key: string;
  /** As it stands in the subject, with `*` for what may be anything. */
  readonly text: string;
  readonly kind: "exact" | "pattern" | "any";
}

/** The subjects of the jobs that an entry means, taken apart; or the claim that these jobs would need and do not have. */
export type MintedSubject =
  | { readonly segments: readonly SubjectSegment[]; readonly missing: undefined }
  | { readonly segments: undefined; readonly missing: string };

/**
 * Makes the subject as GitHub does: each key of the template with its value, `repo` as the prefix, `context` as the
 * context, a colon in a value escaped.
 * https://docs.github.com/actions/reference/security/oidc#customizing-the-subject-claims-for-an-organization-or-repository
 */
export function mintSubject({ prefix, template, claims }: RepositorySubjects, entry: TrustEntry): MintedSubject {
  const segments: SubjectSegment[] = [];
  for (const key of template) {
    const known = knowledgeOf(key, entry, claims);
    if (known.kind === "none") return { segments: undefined, missing: key };
    segments.push(key === "repo" ? { key, text: prefix, kind: "exact" } : segmentOf(key, known));
  }
  return { segments, missing: undefined };
}

function segmentOf(key: string, known: Exclude<ClaimKnowledge, { kind: "none" }>): SubjectSegment {
  if (known.kind === "any") return { key, text: `${key}:*`, kind: "any" };
  const text = key === "context" ? known.value : `${key}:${escapeColons(known.value)}`;
  return { key, text, kind: known.kind };
}

/** What a subject template's key stands for in the jobs that an entry means. */
function knowledgeOf(key: string, entry: TrustEntry, claims: RepositorySubjects["claims"]): ClaimKnowledge {
  const known = new Map(Object.entries(claims)).get(key);
  if (known !== undefined) return { kind: "exact", value: known };
  const { kind, value } = trustOf(entry);
  const several = meansSeveralRefs(entry) ? "pattern" : "exact";
  switch (key) {
    case "repo":
      return { kind: "any" };
    case "context":
      return { kind: several, value: contextOf(entry) };
    case "ref":
      if (kind !== "branch" && kind !== "tag" && kind !== "mergeQueue") return { kind: "any" };
      return { kind: several, value: refOf({ kind, value }) };
    case "ref_type":
      if (kind === "tag") return { kind: "exact", value: "tag" };
      return kind === "branch" || kind === "mergeQueue" ? { kind: "exact", value: "branch" } : { kind: "any" };
    case "environment":
      return kind === "environment" ? { kind: "exact", value } : { kind: "none" };
    case "environment_node_id":
      return kind === "environment" ? { kind: "any" } : { kind: "none" };
    case "job_workflow_ref": {
      const workflow = workflowOf(entry);
      return workflow === undefined ? { kind: "any" } : { kind: workflowKind(workflow), value: workflow };
    }
    default:
      return { kind: "any" };
  }
}

/** A reusable workflow may be meant at several of its refs. */
export function workflowKind(value: string): "exact" | "pattern" {
  return /[*?]/.test(value) ? "pattern" : "exact";
}

/**
 * Whether subjects of this template tell the jobs that an entry means from the repository's other jobs. A ref alone does
 * not: jobs in an environment have one too, and so do those of `pull_request_target`.
 */
export function tellsApart(template: readonly string[], entry: TrustEntry): boolean {
  if (template.includes("context")) return true;
  return trustOf(entry).kind === "environment" && template.includes("environment");
}
