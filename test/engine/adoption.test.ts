import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { FleetReport } from "../../cli/fleet/report.ts";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { setFeedRole } from "../../sandbox/cloud/azure-devops/feeds.ts";
import { mergedEnvironment } from "../../sandbox/environment.ts";
import { ensureEngine } from "../../sandbox/toolchain/engine.ts";
import { withoutResources } from "../support/forget.ts";
import { type EngineResult, openProject, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves what a person sees where something exists that the stack does not know: one refusal that says what is there, and
// commands that work when they are run as they are printed.

let project: TestProject;
/** A folder with an `npx` that runs the engine without questions, as its commands are printed for a person. */
let shims = "";
const shown: string[] = [];

beforeAll(async () => {
  project = await openProject();
  project.writeStack("widgets", widgets);
  await project.succeed(["stack", "init", "widgets"]);
  shims = project.folder;
  const { binary } = await ensureEngine();
  writeFileSync(join(shims, "npx"), `#!/bin/sh\nshift\nexec '${binary}' "$@" --yes --non-interactive --color=never\n`);
  chmodSync(join(shims, "npx"), 0o755);
});

afterEach(() => project.sandbox.cloud.requests.clear());
afterAll(() => project.close());

async function run(...args: readonly string[]): Promise<EngineResult> {
  const result = await project.pulumi([...args, "--stack", "widgets"]);
  shown.push(result.output);
  return result;
}

const up = () => run("up", "--yes", "--skip-preview");
const preview = () => run("preview");

/** The errors that are shown of one resource, without the margin. */
function errorsOf({ output }: EngineResult, resource: string): string[] {
  const diagnostics = output.slice(output.indexOf("\nDiagnostics:\n"));
  const [, ...sections] = diagnostics.split(/\n {2}(?=\S+ \()/);
  const [section = ""] = sections.filter((text) => text.startsWith(`${resource}:`));
  return (section.split("\n\n")[0] ?? "")
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line) => line.replace(/^ {4}/, ""));
}

/** Runs what stands after these words, in a shell, as somebody would who copies it. */
async function runPrinted(errors: readonly string[], words: string): Promise<void> {
  const line = errors.find((text) => text.startsWith(`  ${words}: `)) ?? expect.unreachable(errors.join("\n"));
  const result = await execa("sh", ["-c", line.slice(words.length + 4)], {
    cwd: project.folder,
    env: mergedEnvironment(project.sandbox.environment, { PATH: `${shims}:${process.env.PATH}` }),
    extendEnv: false,
    reject: false,
    all: true,
  });
  shown.push(result.all);
  expect(result.exitCode, result.all).toBe(0);
}

async function gitHub(method: string, path: string, body?: object): Promise<string> {
  const authorization = `Bearer ${project.sandbox.environment.GITHUB_TOKEN}`;
  const url = `https://api.github.com/repos/contoso/widgets/${path}`;
  const request = new Request(url, { method, headers: { authorization }, body: body ? JSON.stringify(body) : null });
  const response = await project.sandbox.cloud.fetch(request);
  expect(response.ok).toBe(true);
  project.sandbox.cloud.requests.clear();
  return response.text();
}

const clientIdAt = async (place: string): Promise<string> =>
  JSON.parse(await gitHub("GET", `${place}/variables/AZURE_CLIENT_ID`)).value;

const asked = (pattern: RegExp) =>
  project.sandbox.cloud.requests
    .all()
    .filter(({ method, path }) => method === "GET" && pattern.test(path))
    .map(({ path }) => path);

async function urnOf(kind: string, name: string): Promise<string> {
  const resources = await project.resources("widgets");
  return resources.find(({ urn, type }) => type.endsWith(`:${kind}`) && urn.endsWith(`::${name}`))?.urn ?? "";
}

/** Takes resources out of the state, each of a kind and a name. */
async function forget(...gone: ReadonlyArray<readonly [kind: string, name: string]>): Promise<void> {
  const urns = await Promise.all(gone.map(([kind, name]) => urnOf(kind, name)));
  const file = join(project.folder, "state.json");
  await project.succeed(["stack", "export", "--stack", "widgets", "--file", file]);
  writeFileSync(file, withoutResources(readFileSync(file, "utf8"), urns));
  await project.succeed(["stack", "import", "--stack", "widgets", "--file", file]);
}

const components = "urn:pulumi:widgets::feedpass::feedpass:index:RepositoryAccess";
const provider = (name: string) =>
  `--provider provider=urn:pulumi:widgets::feedpass::pulumi:providers:${name}::${name}`;
const flags = "--protect=false --generate-code=false";

const settings = `--stack widgets --parent 'parent=${components}$feedpass:index:ActionsSettings::access' ${provider("github")} ${flags}`;
const importVariable = `npx pulumi import github:index/actionsVariable:ActionsVariable access/AZURE_CLIENT_ID widgets:AZURE_CLIENT_ID ${settings}`;
const deleteVariable = "  to delete it: gh variable delete AZURE_CLIENT_ID --repo contoso/widgets";
const finish = "  after either: npx pulumi up --stack widgets";

