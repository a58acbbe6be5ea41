/** What the command line of a run said. */
export interface FleetOptions {
  readonly stacks?: readonly string[];
  readonly changedSince?: string;
  readonly shard?: string;
  readonly concurrency?: number;
  readonly refresh?: true;
  /** In seconds. */
  readonly wait?: number;
  readonly yes?: true;
  readonly json?: true;
  readonly markdown?: string;
}

/** What the command line of a plan said. */
export interface PlanOptions {
  readonly repositories: number;
  readonly githubRequests: number;
  readonly concurrency: number;
  readonly minutes: number;
  readonly tstu: number;
  readonly json?: true;
}
