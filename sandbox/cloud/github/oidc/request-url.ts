import { randomInt } from "node:crypto";
import { siteAt } from "../site.ts";
import type { Job } from "./job.ts";

/** The route of an ID token request. */
export const requestRoute = "/:tenant/:project/_apis/distributedtask/hubs/Actions/plans/:plan_id/jobs/:job_id/idtoken";

const noProject = "00000000-0000-0000-0000-000000000000";

/** What ACTIONS_ID_TOKEN_REQUEST_URL says in the job. Clients append `&audience=`. */
export function requestUrlOf(job: Job): string {
  const path = requestRoute
    .replace(":tenant", randomInt(2 ** 40).toString(36))
    .replace(":project", noProject)
    .replace(":plan_id", job.planId)
    .replace(":job_id", job.id);
  return `https://${siteAt(job.site).runServiceHost}${path}?api-version=2.0`;
}
