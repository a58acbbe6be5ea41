import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { type JobRequest, startJob } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { siteOfIssuer } from "../../sandbox/cloud/github/site.ts";
import { federationAudience } from "../../src/jobs/trust.ts";
import { examples, exampleText, inHalfAYear } from "../support/examples.ts";
import { openProject, type TestProject } from "../support/project.ts";
import { resourceTree } from "../support/tree.ts";

// Proves that every example of stacks/ can be applied, has nothing to do twice, lets in the jobs that it says and no
// others, and goes again. The tokens are GitHub's, and Entra judges them, over the wire.

let project: TestProject;

beforeAll(async () => {
  project = await openProject();
  // What is at contoso-robotics.ghe.com, with the same names at github.com.
  seedGitHub(project.sandbox.cloud.store, {
    organizations: [{ login: "robotics", owners: ["ada"] }],
    repositories: [{ owner: "robotics", name: "arms", private: true }],
  });
});

afterAll(() => project.close());

test("there is an example of each feature", () => {
  expect(examples).toEqual([
    "contoso-cogs",
    "contoso-dials",
    "contoso-gadgets",
    "contoso-gizmos",
    "contoso-levers",
    "contoso-pulleys",
    "contoso-sprockets",
    "robotics-arms",
  ]);
});

describe.each(examples)("%s", (name) => {
  test("makes its tree, and has nothing to do twice", async () => {
    writeFileSync(join(project.folder, "stacks", `Pulumi.${name}.yaml`), exampleText(name));
    await project.succeed(["stack", "init", name]);
    await project.succeed(["up", "--stack", name, "--yes", "--skip-preview"]);

    const tree = resourceTree(await project.resources(name));
    const again = await project.pulumi(["up", "--stack", name, "--yes", "--skip-preview", "--expect-no-changes"]);
    const refresh = await project.pulumi(["refresh", "--stack", name, "--preview-only", "--expect-no-changes"]);

    await expect(tree.replaceAll(inHalfAYear, "<in half a year>")).toMatchFileSnapshot(`golden/examples/${name}.txt`);
    expect([again.exitCode, refresh.exitCode]).toEqual([0, 0]);
  });
});

/** What Entra answers a job that signs in as an identity: `accepted`, or the code of its refusal. */
async function signIn(stack: string, identity: string, job: Partial<JobRequest>): Promise<string> {
  const outputs = JSON.parse(await project.succeed(["stack", "output", "--stack", stack, "--json"]));
  const { cloud, credentials } = project.sandbox;
  const context = { store: cloud.store, now: Date.now, fetch: (request: Request) => cloud.fetch(request) };
  const push = {
    site: siteOfIssuer(outputs.issuer ?? "").host,
    repository: outputs.repository,
    event: "push",
    ref: "refs/heads/main",
    workflow: ".github/workflows/ci.yml",
    permissions: { "id-token": "write" },
    actor: "ada",
  } as const;
  // GitHub pushes the branch that its merge queue runs on.
  if (job.event === "merge_group") startJob(context, { ...push, ...job, event: "push" });
  const { requestUrl, requestToken } = startJob(context, { ...push, ...job });
  const headers = { Authorization: `Bearer ${requestToken}` };
  const minted = await cloud.fetch(new Request(`${requestUrl}&audience=${federationAudience}`, { headers }));
  const { value } = (await minted.json()) as { value: string };
  const body = new URLSearchParams({
    client_id: outputs.identities[identity].clientId,
    client_assertion: value,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    grant_type: "client_credentials",
    scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
  });
  const url = `https://login.microsoftonline.com/${credentials.tenantId}/oauth2/v2.0/token`;
  const answer = await cloud.fetch(new Request(url, { method: "POST", body }));
  if (answer.status === 200) return "accepted";
  const { error_description: description } = (await answer.json()) as { error_description: string };
  return /AADSTS\d+/.exec(description)?.[0] ?? description;
}

const shared = "contoso/workflows/.github/workflows/publish.yml@refs/heads/main";
const queued = "refs/heads/gh-readonly-queue/main/pr-7-0a1b2c";
const pullRequest = { event: "pull_request", ref: "refs/pull/7/merge" };
const approved = { environment: "publisher", approvedBy: "grace" };
/** No credential's expression is met. */
const unmatched = "AADSTS7002131";

const production = { environment: "production", approvedBy: "grace" };
const dials = { repository: "contoso-mobile/dials" };

