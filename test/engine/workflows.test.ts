import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { setFeedRole } from "../../sandbox/cloud/azure-devops/feeds.ts";
import { addMembership } from "../../sandbox/cloud/azure-devops/memberships.ts";
import { entitle, groupNamed } from "../../sandbox/cloud/azure-devops/provision.ts";
import { seedDirectory } from "../../sandbox/cloud/entra/seed.ts";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { startJob } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { findPythonTools } from "../support/python.ts";
import { type JobRun, type JobSetting, playWorkflow, quickGh, quickNpm, type Stage } from "../support/workflow.ts";

// Proves that the steps of the workflows do what the docs say, in their order, against the sandbox: each job signs in
// with its own ID token as the identity of its environment, with the permissions that its environment gives.

const root = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const platform = "contoso/feed-access";
const tenantId = "8f3a4c1e-5d0b-4e6f-9a27-1c0d5e8b7f42";
const readOnly = {
  metadata: "read",
  actions: "read",
  actions_variables: "read",
  administration: "read",
  contents: "read",
  environments: "read",
  members: "read",
  secrets: "read",
} as const;

const tools = await findPythonTools();
let project: TestProject;
let folder: string;
let origin: string;
let clients: { readonly reader: string; readonly writer: string };
let npm: ReturnType<typeof quickNpm>;
let wasDeployed: ReturnType<typeof quickGh>;

beforeAll(async () => {
  project = await openProject();
  folder = mkdtempSync(join(tmpdir(), "feedpass-workflows-"));
  origin = join(folder, "origin");
  const { store } = project.sandbox.cloud;
  const credential = (environment: string) => ({
    name: environment,
    issuer: "https://token.actions.githubusercontent.com",
    subject: `repo:${platform}:environment:${environment}`,
  });
  const [reader, writer] = seedDirectory(store, {
    tenants: [],
    applications: [
      {
        tenantId,
        displayName: "feedpass reads",
        graphRoles: ["Application.Read.All"],
        federatedCredentials: [credential("feedpass-read")],
      },
      {
        tenantId,
        displayName: "feedpass writes",
        graphRoles: ["Application.ReadWrite.OwnedBy"],
        federatedCredentials: [credential("feedpass-write")],
      },
    ],
  }).applications;
  if (reader === undefined || writer === undefined) throw new Error("the seed makes two applications");
  clients = { reader: reader.appId, writer: writer.appId };
  admitToAzureDevOps(reader.servicePrincipalId, writer.servicePrincipalId);
  seedGitHub(store, {
    repositories: [
      { owner: "contoso", name: "feed-access", private: true, pullRequests: ["Give gadgets access"] },
      ...["one", "one-more", "two", "three"].map((name) => ({ owner: "contoso", name, private: true })),
    ],
    tokens: [
      { token: "app-reads", kind: "installation", account: "contoso", permissions: readOnly },
      {
        token: "app-writes",
        kind: "installation",
        account: "contoso",
        permissions: {
          ...readOnly,
          actions_variables: "write",
          administration: "write",
          environments: "write",
          secrets: "write",
        },
      },
    ],
  });
  npm = quickNpm(join(folder, "bin"), root, ["run check", "run check:workflows", "run engine:fetch", "test"]);
  wasDeployed = quickGh(join(folder, "bin"), origin);
  createOrigin();
});

