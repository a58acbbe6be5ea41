import { expect, test } from "vitest";
import type { Action } from "../../../sandbox/rehearsal/matrix.ts";
import { outcomeOf, startOutcome } from "../../../sandbox/rehearsal/refusals.ts";
import type { StepRun } from "../../../sandbox/rehearsal/run-steps.ts";

// Proves that only what reads like a refusal passes for one: anything else that goes wrong is a failure.

const step = (log: string, outcome: StepRun["outcome"] = "failure", error?: string): StepRun => ({
  id: "x",
  name: "x",
  outcome,
  log,
  annotations: error === undefined ? [] : [{ level: "error", message: error }],
});

test.each<[Action, string, string]>([
  ["sign in", "Entra says: AADSTS700213: No matching federated identity", "AADSTS700213"],
  ["sign in", "Entra says: AADSTS7002131: No matching", "AADSTS7002131"],
  ["sign in", "Entra says: AADSTS7002138: The subject matches", "AADSTS7002138"],
  ["sign in", "Entra says: AADSTS7000222: The provided client secret keys are expired", "AADSTS7000222"],
  ["sign in", "::error::this job may not ask GitHub for an ID token: add it", "no ID token"],
  ["sign in", "::error::nothing was given for: client-id, tenant-id", "no secret"],
  ["save", "ERROR: No matching distribution found for x==1", "not found"],
  ["publish", "User 'x' lacks permission to complete this action. You need to have 'AddPackage'.", "403"],
])("%s is refused where it reads: %s", (action, log, label) => {
  expect(outcomeOf(action, step(log))).toMatchObject({ seen: "refused", label, reads: log });
});

test.each<[Action, string]>([
  ["sign in", "Entra says: AADSTS700016: Application not found in the directory"],
  ["sign in", "Entra says: AADSTS7000215: Invalid client secret"],
  ["sign in", "nothing was given for: index-url"],
  ["install", "ERROR: No matching distribution found for x==1"],
  ["publish", "HTTPError: 401 Unauthorized from https://x"],
  ["publish", "HTTPError: 409 Conflict from https://x"],
  ["publish", "/bin/bash: twine: command not found"],
])("%s fails, and is not refused, where it reads: %s", (action, log) => {
  expect(outcomeOf(action, step(log))).toMatchObject({ seen: "failed", label: "" });
});

test("a step that succeeded worked, and one that never ran failed", () => {
  expect(outcomeOf("publish", step("anything", "success")).seen).toBe("works");
  expect(outcomeOf("publish", step("", "skipped"))).toMatchObject({
    seen: "failed",
    said: "the job did not come so far",
  });
  expect(outcomeOf("publish", undefined).seen).toBe("failed");
});

test.each([
  [
    'Branch "x" is not allowed to deploy to release due to environment protection rules.',
    { seen: "refused", label: "may not deploy" },
  ],
  ["The deployment to release is waiting for review.", { seen: "refused", label: "waits for review" }],
  ["there is no repository contoso/none", { seen: "failed", label: "" }],
])("a job that does not start: %s", (reason, expected) => {
  expect(startOutcome(reason)).toMatchObject(expected);
});

test.each([
  [
    "Entra's number and our words",
    step("AADSTS700213: long", "failure", "Entra refuses the sign-in: no entry"),
    "AADSTS700213: no entry",
  ],
  ["our words alone", step("x", "failure", "no ID token"), "no ID token"],
  [
    "twine's status and the permission",
    step("ERROR    HTTPError: 403 Forbidden from https://x\n You need to have 'AddPackage'."),
    "403 Forbidden: You need to have 'AddPackage'",
  ],
  [
    "pip's last error",
    step("ERROR: one\nERROR: No matching\nError: Process completed with exit code 1."),
    "No matching",
  ],
  ["the last line where nothing says error", step("one\ntwo"), "two"],
])("the line to read is %s", (_, run, expected) => {
  expect(outcomeOf("install", run).said).toBe(expected);
});
