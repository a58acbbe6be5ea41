import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IdentitySettings } from "../../src/settings/schema.ts";
import { buildWheel } from "../cloud/python-packages/wheel.ts";
import type { Step } from "./definitions.ts";
import type { Case, Check } from "./matrix.ts";
import { type Outcome, outcomeOf, startOutcome, works } from "./refusals.ts";
import { type JobOrder, type JobRun, runJob, type Stage } from "./run-job.ts";
import type { StepRun } from "./run-steps.ts";
import type { Scene } from "./scene.ts";
import { draftPackage, feedPackage, publicPackage } from "./world.ts";

/** A version of a package. */
export interface Package {
  readonly name: string;
  readonly version: string;
}

/** What a check expected, and what was seen. */
export interface CheckResult extends Check, Outcome {}

/** What came of one job. */
export interface CaseResult extends Case {
  readonly checks: readonly CheckResult[];
  readonly agrees: boolean;
  /** Its log, with what is secret hidden. */
  readonly log: string;
  /** How often something was printed that GitHub has to hide. */
  readonly revealed: number;
}

/** What is known of an identity outside of its own jobs: ids and addresses are no secrets. */
export interface Known {
  readonly clientId: string;
  readonly tenantId: string;
  readonly indexUrl: string;
  readonly uploadUrl: string;
}

export interface Trial {
  /** Distinct for each: names the packages of this job. */
  readonly number: number;
  readonly tried: Case;
  readonly identity: IdentitySettings;
  /** `owner/name` of the stack. */
  readonly repository: string;
  readonly known: Known;
  /** What is installed from the feed that the stack publishes to, or from its only one. */
  readonly wanted: Package;
  /** The stack's name for that feed. */
  readonly wantedFrom: string;
}

/** The package that a job of this number tries to publish. */
export const probePackage = (number: number): Package => ({
  name: `feedpass-rehearsal-probe-${number}`,
  version: "1.0",
});

/** Runs one job of the matrix. */
export async function tryCase(stage: Stage, trial: Trial): Promise<CaseResult> {
  const { tried } = trial;
  const run = await runJob(stage, {
    request: requestOf(tried.scene, trial.repository, stage.world.otherRepository),
    approved: tried.scene.approved,
    steps: stepsOf(trial),
    prepare({ workspace }) {
      const { fileName, content } = buildWheel({ ...probePackage(trial.number), files: {} });
      mkdirSync(join(workspace, "dist"));
      writeFileSync(join(workspace, "dist", fileName), content);
    },
  });
  const checks = tried.checks.map((check) => ({ ...check, ...seenOf(check, run) }));
  return {
    ...tried,
    checks,
    agrees: checks.every(({ seen, expected }) => seen === expected),
    log: logOf(run),
    revealed: run.started ? run.revealed : 0,
  };
}

/** A scene as GitHub is asked for it. */
export function requestOf(scene: Scene, own: string, other: string): JobOrder["request"] {
  const { repository, event, ref, environment, workflow, fromFork = false } = scene;
  return {
    repository: repository === "own" ? own : other,
    event,
    ref,
    fork: fromFork,
    permissions: { contents: "read", "id-token": "write" },
    ...(event === "pull_request" ? { headRef: "feedpass-rehearsal", baseRef: "main" } : {}),
    ...(environment === undefined ? {} : { environment }),
    ...(workflow === undefined ? {} : { reusableWorkflow: workflow }),
  };
}

const ownAction = "actions/azure-artifacts";

/**
 * The steps of a job that tries what a role lets it do, each whatever came of the one before. A job that is trusted reads
 * the variables that the stack wrote; one that is not is written by somebody who knows the ids, which are no secrets.
 */
function stepsOf(trial: Trial): Step[] {
  const { tried, identity, known } = trial;
  const variable = (name: string) => `\${{ vars.${identity.variablePrefix ?? ""}${name} }}`;
  const isOwn = tried.checks.length > 1;
  const extra = Object.keys(identity.roles).length > 1;
  const addresses = isOwn
    ? {
        "index-url": variable("AZURE_ARTIFACTS_INDEX_URL"),
        ...(extra ? { "extra-index-url": variable("AZURE_ARTIFACTS_EXTRA_INDEX_URL") } : {}),
        "upload-url": variable("AZURE_ARTIFACTS_UPLOAD_URL"),
      }
    : { "index-url": known.indexUrl, "upload-url": known.uploadUrl };
  const ids = isOwn
    ? { "client-id": variable("AZURE_CLIENT_ID"), "tenant-id": variable("AZURE_TENANT_ID") }
    : { "client-id": known.clientId, "tenant-id": known.tenantId };
  const secret = { credentials: `\${{ secrets.${identity.variablePrefix ?? ""}AZURE_CREDENTIALS }}` };
  return [
    {
      id: "sign in",
      name: "Sign in",
      uses: ownAction,
      with: { ...(tried.way === "oidc" ? ids : secret), ...addresses },
    },
    ...tried.checks.flatMap((check): Step[] => {
      const run = scriptOf(check, trial);
      return run === undefined ? [] : [{ id: stepId(check), run, shell: "bash", "continue-on-error": true }];
    }),
    { name: "Clean up", if: "always()", uses: ownAction, with: { mode: "cleanup" } },
  ];
}

function stepId({ action, feed }: Check): string {
  return feed === undefined ? action : `${action} ${feed}`;
}

/** What a check runs; undefined for what happens before. */
function scriptOf({ action, feed }: Check, { number, wanted, wantedFrom }: Trial): string | undefined {
  const install = ({ name, version }: Package, folder: string, options = "") =>
    `python -m pip install --target "$RUNNER_TEMP/${folder}" ${options}${name}==${version}`;
  const isOther = feed !== undefined && feed !== wantedFrom;
  switch (action) {
    case "install":
      return isOther ? install(feedPackage(feed), `installed-${feed}`) : install(wanted, "installed");
    case "install draft":
      return install(draftPackage(feed ?? wantedFrom), "draft");
    case "save":
      return install(publicPackage(number), "saved", "--no-deps ");
    case "publish":
      return "python -m twine upload dist/*";
    default:
      return undefined;
  }
}

function seenOf(check: Check, run: JobRun): Outcome {
  const { action } = check;
  if (!run.started) {
    const { said, ...refusal } = startOutcome(run.reason);
    return action === "start"
      ? { ...refusal, said }
      : { seen: "failed", label: "", said: `GitHub did not start the job: ${said}`, reads: "" };
  }
  if (action === "start") return works;
  return outcomeOf(
    action,
    run.steps.find(({ id }) => id === stepId(check)),
  );
}

/** A job's log as a person reads it. */
export function logOf(run: JobRun): string {
  if (!run.started) return `GitHub did not start the job: ${run.reason}`;
  return run.steps.map(stepLog).join("\n");
}

function stepLog({ name, outcome, log }: StepRun): string {
  return [`## ${name} (${outcome})`, ...(log === "" ? [] : [log])].join("\n");
}