test("a variable that somebody made by hand is told by the preview, and adopted by the command that up prints", async () => {
  await gitHub("POST", "actions/variables", { name: "AZURE_CLIENT_ID", value: `by hand,\n${"x".repeat(50)}` });
  const there = `contoso/widgets has the variable AZURE_CLIENT_ID already, with the value "by hand, ${"x".repeat(31)}…"`;

  const previewed = await preview();
  const first = await up();

  expect(previewed.exitCode).not.toBe(0);
  expect(errorsOf(previewed, "github:index:ActionsVariable (access/AZURE_CLIENT_ID)")).toEqual([
    `error: Preview failed: before hook "what is there already" failed: ${there}`,
    "  to adopt it, first make what it belongs to: npx pulumi up --stack widgets --skip-preview",
    `  and then adopt it: ${importVariable}`,
    deleteVariable,
    finish,
  ]);
  expect(first.exitCode).not.toBe(0);
  const errors = errorsOf(first, "github:index:ActionsVariable (access/AZURE_CLIENT_ID)");
  expect(errors).toEqual([
    `error: before hook "what is there already" failed: ${there}`,
    `  to adopt it: ${importVariable}`,
    deleteVariable,
    finish,
  ]);

  await runPrinted(errors, "to adopt it");
  await runPrinted(errors, "after either");

  expect(await clientIdAt("actions")).toMatch(/^[\da-f-]{36}$/);
  expect((await run("preview", "--expect-no-changes")).exitCode).toBe(0);
});

test("a preview without changes asks for nothing that the hooks need", async () => {
  await preview();

  expect(asked(/variables|permissions/)).toEqual([]);
  expect(project.sandbox.cloud.requests.perService()).toEqual({ github: 4, entra: 4, "azure-devops": 10 });
});

test("a variable of an environment is told and adopted in its place", async () => {
  await forget(["ActionsEnvironmentVariable", "access/environment:release/AZURE_CLIENT_ID"]);
  await gitHub("PATCH", "environments/release/variables/AZURE_CLIENT_ID", { value: "old" });

  const previewed = await preview();

  const errors = errorsOf(
    previewed,
    "github:index:ActionsEnvironmentVariable (access/environment:release/AZURE_CLIENT_ID)",
  );
  expect(errors).toEqual([
    'error: Preview failed: before hook "what is there already" failed: contoso/widgets has the variable AZURE_CLIENT_ID in the environment release already, with the value "old"',
    `  to adopt it: npx pulumi import github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable access/environment:release/AZURE_CLIENT_ID widgets:release:AZURE_CLIENT_ID ${settings}`,
    "  to delete it: gh variable delete AZURE_CLIENT_ID --repo contoso/widgets --env release",
    finish,
  ]);
  expect(asked(/variables/)).toEqual(["/repos/contoso/widgets/environments/release/variables"]);

  await runPrinted(errors, "to adopt it");
  await runPrinted(errors, "after either");

  expect(await clientIdAt("environments/release")).toMatch(/^[\da-f-]{36}$/);
});

test("a role that the stack's own principal has is the stack's to say, whoever gave it", async () => {
  await forget(["FeedPermission", "access/reader/feed:data/python"]);
  const data = azureDevOpsData(project.sandbox.cloud.store);
  const feed = data.feeds.find(({ name }) => name === "python") ?? expect.unreachable();
  const readers = () => data.feedRoles.filter(({ feedId, role }) => feedId === feed.id && role === "reader");
  const [given] = readers().filter(({ subjectId }) => data.entitlements.get(subjectId) !== undefined);
  const subject = data.subjects.get(given?.subjectId ?? "") ?? expect.unreachable();
  setFeedRole(project.sandbox.cloud.store, feed, subject, "contributor");

  const previewed = await preview();
  const applied = await up();

  expect([previewed.exitCode, applied.exitCode]).toEqual([0, 0]);
  expect(applied.output).toMatch(
    /is contributor of the feed contoso\/data\/python already: an up before this one made it/,
  );
  expect(data.feedRoles.find((one) => one.feedId === feed.id && one.subjectId === subject.id)?.role).toBe("reader");
});

test("an entitlement of the stack's own principal is taken as it is, with the licence of the file", async () => {
  await forget(
    ["ServicePrincipalEntitlement", "access/publisher"],
    ["GroupMembership", "access/publisher/project:data"],
    ["FeedPermission", "access/publisher/feed:data/python"],
  );
  const { entitlements } = azureDevOpsData(project.sandbox.cloud.store);
  const before = entitlements.all().map(({ id }) => id);

  const applied = await up();

  expect(applied.exitCode, applied.output).toBe(0);
  expect(entitlements.all().map(({ id }) => id)).toEqual(before);
  expect((await run("preview", "--expect-no-changes")).exitCode).toBe(0);
});

