import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { readSecret } from "../../sandbox/cloud/github/job-settings.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { addresses, client, createWorld, refusal, seal, send, widgets } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-environments.test.ts"));

const release = { ...widgets, environment_name: "release" };
const customPolicy = { protected_branches: false, custom_branch_policies: true };

describe.each(addresses)("an environment of a repository by %s", (address) => {
  const ada = client(world, "ada-classic", address);

  test("is made open, without any protection", async () => {
    const { data, status } = await ada.repos.createOrUpdateEnvironment(release);

    expect(status).toBe(200);
    expect(data).toEqual({
      id: data.id,
      node_id: data.node_id,
      name: "release",
      url: "https://api.github.com/repos/contoso/widgets/environments/release",
      html_url: "https://github.com/contoso/widgets/deployments/activity_log?environments_filter=release",
      created_at: "2026-11-23T12:00:00Z",
      updated_at: "2026-11-23T12:00:00Z",
      can_admins_bypass: true,
      protection_rules: [],
      deployment_branch_policy: null,
    });
    expect(data.node_id).toMatch(/^EN_kwDO/);
  });

  test("is made with every protection, and read back the same", async () => {
    const made = await ada.repos.createOrUpdateEnvironment({
      ...release,
      wait_timer: 30,
      prevent_self_review: true,
      reviewers: [
        { type: "Team", id: 3001 },
        { type: "User", id: 1002 },
      ],
      deployment_branch_policy: customPolicy,
      can_admins_bypass: false,
    });

    const read = await ada.repos.getEnvironment(release);

    expect(read.data).toEqual(made.data);
    const { protection_rules: rules = [], deployment_branch_policy: policy } = read.data;
    expect(policy).toEqual(customPolicy);
    expect(read.data).toMatchObject({ can_admins_bypass: false });
    expect(rules.map((rule) => rule.type)).toEqual(["wait_timer", "required_reviewers", "branch_policy"]);
    expect(rules[0]).toMatchObject({ wait_timer: 30 });
    expect(rules[1]).toMatchObject({
      prevent_self_review: true,
      reviewers: [
        { type: "Team", reviewer: { id: 3001, slug: "release-managers" } },
        { type: "User", reviewer: { id: 1002, login: "grace" } },
      ],
    });
  });

  test("is listed and deleted", async () => {
    await ada.repos.createOrUpdateEnvironment(release);
    await ada.repos.createOrUpdateEnvironment({ ...widgets, environment_name: "eu/west: 1%" });

    const listed = await ada.repos.getAllEnvironments({ ...widgets, per_page: 1, page: 2 });
    const deleted = await ada.repos.deleteAnEnvironment({ ...widgets, environment_name: "eu/west: 1%" });

    expect(listed.data.total_count).toBe(2);
    expect(listed.data.environments?.map((environment) => environment.name)).toEqual(["eu/west: 1%"]);
    expect(deleted.status).toBe(204);
    expect((await refusal(ada.repos.getEnvironment({ ...widgets, environment_name: "eu/west: 1%" }))).status).toBe(404);
    expect((await ada.repos.getEnvironment(release)).status).toBe(200);
  });

  test("takes deployment policies for branches and tags", async () => {
    await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: customPolicy });

    const branch = await ada.repos.createDeploymentBranchPolicy({ ...release, name: "release/*" });
    const tag = await ada.repos.createDeploymentBranchPolicy({ ...release, name: "v*", type: "tag" });
    const renamed = await ada.repos.updateDeploymentBranchPolicy({
      ...release,
      branch_policy_id: tag.data.id ?? 0,
      name: "v[0-9]*",
    });
    const read = await ada.repos.getDeploymentBranchPolicy({ ...release, branch_policy_id: tag.data.id ?? 0 });
    await ada.repos.deleteDeploymentBranchPolicy({ ...release, branch_policy_id: branch.data.id ?? 0 });
    const listed = await ada.repos.listDeploymentBranchPolicies(release);

    expect([branch.status, branch.data.type, tag.data.type]).toEqual([200, "branch", "tag"]);
    expect(renamed.data).toEqual({ ...tag.data, name: "v[0-9]*" });
    expect(read.data).toEqual(renamed.data);
    expect(listed.data).toEqual({ total_count: 1, branch_policies: [read.data] });
  });
});

test("names do not depend on case; the first spelling stays", async () => {
  const ada = client(world, "ada-classic");
  const made = await ada.repos.createOrUpdateEnvironment({ ...widgets, environment_name: "Release" });

  const again = await ada.repos.createOrUpdateEnvironment({ ...release, wait_timer: 5 });

  expect([again.data.id, again.data.name]).toEqual([made.data.id, "Release"]);
});

