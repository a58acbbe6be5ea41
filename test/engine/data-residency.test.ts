import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { tenantSite } from "../../sandbox/cloud/github/site.ts";
import { Store } from "../../sandbox/cloud/store.ts";
import { platformPermissions } from "../../sandbox/contoso.ts";
import { type Environment, mergedEnvironment } from "../../sandbox/environment.ts";
import { exampleText } from "../support/examples.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { applyStack } from "../support/rehearsal.ts";

// Proves that a stack of an enterprise with data residency is about that enterprise's GitHub from its file alone, whatever
// github.com has under the same names. examples.test.ts has its tree, and the jobs that it lets in.

const cli = new URL("../../cli/feedpass.js", import.meta.url).pathname;
const name = "robotics-arms";
const robotics = tenantSite("contoso-robotics");
const file = parse(exampleText(name)) as { config: Record<string, unknown> };
const settings = Object.fromEntries(
  Object.entries(file.config).map(([key, value]) => [key.replace("feedpass:", ""), value]),
);

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  const { store } = project.sandbox.cloud;
  seedGitHub(store, {
    organizations: [
      {
        login: "robotics",
        owners: ["ada"],
        teams: [{ name: "Release managers", members: ["ada"], repositories: { arms: "write" } }],
      },
    ],
    repositories: [{ owner: "robotics", name: "arms", private: true }],
    tokens: [
      {
        token: "of-github-com",
        kind: "app-user",
        user: "ada",
        accounts: ["contoso", "robotics"],
        permissions: platformPermissions,
      },
    ],
  });
  project.writeStack(name, settings);
  await project.succeed(["stack", "init", name]);
});

afterAll(() => project.close());

const there = () => gitHubData(project.sandbox.cloud.store, robotics);
const hostsAsked = () => [
  ...new Set(
    project.sandbox.cloud.requests
      .all()
      .filter(({ service }) => service === "github")
      .map(({ host }) => host),
  ),
];

/** Previews the stack as somebody with another environment. */
async function previewWith(changes: Environment) {
  const { environment, close } = await project.sandbox.withEnvironment(changes);
  try {
    return await project.pulumi(["preview", "--stack", name], environment);
  } finally {
    await close();
  }
}

test("a token of github.com is refused, with what ends it", async () => {
  const { exitCode, output } = await previewWith({ GITHUB_TOKEN: "of-github-com" });

  expect(exitCode).toBe(1);
  expect(output).toContain(
    "GitHub does not accept the sign-in at contoso-robotics.ghe.com (401); set GITHUB_TOKEN to a token of that site, which knows no others",
  );
});

test("a variable that the site has already is found before anything is made, and named with its site", async () => {
  const { cloud, credentials } = project.sandbox;
  const url = "https://api.contoso-robotics.ghe.com/repos/robotics/arms/actions/variables";
  const headers = { Authorization: `Bearer ${credentials.githubToken}` };
  const body = JSON.stringify({ name: "AZURE_CLIENT_ID", value: "somebody's" });
  const made = await cloud.fetch(new Request(url, { method: "POST", headers, body }));

  const { exitCode, output } = await project.pulumi(["preview", "--stack", name]);

  const gone = await cloud.fetch(new Request(`${url}/AZURE_CLIENT_ID`, { method: "DELETE", headers }));
  expect([made.status, gone.status, exitCode]).toEqual([201, 204, 1]);
  expect(output).toContain("gh variable delete AZURE_CLIENT_ID --repo contoso-robotics.ghe.com/robotics/arms");
});

test("everything goes to the site, and nothing to github.com", async () => {
  project.sandbox.cloud.requests.clear();

  await project.succeed(["up", "--stack", name, "--yes", "--skip-preview"]);
  await project.succeed(["refresh", "--stack", name, "--yes", "--skip-preview"]);

  expect(hostsAsked()).toEqual(["api.contoso-robotics.ghe.com"]);
  expect(
    there()
      .environments.all()
      .map((environment) => environment.name),
  ).toEqual(["release"]);
  expect(gitHubData(project.sandbox.cloud.store).environments.all()).toEqual([]);
});

test("the fleet's drift asks the site how it makes subjects", async () => {
  const drift = () =>
    execa("node", [cli, "fleet", "drift", "--stacks", name, "--json"], {
      cwd: project.folder,
      env: mergedEnvironment(project.sandbox.environment, { GITHUB_STEP_SUMMARY: undefined }),
      extendEnv: false,
      reject: false,
    });
  const before = await drift();
  const [arms] = there().repositories.all();
  if (arms === undefined) throw new Error("the sandbox has the repository of the example");
  there().repositories.update(arms.id, { subject: { ...arms.subject, optedIn: true } });

  const { stdout } = await drift();

  there().repositories.update(arms.id, { subject: arms.subject });
  expect(before.exitCode).toBe(0);
  expect(JSON.parse(stdout).stacks[0].changes).toMatchObject([{ type: "Subjects", name: "robotics/arms" }]);
});

test("it goes again, from its state alone", async () => {
  await project.succeed(["destroy", "--stack", name, "--yes", "--skip-preview"]);

  expect(await project.resources(name)).toEqual([]);
  expect([there().environments.all(), there().variables.all()]).toEqual([[], []]);
});

test("GITHUB_BASE_URL wins over what the file says", async () => {
  project.sandbox.cloud.requests.clear();

  const { exitCode } = await previewWith({
    GITHUB_TOKEN: "of-github-com",
    GITHUB_BASE_URL: "https://api.github.com/",
  });

  expect(exitCode).toBe(0);
  expect(hostsAsked()).toEqual(["api.github.com"]);
});

test("a file of a site that nobody has seen before is rehearsed with one that is made for it", async () => {
  const issuer = "https://token.actions.fabrikam-ships.ghe.com/fabrikam-ships";
  const { state } = await applyStack({ ...settings, repository: "shipyard/hulls", issuer });

  const store = new Store();
  store.restore(state);
  const { variables, enterprises, repositories } = gitHubData(store, tenantSite("fabrikam-ships"));
  expect(variables.all()).toHaveLength(8);
  expect(enterprises.all()).toMatchObject([{ slug: "fabrikam-ships", includesSlugInIssuer: true }]);
  expect(repositories.all()).toMatchObject([{ name: "hulls", visibility: "private" }]);
});
