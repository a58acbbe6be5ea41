/** What is planned. */
export type PlannedRun = "drift" | "preview" | "firstUp";

/** What one stack costs: requests of the README's example stack, counted in the sandbox (docs/performance.md). */
interface Cost {
  readonly gitHubReads: number;
  readonly gitHubWrites: number;
  readonly graphReads: number;
  readonly graphWrites: number;
  readonly azureDevOps: number;
  /** With the official providers, most of it waiting. */
  readonly seconds: number;
}

export const costs: Readonly<Record<PlannedRun, Cost>> = {
  drift: { gitHubReads: 13, gitHubWrites: 0, graphReads: 11, graphWrites: 0, azureDevOps: 15, seconds: 6 },
  preview: { gitHubReads: 4, gitHubWrites: 0, graphReads: 0, graphWrites: 0, azureDevOps: 10, seconds: 6 },
  firstUp: { gitHubReads: 24, gitHubWrites: 10, graphReads: 31, graphWrites: 9, azureDevOps: 49, seconds: 30 },
};

/** What a service allows one sign-in in a window of time. */
export interface Limit {
  readonly name: string;
  readonly amount: number;
  readonly windowSeconds: number;
  /** What one stack takes of it. */
  readonly cost: (cost: Cost) => number;
}

export interface PlanInput {
  readonly repositories: number;
  /** Requests an hour that GitHub allows the sign-in. */
  readonly gitHubRequests: number;
  /** Stacks at once on one machine. */
  readonly concurrency: number;
  /** How long a machine may take. */
  readonly minutes: number;
  /** TSTUs that a request costs at Azure DevOps. */
  readonly tstu: number;
}

/**
 * The limits that bind, each for one identity.
 * - GitHub: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 * - Graph: https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits, of the smallest
 *   tenants, with two units for each request
 * - Azure DevOps: https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits
 */
export function limitsOf({ gitHubRequests, tstu }: Pick<PlanInput, "gitHubRequests" | "tstu">): Limit[] {
  const minute = 60;
  return [
    {
      name: "GitHub requests an hour",
      amount: gitHubRequests,
      windowSeconds: hour,
      cost: ({ gitHubReads, gitHubWrites }) => gitHubReads + gitHubWrites,
    },
    {
      name: "GitHub points a minute",
      amount: 900,
      windowSeconds: minute,
      cost: ({ gitHubReads, gitHubWrites }) => gitHubReads + 5 * gitHubWrites,
    },
    {
      name: "GitHub writes a minute",
      amount: 80,
      windowSeconds: minute,
      cost: ({ gitHubWrites }) => gitHubWrites,
    },
    { name: "GitHub writes an hour", amount: 500, windowSeconds: hour, cost: ({ gitHubWrites }) => gitHubWrites },
    {
      name: "Graph units in 10 seconds",
      amount: 3500,
      windowSeconds: 10,
      cost: ({ graphReads, graphWrites }) => 2 * (graphReads + graphWrites),
    },
    {
      name: "Graph writes in 150 seconds",
      amount: 3000,
      windowSeconds: 150,
      cost: ({ graphWrites }) => graphWrites,
    },
    {
      name: "Azure DevOps TSTUs in 5 minutes",
      amount: 200,
      windowSeconds: 5 * minute,
      cost: ({ azureDevOps }) => azureDevOps * tstu,
    },
  ];
}

/** How one kind of run is spread. */
export interface RunPlan {
  readonly run: PlannedRun;
  /** How many stacks an hour the limits allow. */
  readonly stacksPerHour: number;
  /** The limit that says so. */
  readonly boundBy: string;
  /** How many stacks at once on each machine: fewer than asked for where a short window allows no more. */
  readonly concurrency: number;
  /** How many machines may work at the same time: `max-parallel` of a matrix. */
  readonly machines: number;
  /** For `--shard I/N`. */
  readonly shards: number;
  readonly stacksPerShard: number;
  readonly minutesPerShard: number;
  /** How long after their start the next shards may begin, as many as there are machines. */
  readonly startEveryMinutes: number;
  /** From the first shard's start to the last one's end. */
  readonly totalMinutes: number;
}

/** A fifth of each limit is left to whoever else uses the sign-in, and to retries. */
const share = 0.8;
const hour = 3600;

/** Plans one kind of run, so that no window of any limit is used beyond its share. */
export function planRun(run: PlannedRun, input: PlanInput): RunPlan {
  const cost = costs[run];
  const rates = limitsOf(input)
    .map(({ name, amount, windowSeconds, cost: costOf }) => ({
      name,
      isShort: windowSeconds < hour,
      stacksPerHour: (amount * share * hour) / (costOf(cost) * windowSeconds),
    }))
    .sort((left, right) => left.stacksPerHour - right.stacksPerHour);
  const slowest = rates[0];
  if (slowest === undefined) throw new Error("there are limits");

  // A machine that works may not go beyond a short window; one that would use up an hour's part waits afterwards.
  const burst = Math.min(...rates.filter(({ isShort }) => isShort).map(({ stacksPerHour }) => stacksPerHour));
  const concurrency = Math.max(1, Math.min(input.concurrency, Math.floor((burst * cost.seconds) / hour)));
  const machinePerHour = (concurrency * hour) / cost.seconds;
  const machines = Math.max(1, Math.floor(slowest.stacksPerHour / machinePerHour));
  const perHour = Math.min(slowest.stacksPerHour, machines * machinePerHour);
  const fits = Math.max(1, Math.floor((Math.min(machinePerHour, perHour) * input.minutes) / 60));
  const shards = Math.ceil(input.repositories / fits);
  const stacksPerShard = Math.ceil(input.repositories / shards);
  const atOnce = Math.min(machines, shards);
  const minutesPerShard = (stacksPerShard * 60) / machinePerHour;
  const startEveryMinutes = Math.max(minutesPerShard, (atOnce * stacksPerShard * 60) / perHour);
  const rounds = Math.ceil(shards / atOnce);
  return {
    run,
    stacksPerHour: Math.floor(slowest.stacksPerHour),
    boundBy: slowest.name,
    concurrency,
    machines: atOnce,
    shards,
    stacksPerShard,
    minutesPerShard: Math.ceil(minutesPerShard),
    startEveryMinutes: Math.ceil(startEveryMinutes),
    totalMinutes: Math.ceil((rounds - 1) * startEveryMinutes + minutesPerShard),
  };
}

/** Plans the regular look for drift, the preview of a change of the code, and the first up of everything. */
export function planFleet(input: PlanInput): RunPlan[] {
  return (["drift", "preview", "firstUp"] as const).map((run) => planRun(run, input));
}
