import { credentialPattern } from "./patterns/credential.ts";
import { covers, type Pattern } from "./patterns/pattern.ts";
import { describeTrust, refOf, type Trust, type TrustEntry, trustOf } from "./trust.ts";

/** A class of jobs of a repository, as far as trust can tell them apart. */
export interface JobClass {
  /** `anyJob` is every job of the repository, on every branch and of every pull request from the repository itself. */
  readonly kind: Trust["kind"] | "anyJob";
  /** The branch, tag, merge queue's branch, environment or reusable workflow, perhaps a pattern; empty where there is nothing to name. */
  readonly value: string;
  /** Of an environment: the reusable workflow that its job must be of; undefined for any. */
  readonly workflow?: string;
  /** Of pull requests: the environment that their jobs are in; undefined for those in none. */
  readonly through?: string;
  /** For people: `branch main`, `pull requests`. */
  readonly words: string;
}

/** The jobs that a trust entry names. */
export function classOf(entry: TrustEntry): JobClass {
  return { ...trustOf(entry), words: describeTrust(entry) };
}

/** The jobs of pull requests in an environment that lets them in. */
export function pullRequestsThrough(environment: string, workflow: string | undefined): JobClass {
  return {
    kind: "pullRequest",
    value: "",
    ...(workflow === undefined ? {} : { workflow }),
    through: environment,
    words: `pull requests through environment ${environment}`,
  };
}

/** Every job, as far as its token does not say where it runs, or as its secrets go. */
export function anyJob(words: string): JobClass {
  return { kind: "anyJob", value: "", words };
}

/** The same for classes that are the same. */
export function classKey({ kind, value, workflow, through }: JobClass): string {
  return JSON.stringify([kind, value, workflow ?? null, through ?? null]);
}

/** Whether the jobs of pull requests are among them. */
export function hasPullRequests({ kind }: JobClass): boolean {
  return kind === "pullRequest" || kind === "anyJob";
}

/**
 * Whether every job of the narrow class is one of the wide one, or one that whoever starts it could start as that, both of
 * one repository: whoever opens a pull request starts its jobs with and without an environment that lets them in; an
 * environment has its jobs of whatever workflow; a pattern has names and narrower patterns.
 */
export function classCovers(wide: JobClass, narrow: JobClass): boolean {
  if (wide.kind === "anyJob" || classKey(wide) === classKey(narrow)) return true;
  if (wide.kind === "pullRequest") return narrow.kind === "pullRequest" && wide.through === undefined;
  if (wide.kind === "environment") {
    if (narrow.kind !== "environment" || wide.value !== narrow.value || narrow.workflow === undefined) return false;
    return (
      wide.workflow === undefined || covers([credentialPattern(wide.workflow)], credentialPattern(narrow.workflow))
    );
  }
  const [pattern, name] = [namesOf(wide), namesOf(narrow)];
  return pattern !== undefined && name !== undefined && covers([pattern], name);
}

/** What classes are compared by: a ref in full, or a workflow with its ref. Nothing else has one. */
function namesOf({ kind, value }: JobClass): Pattern | undefined {
  if (kind === "workflow") return credentialPattern(value);
  if (kind !== "branch" && kind !== "tag" && kind !== "mergeQueue") return undefined;
  return credentialPattern(refOf({ kind, value }));
}
