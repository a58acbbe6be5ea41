import { afterAll, beforeAll, expect, test } from "vitest";
import type { Effect } from "../../sandbox/cloud/faults.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that no question of the program fails a preview because one answer to it was lost or refused.

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  project.writeStack("stumbles", {
    ...widgets,
    // Which role that takes depends on the feed's upstreams: Azure DevOps is asked.
    identities: { reader: { pull: true, trust: [{ branch: "main" }] } },
  });
  await project.succeed(["stack", "init", "stumbles"]);
});
afterAll(() => project.close());

const preview = () => project.pulumi(["preview", "--stack", "stumbles"]);

test.each<[string, Effect]>([
  ["502", { kind: "status", status: 502 }],
  ["429", { kind: "status", status: 429, retryAfterSeconds: 1 }],
  ["a reset", { kind: "reset" }],
])("%s at a question of the program does not fail a preview", async (_what, effect) => {
  const { faults, requests } = project.sandbox.cloud;
  // What the program alone asks, and no provider.
  const questions = [/^\/repos\/contoso\/widgets$/, /\/actions\/oidc\/customization\/sub$/, /^\/v1\.0\/applications$/];
  for (const path of questions) faults.add({ path, method: "GET", times: 1, effect });
  requests.clear();

  const { exitCode, output } = await preview();
  faults.clear();

  expect(exitCode, output).toBe(0);
  const asked = requests
    .all()
    .filter(({ method, path }) => method === "GET" && questions.some((one) => one.test(path)));
  expect(asked.length).toBeGreaterThanOrEqual(effect.kind === "reset" ? questions.length : 2 * questions.length);
});