afterAll(async () => {
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The writer administers the organization; the reader is a member of it, and reads the feed. */
function admitToAzureDevOps(reader: string, writer: string): void {
  const { store } = project.sandbox.cloud;
  const data = azureDevOpsData(store);
  const organization = data.organizations.find(({ name }) => name === "contoso") ?? expect.unreachable();
  const [readingSubject, writingSubject] = [reader, writer].map((objectId) => {
    const entitlement = entitle(store, organization, objectId, {
      accountLicenseType: "stakeholder",
      licensingSource: "account",
      dateCreated: "2026-01-01T00:00:00Z",
    });
    return data.subjects.get(entitlement?.id ?? "") ?? expect.unreachable();
  });
  const feed = data.feeds.find(({ name }) => name === "internal") ?? expect.unreachable();
  if (readingSubject === undefined || writingSubject === undefined) throw new Error("both are members");
  setFeedRole(store, feed, readingSubject, "reader");
  const administrators = groupNamed(store, organization.id, null, "Project Collection Administrators");
  addMembership(store, writingSubject, administrators);
}

function git(...parameters: readonly string[]): string {
  const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@contoso.com", "-c", "commit.gpgsign=false"];
  return execFileSync("git", [...identity, ...parameters], { cwd: origin, encoding: "utf8", stdio: "pipe" }).trim();
}

function commit(message: string): string {
  git("add", "--all");
  git("commit", "--quiet", "--message", message);
  return git("rev-parse", "HEAD");
}

function createOrigin(): void {
  mkdirSync(join(origin, "stacks"), { recursive: true });
  for (const part of [
    "actions",
    "cli",
    "infra",
    "sandbox",
    "sdks",
    "src",
    "package.json",
    "package-lock.json",
    "Pulumi.yaml",
  ]) {
    cpSync(join(root, part), join(origin, part), { recursive: true });
  }
  writeFileSync(join(origin, ".gitignore"), "node_modules\n.sandbox\n");
  git("init", "--quiet", "--initial-branch", "main");
  git("config", "uploadpack.allowAnySHA1InWant", "true");
}

const fileOf = (stack: string) => join(origin, `stacks/Pulumi.${stack}.yaml`);

function writeStack(stack: string, more: Readonly<Record<string, unknown>> = {}): void {
  const settings = {
    repository: `contoso/${stack}`,
    feed: { organization: "contoso", name: "internal" },
    identities: { reader: { role: "reader", trust: [{ branch: "main" }] } },
    ...more,
  };
  const config = Object.fromEntries(Object.entries(settings).map(([key, value]) => [`feedpass:${key}`, value]));
  writeFileSync(fileOf(stack), stringify({ config }));
}

/** A run of a workflow for an event. @param sha what GitHub checks out */
function stageOf(
  sha: string,
  ref: string,
  event: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, string | boolean>> = {},
): Stage {
  const { sandbox } = project;
  const eventName = "pull_request" in event ? "pull_request" : "before" in event ? "push" : "workflow_dispatch";
  const runtime = {
    GITHUB_REPOSITORY: platform,
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_API_URL: "https://api.github.com",
    GITHUB_RUN_ID: "42",
    GITHUB_SHA: sha,
  };
  return {
    github: {
      event_name: eventName,
      repository: platform,
      repository_owner: "contoso",
      ref,
      sha,
      event,
    } as Stage["github"],
    inputs,
    paths: [join(folder, "bin")],
    begin(job): JobSetting {
      const { environment, permissions } = job;
      const context = {
        store: sandbox.cloud.store,
        now: Date.now,
        fetch: (request: Request) => sandbox.cloud.fetch(request),
      };
      const started = startJob(context, {
        repository: platform,
        event: eventName,
        ref,
        workflow: ".github/workflows/any.yml",
        permissions,
        actor: "ada",
        ...(environment === undefined ? {} : { environment, approvedBy: "grace" }),
      });
      const token = `job-${job.id}-${sha}-${Math.random()}`;
      const granted = Object.fromEntries(
        Object.entries(permissions).map(([name, access]) => [name.replace("-", "_"), access]),
      );
      seedGitHub(sandbox.cloud.store, {
        tokens: [
          { token, kind: "installation", account: "contoso", repositories: ["feed-access"], permissions: granted },
        ],
      });
      const isReader = environment === "feedpass-read";
      return {
        token,
        vars:
          environment === undefined
            ? {}
            : {
                AZURE_TENANT_ID: tenantId,
                AZURE_CLIENT_ID: isReader ? clients.reader : clients.writer,
                APP_CLIENT_ID: "Iv23",
                PULUMI_BACKEND_URL: sandbox.environment.PULUMI_BACKEND_URL ?? "",
              },
        secrets: environment === undefined ? {} : { APP_PRIVATE_KEY: isReader ? "app-reads" : "app-writes" },
        environment: {
          ...runtime,
          ACTIONS_ID_TOKEN_REQUEST_URL: started.requestUrl,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: started.requestToken,
        },
      };
    },
    async play({ name, inputs: given, workspace, job }) {
      const shared = join(folder, "artifacts", sha);
      switch (name) {
        case "actions/checkout": {
          const into = join(workspace, given.path ?? "");
          const depth = given["fetch-depth"] === "0" ? [] : ["--depth", given["fetch-depth"] ?? "1"];
          mkdirSync(into, { recursive: true });
          const run = (...parameters: readonly string[]) =>
            execFileSync("git", parameters, { cwd: into, stdio: "pipe" });
          run("init", "--quiet");
          run("remote", "add", "origin", `file://${origin}`);
          run("fetch", "--quiet", ...depth, "origin", given.ref || sha);
          run("checkout", "--quiet", "FETCH_HEAD");
          expect(given["persist-credentials"]).toBe("false");
          return {};
        }
        case "actions/setup-node":
          return {};
        case "actions/create-github-app-token":
          return { token: given["private-key"] ?? "" };
        case "actions/upload-artifact":
          cpSync(join(workspace, given.path ?? ""), join(shared, given.name ?? ""), { recursive: true });
          return {};
        case "actions/download-artifact":
          mkdirSync(shared, { recursive: true });
          // `merge-multiple` puts the content of all of them into one folder.
          for (const artifact of execFileSync("ls", [shared], { encoding: "utf8" }).split("\n").filter(Boolean)) {
            cpSync(join(shared, artifact), join(workspace, given.path ?? ""), { recursive: true });
          }
          return {};
        default:
          throw new Error(`${job.id} uses ${name}, and nothing here plays it`);
      }
    },
    // Nothing of the sandbox's own sign-in: a job has what its workflow gives it.
    enter: (environment) =>
      sandbox.withEnvironment({
        ARM_TENANT_ID: undefined,
        ARM_CLIENT_ID: undefined,
        ARM_CLIENT_SECRET: undefined,
        GITHUB_TOKEN: undefined,
        GH_TOKEN: undefined,
        PULUMI_BACKEND_URL: undefined,
        ...environment,
      }),
  };
}

function play(workflow: string, stage: Stage): Promise<JobRun[]> {
  return playWorkflow(readFileSync(join(root, `.github/workflows/${workflow}.yml`), "utf8"), stage);
}

const results = (runs: readonly JobRun[]) => runs.map(({ name, result }) => `${name}: ${result}`);
const logs = (runs: readonly JobRun[]) =>
  runs
    .flatMap(({ name, steps }) => steps.map((step) => `--- ${name}, ${step.name}: ${step.outcome}\n${step.log}`))
    .join("\n");

const github = () => gitHubData(project.sandbox.cloud.store);
const comments = () =>
  github()
    .issueComments.all()
    .map(({ body }) => body);

let first: string;
let deployed: string;

test("a push to main deploys what it concerns, each stack as a job of its own, as the identity that may write", async () => {
  first = commit("The code");
  for (const stack of ["one", "one-more", "two"]) writeStack(stack);
  deployed = commit("Give access to three repositories");

  const runs = await play("deploy", stageOf(deployed, "refs/heads/main", { before: first }));

  expect(results(runs), logs(runs)).toEqual([
    "Find the stacks that are concerned: success",
    "Deploy one: success",
    "Deploy one-more: success",
    "Deploy two: success",
  ]);
  const variables = github().variables.filter(({ name }) => name === "AZURE_CLIENT_ID");
  expect(variables.length).toBe(3);
  // Who approves reads this before the jobs begin that it is about.
  const summary = runs[0]?.steps.at(-1)?.summary;
  expect(summary).toContain("- **contoso/one-more**: branch main gains install on contoso/internal");
  expect(npm.notes()).toEqual(["run engine:fetch", "run engine:fetch", "run engine:fetch"]);
});

test("what was not deployed by an earlier push is shown and deployed with the next one", async () => {
  wasDeployed(deployed);
  const unchanged = git("rev-parse", "main");
  git("checkout", "--quiet", "-b", "later", "main");
  writeStack("three");
  const failed = commit("Give access to a third repository");
  writeFileSync(join(origin, "README.md"), "Nothing of a stack.\n");
  const next = commit("Say something");
  const deploy = readFileSync(join(root, ".github/workflows/deploy.yml"), "utf8");
  const plan = deploy.replace(/\n {2}deploy:\n.*/s, "\n");

  const runs = await playWorkflow(plan, stageOf(next, "refs/heads/main", { before: failed }));

  const steps = runs[0]?.steps ?? [];
  expect(results(runs), logs(runs)).toEqual(["Find the stacks that are concerned: success"]);
  expect(steps.at(-1)?.summary).toContain("- **contoso/three**: branch main gains install on contoso/internal");
  expect(steps.at(-1)?.summary).toContain(`since \`${unchanged}\``);
  git("checkout", "--quiet", "main");
});

test("a run that is approved when main has moved on deploys nothing, and says which one does", async () => {
  git("checkout", "--quiet", "main");
  const before = project.sandbox.cloud.store.snapshot();

  const late = await play("deploy", stageOf(git("rev-parse", "later"), "refs/heads/main", { before: deployed }));

  expect(results(late)).toEqual(["Find the stacks that are concerned: success", "Deploy three: failure"]);
  expect(logs(late)).toContain(`This run was approved for ${git("rev-parse", "later")}, and main is at ${deployed}.`);
  expect(project.sandbox.cloud.store.snapshot()["entra.applications"]).toEqual(before["entra.applications"]);
});

/** What GitHub checks out for a pull request: the merge of the branch with its base. */
function mergeOf(branch: string, base = "main"): string {
  git("checkout", "--quiet", "--detach", base);
  git("merge", "--quiet", "--no-ff", "--message", `Merge ${branch}`, branch);
  const sha = git("rev-parse", "HEAD");
  git("checkout", "--quiet", "main");
  return sha;
}

function pullRequest(sha: string, from: string, author = "grace"): Stage {
  return stageOf(sha, "refs/pull/1/merge", {
    pull_request: {
      number: 1,
      base: { sha: git("rev-parse", "main") },
      head: { repo: { full_name: from } },
      user: { login: author },
    },
  });
}

test("a pull request that edits, adds and removes files and changes the code gets one comment", async () => {
  const { issueComments, issues } = github();
  const issue = issues.find(({ isPullRequest }) => isPullRequest) ?? expect.unreachable();
  const author = { type: "User", id: "1", login: "ada" } as const;
  // More than a page of them, one of which quotes a comment of another run.
  for (let index = 0; index < 120; index++) {
    const createdAt = "2026-11-23T12:00:00Z";
    const body = index === 0 ? "<!-- feedpass:preview -->\nIs this right?" : `Comment ${index}`;
    const { repositoryId } = issue;
    issueComments.insert({
      id: String(index + 1),
      issueId: issue.id,
      repositoryId,
      body,
      author,
      createdAt,
      updatedAt: createdAt,
    });
  }
  drift("one-more", "https://pypi.example.com/simple/");
  git("checkout", "--quiet", "-b", "change");
  writeStack("one", {
    identities: {
      reader: { role: "reader", trust: [{ branch: "main" }] },
      publisher: { role: "contributor", trust: [{ environment: "release" }] },
    },
    environments: { release: { deployFrom: { tags: ["v*"] } } },
  });
  writeStack("three");
  rmSync(fileOf("two"));
  writeFileSync(join(origin, "src/feed.ts"), `${readFileSync(join(origin, "src/feed.ts"), "utf8")}\n// A change.\n`);
  commit("Change four things");
  const before = project.sandbox.cloud.store.snapshot();

  const runs = await play("preview", pullRequest(mergeOf("change"), platform));

  expect(results(runs), logs(runs)).toEqual([
    "Mark the comment as out of date: success",
    "access: failure",
    "Find the stacks that are concerned: success",
    "Preview 1/1: success",
    "Comment: success",
  ]);
  expect(comments().length).toBe(121);
  const after = project.sandbox.cloud.store.snapshot();
  // The services know of the comment, of the jobs and of their tokens, and of nothing else that is new.
  const changed = Object.keys(after).filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]));
  expect(changed.sort()).toEqual([
    "github.environments",
    "github.issue-comments",
    "github.issues",
    "github.jobs",
    "github.tokens",
  ]);
  await expect(masked(comments().at(-1) ?? "")).toMatchFileSnapshot("golden/pull-request-comment.md");
});

