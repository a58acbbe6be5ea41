import type { Action } from "./matrix.ts";
import type { StepRun } from "./run-steps.ts";

/** What came of something that a job tried. */
export interface Outcome {
  /** `failed`: neither did it work, nor was it refused for the reason that it would be refused for. */
  readonly seen: "works" | "refused" | "failed";
  /** The refusal in a word or a code, e.g. `AADSTS700213`; empty for anything else. */
  readonly label: string;
  /** What a person would read, in a line; empty where it worked. */
  readonly said: string;
  /** All that the step printed; empty where it worked. */
  readonly reads: string;
}

/** How each refusal reads, and what it is called in a table; the code itself where there is one. */
const refusals: Readonly<Record<Action, ReadonlyArray<readonly [reads: RegExp, label?: string]>>> = {
  // https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments#deployment-protection-rules
  start: [
    [/is not allowed to deploy to .* due to environment protection rules/, "may not deploy"],
    [/is waiting for review/, "waits for review"],
  ],
  "sign in": [
    // No federated credential for the job's subject: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
    [/AADSTS(?:70021|700213|7002131|7002138)\b/],
    // The client secret has ended.
    [/AADSTS7000222\b/],
    [/this job may not ask GitHub for an ID token/, "no ID token"],
    [/nothing was given for: client-id, tenant-id/, "no secret"],
  ],
  install: [],
  // pip takes an index that does not show it a package for one that has none.
  "install draft": [[/No matching distribution found for \S+/, "not found"]],
  save: [
    // pip takes an index that does not show it a package for one that has none.
    [/No matching distribution found for \S+/, "not found"],
    [/lacks permission to complete this action\. You need to have 'AddUpstreamPackage'/, "403"],
  ],
  // Who has no role on the feed may not even read it.
  publish: [[/lacks permission to complete this action\. You need to have '(?:AddPackage|ReadPackages)'/, "403"]],
};

/** What GitHub says where it does not start a job. */
export function startOutcome(reason: string): Outcome {
  return refusedOrFailed("start", reason, reason);
}

/** @param run the step that tried it; undefined where the job never came so far */
export function outcomeOf(action: Action, run: StepRun | undefined): Outcome {
  if (run === undefined || run.outcome === "skipped") {
    return { seen: "failed", label: "", said: "the job did not come so far", reads: "" };
  }
  if (run.outcome === "success") return works;
  return refusedOrFailed(action, lineOf(run), run.log);
}

export const works: Outcome = { seen: "works", label: "", said: "", reads: "" };

/** What ends in any other way than a refusal reads is a failure, which must not pass for one. */
function refusedOrFailed(action: Action, said: string, reads: string): Outcome {
  for (const [pattern, name] of refusals[action]) {
    const [found] = pattern.exec(reads) ?? [];
    if (found !== undefined) return { seen: "refused", label: name ?? found, said, reads };
  }
  return { seen: "failed", label: "", said, reads };
}

/** The line of a log that says what went wrong: with Entra's number where it is Entra that refused. */
export function lineOf({ log, annotations }: StepRun): string {
  const [annotation] = annotations.filter(({ level }) => level === "error");
  const code = /AADSTS\d+/.exec(log)?.[0];
  if (annotation) {
    const words = annotation.message.replace(/^Entra refuses the sign-in: /, "");
    return code === undefined ? words : `${code}: ${words}`;
  }
  const lines = log.split("\n").map((line) => line.trim());
  const failing = lines.filter((line) => /^(error|\S*Error)\b/i.test(line) && !/^Error: Process completed/.test(line));
  const permission = /You need to have '\w+'/.exec(log)?.[0];
  const http = /\b(\d{3}) [A-Z][a-z]+ ?[A-Za-z]*(?= from )/.exec(log)?.[0];
  if (http !== undefined) return [http, permission].filter(Boolean).join(": ");
  return (failing.at(-1) ?? lines.at(-1) ?? "it printed nothing").replace(/^ERROR: /, "");
}