test("a feed that is there is used as it is once the file no longer makes it", async () => {
  project.writeStack("widgets", {
    ...widgets,
    feed: { organization: "contoso", name: "internal", create: true },
  });
  const { feeds } = azureDevOpsData(project.sandbox.cloud.store);
  const internal = feeds.find(({ name }) => name === "internal");

  const previewed = await preview();
  project.writeStack("widgets", { ...widgets, feed: { organization: "contoso", name: "internal" } });
  const used = await preview();

  expect(errorsOf(previewed, "azuredevops:index:Feed (access/feed:internal)")).toEqual([
    'error: Preview failed: before hook "what is there already" failed: the feed contoso/internal is there already',
    `  to adopt it: npx pulumi import azuredevops:index/feed:Feed access/feed:internal ${internal?.id} --stack widgets --parent parent=${components}::access ${provider("azuredevops")} ${flags}`,
    "  to use it as it is: take create: true out of feedpass:feed",
    finish,
  ]);
  expect(used.exitCode).toBe(0);
});

test("a licence that cannot be assigned is explained beside the provider's own words", async () => {
  const { organizations } = azureDevOpsData(project.sandbox.cloud.store);
  const contoso = organizations.find(({ name }) => name === "contoso") ?? expect.unreachable();
  organizations.update(contoso.id, { expressLicences: 0 });
  const { reader, publisher } = widgets.identities;
  project.writeStack("widgets", { ...widgets, identities: { reader: { ...reader, licence: "express" }, publisher } });

  const refused = await up();
  project.writeStack("widgets", widgets);

  expect(refused.exitCode).not.toBe(0);
  const errors = errorsOf(refused, "azuredevops:index:ServicePrincipalEntitlement (access/reader)").join("\n");
  expect(errors).toContain(
    [
      "error: what this means: (5005) Failed to assign license",
      "  The organization has no free licence of the kind that the identity asks for.",
      "  1. the identity asks for express, which is Basic, and all are taken",
      "     remove identities.NAME.licence: stakeholder, the default, is free and is enough for feeds",
      "  2. Basic is really wanted",
      "     buy one under Organization settings, Billing, or take one from somebody",
    ].join("\n"),
  );
  expect(errors).toMatch(/\(5005\) Failed to assign license Account-Express to identity with id [\da-f-]{36}\./);
});

/** What the fleet says is wrong with each stack. */
async function fleetErrors(...parameters: readonly string[]): Promise<Record<string, readonly string[]>> {
  const cli = new URL("../../cli/feedpass.js", import.meta.url).pathname;
  const { stdout, stderr } = await execa("node", [cli, "fleet", ...parameters, "--json"], {
    cwd: project.folder,
    env: mergedEnvironment(project.sandbox.environment, { GITHUB_STEP_SUMMARY: undefined }),
    extendEnv: false,
    reject: false,
  });
  shown.push(stdout, stderr);
  const { stacks } = JSON.parse(stdout) as FleetReport;
  return Object.fromEntries(stacks.map(({ stack, errors }) => [stack, errors]));
}

test("the fleet tells the same of the stack that it is about, also of several at once", async () => {
  const gadgets = { ...widgets, repository: "contoso/gadgets" };
  const { reader, publisher } = widgets.identities;
  project.writeStack("gadgets", { ...gadgets, identities: { reader: { ...reader, licence: "express" }, publisher } });
  await forget(["ActionsVariable", "access/AZURE_TENANT_ID"]);
  await gitHub("PATCH", "actions/variables/AZURE_TENANT_ID", { value: "somebody else's" });

  const errors = await fleetErrors("up", "--stacks", "widgets", "--stacks", "gadgets", "--yes", "--concurrency", "2");

  expect(errors.widgets).toEqual([
    expect.stringMatching(
      /^before hook "what is there already" failed: contoso\/widgets has the variable AZURE_TENANT_ID already/,
    ),
  ]);
  expect(errors.gadgets).toContainEqual(expect.stringMatching(/^what this means: \(5005\)/));
  expect(errors.gadgets).toContainEqual(expect.stringContaining("(5005) Failed to assign license Account-Express"));
  expect(errors.gadgets?.join("\n")).not.toContain("AZURE_TENANT_ID");
  await gitHub("DELETE", "actions/variables/AZURE_TENANT_ID");
  expect((await up()).exitCode).toBe(0);
});

test("destroy takes it all back, without the program that has the hooks", async () => {
  const { exitCode } = await run("destroy", "--yes", "--skip-preview");

  expect(exitCode).toBe(0);
});

test("nothing that was shown has a credential in it", () => {
  const { ARM_CLIENT_SECRET, GITHUB_TOKEN } = project.sandbox.environment;

  expect(shown.length).toBeGreaterThan(12);
  for (const secret of [ARM_CLIENT_SECRET, GITHUB_TOKEN, "eyJ"]) {
    expect(shown.filter((text) => text.includes(secret ?? "?"))).toEqual([]);
  }
});
