import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { gitHubDotCom } from "../../sandbox/cloud/github/site.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { diagnose } from "../../src/diagnosis/catalogue.ts";
import { nameInUrn } from "../../src/names.ts";
import { runFeedpass, startFeedpass } from "../support/feedpass.ts";
import { withoutResources } from "../support/forget.ts";
import { killAt } from "../support/order/writes.ts";
import { openProject, type StateResource, type TestProject } from "../support/project.ts";
import { sample, seed } from "../support/sample.ts";
import { widgets } from "../support/stacks.ts";

// Proves that a stack whose engine was killed is brought to its end by one command: a lock that is left, what was being
// made, and what the backend keeps beside a state.

const reader = {
  ...{ role: "reader", signIn: "both", secretExpires: "2027-06-30" },
  trust: [{ branch: "main" }, { branch: "feature/*" }],
};
const settings = { ...widgets, identities: { ...widgets.identities, reader } };

let project: TestProject;
let empty: Snapshot;
/** The whole stack, and what the services held then. */
let state: string;
let services: Snapshot;
let resources: readonly StateResource[];
let clean: ReturnType<typeof world>;

beforeAll(async () => {
  project = await openProject();
  empty = project.sandbox.cloud.store.snapshot();
  project.writeStack("widgets", settings);
  await project.succeed(["stack", "init", "widgets"]);
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
  state = readFileSync(stateFile(), "utf8");
  resources = await project.resources("widgets");
  services = project.sandbox.cloud.store.snapshot();
  clean = world();
});

beforeEach(() => {
  project.writeStack("widgets", settings);
  project.sandbox.cloud.store.restore(services);
  writeFileSync(stateFile(), state);
});
afterAll(() => project.close());

const backend = (): string => join(fileURLToPath(project.sandbox.environment.PULUMI_BACKEND_URL ?? ""), ".pulumi");
const stateFile = (): string => join(backend(), "stacks/feedpass/widgets.json");
const lockFolder = (): string => join(backend(), "locks/organization/feedpass/widgets");
const locks = (): string[] => readdirSync(lockFolder()).filter((name) => name.endsWith(".json"));

const nameOf = ({ urn }: StateResource): string => nameInUrn(urn);

/** What counts: who there is, with what, and which roles, variables and patterns; without ids and times. */
function world() {
  const { store } = project.sandbox.cloud;
  const { applications, servicePrincipals, federatedCredentials } = directory(store);
  const live = applications.filter(({ deletedDateTime }) => deletedDateTime === null);
  const github = gitHubData(store, gitHubDotCom);
  return {
    applications: live.map((one) => `${one.displayName}: ${one.passwordCredentials.length}`).sort(),
    principals: servicePrincipals.filter(({ deletedDateTime }) => deletedDateTime === null).length,
    credentials: federatedCredentials
      .filter(({ applicationId }) => live.some(({ id }) => id === applicationId))
      .map(({ name }) => name)
      .sort(),
    roles: azureDevOpsData(store)
      .feedRoles.all()
      .map(({ role }) => role)
      .sort(),
    variables: github.variables
      .all()
      .map(({ name, value }) => (/CLIENT_ID/.test(name) ? name : `${name}=${value}`))
      .sort(),
    policies: github.policies
      .all()
      .map(({ name }) => name)
      .sort(),
  };
}

async function pendingCreates(): Promise<string[]> {
  const { deployment } = JSON.parse(await project.succeed(["stack", "export", "--stack", "widgets"]));
  return (deployment.pending_operations ?? []).map(({ resource }: { resource: StateResource }) => nameOf(resource));
}

async function expectQuiet(): Promise<void> {
  const preview = await project.pulumi(["preview", "--stack", "widgets", "--expect-no-changes", "--diff"]);
  expect(preview.exitCode, preview.output).toBe(0);
  expect(await pendingCreates()).toEqual([]);
}

/** Kills a first up once a write is answered, with all that it leaves: its lock too. */
async function killFirstUp(write: RegExp): Promise<void> {
  project.sandbox.cloud.store.restore(empty);
  await project.succeed(["stack", "rm", "widgets", "--yes", "--force", "--preserve-config"]);
  await project.succeed(["stack", "init", "widgets"]);
  const killer = new AbortController();
  const undo = killAt(
    project.sandbox.cloud,
    (what) => write.test(what),
    () => killer.abort(),
  );
  try {
    const { exitCode, output } = await project.pulumi(
      ["up", "--stack", "widgets", "--yes", "--skip-preview"],
      {},
      killer.signal,
    );
    expect(exitCode, output).toBe(-1);
    // The stand-ins for the providers live in this process, and bring what they have begun to its end.
    const { requests } = project.sandbox.cloud;
    for (let seen = -1; seen !== requests.all().length; await sleep(1500)) seen = requests.all().length;
  } finally {
    undo();
  }
}

