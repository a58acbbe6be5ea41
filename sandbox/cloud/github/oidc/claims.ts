import type { Job } from "./job.ts";
import type { SubjectRepository } from "./subject.ts";

/** All that claims are made of besides the job. */
export interface ClaimSource {
  readonly job: Job;
  readonly repository: SubjectRepository & { readonly visibility: string };
  readonly actor: { readonly login: string; readonly id: string };
  readonly isRefProtected: boolean;
  readonly enterprise: { readonly slug: string; readonly id: string } | null;
}

/**
 * What a token says of the job, by claim: everything but `sub`, `aud`, `iss` and the times. All values are text
 * (https://docs.github.com/actions/reference/security/oidc#custom-claims-provided-by-github).
 */
export function jobClaims(source: ClaimSource): Record<string, string> {
  const { job, repository, actor, enterprise } = source;
  return {
    ref: job.ref,
    sha: job.sha,
    repository: `${repository.owner}/${repository.name}`,
    repository_owner: repository.owner,
    repository_owner_id: repository.ownerId,
    run_id: job.runId,
    run_number: String(job.runNumber),
    run_attempt: String(job.runAttempt),
    repository_visibility: repository.visibility,
    repository_id: repository.id,
    actor_id: actor.id,
    actor: actor.login,
    workflow: job.workflow.name,
    head_ref: job.headRef,
    base_ref: job.baseRef,
    event_name: job.event,
    ref_protected: String(source.isRefProtected),
    ref_type: job.ref.startsWith("refs/tags/") ? "tag" : "branch",
    workflow_ref: job.workflow.ref,
    workflow_sha: job.workflow.sha,
    job_workflow_ref: job.workflow.jobRef,
    job_workflow_sha: job.workflow.jobSha,
    runner_environment: job.runner,
    check_run_id: job.checkRunId,
    ...(enterprise ? { enterprise: enterprise.slug, enterprise_id: enterprise.id } : {}),
    ...(job.environment !== null ? { environment: job.environment } : {}),
    ...(job.environmentNodeId !== null ? { environment_node_id: job.environmentNodeId } : {}),
  };
}

/** Every claim that a token can have, as the issuer's metadata lists them. */
export const supportedClaims: readonly string[] = [
  "sub",
  "aud",
  "exp",
  "iat",
  "iss",
  "jti",
  "nbf",
  "ref",
  "sha",
  "repository",
  "repository_id",
  "repository_owner",
  "repository_owner_id",
  "enterprise",
  "enterprise_id",
  "run_id",
  "run_number",
  "run_attempt",
  "actor",
  "actor_id",
  "workflow",
  "workflow_ref",
  "workflow_sha",
  "head_ref",
  "base_ref",
  "event_name",
  "ref_type",
  "ref_protected",
  "environment",
  "environment_node_id",
  "job_workflow_ref",
  "job_workflow_sha",
  "repository_visibility",
  "runner_environment",
  "check_run_id",
];

/** The keys that a subject template may use. */
export const templateKeys: readonly string[] = [
  "repo",
  "context",
  ...supportedClaims.filter((claim) => !["sub", "aud", "exp", "iat", "iss", "jti", "nbf"].includes(claim)),
];