function repositoryId(name: string): string {
  return github().repositories.find((repository) => repository.name === name)?.id ?? expect.unreachable();
}

/** Without what each run has anew. */
function masked(body: string): string {
  return `${body
    .replace(/`[0-9a-f]{7}` · /, "`COMMIT` · ")
    .replace(/--source [0-9a-f]{12}/, "--source BASE")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "ID")}\n`;
}

test("the next push brings that comment up to date, a failure as clearly as anything else", async () => {
  git("checkout", "--quiet", "change");
  writeFileSync(fileOf("three"), "config:\n  feedpass:repository: nobody\n");
  commit("Break a file");

  const runs = await play("preview", pullRequest(mergeOf("change"), platform));

  expect(results(runs)).toEqual([
    "Mark the comment as out of date: success",
    "access: failure",
    "Find the stacks that are concerned: success",
    "Preview 1/1: failure",
    "Comment: success",
  ]);
  expect(comments().length).toBe(121);
  expect(comments().at(-1)).toContain("### ❌ Feed access: 1 stack failed");
  expect(comments().at(-1)).toContain("| ❌ | `three` | **its file has problems** |");
  expect(comments()[0]).toBe("<!-- feedpass:preview -->\nIs this right?");
});

test.each([
  ["a fork", "mallory/feed-access", "mallory"],
  ["Dependabot", platform, "dependabot[bot]"],
])("a pull request of %s gets no credentials, and no job that asks for some", async (_who, from, author) => {
  const runs = await play("preview", pullRequest(mergeOf("change"), from, author));

  expect(results(runs)).toEqual(["access: failure"]);
  expect(runs[0]?.steps.at(-1)?.summary).toContain("environment release gains install and publish");
});

