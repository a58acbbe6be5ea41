import type { ExitCode } from "../failure.ts";
import { coloursFor, print } from "../output.ts";
import type { PlanOptions } from "./options.ts";
import { planFleet, type RunPlan } from "./plan.ts";

const titles = {
  drift: "Drift of all stacks",
  preview: "Preview of all stacks, after a change of the code",
  firstUp: "First up of all stacks",
} as const;

/** Runs `feedpass fleet plan`. */
export function showPlan(options: PlanOptions): ExitCode {
  const { repositories, githubRequests, concurrency, minutes, tstu, json } = options;
  const plans = planFleet({ repositories, gitHubRequests: githubRequests, concurrency, minutes, tstu });
  if (json) print(JSON.stringify(plans, null, 2));
  else {
    const { bold } = coloursFor(process.stdout);
    print(plans.map((plan) => [bold(titles[plan.run]), ...lines(plan)].join("\n")).join("\n\n"));
  }
  return 0;
}

function lines(plan: RunPlan): string[] {
  const { shards, stacksPerShard, machines, concurrency, minutesPerShard, startEveryMinutes, totalMinutes } = plan;
  const starts =
    machines >= shards
      ? "all at once"
      : `${machines === 1 ? "one" : machines} at a time, the next every ${durationWords(startEveryMinutes)}`;
  return [
    `  limit     ${plan.boundBy}: ${plan.stacksPerHour} stacks an hour`,
    `  shards    ${shards}, ${stacksPerShard} stacks in ${durationWords(minutesPerShard)} each, with --concurrency ${concurrency}`,
    `  schedule  ${starts}`,
    `  in all    ${durationWords(totalMinutes)}`,
    ...(machines > 1 && shards > 256
      ? ["  note      a matrix of GitHub Actions has 256 jobs at most: use several"]
      : []),
  ];
}

/** `1 minute`, `45 minutes`, `3 h 20 min`, `9 days 2 h` */
export function durationWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${hours / 24} days` : `${Math.floor(hours / 24)} days ${hours % 24} h`;
}