test("a change keeps what it does not name, null clears reviewers and policy, zero clears the timer", async () => {
  const ada = client(world, "ada-classic");
  const made = await ada.repos.createOrUpdateEnvironment({
    ...release,
    wait_timer: 30,
    reviewers: [{ type: "Team", id: 3001 }],
    deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
  });
  world.clock.now += 60_000;

  const same = await ada.repos.createOrUpdateEnvironment(release);
  const cleared = await ada.repos.createOrUpdateEnvironment({
    ...release,
    wait_timer: 0,
    reviewers: null,
    deployment_branch_policy: null,
  });

  expect(same.data).toEqual({ ...made.data, updated_at: "2026-11-23T12:01:00Z" });
  expect([cleared.data.protection_rules, cleared.data.deployment_branch_policy]).toEqual([[], null]);
});

test.each([
  [
    { deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } },
    '"custom_branch_policies" and "protected_branches" cannot have the same value',
  ],
  [
    { deployment_branch_policy: { protected_branches: false, custom_branch_policies: false } },
    '"custom_branch_policies" and "protected_branches" cannot have the same value',
  ],
  [
    { prevent_self_review: true },
    "Failed to create or update the environment protection rule. Required reviewers must have at least one reviewer to set prevent_self_review.",
  ],
  [{ wait_timer: 43_201 }, "Invalid request.\n\nFor 'properties/wait_timer', 43201 is not between 0 and 43200."],
  [{ wait_timer: -1 }, "Invalid request.\n\nFor 'properties/wait_timer', -1 is not between 0 and 43200."],
  [{ wait_timer: "30" }, "Invalid request.\n\nFor 'properties/wait_timer', \"30\" is not an integer."],
  [
    { reviewers: Array.from({ length: 7 }, () => ({ type: "User", id: 1002 })) },
    "Failed to create the environment protection rule. reviewers can have at most 6 reviewers",
  ],
  [{ reviewers: [{ type: "User", id: 9 }] }, "Validation Failed: User 9 could not be found"],
  [{ reviewers: [{ type: "Team", id: 9 }] }, "Validation Failed: Team 9 could not be found"],
  [
    { reviewers: [{ type: "App", id: 1 }] },
    "Invalid request.\n\nFor 'properties/reviewers', type is not User or Team.",
  ],
  [{ reviewers: {} }, "Invalid request.\n\nFor 'properties/reviewers', the value is not an array."],
  [
    { deployment_branch_policy: {} },
    "Invalid request.\n\nFor 'properties/deployment_branch_policy', both booleans are needed.",
  ],
])("the settings %j are refused", async (settings, message) => {
  const url = "https://api.github.com/repos/contoso/widgets/environments/release";

  const response = await send(world, "PUT", url, "ada-classic", settings);

  expect(response.status).toBe(422);
  expect(await response.json()).toEqual({
    message,
    documentation_url: "https://docs.github.com/rest/deployments/environments#create-or-update-an-environment",
    status: "422",
  });
  const none = await client(world, "ada-classic").repos.getAllEnvironments(widgets);
  expect(none.data.total_count).toBe(0);
});

test("a name has at most 255 characters", async () => {
  const ada = client(world, "ada-classic");

  const longest = await ada.repos.createOrUpdateEnvironment({ ...widgets, environment_name: "n".repeat(255) });
  const longer = ada.repos.createOrUpdateEnvironment({ ...widgets, environment_name: "n".repeat(256) });

  expect(longest.status).toBe(200);
  expect((await refusal(longer)).status).toBe(422);
});

test("reviewers who were given nothing with the repository are left out without a word", async () => {
  const { data } = await client(world, "ada-classic").repos.createOrUpdateEnvironment({
    ...release,
    reviewers: [
      { type: "Team", id: 3003 },
      { type: "User", id: 1004 },
    ],
  });

  expect(data.protection_rules).toEqual([]);
});

test.each([
  [{ reviewers: [{ type: "User" as const, id: 1001 }] }, "required reviewers"],
  [{ wait_timer: 1 }, "wait timer"],
])("a private repository outside GitHub Enterprise cannot have %j", async (settings, rule) => {
  const request = client(world, "ada-classic").repos.createOrUpdateEnvironment({
    owner: "fabrikam",
    repo: "hidden",
    environment_name: "release",
    ...settings,
  });

  expect(await refusal(request)).toMatchObject({
    status: 422,
    message: `Failed to create the environment protection rule. Please ensure the billing plan supports the ${rule} protection rule.`,
  });
});