test.each<[string, string, Partial<JobRequest>, string]>([
  ["contoso-dials", "reader", {}, "accepted"],
  ["contoso-dials", "reader", pullRequest, "accepted"],
  ["contoso-dials", "publisher", { ref: "refs/tags/v1.2", environment: "release", approvedBy: "grace" }, "accepted"],
  ["contoso-dials", "publisher", { ref: "refs/tags/v1.2" }, "AADSTS700213"],
  ["contoso-dials", "reader", { repository: "contoso/widgets" }, "AADSTS700211"],
  ["contoso-gadgets", "checker", dials, "AADSTS700211"],
  ["contoso-gadgets", "publisher", { ref: "refs/tags/v1.2" }, "accepted"],
  ["contoso-gadgets", "publisher", { ref: "refs/heads/release/2026/11" }, "accepted"],
  ["contoso-gadgets", "publisher", { ref: "refs/heads/v1.2" }, unmatched],
  ["contoso-gadgets", "publisher", { ref: "refs/tags/release/1" }, unmatched],
  ["contoso-gadgets", "publisher", { ref: "refs/tags/v1.2", environment: "any" }, unmatched],
  ["contoso-gadgets", "publisher", { environment: "x:ref:refs/tags/v1" }, unmatched],
  ["contoso-gadgets", "publisher", { repository: "contoso/widgets", ref: "refs/tags/v1.2" }, unmatched],
  ["contoso-gadgets", "checker", { event: "merge_group", ref: queued }, "accepted"],
  ["contoso-gadgets", "checker", { ref: "refs/heads/develop" }, unmatched],
  ["contoso-gizmos", "publisher", { ref: "refs/tags/v1.2", ...approved }, "accepted"],
  ["contoso-gizmos", "publisher", { ref: "refs/tags/v1.2" }, "AADSTS700213"],
  ["contoso-levers", "publisher", { reusableWorkflow: shared }, "accepted"],
  ["contoso-levers", "publisher", { reusableWorkflow: shared.replace("main", "next") }, unmatched],
  ["contoso-levers", "publisher", { reusableWorkflow: shared, ...pullRequest }, unmatched],
  ["contoso-levers", "publisher", {}, unmatched],
  ["contoso-levers", "publisher", { reusableWorkflow: shared, ...production }, "accepted"],
  ["contoso-levers", "publisher", { reusableWorkflow: shared.replace("main", "next"), ...production }, unmatched],
  ["contoso-levers", "publisher", production, unmatched],
  ["contoso-levers", "reader", { reusableWorkflow: shared }, "accepted"],
  ["contoso-levers", "reader", { ref: "refs/heads/next" }, unmatched],
  ["contoso-cogs", "reader", {}, "accepted"],
  ["contoso-cogs", "publisher", { environment: "release", ref: "refs/tags/v1", approvedBy: "grace" }, "AADSTS70025"],
  ["contoso-pulleys", "reader", pullRequest, "accepted"],
  ["contoso-pulleys", "publisher", { environment: "release", ref: "refs/tags/v1" }, "accepted"],
  ["contoso-sprockets", "reader", pullRequest, "accepted"],
  ["robotics-arms", "reader", {}, "accepted"],
  ["robotics-arms", "reader", pullRequest, "accepted"],
  ["robotics-arms", "publisher", { ref: "refs/tags/v1.2", environment: "release", approvedBy: "grace" }, "accepted"],
  ["robotics-arms", "publisher", { ref: "refs/tags/v1.2" }, "AADSTS700213"],
  ["robotics-arms", "reader", { site: "github.com" }, "AADSTS700211"],
])("%s: as %s, a job with %j is %s", async (stack, identity, job, outcome) => {
  expect(await signIn(stack, identity, job)).toBe(outcome);
});

test("a branch that does not match cannot deploy to the environment that stands for patterns", async () => {
  const job = signIn("contoso-gizmos", "publisher", approved);

  await expect(job).rejects.toThrow('Branch "main" is not allowed to deploy to publisher');
});

test("a repository that moves to subjects with ids locks nobody out, and the old credential goes at the end", async () => {
  const { repositories } = gitHubData(project.sandbox.cloud.store);
  const [sprockets] = repositories.filter(({ name }) => name === "sprockets");
  if (sprockets === undefined) throw new Error("the sandbox has the repository of the example");
  repositories.update(sprockets.id, { subject: { ...sprockets.subject, optedIn: true } });
  const moved = await signIn("contoso-sprockets", "reader", {});
  const unchanged = await project.pulumi(["preview", "--stack", "contoso-sprockets", "--expect-no-changes"]);

  const file = project.readStack("contoso-sprockets");
  const { "feedpass:subjects": both, ...config } = file.config as Record<string, unknown>;
  project.writeStack(
    "contoso-sprockets",
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("feedpass:", ""), value])),
  );
  const preview = await project.succeed(["preview", "--stack", "contoso-sprockets", "--json"]);
  const { steps } = JSON.parse(preview.slice(preview.indexOf("{"))) as { steps: { op: string; urn: string }[] };
  await project.succeed(["up", "--stack", "contoso-sprockets", "--yes", "--skip-preview"]);

  expect([both, moved, unchanged.exitCode]).toEqual(["both", "accepted", 0]);
  const changes = steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`);
  expect(changes.sort()).toEqual(["delete access/reader/branch:main", "delete access/reader/pullRequest"]);
  expect(await signIn("contoso-sprockets", "reader", {})).toBe("accepted");
});

test("an enterprise that gives up its own issuer locks its jobs out until the file says so", async () => {
  const { enterprises } = gitHubData(project.sandbox.cloud.store);
  const [devices] = enterprises.filter(({ slug }) => slug === "contoso-devices");
  if (devices === undefined) throw new Error("the sandbox has the enterprise of the example");
  enterprises.update(devices.id, { includesSlugInIssuer: false });
  const lockedOut = await signIn("contoso-dials", "reader", {});
  const unseen = await project.pulumi(["preview", "--stack", "contoso-dials", "--expect-no-changes"]);

  const file = project.readStack("contoso-dials");
  const { "feedpass:issuer": issuer, ...config } = file.config as Record<string, unknown>;
  project.writeStack(
    "contoso-dials",
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key.replace("feedpass:", ""), value])),
  );
  await project.succeed(["up", "--stack", "contoso-dials", "--yes", "--skip-preview"]);

  expect(issuer).toBe("https://token.actions.githubusercontent.com/contoso-devices");
  expect([lockedOut, unseen.exitCode]).toEqual(["AADSTS700211", 0]);
  expect(await signIn("contoso-dials", "reader", {})).toBe("accepted");
});

test("nothing that the engine and the program ask is outside of what the sandbox emulates", () => {
  expect(project.sandbox.cloud.requests.uncovered()).toEqual([]);
});

test.each(examples)("%s goes again", async (name) => {
  await project.succeed(["destroy", "--stack", name, "--yes", "--skip-preview"]);

  expect(await project.resources(name)).toEqual([]);
});
