import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FleetReport } from "../../cli/fleet/report.ts";
import { mergedEnvironment } from "../../sandbox/environment.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves what a person sees who made a mistake: every problem at once, how to fix it, no stack trace, and nothing changed.

const cli = new URL("../../cli/feedpass.js", import.meta.url).pathname;

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
});

afterAll(() => project.close());

/** An up with these settings, in a stack of its own. */
async function refused(name: string, settings: Readonly<Record<string, unknown>>, environment = {}) {
  project.writeOnlyStack(name, settings);
  await project.succeed(["stack", "init", name]);
  const before = project.sandbox.cloud.store.snapshot();
  const { exitCode, output } = await project.pulumi(["up", "--stack", name, "--yes", "--skip-preview"], environment);
  expect(exitCode).not.toBe(0);
  expect(output).not.toMatch(/^\s+at .*\(.*:\d+:\d+\)/m);
  const resources = await project.resources(name);
  expect(resources.filter(({ type }) => !/^pulumi:(pulumi:Stack|providers:)/.test(type))).toEqual([]);
  const after = project.sandbox.cloud.store.snapshot();
  expect({ ...after, "entra.signingKeys": [] }).toEqual({ ...before, "entra.signingKeys": [] });
  return output;
}

test("a bad file gets every problem at once", async () => {
  const output = await refused("bad", {
    ...widgets,
    identities: { publisher: { role: "owner", trust: [{ branch: "*" }, { pullRequest: "yes" }] } },
  });

  expect(output).toContain(`3 problems in stacks/Pulumi.bad.yaml, nothing was changed:`);
  expect(output).toContain(
    `stacks/Pulumi.bad.yaml: identities.publisher.role: got "owner", expected reader, collaborator or contributor`,
  );
});

test("a repository that GitHub does not know", async () => {
  const output = await refused("unknown", { ...widgets, repository: "contoso/nowhere" });

  expect(output).toContain("stacks/Pulumi.unknown.yaml: repository: GitHub knows no repository contoso/nowhere");
});

test("an environment that is trusted, not made here, and not there", async () => {
  const { environments, ...rest } = widgets;

  const output = await refused("stray", rest);

  expect(output).toContain('identities.publisher.trust[0].environment: GitHub knows no environment "release"');
});

test("a team that is not there, and a feed that is not: both at once, before anything is made", async () => {
  const output = await refused("misspelt", {
    ...widgets,
    feed: { name: "nowhere" },
    environments: { release: { reviewers: { teams: ["release-manager"] } } },
  });

  expect(output).toContain(
    'environments.release.reviewers.teams[0]: got "release-manager", expected a team of contoso that this sign-in can see; did you mean release-managers?',
  );
  expect(output).toContain("stacks/Pulumi.misspelt.yaml: feed: there is no feed contoso/nowhere");
});

test("a feed that is not there", async () => {
  const output = await refused("no-feed", { ...widgets, feed: { name: "python" } });

  expect(output).toContain(
    "stacks/Pulumi.no-feed.yaml: feed: there is no feed contoso/python that this sign-in can see",
  );
  expect(output).toContain("a feed of a project needs feed.project");
});

test("a project that is not there", async () => {
  const output = await refused("no-project", { ...widgets, feed: { project: "nowhere", name: "python" } });

  expect(output).toContain("stacks/Pulumi.no-project.yaml: feed: Azure DevOps could not be asked: ");
  expect(output).toContain("nowhere");
});

test("a token that GitHub does not accept", async () => {
  const canary = "github_pat_wrong_canary";

  const { exitCode, output } = await pulumiWith({ GITHUB_TOKEN: canary });

  expect(exitCode).not.toBe(0);
  expect(output).toContain("GitHub does not accept the sign-in (401); set GITHUB_TOKEN");
  expect(output).not.toContain(canary);
});

/** A preview in another environment: the engine's attached parts need to be told of it. */
async function pulumiWith(changes: Record<string, string>) {
  project.writeOnlyStack("token", widgets);
  await project.succeed(["stack", "init", "token"]);
  const other = await project.sandbox.withEnvironment(changes);
  const result = await project.pulumi(["preview", "--stack", "token"], other.environment);
  await other.close();
  return result;
}

