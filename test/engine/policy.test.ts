import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that the policy pack starts with the real engine, lets the example pass, and stops what breaks a rule before
// anything is made, whatever code would make it.

const packFolder = join(import.meta.dirname, "..", "..", "infra", "policy");
const pack = ["--policy-pack", packFolder];

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
});

afterAll(() => project.close());

/** What the sandbox's clouds hold, without what every sign-in leaves behind. */
function clouds() {
  return { ...project.sandbox.cloud.store.snapshot(), "entra.signingKeys": [] };
}

/** The policies that an output names as broken. */
function broken(output: string): string[] {
  return [...new Set([...output.matchAll(/\[mandatory\]\s+([a-z-]+)/g)].map(([, name = ""]) => name))].sort();
}

test("the example passes, because its file says that it is removable", async () => {
  project.writeStack("example", widgets);
  await project.succeed(["stack", "init", "example"]);

  const output = await project.succeed(["up", "--stack", "example", "--yes", ...pack]);

  expect(output).toContain("feedpass@v0.1.0");
  expect(broken(output)).toEqual([]);
});

test("a risk that a file accepts is still stopped, in the preview, also where the environment names the pack", async () => {
  project.writeStack("risky", {
    ...widgets,
    repository: "contoso/gadgets",
    identities: {
      publisher: { role: "contributor", trust: [{ pullRequest: true }], acceptedRisks: ["pullRequestWrites"] },
    },
    environments: {},
  });
  await project.succeed(["stack", "init", "risky"]);
  const before = clouds();

  const { exitCode, output } = await project.pulumi(["up", "--stack", "risky", "--yes"], {
    PULUMI_OPTION_POLICY_PACK: packFolder,
  });

  expect(exitCode).not.toBe(0);
  expect(broken(output)).toEqual(["no-publish-for-pull-requests"]);
  expect(output).toContain('role: got "contributor", expected reader');
  expect(clouds()).toEqual(before);
});