/** The state as if an engine had been killed while it made these: it has them as being made, and nothing of the rest. */
function leavePending(names: readonly (readonly [kind: string, name: string])[]): string[] {
  const found = names.map(([kind, name]) => {
    const one = resources.find((resource) => resource.type.endsWith(`:${kind}`) && nameOf(resource) === name);
    return one ?? expect.unreachable(`the stack has no ${kind} ${name}`);
  });
  const urns = found.map(({ urn }) => urn);
  const file = JSON.parse(state);
  const latest = { deployment: file.checkpoint.latest };
  const pending = latest.deployment.resources.filter(({ urn }: StateResource) => urns.includes(urn));
  const left = JSON.parse(withoutResources(JSON.stringify(latest), urns)).deployment;
  left.pending_operations = pending.map(({ id: _id, outputs: _outputs, ...resource }: StateResource) => {
    return { type: "creating", resource };
  });
  writeFileSync(stateFile(), JSON.stringify({ ...file, checkpoint: { ...file.checkpoint, latest: left } }));
  return urns;
}

const writes = [
  /POST graph\.microsoft\.com\/.*\/applications$/,
  /POST graph\.microsoft\.com\/.*\/servicePrincipals$/,
  /POST graph\.microsoft\.com\/.*\/federatedIdentityCredentials$/,
  /POST graph\.microsoft\.com\/.*\/addPassword$/,
  /POST vsaex\.dev\.azure\.com\//,
  /PATCH feeds\.dev\.azure\.com\//,
  /POST api\.github\.com\/.*\/variables$/,
  /PUT api\.github\.com\/.*\/secrets\//,
  /PUT api\.github\.com\/.*\/environments\/release$/,
  /POST api\.github\.com\/.*\/deployment-branch-policies$/,
];
describe(`an engine that was killed while a write was answered (FEEDPASS_SEED=${seed})`, () => {
  test.each(sample("kills", writes, 1))("%s: one fleet up ends it, and nobody helps", async (write) => {
    await killFirstUp(write);
    expect(locks()).toHaveLength(1);

    const up = await runFeedpass(project, ["fleet", "up", "--yes", "--stacks", "widgets"]);

    expect(up.exitCode, JSON.stringify(up)).toBe(0);
    expect(JSON.stringify(up.stacks[0]?.notes)).toContain("a lock was left behind by");
    expect(locks()).toEqual([]);
    expect(world()).toEqual(clean);
    await expectQuiet();
  });
});

describe("what was being made", () => {
  const made = [
    ["ApplicationFederatedIdentityCredential", "access/reader/branch:main"],
    ["ApplicationFlexibleFederatedIdentityCredential", "access/reader/branch:feature/*"],
    ["ApplicationPassword", "access/reader/secret"],
    ["FeedPermission", "access/publisher/feed:data/python"],
    ["ActionsVariable", "access/AZURE_TENANT_ID"],
    ["ActionsEnvironmentVariable", "access/environment:release/AZURE_CLIENT_ID"],
    ["ActionsSecret", "access/AZURE_CREDENTIALS"],
    ["RepositoryEnvironmentDeploymentPolicy", "access/environment:release/tag:v*"],
  ] as const;

  test("is told by a preview, which changes nothing, and is the stack's own after recover", async () => {
    const urns = leavePending(made);

    const preview = await runFeedpass(project, ["fleet", "preview", "--stacks", "widgets"]);
    expect(preview.stacks[0]?.notes).toContain(
      "FeedPermission access/publisher/feed:data/python: an engine was killed while it was being made; fleet up sees to it",
    );
    expect(await pendingCreates()).toHaveLength(made.length);

    const recovered = await runFeedpass(project, ["recover", "widgets", "--yes"]);

    expect(recovered.exitCode, JSON.stringify(recovered)).toBe(0);
    const notes = recovered.stacks[0]?.notes ?? [];
    expect(notes.filter((note) => note.includes("it was made, and is in the state now as"))).toHaveLength(6);
    expect(notes).toContain(
      "ApplicationPassword access/reader/secret: it was made, and nobody knows its value: it was taken away",
    );
    expect(world()).toEqual(clean);
    expect((await project.resources("widgets")).map(({ urn }) => urn)).toEqual(expect.arrayContaining(urns));
    await expectQuiet();
  });

  test("goes with the next up where the file has lost it meanwhile, and is not left unseen", async () => {
    leavePending(made);
    const changed = { ...reader, trust: [{ branch: "feature/*" }] };
    project.writeStack("widgets", {
      ...{ ...settings, identities: { ...settings.identities, reader: changed } },
      environments: { release: { ...settings.environments.release, deployFrom: { tags: ["release-*"] } } },
    });

    const up = await runFeedpass(project, ["fleet", "up", "--yes", "--stacks", "widgets"]);

    expect(up.exitCode, JSON.stringify(up)).toBe(0);
    expect(world().credentials).toEqual(clean.credentials.filter((name) => name !== "branch-main"));
    expect(world().policies).toEqual(clean.policies.map((name) => (name === "v*" ? "release-*" : name)));
    await expectQuiet();
  });

  test("is no longer waited for where nothing of it is there", async () => {
    leavePending([["ActionsVariable", "access/AZURE_TENANT_ID"]]);
    const { variables } = gitHubData(project.sandbox.cloud.store, gitHubDotCom);
    for (const { id, name } of variables.all()) if (name === "AZURE_TENANT_ID") variables.delete(id);

    const { exitCode, stacks } = await runFeedpass(project, ["recover", "widgets", "--yes"]);

    expect([exitCode, stacks[0]?.notes]).toEqual([
      0,
      ["ActionsVariable access/AZURE_TENANT_ID: not made, or the up takes it over; it is no longer waited for"],
    ]);
    expect(world()).toEqual(clean);
    await expectQuiet();
  });
});

