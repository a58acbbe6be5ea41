/** A workflow's job that was started, with what its ID tokens say of it. Entity of the store; the id is a GUID. */
export interface Job {
  readonly id: string;
  /** The run service's own number of the run, a GUID. */
  readonly planId: string;
  /** The host of the GitHub that runs it: `github.com`, or `SUBDOMAIN.ghe.com`. */
  readonly site: string;
  readonly repositoryId: string;
  readonly actorId: string;
  readonly event: string;
  /** In full, e.g. `refs/heads/main` or `refs/pull/7/merge`. */
  readonly ref: string;
  readonly sha: string;
  /** The source branch of a pull request; empty otherwise. */
  readonly headRef: string;
  /** The target branch of a pull request; empty otherwise. */
  readonly baseRef: string;
  /** As the workflow writes it. */
  readonly environment: string | null;
  readonly environmentNodeId: string | null;
  readonly workflow: JobWorkflow;
  readonly runId: string;
  readonly runNumber: number;
  readonly runAttempt: number;
  readonly checkRunId: string;
  readonly runner: "github-hosted" | "self-hosted";
  /** SHA-256 of the request token; null where the job may not ask for ID tokens. */
  readonly requestTokenHash: string | null;
  /** When the job is cut off, and its request token with it. */
  readonly endsAt: string;
}

export interface JobWorkflow {
  readonly name: string;
  /** `owner/name/.github/workflows/file.yml@ref` of the workflow that was triggered. */
  readonly ref: string;
  readonly sha: string;
  /** The same of the file that has the job: another one for a reusable workflow. */
  readonly jobRef: string;
  readonly jobSha: string;
}
