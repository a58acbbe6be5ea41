import { isPullRequestEvent, isStranger, type Job } from "./job.ts";
import { credentialPattern } from "./patterns/credential.ts";
import { matches } from "./patterns/pattern.ts";
import { refOf, type TrustEntry, trustOf } from "./trust.ts";

/**
 * Whether a trust entry is for a job of its repository: what whoever wrote the entry meant, with no thought of how a
 * subject says it. A job in an environment is that environment's, whatever its event; a pull request has no ref of its own.
 */
export function means(entry: TrustEntry, job: Job): boolean {
  const { kind, value, workflow } = trustOf(entry);
  const { event, ref, environment } = job;
  const isOfWorkflow = (wanted: string) => job.workflow !== undefined && isOf(wanted, job.workflow);
  if (isStranger(job)) return false;
  if (environment !== undefined) {
    return kind === "environment" && value === environment && (workflow === undefined || isOfWorkflow(workflow));
  }
  if (isPullRequestEvent(event)) return kind === "pullRequest";
  switch (kind) {
    case "branch":
    case "tag":
    case "mergeQueue":
      return ref !== undefined && isOf(refOf({ kind, value }), ref);
    case "workflow":
      return isOfWorkflow(value);
    case "environment":
    case "pullRequest":
      return false;
  }
}

function isOf(pattern: string, name: string): boolean {
  return matches(credentialPattern(pattern), name);
}