describe("a lock", () => {
  const lock = (pid: number, host = hostname()) => {
    const content = { pid, username: userInfo().username, hostname: host, timestamp: "2026-11-29T01:24:31Z" };
    writeFileSync(join(lockFolder(), "7d1f6f3a-0000-4000-8000-000000000000.json"), JSON.stringify(content));
  };
  const one = ["--stacks", "widgets"] as const;

  test.each([
    ["of a process that runs", () => lock(process.pid)],
    ["of another machine", () => lock(1, "somewhere-else")],
  ])("%s is left: the stack is in work elsewhere, and the same command may end well", async (_what, put) => {
    put();

    const up = await runFeedpass(project, ["fleet", "up", "--yes", "--wait", "0", ...one]);

    expect([up.exitCode, up.stacks[0]?.outcome]).toEqual([4, "elsewhere"]);
    expect(up.stacks[0]?.errors.join()).toMatch(/currently locked by 1 lock.*created by .+@.+ \(pid \d+\)/s);
    expect(locks()).toHaveLength(1);
    await project.succeed(["cancel", "widgets", "--yes"]);
  });

  test("two fleets at once: the second waits for the first, and has nothing to do", async () => {
    project.sandbox.cloud.store.restore(empty);
    await project.succeed(["stack", "rm", "widgets", "--yes", "--force", "--preserve-config"]);

    const both = await Promise.all([1, 2].map(() => runFeedpass(project, ["fleet", "up", "--yes", ...one])));

    expect(
      both.map(({ exitCode }) => exitCode),
      JSON.stringify(both),
    ).toEqual([0, 0]);
    expect(both.map(({ stacks }) => stacks[0]?.outcome).sort()).toEqual(["changed", "same"]);
    expect(world()).toEqual(clean);
  });
});

test("an emptied STACK.json.attrs, which the engine calls EOF for ever, is mended", async () => {
  writeFileSync(`${stateFile()}.attrs`, "");
  expect((await project.pulumi(["stack", "export", "--stack", "widgets"])).output).toContain("EOF");

  const { exitCode, stacks, stderr } = await runFeedpass(project, ["recover", "widgets", "--yes"]);

  expect([exitCode, stacks[0]?.outcome]).toEqual([0, "same"]);
  expect(stderr).toContain("widgets.json.attrs was empty, as a kill leaves it: it was taken away");
});

test("patterns that GitHub dropped with a change of their environment are given up", async () => {
  const release = { ...widgets.environments.release, deployFrom: { protectedBranches: true } };
  project.writeStack("widgets", { ...settings, environments: { release } });
  const failed = await project.pulumi(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
  expect(diagnose(failed.output).map(({ id }) => id)).toContain("pattern is gone");

  const { exitCode } = await runFeedpass(project, ["recover", "widgets", "--yes"]);

  expect(exitCode).toBe(0);
  const preview = await project.pulumi(["preview", "--stack", "widgets", "--expect-no-changes"]);
  expect(preview.exitCode, preview.output).toBe(0);
});

test("recover changes nothing without a terminal to ask on, and knows the stacks", async () => {
  const [unasked, unknown] = await Promise.all([
    startFeedpass(project, ["recover", "widgets"]),
    startFeedpass(project, ["recover", "widgtes", "--yes"]),
  ]);

  expect([unasked.exitCode, unasked.stderr]).toEqual([
    1,
    "recover would change widgets; without a terminal to ask on it needs --yes",
  ]);
  expect([unknown.exitCode, unknown.stderr]).toEqual([1, "no stack of that name: expected stacks/Pulumi.widgtes.yaml"]);
});
