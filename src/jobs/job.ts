/** A workflow job: all that decides whether GitHub starts it, and who it is then. */
export interface Job {
  /** What started the run, e.g. `push`. https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows */
  readonly event: string;
  /** In full, e.g. `refs/heads/main`; undefined where nobody said. */
  readonly ref?: string | undefined;
  /** The environment that the job names, as its workflow writes it. */
  readonly environment?: string | undefined;
  /** The reusable workflow that holds the job, with its ref in full. Default: the job is one of the repository's own workflow. */
  readonly workflow?: string | undefined;
  /** Whether the pull request comes from a fork. Default: false. */
  readonly fromFork?: boolean | undefined;
  /** Whether a reviewer let the deployment pass; undefined where nobody said, and then it may still be asked. */
  readonly approved?: boolean | undefined;
  /** Claims that nothing else tells, for subjects that are made of them. */
  readonly claims?: Readonly<Record<string, string>> | undefined;
}

/** Whether the jobs of an event have the subject of a pull request where no environment is named. */
export function isPullRequestEvent(event: string): boolean {
  return event.startsWith("pull_request");
}

/**
 * The ref that a job has, as far as it follows from the event: a pull request's is its merge, whatever its number. What
 * runs for the target of a pull request has the ref of that branch, which nobody may have said.
 * https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
 */
export function refOfJob({ event, ref }: Job): string | undefined {
  return ref ?? (isPullRequestEvent(event) && event !== "pull_request_target" ? "refs/pull/1/merge" : undefined);
}

/** Whether GitHub gives the job neither an ID token nor secrets: it is of a fork's pull request. */
export function isStranger({ event, fromFork = false }: Job): boolean {
  return fromFork && event !== "pull_request_target";
}
