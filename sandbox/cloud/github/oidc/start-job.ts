import { randomBytes, randomUUID } from "node:crypto";
import type { CloudContext } from "../../service.ts";
import { findRepository, findUser, fullName } from "../accounts.ts";
import { type GitHubData, gitHubData } from "../data.ts";
import { refusalOf } from "../deployment-gate.ts";
import type { Environment, Repository, User } from "../entities.ts";
import { findEnvironment, putEnvironment } from "../environments.ts";
import { commitId, newId, sha256, timestamp } from "../identifiers.ts";
import { type JobSettings, readJobSettings } from "../job-settings.ts";
import { gitHubDotCom, siteAt } from "../site.ts";
import { environmentNodeId } from "../views/environments.ts";
import { refName } from "../views/repositories.ts";
import { claimsOf, subjectOf } from "./id-token.ts";
import type { Job, JobWorkflow } from "./job.ts";
import { requestUrlOf } from "./request-url.ts";
import { MissingClaimError } from "./subject.ts";

/** A job of a workflow, as an event triggers it. */
export interface JobRequest {
  /** The host of the GitHub that has the repository. Default: `github.com`. */
  readonly site?: string;
  /** `owner/name` */
  readonly repository: string;
  /** e.g. `push`, `pull_request`, `workflow_dispatch` */
  readonly event: string;
  /** In full, e.g. `refs/heads/main`. A push makes the branch or tag; other events need it to be there. */
  readonly ref: string;
  /** The source and the target branch of a pull request. */
  readonly headRef?: string;
  readonly baseRef?: string;
  /** The job's `environment`, as the workflow writes it. One that does not exist is made. */
  readonly environment?: string;
  /** The login of who approved the deployment, where the environment has reviewers. */
  readonly approvedBy?: string;
  /** The workflow's file, e.g. `.github/workflows/publish.yml`. */
  readonly workflow: string;
  /** The workflow's `name`. Default: its file. */
  readonly workflowName?: string;
  /** `owner/name/.github/workflows/file.yml@ref` where the job is one of a reusable workflow. */
  readonly reusableWorkflow?: string;
  /** The job's `permissions`. What is not named is not granted. */
  readonly permissions: Readonly<Record<string, "read" | "write" | "none">>;
  /** The login of who triggered the run. */
  readonly actor: string;
  /** The pull request comes from a fork. Default: false. */
  readonly fork?: boolean;
  /** Default: `github-hosted`. */
  readonly runner?: "github-hosted" | "self-hosted";
}

/** A job that runs. */
export interface StartedJob extends JobSettings {
  readonly job: Job;
  /** What ACTIONS_ID_TOKEN_REQUEST_URL says; undefined, as the variable is, without `id-token: write`. */
  readonly requestUrl: string | undefined;
  /** What ACTIONS_ID_TOKEN_REQUEST_TOKEN says. */
  readonly requestToken: string | undefined;
  /**
   * What an ID token of the job says, without `aud`, `iss` and the times. `sub` is missing where the repository's template
   * asks for what the job does not have.
   */
  readonly claims: Readonly<Record<string, string>>;
}

/** GitHub would not run the job; the message is what a person would read. */
export class JobRefusedError extends Error {}

const longestJob = 6 * 60 * 60 * 1000;

/**
 * Starts a job: applies the environment's protection, gives it its settings, and the means to ask for ID tokens where it has
 * `id-token: write`. A pull request from a fork never gets them
 * (https://docs.github.com/actions/reference/security/secure-use#using-third-party-actions).
 * @throws JobRefusedError for an unknown repository, ref or actor, and where an environment's protection says no
 */
