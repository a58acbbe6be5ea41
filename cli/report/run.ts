import { Failure } from "../failure.ts";

/** What a workflow's run tells of itself: https://docs.github.com/actions/reference/workflows-and-actions/variables */
export interface Run {
  /** Where its logs are; outside of a workflow an address that shows the form. */
  readonly url: string;
  /** `owner/name`; undefined outside of a workflow. */
  readonly repository: string | undefined;
}

/** @throws Failure for a server that is not reached by https: the address is written where people click on it */
export function currentRun(environment = process.env): Run {
  const { GITHUB_SERVER_URL = "https://github.com", GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
  const repository = GITHUB_REPOSITORY || undefined;
  const run = GITHUB_RUN_ID ? `actions/runs/${GITHUB_RUN_ID}` : "actions";
  const url = `${GITHUB_SERVER_URL}/${repository ?? "OWNER/NAME"}/${run}`;
  if (!URL.canParse(url) || new URL(url).protocol !== "https:") {
    throw new Failure(`GITHUB_SERVER_URL: got ${JSON.stringify(GITHUB_SERVER_URL)}, expected https://github.com`);
  }
  return { url, repository };
}
