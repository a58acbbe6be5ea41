import type { Action } from "./matrix.ts";
import type { StepRun } from "./run-steps.ts";

/** What came of something that a job tried. */
export interface Outcome {
  /** `failed`: neither did it work, nor was it refused for the reason that it would be refused for. */
  readonly seen: "works" | "refused" | "failed";
  /** What a person would read, in a line; empty where it worked. */
  readonly said: string;
  /** All that the step printed; empty where it worked. */
  readonly reads: string;
}

/** How each refusal reads. What ends in any other way is a failure, which no refusal must pass for. */
const refusals: Readonly<Record<Exclude<Action, "start">, readonly RegExp[]>> = {
  "sign in": [
    // No federated credential for the job's subject: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
    /AADSTS(?:70021|700213|7002131|7002138)\b/,
    // No means to ask GitHub for a token, and no secret.
    /this job may not ask GitHub for an ID token/,
    /nothing was given for: client-id, tenant-id/,
  ],
  install: [],
  // pip takes an index that does not show it a package for one that has none.
  save: [
    /No matching distribution found for \S+/,
    /lacks permission to complete this action\. You need to have 'AddUpstreamPackage'/,
  ],
  publish: [/lacks permission to complete this action\. You need to have 'AddPackage'/],
};

/** @param run the step that tried it; undefined where the job never came so far */
export function outcomeOf(action: Exclude<Action, "start">, run: StepRun | undefined): Outcome {
  if (run === undefined || run.outcome === "skipped")
    return { seen: "failed", said: "the job did not come so far", reads: "" };
  if (run.outcome === "success") return { seen: "works", said: "", reads: "" };
  const isRefused = refusals[action].some((reason) => reason.test(run.log));
  return { seen: isRefused ? "refused" : "failed", said: lineOf(run), reads: run.log };
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
