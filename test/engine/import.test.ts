import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { nameInUrn } from "../../src/names.ts";
import { withoutResources } from "../support/forget.ts";
import { openProject, type StateResource, type TestProject } from "../support/project.ts";
import { widgets } from "../support/stacks.ts";

// Proves that what exists already is adopted by the engine's own command, so that the program finds nothing to change.

let project: TestProject;
/** The whole stack, and what the services held then. */
let resources: readonly StateResource[];
let exported: string;
let services: Snapshot;

beforeAll(async () => {
  project = await openProject();
  const trust = [{ branch: "main" }, { branch: "feature/*" }, { pullRequest: true }];
  project.writeStack("widgets", {
    ...widgets,
    feed: { organization: "contoso", project: "data", name: "made-here", create: true },
    identities: { ...widgets.identities, reader: { role: "reader", trust } },
  });
  await project.succeed(["stack", "init", "widgets"]);
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
  resources = await project.resources("widgets");
  exported = await project.succeed(["stack", "export", "--stack", "widgets"]);
  services = project.sandbox.cloud.store.snapshot();
});

beforeEach(() => project.sandbox.cloud.store.restore(services));
afterAll(() => project.close());

const nameOf = ({ urn }: StateResource): string => nameInUrn(urn);

/** The resource of this kind and name, e.g. `FeedPermission`, `access/reader`. */
function resourceOf(kind: string, name: string): StateResource {
  const found = resources.find((one) => one.type.endsWith(`:${kind}`) && nameOf(one) === name);
  if (!found) throw new Error(`the stack has no ${kind} ${name}`);
  return found;
}

type Reference = StateResource & {
  readonly provider?: string;
};

async function forget({ urn }: StateResource): Promise<void> {
  await restore(withoutResources(exported, [urn]));
}

async function restore(state: string): Promise<void> {
  const file = join(project.folder, "state.json");
  writeFileSync(file, state);
  await project.succeed(["stack", "import", "--stack", "widgets", "--file", file]);
}

/** The command for a resource under a component, with a provider that the program made. */
function importOf(resource: Reference, id: string, ...options: readonly string[]): readonly string[] {
  const providerUrn = resource.provider?.split("::").slice(0, -1).join("::");
  return [
    ...["import", resource.type, nameOf(resource), id, "--stack", "widgets", "--yes", "--skip-preview"],
    ...["--parent", `parent=${resource.parent}`, "--provider", `provider=${providerUrn}`],
    ...["--generate-code=false", ...options],
  ];
}

/** Asserts that the program finds nothing to change. */
async function expectNoChanges(): Promise<void> {
  const { exitCode, output } = await project.pulumi(["preview", "--stack", "widgets", "--diff", "--expect-no-changes"]);
  expect(exitCode, output).toBe(0);
}

const output = (resource: StateResource, name: string): string => String(resource.outputs?.[name]);
const feedPermission = (resource: StateResource): string =>
  ["projectId", "feedId", "identityDescriptor"].map((name) => output(resource, name)).join("/");

/** What the id of each kind is made of. All but a permission's is the id that the resource has afterwards. */
describe.each([
  ["ServicePrincipalEntitlement", "access/reader", ({ id = "" }) => id],
  ["FeedPermission", "access/reader/feed:data/made-here", feedPermission],
  ["Feed", "access/feed:data/made-here", (feed: StateResource) => `${output(feed, "projectId")}/${feed.id}`],
  ["ActionsVariable", "access/AZURE_CLIENT_ID", () => "widgets:AZURE_CLIENT_ID"],
  ["ActionsEnvironmentVariable", "access/environment:release/AZURE_CLIENT_ID", () => "widgets:release:AZURE_CLIENT_ID"],
  ["RepositoryEnvironment", "access/environment:release", () => "widgets:release"],
  ["RepositoryEnvironmentDeploymentPolicy", "access/environment:release/tag:v*", ({ id = "" }) => id],
  ["ApplicationRegistration", "access/reader", (one: StateResource) => `/applications/${output(one, "objectId")}`],
  ["ServicePrincipal", "access/reader", (one: StateResource) => `/servicePrincipals/${output(one, "objectId")}`],
  ["ApplicationFederatedIdentityCredential", "access/reader/branch:main", ({ id = "" }) => id],
  ["ApplicationFlexibleFederatedIdentityCredential", "access/reader/branch:feature/*", ({ id = "" }) => id],
] as const)("%s", (kind, name, idOf) => {
  test("is imported, and the program finds nothing to change", async () => {
    const before = resourceOf(kind, name);
    const id = idOf(before);
    await forget(before);

    await project.succeed(importOf(before, id, "--protect=false"));

    const after = (await project.resources("widgets")).find(({ urn }) => urn === before.urn);
    expect(after?.id).toBe(kind === "FeedPermission" ? id : before.id);
    expect(after?.protect).toBeUndefined();
    expect(project.sandbox.cloud.store.snapshot()).toEqual(services);
    await expectNoChanges();
  });
});