export function startJob(context: CloudContext, request: JobRequest): StartedJob {
  const site = siteAt(request.site ?? gitHubDotCom.host);
  const data = gitHubData(context.store, site);
  const now = context.now();
  const repository = openRepository(data, request.repository);
  const actor = findUser(data, request.actor);
  if (!actor) throw new JobRefusedError(`there is no user ${request.actor}`);
  const sha = resolveRef(data, repository, request);
  const environment =
    request.environment === undefined ? undefined : openEnvironment(data, repository, request, actor, now);
  const isFork = request.fork === true && request.event === "pull_request";
  const mayAsk = request.permissions["id-token"] === "write" && !isFork;
  const requestToken = mayAsk ? randomBytes(48).toString("base64url") : undefined;
  const workflow = describeWorkflow(data, repository, request, sha);
  const job = data.jobs.insert({
    id: randomUUID(),
    planId: randomUUID(),
    site: site.host,
    repositoryId: repository.id,
    actorId: actor.id,
    event: request.event,
    ref: request.ref,
    sha,
    headRef: request.headRef ?? "",
    baseRef: request.baseRef ?? "",
    environment: request.environment ?? null,
    environmentNodeId: environment ? environmentNodeId(environment) : null,
    workflow,
    runId: newId(data.jobs),
    runNumber: 1 + data.jobs.filter((other) => fileOf(other.workflow) === fileOf(workflow)).length,
    runAttempt: 1,
    checkRunId: newId(data.jobs),
    runner: request.runner ?? "github-hosted",
    requestTokenHash: requestToken === undefined ? null : sha256(requestToken),
    endsAt: timestamp(now + longestJob),
  });
  const trust = isFork ? "fork" : actor.login === "dependabot[bot]" ? "dependabot" : "full";
  return {
    job,
    requestUrl: mayAsk ? requestUrlOf(job) : undefined,
    requestToken,
    claims: describeClaims(data, job),
    ...readJobSettings(data, repository, environment, trust),
  };
}

/** Ends a job: its request token is worth nothing from now on. */
export function endJob(context: CloudContext, job: Job): void {
  gitHubData(context.store, siteAt(job.site)).jobs.update(job.id, {
    requestTokenHash: null,
    endsAt: timestamp(context.now()),
  });
}

function openRepository(data: GitHubData, name: string): Repository {
  const [owner = "", repositoryName = ""] = name.split("/");
  const repository = findRepository(data, owner, repositoryName);
  if (!repository) throw new JobRefusedError(`there is no repository ${name}`);
  return repository;
}

function openEnvironment(
  data: GitHubData,
  repository: Repository,
  request: JobRequest,
  actor: User,
  now: number,
): Environment {
  const name = request.environment ?? "";
  const environment = findEnvironment(data, repository, name) ?? putEnvironment(data, repository, name, {}, now);
  const refusal = refusalOf(data, repository, environment, { ref: request.ref, actor, approvedBy: request.approvedBy });
  if (refusal !== undefined) throw new JobRefusedError(refusal);
  return environment;
}

/** The commit that the run checks out. */
function resolveRef(data: GitHubData, repository: Repository, { event, ref }: JobRequest): string {
  const merge = /^refs\/pull\/\d+\/merge$/.test(ref);
  if (merge) return commitId(repository.id, ref);
  const found = data.refs.find((known) => known.repositoryId === repository.id && refName(known) === ref);
  if (found) return found.sha;
  const [, folder, name] = /^refs\/(heads|tags)\/(.+)$/.exec(ref) ?? [];
  if (event !== "push" || name === undefined) throw new JobRefusedError(`No ref found for: ${ref}`);
  const sha = commitId(repository.id, ref);
  const kind = folder === "heads" ? "branch" : "tag";
  data.refs.insert({ id: `${repository.id} ${ref}`, repositoryId: repository.id, kind, name, sha });
  return sha;
}

function describeWorkflow(data: GitHubData, repository: Repository, request: JobRequest, sha: string): JobWorkflow {
  const ref = `${fullName(data, repository)}/${request.workflow}@${request.ref}`;
  const reusable = request.reusableWorkflow;
  return {
    name: request.workflowName ?? request.workflow,
    ref,
    sha,
    jobRef: reusable ?? ref,
    jobSha: reusable === undefined ? sha : commitId(reusable),
  };
}

/** Runs are counted per workflow file. */
function fileOf({ ref }: JobWorkflow): string {
  return ref.slice(0, ref.indexOf("@"));
}

function describeClaims(data: GitHubData, job: Job): Record<string, string> {
  const claims = claimsOf(data, job);
  try {
    return { ...claims, sub: subjectOf(data, job, claims) };
  } catch (error) {
    if (error instanceof MissingClaimError) return claims;
    throw error;
  }
}
