import { beforeAll, beforeEach, expect, test } from "vitest";
import { client, widgets } from "../support/github.ts";
import {
  environmentType,
  outcomeOf,
  policyType,
  type SignedInToGitHub,
  signInToGitHub,
  templateType,
  widgetsPath,
} from "../support/github-provider.ts";
import { create, definitionOf, refusalOf, requestsOf, update } from "../support/offline-provider.ts";

const release = { repository: "widgets", environment: "release: eu/1" };
const path = `${widgetsPath}/environments/release:%20eu%2F1`;

let world: SignedInToGitHub;

beforeAll(async () => {
  world = await signInToGitHub();
});

beforeEach(() => {
  world.reset();
  world.host.sent.length = 0;
});

test("an environment is made with its protection, read, changed and deleted", async () => {
  const definition = definitionOf(world.provider, environmentType);
  const inputs = {
    ...release,
    waitTimer: 5,
    reviewers: [{ teams: [3001] }],
    preventSelfReview: true,
    deploymentBranchPolicy: { protectedBranches: false, customBranchPolicies: true },
  };

  const [created, made] = await outcomeOf(world, () => create(definition, inputs));
  const [read, refreshed] = await outcomeOf(world, () => definition.read(made.id, made.outputs));
  const [changed, kept] = await outcomeOf(world, () => update(definition, made, { ...inputs, canAdminsBypass: false }));
  const removed = await requestsOf(world.cloud, () => definition.delete(kept.id, kept.outputs));
  const gone = await definition.read(kept.id, kept.outputs);
  await definition.delete(kept.id, kept.outputs);

  expect(made).toEqual({
    id: "widgets:release?? eu/1",
    outputs: { ...inputs, canAdminsBypass: true, repositoryId: 4001 },
  });
  expect(created).toEqual([`PUT ${path}`, `GET ${widgetsPath}`]);
  expect(refreshed).toEqual({
    id: made.id,
    outputs: { ...made.outputs, reviewers: [{ teams: [3001], users: [] }] },
  });
  expect(read).toEqual([`GET ${path}`]);
  expect(kept.outputs).toEqual({ ...made.outputs, canAdminsBypass: false });
  expect(changed).toEqual([`PUT ${path}`]);
  expect(removed).toEqual([`DELETE ${path}`]);
  expect(gone).toBe(undefined);
  expect(world.host.sent[0]?.body).toEqual({
    wait_timer: 5,
    reviewers: [{ type: "Team", id: 3001 }],
    can_admins_bypass: true,
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    prevent_self_review: true,
  });
});

test("an environment without protection says so with every field", async () => {
  const definition = definitionOf(world.provider, environmentType);

  const made = await create(definition, release);
  const refreshed = await definition.read(made.id, made.outputs);

  expect(world.host.sent[0]?.body).toEqual({
    wait_timer: 0,
    reviewers: null,
    can_admins_bypass: true,
    deployment_branch_policy: null,
    prevent_self_review: false,
  });
  expect(refreshed).toEqual(made);
});

test("a wait that is not asked for any more is gone", async () => {
  const definition = definitionOf(world.provider, environmentType);
  const made = await create(definition, { ...release, waitTimer: 5 });

  const changed = await update(definition, made, release);
  const refreshed = await definition.read(changed.id, changed.outputs);

  expect(refreshed?.outputs).toEqual(changed.outputs);
  expect(refreshed?.outputs).not.toHaveProperty("waitTimer");
});

test("a refresh sees a changed branch policy and wait, and, as the official one, no reviewers that are gone", async () => {
  const definition = definitionOf(world.provider, environmentType);
  const made = await create(definition, {
    ...release,
    reviewers: [{ users: [1002] }],
    deploymentBranchPolicy: { protectedBranches: true, customBranchPolicies: false },
  });
  await client(world, "ada-classic").repos.createOrUpdateEnvironment({
    ...widgets,
    environment_name: release.environment,
    wait_timer: 30,
    reviewers: null,
    deployment_branch_policy: null,
  });

  const refreshed = await definition.read(made.id, made.outputs);

  const { deploymentBranchPolicy: _, ...rest } = made.outputs;
  expect(refreshed?.outputs).toEqual({ ...rest, waitTimer: 30 });
});

test("an environment is imported by repository and name", async () => {
  const definition = definitionOf(world.provider, environmentType);
  const made = await create(definition, { ...release, reviewers: [{ teams: [3001], users: [1002] }] });

  const [calls, imported] = await outcomeOf(world, () => definition.read(made.id, {}));
  const malformed = await refusalOf(definition.read("widgets", {}));
  const nowhere = await refusalOf(definition.read("nothing:release", {}));

  expect(imported).toEqual(made);
  expect(calls).toEqual([`GET ${widgetsPath}`, `GET ${path}`]);
  expect(malformed).toBe("invalid id (widgets), expected format <repository>:<environment>");
  expect(nowhere).toBe(
    "failed to retrieve repository nothing: GET https://api.github.com/repos/contoso/nothing: 404 Not Found []",
  );
});

test("where the plan refuses the fields, only the branch policy is sent, unless something else was asked for", async () => {
  const definition = definitionOf(world.provider, environmentType);
  const policy = { protectedBranches: true, customBranchPolicies: false };
  world.cloud.faults.add({ effect: { kind: "status", status: 422 }, method: "PUT", times: 1 });

  const calls = await requestsOf(world.cloud, () => create(definition, { ...release, deploymentBranchPolicy: policy }));
  const body = world.host.sent.at(-2)?.body;
  world.cloud.faults.add({ effect: { kind: "status", status: 422 }, method: "PUT", times: 1 });
  const refusal = await refusalOf(create(definition, { ...release, waitTimer: 5 }));

  expect(calls).toEqual([`PUT ${path}`, `PUT ${path}`, `GET ${widgetsPath}`]);
  expect(body).toEqual({
    deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
  });
  expect(refusal).toContain("422");
});