/** Makes another project beside feedpass's own. @returns its folder, and how commands find its one stack */
async function makeProject(name: string, program: string) {
  const folder = join(project.folder, name);
  mkdirSync(folder);
  symlinkSync(join(project.folder, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: ${name}\nmain: index.js\nruntime: { name: nodejs, options: { typescript: false, nodeargs: --import tsx } }\n`,
  );
  writeFileSync(join(folder, "index.js"), program);
  const stack = `organization/${name}/dev`;
  await project.succeed(["stack", "init", `--cwd=${folder}`, stack]);
  return { folder, options: [`--cwd=${folder}`, `--stack=${stack}`] };
}

test("another program is held to the same rules, and a pack's configuration changes them", async () => {
  const { folder, options: other } = await makeProject("other", otherProgram);
  const configuration = join(folder, "policies.json");
  writeFileSync(
    configuration,
    JSON.stringify({ "no-endless-password": { days: 900 }, "protected-identities": "disabled" }),
  );
  const before = clouds();

  const strict = await project.pulumi(["up", ...other, "--yes", ...pack]);
  const lenient = await project.pulumi(["preview", ...other, ...pack, "--policy-pack-config", configuration]);

  expect(strict.exitCode).not.toBe(0);
  expect(broken(strict.output)).toEqual([
    "no-credentials-in-variables",
    "no-endless-password",
    "no-feed-administrator",
    "no-passwords-in-variables",
    "no-publish-for-pull-requests",
    "no-publisher-that-reads-for-pull-requests",
    "no-wildcard-without-id",
    "protected-identities",
  ]);
  expect(clouds()).toEqual(before);
  expect(lenient.exitCode).not.toBe(0);
  expect(broken(lenient.output)).toEqual([
    "no-credentials-in-variables",
    "no-feed-administrator",
    "no-passwords-in-variables",
    "no-publish-for-pull-requests",
    "no-publisher-that-reads-for-pull-requests",
    "no-wildcard-without-id",
  ]);
});

test("an environment that lets pull requests in stops its publisher in the preview, until it has a branch of its own", async () => {
  const { folder, options } = await makeProject("open", openProgram("refs/pull/*/merge"));
  const before = clouds();

  const open = await project.pulumi(["up", ...options, "--yes", ...pack]);
  const after = clouds();
  writeFileSync(join(folder, "index.js"), openProgram("main"));
  const closed = await project.pulumi(["preview", ...options, ...pack]);

  expect(open.exitCode).not.toBe(0);
  expect(broken(open.output)).toEqual(["no-publish-for-pull-requests"]);
  expect(open.output.replaceAll(/\s+/g, " ")).toContain(
    "lets pull requests in through the environment release: eu, which has neither reviewers nor deployment branches",
  );
  expect(after).toEqual(before);
  expect(broken(closed.output)).toEqual([]);
  expect(closed.exitCode).toBe(0);
});

/** Publishes from an environment that deploys from these branches, with nothing of feedpass in it. */
function openProgram(branchPattern: string): string {
  return `
import * as azuread from "@pulumi/azuread";
import * as azuredevops from "@pulumi/azuredevops";
import * as github from "@pulumi/github";

const kept = { protect: true };
const application = new azuread.ApplicationRegistration("ci", { displayName: "ci" }, kept);
const principal = new azuread.ServicePrincipal("ci", { clientId: application.clientId }, kept);
const environment = new github.RepositoryEnvironment("release", {
  repository: "gadgets",
  environment: "release: eu",
  deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
});
new github.RepositoryEnvironmentDeploymentPolicy("release", {
  repository: "gadgets",
  environment: environment.environment,
  branchPattern: "${branchPattern}",
});
new azuread.ApplicationFederatedIdentityCredential("ci", {
  applicationId: application.id,
  displayName: "release",
  issuer: "https://token.actions.githubusercontent.com",
  subject: "repo:contoso/gadgets:environment:release%3A eu",
  audiences: ["api://AzureADTokenExchange"],
});
const provider = new azuredevops.Provider("contoso", { orgServiceUrl: "https://dev.azure.com/contoso" });
const member = new azuredevops.ServicePrincipalEntitlement(
  "ci",
  { originId: principal.objectId, origin: "aad", accountLicenseType: "stakeholder" },
  { provider, protect: true },
);
const feedId = "11111111-2222-3333-4444-555555555555";
new azuredevops.FeedPermission(
  "publishes",
  { feedId, identityDescriptor: member.descriptor, role: "contributor" },
  { provider },
);
`;
}

/** Breaks every rule, with nothing of feedpass in it. */
const otherProgram = `
import * as azuread from "@pulumi/azuread";
import * as azuredevops from "@pulumi/azuredevops";
import * as github from "@pulumi/github";

const issuer = "https://token.actions.githubusercontent.com";
const application = new azuread.ApplicationRegistration("ci", { displayName: "ci" });
const principal = new azuread.ServicePrincipal("ci", { clientId: application.clientId });
new azuread.ApplicationFederatedIdentityCredential("ci", {
  applicationId: application.id,
  displayName: "pull-requests",
  issuer,
  subject: "repo:contoso/gadgets:pull_request",
  audiences: ["api://AzureADTokenExchange"],
});
new azuread.ApplicationFlexibleFederatedIdentityCredential("ci", {
  applicationId: application.id,
  displayName: "all-tags",
  issuer,
  claimsMatchingExpression: "claims['sub'] matches 'repo:contoso/*:ref:refs/tags/v*'",
  audience: "api://AzureADTokenExchange",
});
const end = new Date(Date.now() + 800 * 24 * 60 * 60 * 1000).toISOString();
const password = new azuread.ApplicationPassword("ci", { applicationId: application.id, endDate: end });
const provider = new azuredevops.Provider("contoso", { orgServiceUrl: "https://dev.azure.com/contoso" });
const options = { provider };
const member = new azuredevops.ServicePrincipalEntitlement("ci", {
  originId: principal.objectId,
  origin: "aad",
  accountLicenseType: "stakeholder",
}, options);
const feedId = "11111111-2222-3333-4444-555555555555";
new azuredevops.FeedPermission("owns", { feedId, identityDescriptor: member.descriptor, role: "administrator" }, options);
new azuredevops.FeedPermission("reads", { feedId: feedId.replace("1", "2"), identityDescriptor: member.descriptor, role: "reader" }, options);
const repository = "gadgets";
new github.ActionsVariable("ci", { repository, variableName: "AZURE_CREDENTIALS", value: password.value });
`;