test("what cannot be made again is protected, until the file says that it is removable", async () => {
  const { removable, ...kept } = widgets;
  project.writeOnlyStack("kept", kept);
  await project.succeed(["stack", "init", "kept"]);
  await project.succeed(["up", "--stack", "kept", "--yes", "--skip-preview"]);
  const resources = await project.resources("kept");

  const refusal = await project.pulumi(["destroy", "--stack", "kept", "--yes", "--skip-preview"]);
  project.writeOnlyStack("kept", widgets);
  await project.succeed(["up", "--stack", "kept", "--yes", "--skip-preview"]);
  await project.succeed(["destroy", "--stack", "kept", "--yes", "--skip-preview"]);

  const protectedTypes = resources.filter(({ protect }) => protect).map(({ type }) => type.split(":").at(-1));
  expect(protectedTypes.sort()).toEqual([
    "ApplicationRegistration",
    "ApplicationRegistration",
    "ServicePrincipal",
    "ServicePrincipal",
    "ServicePrincipalEntitlement",
    "ServicePrincipalEntitlement",
  ]);
  expect(refusal.exitCode).not.toBe(0);
  expect(refusal.output).toContain("protect");
  expect(await project.resources("kept")).toEqual([]);
});

test("a list of issuers that is not Pulumi.yaml's is refused, and none of it is trusted", async () => {
  const issuer = "https://token.actions.githubusercontent.com/mallory";

  const output = await refused("wide", { ...widgets, issuer, issuers: [issuer] });

  expect(output).toContain("2 problems in stacks/Pulumi.wide.yaml, nothing was changed:");
  expect(output).toContain("issuers: got a list beside that of Pulumi.yaml, which alone says whose tokens are trusted");
  expect(output).toContain(`issuer: got "${issuer}", expected https://token.actions.githubusercontent.com, `);
});

test("a second file for one repository is refused, however it spells the name, and names the other", async () => {
  project.writeOnlyStack("first", widgets);
  const file = join(project.folder, "stacks/Pulumi.first.yaml");
  const hidden = readFileSync(file, "utf8").replace("contoso/widgets", '"Contoso\\x2fWidgets"');
  project.writeStack("second", widgets);
  writeFileSync(file, hidden);
  await project.succeed(["stack", "init", "second"]);

  const { exitCode, output } = await project.pulumi(["up", "--stack", "second", "--yes", "--skip-preview"]);
  const fleet = await execa(process.execPath, [cli, "fleet", "preview", "--json"], {
    cwd: project.folder,
    env: mergedEnvironment(project.sandbox.environment, { GITHUB_STEP_SUMMARY: undefined }),
    extendEnv: false,
    reject: false,
  });

  const { stacks } = JSON.parse(fleet.stdout) as FleetReport;
  expect(stacks.map(({ stack, outcome, errors }) => [stack, outcome, errors.join().slice(0, 85)])).toEqual([
    ["first", "broken", "stacks/Pulumi.first.yaml: repository: stacks/Pulumi.second.yaml is for the same repos"],
    ["second", "broken", "stacks/Pulumi.second.yaml: repository: stacks/Pulumi.first.yaml is for the same repos"],
  ]);
  expect(hidden).not.toContain("contoso/widgets");
  expect(exitCode).not.toBe(0);
  expect(output).toContain(
    "stacks/Pulumi.second.yaml: repository: stacks/Pulumi.first.yaml is for the same repository, expected one file for each",
  );
});

test("a service that stumbles does not stop an up", async () => {
  const { faults } = project.sandbox.cloud;
  faults.add({
    service: "graph",
    method: "POST",
    times: 2,
    effect: { kind: "status", status: 429, retryAfterSeconds: 0 },
  });
  faults.add({
    service: "graph",
    method: "GET",
    times: 1,
    effect: { kind: "status", status: 503, retryAfterSeconds: 0 },
  });
  faults.add({
    service: "graph",
    method: "POST",
    path: /federatedIdentityCredentials$/,
    times: 1,
    effect: { kind: "lag", reads: 1 },
  });
  project.writeOnlyStack("stumbles", { ...widgets, repository: "contoso/gadgets" });
  await project.succeed(["stack", "init", "stumbles"]);

  const { exitCode } = await project.pulumi(["up", "--stack", "stumbles", "--yes", "--skip-preview"]);
  faults.clear();

  expect(exitCode).toBe(0);
});
