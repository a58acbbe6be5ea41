import { formOf, prefixIn, type RepositorySubjects, type SubjectForm } from "./repository-subjects.ts";
import { mintSubject, type SubjectSegment, workflowKind } from "./subject.ts";
import { githubIssuer, type TrustEntry, workflowOf } from "./trust.ts";

/** One federated credential: what a token must say to be accepted. */
export interface FederatedTrust {
  readonly form: SubjectForm;
  /** `subject` compares the whole subject; `expression` is for a flexible credential. */
  readonly by: "subject" | "expression";
  readonly value: string;
}

/** Why an entry cannot become a credential: what is wrong, and the fix. */
export interface Unmatchable {
  readonly reason: string;
  /** Whether it could become one if more were known of the repository. */
  readonly isUnsaid: boolean;
}

/** What decides on credentials besides the repository's subjects. Every value is plain. */
export interface FederationOptions {
  /** Whether both forms of each subject are trusted, while a repository moves to subjects with ids. Default: false. */
  readonly bothForms?: boolean | undefined;
  /** Who signs the tokens. Default: GitHub's own issuer. */
  readonly issuer?: string | undefined;
}

/**
 * The credentials of a trust entry: one, or one for each form. A flexible one always names the repository by its id, as
 * Entra demands: https://github.com/hashicorp/terraform-provider-azuread/issues/1901
 */
export function federate(
  subjects: RepositorySubjects,
  entry: TrustEntry,
  { bothForms = false, issuer = githubIssuer }: FederationOptions = {},
): readonly FederatedTrust[] | Unmatchable {
  const hasPrefix = subjects.template.includes("repo");
  // Without the segment nobody knows how GitHub adds the ids that it says are always there.
  if (!hasPrefix && (bothForms || formOf(subjects.prefix) === "ids")) {
    const why = "repo is missing there, and how GitHub adds a repository's ids without it is not documented";
    return unsaid(`its subjects are made of ${list(subjects)}: ${why}; add repo to the template`);
  }
  const trusts: FederatedTrust[] = [];
  for (const form of bothForms ? (["names", "ids"] as const) : [hasPrefix ? formOf(subjects.prefix) : "names"]) {
    const prefix = prefixIn(form, subjects);
    if (prefix === undefined) {
      const fix = `${subjects.prefix} does not tell them; give the prefix that has them, or none and GitHub is asked`;
      return unsaid(`subjects: both needs the ids of the owner and the repository, and ${fix}`);
    }
    const trust = trustIn({ ...subjects, prefix }, form, entry, issuer);
    if ("reason" in trust) return trust;
    trusts.push(trust);
  }
  return trusts;
}

function trustIn(
  subjects: RepositorySubjects,
  form: SubjectForm,
  entry: TrustEntry,
  issuer: string,
): FederatedTrust | Unmatchable {
  const { segments, missing } = mintSubject(subjects, entry);
  if (missing !== undefined) {
    const fix = `trust an environment instead, or take ${missing} out of the template`;
    return impossible(
      `no job can match: its subjects are made of ${list(subjects)}, and only jobs in an environment have ${missing}; ${fix}`,
    );
  }
  const value = segments.map(({ text }) => text).join(":");
  const ownWorkflow = subjects.template.includes("job_workflow_ref") ? undefined : workflowOf(entry);
  const isExact = segments.every((segment) => segment.kind === "exact");
  const identifies = segments.some(({ key }) => key === "repo" || key === "repository" || key === "repository_id");
  if (isExact && identifies && ownWorkflow === undefined) return { form, by: "subject", value };

  const problem = expressionProblem(subjects, segments, ownWorkflow, issuer);
  if (problem !== undefined) return problem;
  const conditions = [
    condition("sub", isExact, value),
    ...(ownWorkflow === undefined
      ? []
      : [condition("job_workflow_ref", workflowKind(ownWorkflow) === "exact", ownWorkflow)]),
    condition("repository_id", true, subjects.claims.repository_id ?? ""),
  ];
  return { form, by: "expression", value: conditions.join(" and ") };
}

/** https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials */
function condition(claim: string, isExact: boolean, value: string): string {
  return `claims['${claim}'] ${isExact ? "eq" : "matches"} '${value}'`;
}

/** Why the jobs cannot be told by an expression that is no wider than what is written. */
function expressionProblem(
  subjects: RepositorySubjects,
  segments: readonly SubjectSegment[],
  workflow: string | undefined,
  issuer: string,
): Unmatchable | undefined {
  const cause = causeOf(subjects, segments, workflow);
  if (issuer !== githubIssuer) {
    return impossible(
      `${cause}, which takes a flexible credential, and Entra has those for ${githubIssuer} alone; name each branch and tag, or trust an environment`,
    );
  }
  if (segments.some(({ text }) => text.includes("'")) || workflow?.includes("'")) {
    return impossible(`${cause}, and Entra's expressions cannot hold a quote; choose a name without one`);
  }
  if (segments.some(({ kind, text }) => kind === "exact" && /[*?]/.test(text))) {
    return impossible(
      `${cause}, where Entra would take the * or ? in the name for any character; choose a name without one`,
    );
  }
  const index = segments.findIndex(({ kind }) => kind === "pattern");
  const pattern = segments[index];
  if (pattern !== undefined && index < segments.length - 1 && !/^[^*?]*\*$/.test(pattern.text)) {
    return impossible(
      `its subjects are made of ${list(subjects)}, where a pattern could reach into what comes after it; end it with its only *`,
    );
  }
  if (subjects.claims.repository_id !== undefined) return undefined;
  return unsaid(
    `${cause}, which takes the repository's id, and the prefix ${subjects.prefix} does not tell it; set feedpass:repositoryId, or give no prefix and GitHub is asked`,
  );
}

function impossible(reason: string): Unmatchable {
  return { reason, isUnsaid: false };
}

function unsaid(reason: string): Unmatchable {
  return { reason, isUnsaid: true };
}

function causeOf(
  subjects: RepositorySubjects,
  segments: readonly SubjectSegment[],
  workflow: string | undefined,
): string {
  if (workflow !== undefined) return "it means a reusable workflow";
  if (segments.some(({ kind }) => kind === "pattern")) return "it is a pattern";
  return `its subjects are made of ${list(subjects)}`;
}

function list({ template }: RepositorySubjects): string {
  return template.join(", ");
}
