import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { gitHubDotCom } from "../../sandbox/cloud/github/site.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { nameInUrn } from "../../src/names.ts";
import { openProject, type StateResource, type TestProject } from "../support/project.ts";
import { sample, seed } from "../support/sample.ts";
import { widgets } from "../support/stacks.ts";

// Proves that an up whose answers were lost is mended by the next one: what the services have and the state has not is
// taken as the stack's own, nothing is made twice, and nobody has to help.

let project: TestProject;
let resources: readonly StateResource[];
let exported: string;
let services: Snapshot;

beforeAll(async () => {
  project = await openProject();
  const trust = [{ branch: "main" }, { branch: "feature/*" }];
  project.writeStack("widgets", {
    ...widgets,
    identities: {
      ...widgets.identities,
      reader: { role: "reader", trust, signIn: "both", secretExpires: "2027-06-30" },
    },
  });
  await project.succeed(["stack", "init", "widgets"]);
  await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]);
  resources = await project.resources("widgets");
  exported = await project.succeed(["stack", "export", "--stack", "widgets"]);
  services = project.sandbox.cloud.store.snapshot();
});

beforeEach(async () => {
  project.sandbox.cloud.store.restore(services);
  await restore(JSON.parse(exported));
});
afterAll(() => project.close());

const nameOf = ({ urn }: StateResource): string => nameInUrn(urn);

async function restore(state: { deployment: { resources?: StateResource[] } }): Promise<void> {
  const file = join(project.folder, "state.json");
  writeFileSync(file, JSON.stringify(state));
  await project.succeed(["stack", "import", "--stack", "widgets", "--file", file]);
}

/** The state as if nobody had learned of a resource, and nothing had been made that needs it: those are gone as well. */
async function forget(kind: string, name: string): Promise<string> {
  const found = resources.find((one) => one.type.endsWith(`:${kind}`) && nameOf(one) === name);
  if (found === undefined) throw new Error(`the stack has no ${kind} ${name}`);
  await project.succeed([
    ...["state", "delete", found.urn, "--stack", "widgets", "--yes", "--force", "--target-dependents"],
  ]);
  return found.urn;
}

async function upUntilQuiet(): Promise<readonly string[]> {
  const outputs: string[] = [];
  for (let tries = 0; tries < 2; tries++) {
    outputs.push(await project.succeed(["up", "--stack", "widgets", "--yes", "--skip-preview"]));
    const preview = await project.pulumi(["preview", "--stack", "widgets", "--expect-no-changes"]);
    if (preview.exitCode === 0) return outputs;
  }
  throw new Error(`still something to do:\n${outputs.join("\n")}`);
}

/** What counts: who there is, with what, and which roles and variables; without ids and times. */
function world() {
  const { store } = project.sandbox.cloud;
  const { applications, servicePrincipals, federatedCredentials } = directory(store);
  const live = applications.filter(({ deletedDateTime }) => deletedDateTime === null);
  const { feedRoles, entitlements } = azureDevOpsData(store);
  return {
    applications: live
      .map(({ displayName, passwordCredentials }) => `${displayName}: ${passwordCredentials.length}`)
      .sort(),
    principals: servicePrincipals.filter(({ deletedDateTime }) => deletedDateTime === null).length,
    credentials: federatedCredentials
      .filter(({ applicationId }) => live.some(({ id }) => id === applicationId))
      .map(({ name }) => name)
      .sort(),
    roles: feedRoles
      .filter(() => true)
      .map(({ role }) => role)
      .sort(),
    entitlements: entitlements.filter(() => true).length,
    variables: gitHubData(store, gitHubDotCom).variables.filter(() => true).length,
  };
}

/** One resource of each kind. A seed chooses four; `npm run test:all` tries all. */
const losses: readonly (readonly [kind: string, name: string])[] = [
  ["ApplicationRegistration", "access/reader"],
  ["ServicePrincipal", "access/reader"],
  ["ApplicationFederatedIdentityCredential", "access/reader/branch:main"],
  ["ApplicationFlexibleFederatedIdentityCredential", "access/reader/branch:feature/*"],
  ["ApplicationPassword", "access/reader/secret"],
  ["ServicePrincipalEntitlement", "access/reader"],
  ["GroupMembership", "access/reader/project:data"],
  ["FeedPermission", "access/publisher/feed:data/python"],
  ["ActionsVariable", "access/AZURE_CLIENT_ID"],
  ["ActionsEnvironmentVariable", "access/environment:release/AZURE_CLIENT_ID"],
  ["ActionsSecret", "access/AZURE_CREDENTIALS"],
  ["RepositoryEnvironment", "access/environment:release"],
  ["RepositoryEnvironmentDeploymentPolicy", "access/environment:release/tag:v*"],
];

describe(`what a service has made, and nobody learned of (FEEDPASS_SEED=${seed})`, () => {
  test.each(sample("losses", losses, 4))("%s %s is the stack's own at the next up", async (kind, name) => {
    const before = world();
    const urn = await forget(kind, name);

    await upUntilQuiet();

    expect(world()).toEqual(before);
    expect((await project.resources("widgets")).map((one) => one.urn)).toContain(urn);
  });

  test("a lost state is rebuilt by the next up alone, and the repository's client ids stay", async () => {
    const before = world();
    const clientIds = () =>
      directory(project.sandbox.cloud.store)
        .applications.filter(() => true)
        .map(({ appId }) => appId)
        .sort();
    const had = clientIds();
    await restore({ ...JSON.parse(exported), deployment: { ...JSON.parse(exported).deployment, resources: [] } });

    await upUntilQuiet();

    expect(world()).toEqual(before);
    expect(clientIds()).toEqual(had);
  });
});

describe("an application of our name that could be somebody else's is refused", () => {
  const reader = () => {
    const { applications } = directory(project.sandbox.cloud.store);
    const found = applications.find(({ displayName }) => displayName === "feedpass contoso/widgets reader");
    return found ?? expect.unreachable("the reader has an application");
  };

  test.each<[what: string, change: () => void, words: RegExp]>([
    [
      "a credential that the file does not name",
      () => {
        directory(project.sandbox.cloud.store).federatedCredentials.insert({
          ...{ id: crypto.randomUUID(), applicationId: reader().id, name: "branch-main-2" },
          ...{ issuer: "https://token.actions.githubusercontent.com", subject: "repo:mallory/x:ref:refs/heads/main" },
          ...{ claimsMatchingExpression: null, audiences: ["api://AzureADTokenExchange"], description: null },
        });
      },
      /has federated credentials that the file does not name: branch-main-2/,
    ],
    [
      "another owner",
      () => {
        const { owners, users } = directory(project.sandbox.cloud.store);
        const mallory = { userPrincipalName: "mallory@contoso.example", displayName: "Mallory" };
        const someone = users.insert({ id: crypto.randomUUID(), tenantId: reader().tenantId, ...mallory }).id;
        owners.insert({ id: `${reader().id}/${someone}`, ownedId: reader().id, ownerId: someone });
      },
      /whoever signs in here is not its only owner/,
    ],
  ])("%s", async (_what, change, words) => {
    await forget("ApplicationRegistration", "access/reader");
    change();
    const before = world();

    const refused = await project.pulumi(["up", "--stack", "widgets", "--yes", "--skip-preview"]);

    expect([refused.exitCode !== 0, words.test(refused.output)], refused.output).toEqual([true, true]);
    expect(world()).toEqual(before);
  });
});