test("the check of access passes where nothing grows, and runs main's code whatever the base is", async () => {
  git("checkout", "--quiet", "-b", "evil", "main");
  writeFileSync(join(origin, "cli/feedpass.js"), "throw new Error('evil');\n");
  commit("Change the code");
  git("checkout", "--quiet", "-b", "harmless", "evil");
  writeFileSync(fileOf("one"), `# Nothing else.\n${readFileSync(fileOf("one"), "utf8")}`);
  commit("Add a comment");
  const sha = mergeOf("harmless", "evil");

  const runs = await play("preview", pullRequest(sha, "mallory/feed-access", "mallory"));

  expect(results(runs), logs(runs)).toEqual(["access: success"]);
  expect(runs[0]?.steps.at(-1)?.summary).toContain("No change of access since ");
});

test("a link in the place of a stack file is told in the comment, and what it leads to by nobody", async () => {
  git("checkout", "--quiet", "-b", "link", "main");
  symlinkSync("/etc/passwd", fileOf("linked"));
  commit("Add a link");

  const runs = await play("preview", pullRequest(mergeOf("link"), platform));

  expect(results(runs)).toEqual([
    "Mark the comment as out of date: success",
    "access: failure",
    "Find the stacks that are concerned: success",
    "Preview 1/1: failure",
    "Comment: success",
  ]);
  expect(comments().at(-1)).toContain("got a symbolic link, expected a regular file");
  expect(logs(runs) + comments().join()).not.toContain("root:");
});

