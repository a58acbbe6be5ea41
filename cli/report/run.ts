/** What a workflow's run tells of itself: https://docs.github.com/actions/reference/workflows-and-actions/variables */
export interface Run {
  /** Where its logs are; outside of a workflow an address that shows the form. */
  readonly url: string;
  /** `owner/name`; undefined outside of a workflow. */
  readonly repository: string | undefined;
}

export function currentRun(environment = process.env): Run {
  const { GITHUB_SERVER_URL = "https://github.com", GITHUB_REPOSITORY, GITHUB_RUN_ID } = environment;
  const repository = GITHUB_REPOSITORY || undefined;
  const run = GITHUB_RUN_ID ? `actions/runs/${GITHUB_RUN_ID}` : "actions";
  return { url: `${GITHUB_SERVER_URL}/${repository ?? "OWNER/NAME"}/${run}`, repository };
}
