import { beforeEach, expect, test } from "vitest";
import { type JobRequest, JobRefusedError, startJob } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { client, createWorld, push, seal, widgets } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());

const ada = client(world, "ada-classic");
const release = { ...widgets, environment_name: "release" };

const refusalOf = (request: Partial<JobRequest>) => {
  try {
    startJob(world.context, { ...push, ...request });
  } catch (error) {
    if (error instanceof JobRefusedError) return error.message;
    throw error;
  }
  return expect.unreachable("the job should have been refused");
};

test("a job finds the variables and secrets of its environment before those of the repository", async () => {
  await ada.repos.createOrUpdateEnvironment(release);
  await ada.actions.createRepoVariable({ ...widgets, name: "A", value: "repository" });
  await ada.actions.createRepoVariable({ ...widgets, name: "B", value: "repository" });
  await ada.actions.createEnvironmentVariable({ ...release, name: "A", value: "environment" });
  const keys = {
    repository: (await ada.actions.getRepoPublicKey(widgets)).data,
    environment: (await ada.actions.getEnvironmentPublicKey(release)).data,
    dependabot: (await ada.dependabot.getRepoPublicKey(widgets)).data,
  };
  await ada.actions.createOrUpdateRepoSecret({ ...widgets, secret_name: "S", ...(await seal("r", keys.repository)) });
  await ada.actions.createOrUpdateRepoSecret({ ...widgets, secret_name: "T", ...(await seal("t", keys.repository)) });
  await ada.actions.createOrUpdateEnvironmentSecret({
    ...release,
    secret_name: "S",
    ...(await seal("e", keys.environment)),
  });
  await ada.dependabot.createOrUpdateRepoSecret({
    ...widgets,
    secret_name: "D",
    ...(await seal("d", keys.dependabot)),
  });
  const pullRequest = { ...push, event: "pull_request", ref: "refs/pull/7/merge" };

  const settings = [
    push,
    { ...push, environment: "RELEASE" },
    { ...pullRequest, fork: true },
    { ...pullRequest, actor: "dependabot[bot]" },
  ].map((request) => {
    const { variables, secrets } = startJob(world.context, request);
    return { variables, secrets };
  });

  const ofRepository = { A: "repository", B: "repository" };
  expect(settings).toEqual([
    { variables: ofRepository, secrets: { S: "r", T: "t" } },
    { variables: { A: "environment", B: "repository" }, secrets: { S: "e", T: "t" } },
    { variables: {}, secrets: {} },
    { variables: ofRepository, secrets: { D: "d" } },
  ]);
});

test("a push makes its branch or tag, other events need it", async () => {
  startJob(world.context, { ...push, ref: "refs/tags/v2.0.0" });
  startJob(world.context, { ...push, ref: "refs/heads/topic/x" });

  const tags = await ada.repos.listTags(widgets);
  const branch = await ada.repos.getBranch({ ...widgets, branch: "topic/x" });

  expect(tags.data.map((tag) => tag.name)).toEqual(["v2.0.0", "v1.0.0"]);
  expect(branch.data.protected).toBe(false);
  expect(refusalOf({ event: "workflow_dispatch", ref: "refs/heads/none" })).toBe("No ref found for: refs/heads/none");
  expect(refusalOf({ ref: "main" })).toBe("No ref found for: main");
});

test("an environment that the workflow names and nobody made is made, open", async () => {
  const { claims } = startJob(world.context, { ...push, environment: "staging" });

  const { data } = await ada.repos.getEnvironment({ ...widgets, environment_name: "staging" });
  expect(data.protection_rules).toEqual([]);
  expect(claims.environment_node_id).toBe(data.node_id);
});

test.each([
  [{ repository: "contoso/none" }, "there is no repository contoso/none"],
  [{ repository: "none" }, "there is no repository none"],
  [{ actor: "nobody" }, "there is no user nobody"],
])("a job with %j is refused", (changes, message) => {
  expect(refusalOf(changes)).toBe(message);
});