test("drift opens one issue for each stack that has it, which stays one, and closes when it is gone", async () => {
  const sha = git("rev-parse", "main");
  const byHand = () => stageOf(sha, "refs/heads/main", {});
  const issues = () =>
    github()
      .issues.filter(({ isPullRequest }) => !isPullRequest)
      .map(({ title, state, labels }) => `${title}: ${state}, ${labels.join()}`);

  const found = await play("drift", byHand());
  const opened = issues();
  const again = await play("drift", byHand());
  const stayed = issues();
  const repaired = await play("deploy", stageOf(sha, "refs/heads/main", {}, { stacks: "one-more", refresh: true }));
  const over = await play("drift", byHand());

  expect(results(found), logs(found)).toEqual([
    "Deal the stacks out: success",
    "Drift 1/1: success",
    "Bring the issues up to date: success",
  ]);
  expect(opened).toEqual(["Drift: one-more: open, feedpass-drift"]);
  expect(again.at(-1)?.steps.at(-1)?.log).toContain("one-more: #2 stays");
  expect(stayed).toEqual(opened);
  expect(results(repaired), logs(repaired)).toEqual([
    "Find the stacks that are concerned: success",
    "Deploy one-more: success",
  ]);
  expect(over.at(-1)?.steps.at(-1)?.log).toContain("one-more: #2 closed");
  expect(issues()).toEqual(["Drift: one-more: closed, feedpass-drift"]);
});

