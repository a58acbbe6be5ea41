import { isPullRequestEvent, isStranger, type Job } from "./job.ts";
import type { RepositorySubjects } from "./repository-subjects.ts";
import { escapeColons } from "./trust.ts";

/** What GitHub signs about a job; or why it signs nothing, or what has to be said of the job before that is known. */
export type JobToken =
  | { readonly claims: Readonly<Record<string, string>> & { readonly sub: string } }
  | { readonly claims: undefined; readonly reason: string; readonly isUnsaid: boolean };

/**
 * The claims of a job's token that trust goes by.
 * https://docs.github.com/actions/reference/security/oidc#example-subject-claims
 */
export function tokenOf({ prefix, template, claims: known }: RepositorySubjects, job: Job): JobToken {
  if (isStranger(job)) return { claims: undefined, reason: forkReason, isUnsaid: false };
  const claims: Readonly<Record<string, string>> = {
    ...known,
    event_name: job.event,
    ...(job.ref === undefined ? {} : { ref: job.ref, ref_type: job.ref.startsWith("refs/tags/") ? "tag" : "branch" }),
    ...(job.environment === undefined ? {} : { environment: job.environment }),
    ...(job.workflow === undefined ? {} : { job_workflow_ref: job.workflow }),
    ...job.claims,
  };
  const segments: string[] = [];
  for (const key of template) {
    if (key === "repo") {
      segments.push(prefix);
      continue;
    }
    const value = key === "context" ? contextOfJob(job) : claims[key];
    if (value === undefined) return without(key, template, job);
    segments.push(key === "context" ? value : `${key}:${escapeColons(value)}`);
  }
  return { claims: { ...claims, sub: segments.join(":") } };
}

/** The environment before the pull request, and that before the ref. Undefined where the ref is not known. */
function contextOfJob({ environment, event, ref }: Job): string | undefined {
  if (environment !== undefined) return `environment:${escapeColons(environment)}`;
  if (isPullRequestEvent(event)) return "pull_request";
  return ref === undefined ? undefined : `ref:${escapeColons(ref)}`;
}

const forkReason =
  "GitHub gives the pull request of a fork no ID token: its permissions end at reading; " +
  "install without the feed there, or run the job once the change is on a branch of the repository";

function without(key: string, template: readonly string[], { environment }: Job): JobToken {
  const made = `subjects of this repository are made of ${template.join(", ")}`;
  if (environment === undefined && (key === "environment" || key === "environment_node_id")) {
    const reason = `${made}, and GitHub gives no ID token to a job without an environment there; name one in the job`;
    return { claims: undefined, reason, isUnsaid: false };
  }
  const options: Readonly<Record<string, string>> = {
    context: "the subject says the ref; give it with --ref refs/heads/BRANCH or refs/tags/TAG",
    ref: `${made}; give the ref with --ref refs/heads/BRANCH or refs/tags/TAG`,
    ref_type: `${made}; give the ref with --ref refs/heads/BRANCH or refs/tags/TAG`,
    job_workflow_ref: `${made}; give the workflow of the job with --workflow OWNER/REPO/.github/workflows/FILE.yml@REF`,
  };
  return {
    claims: undefined,
    reason: options[key] ?? `${made}; give the claim with --claim ${key}=VALUE`,
    isUnsaid: true,
  };
}
