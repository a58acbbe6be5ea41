import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { readSecretsIn } from "../../sandbox/cloud/github/secrets.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { resourceTree } from "../support/tree.ts";

// Proves the other kinds of access on the real engine: each makes its tree, has nothing to do twice, and goes again.

const soon = new Date(Date.now() + 90 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

const stacks = {
  "every-trust": {
    repository: "contoso/gadgets",
    feed: { name: "shared" },
    subscriptionId: "00000000-1111-2222-3333-444444444444",
    identities: {
      tester: {
        role: "collaborator",
        trust: [
          { branch: "main" },
          { branch: "feat/x" },
          { branch: "feat-x" },
          { tag: "v1.0.0" },
          { environment: "staging: eu" },
        ],
      },
      reviewer: { role: "reader", trust: [{ pullRequest: true }], variablePrefix: "REVIEWER_" },
    },
    environments: { "staging: eu": { waitMinutes: 5, reviewers: { users: ["ada"] }, preventSelfReview: true } },
    removable: true,
  },
  secret: {
    repository: "contoso/widgets",
    feed: { project: "data", name: "python" },
    identities: {
      legacy: {
        role: "contributor",
        trust: [{ branch: "main" }],
        signIn: "secret",
        secretExpires: soon,
        acceptedRisks: ["pullRequestWrites"],
      },
      moving: { role: "reader", trust: [{ environment: "release" }], signIn: "both", secretExpires: soon },
    },
    environments: { release: { deployFrom: { protectedBranches: true } } },
    removable: true,
  },
  "new-feed": {
    repository: "contoso/gizmos",
    feed: { project: "web", name: "made-here", create: true },
    identities: { publisher: { role: "contributor", trust: [{ tag: "v1" }] } },
    removable: true,
  },
};

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
});

afterAll(() => project.close());

describe.each(Object.entries(stacks))("%s", (name, settings) => {
  test("makes its tree, and has nothing to do twice", async () => {
    project.writeStack(name, settings);
    await project.succeed(["stack", "init", name]);
    await project.succeed(["up", "--stack", name, "--yes", "--skip-preview"]);

    const tree = resourceTree(await project.resources(name)).replaceAll(soon, "<soon>");
    const preview = await project.pulumi(["preview", "--stack", name, "--expect-no-changes"]);
    const refresh = await project.pulumi(["refresh", "--stack", name, "--preview-only", "--expect-no-changes"]);

    await expect(tree).toMatchFileSnapshot(`golden/${name}.txt`);
    expect([preview.exitCode, refresh.exitCode]).toEqual([0, 0]);
  });
});

test("a secret reaches the workflow whole, and stands nowhere in clear", async () => {
  const store = gitHubData(project.sandbox.cloud.store);
  const scope = store.secrets.all().find(({ name }) => name === "AZURE_CREDENTIALS")?.scope ?? "";

  const credentials = JSON.parse(readSecretsIn(store, scope).AZURE_CREDENTIALS ?? "{}");
  const state = await project.succeed(["stack", "export", "--stack", "secret"]);
  const shown = await project.succeed(["stack", "output", "--stack", "secret", "--json"]);
  const again = await project.succeed(["up", "--stack", "secret", "--yes", "--skip-preview", "--diff"]);

  expect(Object.keys(credentials).sort()).toEqual(["clientId", "clientSecret", "subscriptionId", "tenantId"]);
  expect(credentials.clientSecret).toMatch(/^.{30,}$/);
  const canaries = [
    credentials.clientSecret,
    project.sandbox.credentials.clientSecret,
    project.sandbox.credentials.githubToken,
  ];
  for (const canary of canaries) {
    expect(state).not.toContain(canary);
    expect(shown).not.toContain(canary);
    expect(again).not.toContain(canary);
  }
});

test("subjects are what GitHub mints: with ids for a repository that has them, with a colon escaped", () => {
  const subjects = directory(project.sandbox.cloud.store)
    .federatedCredentials.all()
    .map(({ subject }) => subject);

  expect(subjects).toContainEqual(expect.stringMatching(/^repo:contoso@\d+\/gizmos@\d+:ref:refs\/tags\/v1$/));
  expect(subjects).toContain("repo:contoso/gadgets:environment:staging%3A eu");
});

test.each(Object.keys(stacks))("%s goes again", async (name) => {
  await project.succeed(["destroy", "--stack", name, "--yes", "--skip-preview"]);

  expect(await project.resources(name)).toEqual([]);
});