test("the identity of previews is refused to change anything, whatever the code tries", async () => {
  drift("two", "https://elsewhere.example.com/simple/");
  const deploy = readFileSync(join(root, ".github/workflows/deploy.yml"), "utf8");
  const stage = stageOf(git("rev-parse", "main"), "refs/heads/main", {}, { stacks: "two", refresh: true });

  const runs = await playWorkflow(deploy.replace("environment: feedpass-write", "environment: feedpass-read"), stage);

  expect(results(runs)).toEqual(["Find the stacks that are concerned: success", "Deploy two: failure"]);
  expect(logs(runs)).toContain("403 Resource not accessible by integration");
  expect(github().variables.filter(({ value }) => value === "https://elsewhere.example.com/simple/").length).toBe(1);
});

/** Somebody changes where a repository's jobs install from. */
function drift(name: string, value: string): void {
  const { variables } = github();
  const found = variables.find(
    (variable) => variable.name === "AZURE_ARTIFACTS_INDEX_URL" && variable.scope.endsWith(repositoryId(name)),
  );
  variables.update(found?.id ?? expect.unreachable(), { value });
}

test.skipIf(!tools)(
  "ci runs without a credential, and previews and rehearses the files that are added or edited",
  async () => {
    git("checkout", "--quiet", "-b", "edit", "main");
    writeStack("one", {
      identities: { reader: { role: "reader", trust: [{ branch: "main" }, { pullRequest: true }] } },
    });
    commit("Edit one file");

    const runs = await play("ci", pullRequest(mergeOf("edit"), "mallory/feed-access", "mallory"));

    expect(results(runs), logs(runs)).toEqual([
      "Check: success",
      "Test on Node 20: success",
      "Test on Node 22: success",
      "Test on Node 24: success",
      "Find the stack files that are added or edited: success",
      "Preview and rehearse one: success",
    ]);
    const summary = runs.flatMap(({ steps }) => steps.map((step) => step.summary)).filter((text) => text !== "");
    await expect(summary.join("\n")).toMatchFileSnapshot("golden/ci-summary.md");
    expect(npm.notes().slice(-5)).toEqual(["run check", "run check:workflows", ...Array(3).fill("test")]);
  },
);