test.each([
  [{ waitTimer: 43_201 }, ["waitTimer"]],
  [{ reviewers: [{ teams: [1, 2, 3], users: [4, 5, 6, 7] }] }, ["reviewers"]],
  [{ waitTimer: 43_200, reviewers: [{ teams: [1, 2, 3], users: [4, 5, 6] }] }, []],
])("an environment with %o has the problems %o", (inputs, properties) => {
  const problems = definitionOf(world.provider, environmentType).check?.(inputs) ?? [];

  expect(problems.map(({ property }) => property)).toEqual(properties);
});

test("a deployment policy is made for branches or for tags, renamed in place, imported and deleted", async () => {
  const environment = definitionOf(world.provider, environmentType);
  const definition = definitionOf(world.provider, policyType);
  const policies = `${path}/deployment-branch-policies`;
  const custom = { protectedBranches: false, customBranchPolicies: true };
  await create(environment, { ...release, deploymentBranchPolicy: custom });

  const [created, tag] = await outcomeOf(world, () => create(definition, { ...release, tagPattern: "v*" }));
  const branch = await create(definition, { ...release, branchPattern: "main" });
  const [changed, kept] = await outcomeOf(world, () => update(definition, tag, { ...release, tagPattern: "v1.*" }));
  const [imports, imported] = await outcomeOf(world, () => definition.read(kept.id, {}));
  const refreshedBranch = await definition.read(branch.id, branch.outputs);
  const removed = await requestsOf(world.cloud, () => definition.delete(kept.id, kept.outputs));

  const { policyId } = tag.outputs;
  expect(tag).toEqual({
    id: `widgets:release?? eu/1:${policyId}`,
    outputs: { ...release, tagPattern: "v*", policyId: expect.any(Number), repositoryId: 4001 },
  });
  expect(created).toEqual([`POST ${policies}`, `GET ${widgetsPath}`]);
  expect(kept).toEqual({ id: tag.id, outputs: { ...tag.outputs, tagPattern: "v1.*" } });
  expect(changed).toEqual([`PUT ${policies}/${policyId}`]);
  expect(imported).toEqual(kept);
  expect(imports).toEqual([`GET ${widgetsPath}`, `GET ${policies}/${policyId}`]);
  expect(refreshedBranch).toEqual(branch);
  expect(removed).toEqual([`DELETE ${policies}/${policyId}`]);
  expect(await definition.read(kept.id, kept.outputs)).toBe(undefined);
});

test("a policy for tags becomes one for branches by a replacement only, and has one pattern", async () => {
  const { alsoReplaceOn, check } = definitionOf(world.provider, policyType);
  const state = { ...release, repositoryId: 4001, tagPattern: "v*" };

  const renamed = await alsoReplaceOn?.({ ...release, tagPattern: "v1.*" }, state);
  const turned = await alsoReplaceOn?.({ ...release, branchPattern: "main" }, state);
  const moved = await alsoReplaceOn?.({ ...release, repository: "open", tagPattern: "v*" }, state);
  const none = await refusalOf(create(definitionOf(world.provider, policyType), release));

  expect(renamed).toEqual([]);
  expect(turned).toEqual(["branchPattern", "tagPattern"]);
  expect(moved).toEqual(["repository"]);
  expect(check?.({ branchPattern: "a", tagPattern: "b" }).map(({ property }) => property)).toEqual(["branchPattern"]);
  expect(none).toBe('"branchPattern": one of `branchPattern,tagPattern` must be specified');
});

test("a subject template is put and read back, and its deletion brings the default", async () => {
  const definition = definitionOf(world.provider, templateType);
  const template = `${widgetsPath}/actions/oidc/customization/sub`;
  const inputs = { repository: "widgets", useDefault: false, includeClaimKeys: ["repo", "context"] };

  const [created, made] = await outcomeOf(world, () => create(definition, inputs));
  const [changed, kept] = await outcomeOf(world, () =>
    update(definition, made, { ...inputs, includeClaimKeys: ["repository_id", "context"] }),
  );
  const imported = await definition.read("widgets", {});
  const removed = await requestsOf(world.cloud, () => definition.delete(kept.id, kept.outputs));
  const afterwards = await definition.read(kept.id, kept.outputs);

  expect(made).toEqual({ id: "widgets", outputs: inputs });
  expect(created).toEqual([`PUT ${template}`, `GET ${template}`]);
  expect(kept.outputs.includeClaimKeys).toEqual(["repository_id", "context"]);
  expect(changed).toEqual([`PUT ${template}`, `GET ${template}`]);
  expect(imported).toEqual(kept);
  expect(removed).toEqual([`PUT ${template}`]);
  expect(world.host.sent.at(-2)?.body).toEqual({ use_default: true });
  expect(afterwards).toEqual({ id: "widgets", outputs: { repository: "widgets", useDefault: true } });
});

test("a subject template has no keys beside the default, and none in a repository that is gone", async () => {
  const definition = definitionOf(world.provider, templateType);

  const both = await refusalOf(
    create(definition, { repository: "widgets", useDefault: true, includeClaimKeys: ["repo"] }),
  );
  const gone = await definition.read("nothing", { repository: "nothing" });

  expect(both).toBe("include_claim_keys cannot be set when use_default is true");
  expect(gone).toBe(undefined);
  expect(definition.check?.({ repository: "x".repeat(101) })).toHaveLength(1);
});