test("a role on a feed is taken out of the state, and adopted by its import or by the next up alone", async () => {
  const role = resourceOf("FeedPermission", "access/publisher/feed:data/made-here");
  await forget(role);

  await project.succeed(importOf(role, feedPermission(role)));
  await expectNoChanges();
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);

  // The import protects what the program does not: the up has the last word.
  const adopted = (await project.resources("widgets")).find(({ urn }) => urn === role.urn);
  expect([adopted?.id, adopted?.protect]).toEqual([feedPermission(role), undefined]);

  await forget(role);
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
  await expectNoChanges();
});

test("what an import adopted is changed and deleted as if the program had made it", async () => {
  const role = resourceOf("FeedPermission", "access/publisher/feed:data/made-here");
  await forget(role);
  await project.succeed(importOf(role, feedPermission(role), "--protect=false"));
  const rolesOf = () => {
    const { feedRoles, subjects } = azureDevOpsData(project.sandbox.cloud.store);
    const roles = feedRoles.filter(({ feedId }) => feedId === output(role, "feedId"));
    return roles.filter(({ subjectId }) => subjects.get(subjectId)?.descriptor === output(role, "identityDescriptor"));
  };
  const before = rolesOf().map((one) => one.role);
  const [assignment] = rolesOf();
  azureDevOpsData(project.sandbox.cloud.store).feedRoles.update(assignment?.id ?? "", { role: "administrator" });

  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview", "--refresh"]);
  const mended = rolesOf().map((one) => one.role);
  // With it goes what tells of it: variables wait for roles.
  const target = ["--target", role.urn, "--target-dependents"];
  await project.succeed(["destroy", "--stack", "widgets", "--yes", "--skip-preview", ...target]);

  expect([before, mended, rolesOf()]).toEqual([["contributor"], ["contributor"], []]);
});

describe("an id that leads to nothing", () => {
  const nobody = "11111111-2222-4333-8444-555555555555";

  test.each([
    ["ServicePrincipalEntitlement", "access/reader", () => nobody],
    ["ServicePrincipalEntitlement", "access/reader", () => "reader"],
    ["FeedPermission", "access/reader/feed:data/made-here", (one: StateResource) => output(one, "identityDescriptor")],
    [
      "FeedPermission",
      "access/reader/feed:data/made-here",
      (one: StateResource) => feedPermission(one).replace(/[^/]+$/, "aadsp.eHh4"),
    ],
    // The feed of a project is not there without the project.
    ["Feed", "access/feed:data/made-here", ({ id = "" }) => id],
    ["ActionsVariable", "access/AZURE_CLIENT_ID", () => "widgets:NOBODY"],
    ["ActionsEnvironmentVariable", "access/environment:release/AZURE_CLIENT_ID", () => "widgets:AZURE_CLIENT_ID"],
    ["RepositoryEnvironment", "access/environment:release", () => "nowhere:release"],
    ["ApplicationRegistration", "access/reader", () => nobody],
    ["ApplicationFederatedIdentityCredential", "access/reader/branch:main", () => nobody],
    ["GroupMembership", "access/reader/project:data", ({ id = "" }) => id],
  ] as const)("is refused for %s %s", async (kind, name, idOf) => {
    const resource = resourceOf(kind, name);
    const id = idOf(resource);
    await forget(resource);

    const refused = await project.pulumi(importOf(resource, id));

    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain(`resource '${id}' does not exist`);
    expect((await project.resources("widgets")).some(({ urn }) => urn === resource.urn)).toBe(false);
  });
});
