import { alternatives } from "../words.ts";
import {
  approversOf,
  barriersOf,
  type EnvironmentProtection,
  type Environments,
  findEnvironment,
  originsOf,
  takesRef,
} from "./environment.ts";
import { type Job, refOfJob } from "./job.ts";

/** Whether GitHub starts a job. */
export type Start =
  /** It does, once what stands before it is done: `approval by team release-managers`. */
  | { readonly verdict: "starts"; readonly before: readonly string[] }
  /** The environment keeps it out, by where it may be deployed from or by those who did not approve. */
  | { readonly verdict: "refused"; readonly by: "deployFrom" | "reviewers"; readonly reason: string }
  /** That depends on what is not known here. */
  | { readonly verdict: "unknown"; readonly reason: string };

/**
 * What GitHub does with a job before anybody is asked for a token: the environment's protection comes first. A job that
 * names no environment starts.
 * https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#deployment-protection-rules
 * @param environments those that the file keeps, and those that GitHub told of; nothing is known of any other
 */
export function startOf(job: Job, environments: Environments): Start {
  const { environment: name } = job;
  if (name === undefined) return { verdict: "starts", before: [] };
  const environment = findEnvironment(environments, name);
  if (environment === undefined) {
    const reason = `the environment ${name} is not kept by the file, and GitHub was not asked how it is protected`;
    return { verdict: "unknown", reason };
  }
  return startIn(environment, name, job);
}

function startIn(environment: EnvironmentProtection, name: string, job: Job): Start {
  const ref = refOfJob(job);
  const approvers = approversOf(environment);
  if (ref === undefined && environment.deployFrom !== undefined) {
    const reason = `the environment ${name} takes deployments from ${alternatives(originsOf(environment))}; say where the job is with --ref`;
    return { verdict: "unknown", reason };
  }
  const taken = ref === undefined || takesRef(environment, ref);
  if (taken === false) {
    const reason = `the environment ${name} takes deployments from ${alternatives(originsOf(environment))}, and not from ${ref}`;
    return { verdict: "refused", by: "deployFrom", reason };
  }
  if (approvers.length > 0 && job.approved === false) {
    return {
      verdict: "refused",
      by: "reviewers",
      reason: `the environment ${name} waits for ${alternatives(approvers)}`,
    };
  }
  if (taken === undefined) {
    const reason = `the environment ${name} takes deployments from protected branches, and the file does not say which those are`;
    return { verdict: "unknown", reason };
  }
  return { verdict: "starts", before: barriersOf(environment) };
}