test("a public repository can have them, whoever owns it", async () => {
  const ada = client(world, "ada-classic");
  await ada.repos.update({ owner: "fabrikam", repo: "hidden", private: false });

  const { data } = await ada.repos.createOrUpdateEnvironment({
    owner: "fabrikam",
    repo: "hidden",
    environment_name: "release",
    wait_timer: 1,
  });

  expect(data.protection_rules?.map((rule) => rule.type)).toEqual(["wait_timer"]);
});

test.each([
  ["without a policy", null],
  ["for protected branches only", { protected_branches: true, custom_branch_policies: false }],
])("an environment %s has no deployment policies, not even an empty list", async (_which, policy) => {
  const ada = client(world, "ada-classic");
  await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: policy });

  const statuses = await Promise.all(
    [
      ada.repos.listDeploymentBranchPolicies(release),
      ada.repos.createDeploymentBranchPolicy({ ...release, name: "main" }),
    ].map(async (request) => (await refusal(request)).status),
  );

  expect(statuses).toEqual([404, 404]);
});

test("leaving custom policies forgets them", async () => {
  const ada = client(world, "ada-classic");
  await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: customPolicy });
  await ada.repos.createDeploymentBranchPolicy({ ...release, name: "main" });

  await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: null });
  await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: customPolicy });

  expect((await ada.repos.listDeploymentBranchPolicies(release)).data.total_count).toBe(0);
});

test("a policy that is there already is pointed at", async () => {
  const ada = client(world, "ada-classic");
  await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: customPolicy });
  const first = await ada.repos.createDeploymentBranchPolicy({ ...release, name: "main" });
  const url = "https://api.github.com/repos/contoso/widgets/environments/release/deployment-branch-policies";

  const again = await send(world, "POST", url, "ada-classic", { name: "main", type: "branch" });
  const tag = await send(world, "POST", url, "ada-classic", { name: "main", type: "tag" });

  expect([again.status, again.headers.get("location")]).toEqual([303, `${url}/${first.data.id}`]);
  expect(tag.status).toBe(200);
});

test.each([
  [{}, 'Invalid request.\n\n"name" wasn\'t supplied.'],
  [{ name: "x", type: "ref" }, "Invalid request.\n\nFor 'properties/type', \"ref\" is not branch or tag."],
])("the policy %j is refused", async (body, message) => {
  await client(world, "ada-classic").repos.createOrUpdateEnvironment({
    ...release,
    deployment_branch_policy: customPolicy,
  });
  const url = "https://api.github.com/repos/contoso/widgets/environments/release/deployment-branch-policies";

  const response = await send(world, "POST", url, "ada-classic", body);

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ message });
});

test("an environment's policy is not found under another environment", async () => {
  const ada = client(world, "ada-classic");
  const other = { ...widgets, environment_name: "other" };
  await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: customPolicy });
  await ada.repos.createOrUpdateEnvironment({ ...other, deployment_branch_policy: customPolicy });
  const { data } = await ada.repos.createDeploymentBranchPolicy({ ...release, name: "main" });

  const request = ada.repos.getDeploymentBranchPolicy({ ...other, branch_policy_id: data.id ?? 0 });

  expect((await refusal(request)).status).toBe(404);
});

test("deleting an environment deletes its secrets, variables and policies", async () => {
  const ada = client(world, "ada-classic");
  const before = world.cloud.store.snapshot();
  await ada.repos.createOrUpdateEnvironment({ ...release, deployment_branch_policy: customPolicy });
  await ada.repos.createDeploymentBranchPolicy({ ...release, name: "main" });
  await ada.actions.createEnvironmentVariable({ ...release, name: "A", value: "1" });
  const key = await ada.actions.getEnvironmentPublicKey(release);
  await ada.actions.createOrUpdateEnvironmentSecret({ ...release, secret_name: "B", ...(await seal("2", key.data)) });

  const value = readSecret(world.cloud.store, { repository: "contoso/widgets", environment: "RELEASE" }, "b");
  await ada.repos.deleteAnEnvironment(release);

  expect(value).toBe("2");
  expect(world.cloud.store.snapshot()).toEqual(before);
});

test("an environment's protection is read by an installation with actions=read, and changed with administration=write", async () => {
  const app = client(world, "app");

  await app.repos.createOrUpdateEnvironment(release);

  expect((await app.repos.getEnvironment(release)).data.name).toBe("release");
  expect((await refusal(client(world, "ada-fine").repos.getEnvironment(release))).status).toBe(403);
});
