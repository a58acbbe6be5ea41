import { beforeEach, expect, test } from "vitest";
import { createWorld, seal } from "../support/github.ts";

// What the official provider (Terraform 6.13.0, Pulumi 6.15.0, go-github 88) asks for each resource, in its order: create,
// read, update, read, delete, read. It proves that the emulation answers those requests, not that the provider sends them.

const world = createWorld();
beforeEach(() => {
  world.reset();
  world.cloud.requests.clear();
});

const headers = {
  Accept: "application/vnd.github.v3+json,application/vnd.github.stone-crop-preview+json",
  Authorization: "Bearer ada-classic",
  "User-Agent": "go-github/v88.0.0",
  "X-Github-Api-Version": "2022-11-28",
};

const repository = "/repos/contoso/widgets";

async function ask<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await world.cloud.fetch(
    new Request(`https://api.github.com${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Every request since the start, as `METHOD path status`. */
const trace = () => world.cloud.requests.all().map(({ method, path, status }) => `${method} ${path} ${status}`);

interface PublicKey {
  readonly key: string;
  readonly key_id: string;
}

test("configure finds the organization, and for a user's account its absence", async () => {
  await ask("GET", "/orgs/contoso");
  await ask("GET", "/orgs/ada");

  expect(trace()).toEqual(["GET /orgs/contoso 200", "GET /orgs/ada 404"]);
});

test.each([
  {
    what: "an Actions secret",
    path: `${repository}/actions/secrets`,
    environment: undefined,
  },
  {
    what: "a Dependabot secret",
    path: `${repository}/dependabot/secrets`,
    environment: undefined,
  },
  {
    what: "an environment's secret, at the address by id",
    path: "/repositories/4001/environments/eu%2Fwest/secrets",
    environment: `${repository}/environments/eu%2Fwest`,
  },
])("$what lives, and leaves nothing behind", async ({ path, environment }) => {
  if (environment) await ask("PUT", environment, {});
  const key = await ask<PublicKey>("GET", `${path}/public-key`);
  const before = world.cloud.store.snapshot();
  world.cloud.requests.clear();
  const one = await seal("one", key);
  const two = await seal("two", key);

  const { id } = await ask<{ id: number }>("GET", repository);
  await ask("GET", `${path}/public-key`);
  await ask("PUT", `${path}/AZURE_CREDENTIALS`, one);
  const created = await ask<{ updated_at: string }>("GET", `${path}/AZURE_CREDENTIALS`);
  world.clock.now += 5000;
  const refreshed = await ask<{ updated_at: string }>("GET", `${path}/AZURE_CREDENTIALS`);
  await ask("GET", `${path}/public-key`);
  await ask("PUT", `${path}/AZURE_CREDENTIALS`, two);
  const updated = await ask<{ updated_at: string }>("GET", `${path}/AZURE_CREDENTIALS`);
  await ask("DELETE", `${path}/AZURE_CREDENTIALS`);
  await ask("GET", `${path}/AZURE_CREDENTIALS`);

  expect(id).toBe(4001);
  expect(trace()).toEqual([
    `GET ${repository} 200`,
    `GET ${path}/public-key 200`,
    `PUT ${path}/AZURE_CREDENTIALS 201`,
    `GET ${path}/AZURE_CREDENTIALS 200`,
    `GET ${path}/AZURE_CREDENTIALS 200`,
    `GET ${path}/public-key 200`,
    `PUT ${path}/AZURE_CREDENTIALS 204`,
    `GET ${path}/AZURE_CREDENTIALS 200`,
    `DELETE ${path}/AZURE_CREDENTIALS 204`,
    `GET ${path}/AZURE_CREDENTIALS 404`,
  ]);
  // Reading does not move the time by which the provider notices drift, writing does.
  expect([created.updated_at, refreshed.updated_at, updated.updated_at]).toEqual([
    "2026-11-23T12:00:00Z",
    "2026-11-23T12:00:00Z",
    "2026-11-23T12:00:05Z",
  ]);
  expect(world.cloud.store.snapshot()).toEqual(before);
});

test.each([
  { what: "an Actions variable", path: `${repository}/actions/variables` },
  { what: "an environment's variable", path: `${repository}/environments/release/variables` },
])("$what lives, and leaves nothing behind", async ({ path }) => {
  await ask("PUT", `${repository}/environments/release`, {});
  const before = world.cloud.store.snapshot();
  world.cloud.requests.clear();

  await ask("POST", path, { name: "AZURE_CLIENT_ID", value: "one" });
  await ask("GET", repository);
  const created = await ask<{ value: string }>("GET", `${path}/AZURE_CLIENT_ID`);
  await ask("PATCH", `${path}/AZURE_CLIENT_ID`, { name: "AZURE_CLIENT_ID", value: "two" });
  const updated = await ask<{ value: string }>("GET", `${path}/AZURE_CLIENT_ID`);
  await ask("DELETE", `${path}/AZURE_CLIENT_ID`);
  await ask("GET", `${path}/AZURE_CLIENT_ID`);

  expect(trace()).toEqual([
    `POST ${path} 201`,
    `GET ${repository} 200`,
    `GET ${path}/AZURE_CLIENT_ID 200`,
    `PATCH ${path}/AZURE_CLIENT_ID 204`,
    `GET ${path}/AZURE_CLIENT_ID 200`,
    `DELETE ${path}/AZURE_CLIENT_ID 204`,
    `GET ${path}/AZURE_CLIENT_ID 404`,
  ]);
  expect([created.value, updated.value]).toEqual(["one", "two"]);
  expect(world.cloud.store.snapshot()).toEqual(before);
});

test("an environment and its policy live, and leave nothing behind", async () => {
  const environment = `${repository}/environments/eu%2Fwest`;
  const policies = `${environment}/deployment-branch-policies`;
  const custom = { protected_branches: false, custom_branch_policies: true };
  // go-github sends every field: zero for no timer, null for no reviewers and no policy.
  const full = { wait_timer: 0, reviewers: null, can_admins_bypass: true, prevent_self_review: false };
  const before = world.cloud.store.snapshot();

  await ask("PUT", environment, { ...full, deployment_branch_policy: custom });
  await ask("GET", repository);
  await ask("GET", environment);
  const policy = await ask<{ id: number; type: string }>("POST", policies, { name: "v*", type: "tag" });
  await ask("GET", repository);
  await ask("GET", `${policies}/${policy.id}`);
  const renamed = await ask("PUT", `${policies}/${policy.id}`, { name: "release-*" });
  await ask("PUT", environment, {
    ...full,
    wait_timer: 10,
    reviewers: [{ type: "Team", id: 3001 }],
    deployment_branch_policy: custom,
  });
  const changed = await ask<{ protection_rules: { type: string }[] }>("GET", environment);
  await ask("DELETE", `${policies}/${policy.id}`);
  await ask("GET", `${policies}/${policy.id}`);
  await ask("DELETE", environment);
  await ask("GET", environment);

  const one = `${policies}/${policy.id}`;
  expect(trace()).toEqual([
    `PUT ${environment} 200`,
    `GET ${repository} 200`,
    `GET ${environment} 200`,
    `POST ${policies} 200`,
    `GET ${repository} 200`,
    `GET ${one} 200`,
    `PUT ${one} 200`,
    `PUT ${environment} 200`,
    `GET ${environment} 200`,
    `DELETE ${one} 204`,
    `GET ${one} 404`,
    `DELETE ${environment} 204`,
    `GET ${environment} 404`,
  ]);
  expect(policy.type).toBe("tag");
  expect(renamed).toEqual({ ...policy, name: "release-*" });
  expect(changed.protection_rules.map((rule) => rule.type)).toEqual([
    "wait_timer",
    "required_reviewers",
    "branch_policy",
  ]);
  expect(world.cloud.store.snapshot()).toEqual(before);
});

test("a second PUT without the refused rules makes the environment, as go-github does after a 422", async () => {
  const environment = "/repos/fabrikam/hidden/environments/release";
  const policy = { protected_branches: true, custom_branch_policies: false };

  await ask("PUT", environment, { wait_timer: 5, reviewers: null, deployment_branch_policy: policy });
  const made = await ask<{ deployment_branch_policy: unknown }>("PUT", environment, {
    deployment_branch_policy: policy,
  });

  expect(trace()).toEqual([`PUT ${environment} 422`, `PUT ${environment} 200`]);
  expect(made.deployment_branch_policy).toEqual(policy);
});

test("a subject template lives, and leaves GitHub's own behind", async () => {
  const path = `${repository}/actions/oidc/customization/sub`;
  const before = world.cloud.store.snapshot();

  await ask("PUT", path, { use_default: false, include_claim_keys: ["repo", "context"] });
  const created = await ask("GET", path);
  await ask("PUT", path, { use_default: true });
  const deleted = await ask("GET", path);

  expect(trace()).toEqual([`PUT ${path} 201`, `GET ${path} 200`, `PUT ${path} 201`, `GET ${path} 200`]);
  expect(created).toMatchObject({ use_default: false, include_claim_keys: ["repo", "context"] });
  expect(deleted).toMatchObject({ use_default: true });
  expect(world.cloud.store.snapshot()).toEqual(before);
});

test("the data sources for a repository, a user and a team are answered", async () => {
  const found = await ask<Record<string, unknown>>("GET", repository);
  await ask("GET", "/repos/contoso/none");
  await ask("GET", "/users/linus");
  await ask("GET", "/users/linus/gpg_keys");
  await ask("GET", "/users/linus/keys");
  await ask("GET", "/orgs/contoso/teams/release-managers");
  await ask("GET", "/orgs/contoso/teams/release-managers/members");
  await ask("GET", "/orgs/contoso/teams/release-managers/repos");

  expect(world.cloud.requests.all().map((entry) => entry.status)).toEqual([200, 404, 200, 200, 200, 200, 200, 200]);
  expect(world.cloud.requests.uncovered()).toEqual([]);
  expect([found.has_pages, found.license, found.topics]).toEqual([false, null, []]);
});