test("an environment's policies decide which branches and tags may deploy", async () => {
  await ada.repos.createOrUpdateEnvironment({
    ...release,
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  });
  await ada.repos.createDeploymentBranchPolicy({ ...release, name: "v*", type: "tag" });
  await ada.repos.createDeploymentBranchPolicy({ ...release, name: "release/*" });
  await ada.repos.createDeploymentBranchPolicy({ ...release, name: "refs/pull/*/merge" });
  const environment = "release";

  expect(startJob(world.context, { ...push, ref: "refs/tags/v1.0.0", environment }).claims.ref_type).toBe("tag");
  expect(startJob(world.context, { ...push, ref: "refs/heads/release/1", environment }).claims.ref_type).toBe("branch");
  expect(
    startJob(world.context, { ...push, event: "pull_request", ref: "refs/pull/7/merge", environment }).claims.sub,
  ).toBe("repo:contoso/widgets:environment:release");
  expect(refusalOf({ environment })).toBe(
    'Branch "main" is not allowed to deploy to release due to environment protection rules.',
  );
  expect(refusalOf({ environment, ref: "refs/tags/1.0" })).toBe(
    'Tag "1.0" is not allowed to deploy to release due to environment protection rules.',
  );
  expect(refusalOf({ environment, ref: "refs/heads/v1" })).toBe(
    'Branch "v1" is not allowed to deploy to release due to environment protection rules.',
  );
});

test("'protected branches only' lets protected branches deploy, and all of them where none is protected", async () => {
  const policy = { protected_branches: true, custom_branch_policies: false };
  await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: policy });
  const open = { owner: "contoso", repo: "open", environment_name: "release" };
  await ada.repos.createOrUpdateEnvironment({ ...open, deployment_branch_policy: policy });
  const environment = "release";

  expect(startJob(world.context, { ...push, environment }).claims.environment).toBe("release");
  expect(refusalOf({ environment, ref: "refs/heads/develop" })).toBe(
    'Branch "develop" is not allowed to deploy to release due to environment protection rules.',
  );
  expect(refusalOf({ environment, ref: "refs/tags/v1.0.0" })).toBe(
    'Tag "v1.0.0" is not allowed to deploy to release due to environment protection rules.',
  );
  const unprotected = startJob(world.context, { ...push, repository: "contoso/open", environment });
  expect(unprotected.claims.ref_protected).toBe("false");
});

test("a deployment waits for one of its reviewers, or for an administrator who may bypass them", async () => {
  const reviewers = [{ type: "Team" as const, id: 3001 }];
  await ada.repos.createOrUpdateEnvironment({ ...release, reviewers, prevent_self_review: true });
  const environment = "release";
  const waiting = "The deployment to release is waiting for review.";

  expect(refusalOf({ environment })).toBe(waiting);
  expect(refusalOf({ environment, approvedBy: "mallory" })).toBe(waiting);
  expect(refusalOf({ environment, approvedBy: "linus" })).toBe(waiting);
  const byReviewer = startJob(world.context, { ...push, actor: "grace", environment, approvedBy: "linus" });
  const byAdministrator = startJob(world.context, { ...push, environment, approvedBy: "ada" });
  expect([byReviewer.claims.actor, byAdministrator.claims.actor]).toEqual(["grace", "linus"]);

  await ada.repos.createOrUpdateEnvironment({ ...release, can_admins_bypass: false });
  expect(refusalOf({ environment, approvedBy: "ada" })).toBe(waiting);
});

test("a user who is a reviewer approves for others", async () => {
  await ada.repos.createOrUpdateEnvironment({ ...release, reviewers: [{ type: "User", id: 1002 }] });

  const job = startJob(world.context, { ...push, environment: "release", approvedBy: "grace" });

  expect(job.claims.environment).toBe("release");
});
