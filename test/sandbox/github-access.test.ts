import { afterAll, beforeEach, expect, test } from "vitest";
import { ProxyAgent, fetch as throughUndici } from "undici";
import { Octokit } from "@octokit/rest";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { openInternet } from "../../sandbox/internet.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { client, createWorld, refusal, send, start, widgets } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-access.test.ts"));

const hidden = { owner: "fabrikam", repo: "hidden" };
const open = { owner: "contoso", repo: "open" };

test.each(["unknown", "ada-over"])("the token %s is refused, as bad credentials", async (token) => {
  const response = await send(world, "GET", "https://api.github.com/repos/contoso/open", token);

  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({
    message: "Bad credentials",
    documentation_url: "https://docs.github.com/rest",
    status: "401",
  });
  expect(response.headers.get("x-ratelimit-limit")).toBe("60");
});

test("a token works until the moment it expires", async () => {
  world.clock.now = start - 2000;

  const { data } = await client(world, "ada-over").repos.get(widgets);

  expect(data.id).toBe(4001);
});

test("basic authentication is not a token", async () => {
  const response = await world.cloud.fetch(
    new Request("https://api.github.com/user", { headers: { Authorization: "Basic YWRhOmFkYS1jbGFzc2lj" } }),
  );

  expect(response.status).toBe(401);
});

test("the store keeps the hash of a token, never the token", () => {
  const kept = JSON.stringify(world.cloud.store.snapshot());

  expect(kept.includes("ada-classic")).toBe(false);
});

test("every answer carries GitHub's headers", async () => {
  const { headers } = await client(world, "grace-classic").repos.get(widgets);

  expect(headers["content-type"]).toBe("application/json; charset=utf-8");
  expect(headers["x-github-media-type"]).toBe("github.v3; format=json");
  expect(headers["x-github-request-id"]).toMatch(/^[0-9A-F]{4}(:[0-9A-F]+){4}$/);
  expect(headers["x-accepted-github-permissions"]).toBe("metadata=read");
  expect(headers["x-ratelimit-limit"]).toBe("5000");
  expect(headers["x-ratelimit-remaining"]).toBe("4999");
  expect(headers["x-ratelimit-used"]).toBe("1");
  expect(headers["x-ratelimit-reset"]).toBe(String(start / 1000 + 3600));
  expect(headers["x-ratelimit-resource"]).toBe("core");
});

test.each([
  ["nobody", undefined],
  ["a stranger", "mallory-classic"],
  ["a token without the repo scope", "ada-public"],
  ["an installation elsewhere", "app"],
  ["a fine-grained token for other repositories", "ada-fine"],
])("a private repository is not there for %s", async (_who, token) => {
  expect(await refusal(client(world, token).repos.get(hidden))).toEqual({
    status: 404,
    message: "Not Found",
    page: "repos/repos#get-a-repository",
  });
});

test("a fine-grained token sees only the repositories it was made for", async () => {
  const fine = client(world, "ada-fine");

  expect((await fine.repos.get(widgets)).data.id).toBe(4001);
  expect((await refusal(fine.repos.get({ owner: "contoso", repo: "gadgets" }))).status).toBe(404);
  expect((await refusal(fine.repos.get({ owner: "ada", repo: "dotfiles" }))).status).toBe(404);
});

test("a member without base permission does not see the organization's private repositories", async () => {
  expect((await refusal(client(world, "grace-classic").repos.get(hidden))).status).toBe(404);
  expect((await client(world, "ada-classic").repos.get(hidden)).data.private).toBe(true);
});

test("a public repository is read without signing in, and its settings are not", async () => {
  const anonymous = client(world, undefined);

  expect((await anonymous.repos.get(open)).data.permissions).toEqual({
    admin: false,
    maintain: false,
    push: false,
    triage: false,
    pull: true,
  });
  expect(await refusal(anonymous.actions.listRepoVariables(open))).toEqual({
    status: 401,
    message: "Requires authentication",
    page: "actions/variables#list-repository-variables",
  });
});

test.each([
  ["a stranger", "mallory-classic"],
  ["a member with read access", "grace-classic"],
  ["an owner without scopes", "ada-no-scopes"],
])("the settings of a public repository are closed to %s", async (_who, token) => {
  expect(await refusal(client(world, token).actions.listRepoVariables(open))).toEqual({
    status: 403,
    message: "Must have admin rights to Repository.",
    page: "actions/variables#list-repository-variables",
  });
});

test("the scope public_repo is enough for a public repository", async () => {
  const { data } = await client(world, "ada-public").actions.listRepoVariables(open);

  expect(data.total_count).toBe(0);
});

test.each([
  ["ada-fine", "Resource not accessible by personal access token"],
  ["app", "Resource not accessible by integration"],
])("%s is told when it was not granted a permission", async (token, message) => {
  const request = client(world, token).dependabot.listRepoSecrets(widgets);

  expect(await refusal(request)).toEqual({ status: 403, message, page: "dependabot/secrets#list-repository-secrets" });
});

test("a permission to read is none to write", async () => {
  const fine = client(world, "ada-fine");

  expect((await fine.actions.listRepoSecrets(widgets)).status).toBe(200);
  const request = fine.actions.deleteRepoSecret({ ...widgets, secret_name: "TOKEN" });
  expect(await refusal(request)).toEqual({
    status: 403,
    message: "Resource not accessible by personal access token",
    page: "actions/secrets#delete-a-repository-secret",
  });
});

test("a member who may write reads secrets' names, and may not administer environments", async () => {
  const linus = client(world, "linus-classic");

  expect((await linus.actions.listRepoSecrets(widgets)).status).toBe(200);
  const request = linus.repos.createOrUpdateEnvironment({ ...widgets, environment_name: "release" });
  expect((await refusal(request)).message).toBe("Must have admin rights to Repository.");
});

test("nothing is written to an archived repository", async () => {
  const request = client(world, "ada-classic").actions.createRepoVariable({
    owner: "contoso",
    repo: "attic",
    name: "A",
    value: "1",
  });

  expect(await refusal(request)).toMatchObject({ status: 403, message: "Repository was archived so is read-only." });
});

test.each([
  ["{", "Problems parsing JSON"],
  ["[]", "Body should be a JSON object"],
])("the body %s is refused", async (body, message) => {
  const url = "https://api.github.com/repos/contoso/widgets/actions/variables";

  const response = await send(world, "POST", url, "ada-classic", body);

  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ message });
});

test("anonymous callers have sixty requests an hour, and the next hour has its own", async () => {
  const own = createWorld();
  const anonymous = client(own, undefined);
  for (let count = 0; count < 60; count++) await anonymous.repos.get(open);

  const refused = await refusal(anonymous.repos.get(open));
  const user = await client(own, "ada-classic").rateLimit.get();
  own.clock.now += 60 * 60 * 1000;
  const later = await anonymous.repos.get(open);

  expect(refused).toEqual({
    status: 403,
    message: "API rate limit exceeded for 127.0.0.1.",
    page: "overview/rate-limits-for-the-rest-api",
  });
  expect(user.data.resources.core).toEqual({ limit: 5000, used: 1, remaining: 4999, reset: start / 1000 + 3600 });
  expect(later.headers["x-ratelimit-remaining"]).toBe("59");
});

test("the rate limit can be asked for", async () => {
  const { data } = await client(world, "app").rateLimit.get();

  expect(data.rate.limit).toBe(5000);
});

test("what has not changed is not sent again, and does not count", async () => {
  const url = "https://api.github.com/repos/contoso/widgets";
  const headers = { Authorization: "Bearer ada-classic" };
  const first = await world.cloud.fetch(new Request(url, { headers }));
  const used = Number(first.headers.get("x-ratelimit-used"));

  const second = await world.cloud.fetch(
    new Request(url, { headers: { ...headers, "If-None-Match": first.headers.get("etag") ?? "" } }),
  );

  expect(first.headers.get("etag")).toMatch(/^W\/"[0-9a-f]{40}"$/);
  expect([second.status, await second.text()]).toEqual([304, ""]);
  expect(second.headers.get("x-ratelimit-used")).toBe(String(used));
});

test.each([403, 429])("a fault of status %i is a secondary rate limit with Retry-After", async (status) => {
  world.cloud.faults.add({ effect: { kind: "status", status, retryAfterSeconds: 7 }, service: "github", times: 1 });

  const response = await send(world, "GET", "https://api.github.com/repos/contoso/widgets", "ada-classic");
  const again = await send(world, "GET", "https://api.github.com/repos/contoso/widgets", "ada-classic");

  expect(response.status).toBe(status);
  expect(response.headers.get("retry-after")).toBe("7");
  const body = (await response.json()) as Record<string, string>;
  expect(body.message).toMatch(/^You have exceeded a secondary rate limit\./);
  expect(body.documentation_url).toMatch(/secondary-rate-limits$/);
  expect(again.status).toBe(200);
});

test.each([
  [502, "Server Error"],
  [401, "Bad credentials"],
  [404, "Not Found"],
])("a fault of status %i says %s", async (status, message) => {
  world.cloud.faults.add({ effect: { kind: "status", status }, times: 1 });

  expect(await refusal(client(world, "ada-classic").repos.get(widgets))).toMatchObject({ status, message });
});

test("what nothing emulates is told so, in GitHub's shape", async () => {
  const uncovered: string[] = [];
  const own = createWorld((request) => uncovered.push(request));

  const error = await refusal(client(own, "ada-classic").issues.listMilestones(widgets));

  expect(error.status).toBe(501);
  expect(error.message).toBe(
    "the sandbox does not emulate GET https://api.github.com/repos/contoso/widgets/milestones",
  );
  expect(uncovered).toEqual(["GET https://api.github.com/repos/contoso/widgets/milestones"]);
});

test("the official client reaches GitHub at its real address, through the proxy and TLS", async () => {
  const internet = await openInternet(world.cloud);
  const dispatcher = new ProxyAgent({ uri: internet.proxyUrl, requestTls: { ca: internet.authority } });
  const fetch = (url: string, init: object) => throughUndici(url, { ...init, dispatcher });
  const octokit = new Octokit({ auth: "ada-classic", request: { fetch } });
  try {
    await octokit.repos.createOrUpdateEnvironment({ ...widgets, environment_name: "eu/west" });
    await octokit.repos.update({ ...widgets, name: "widgets-next" });
    const renamed = await octokit.repos.getEnvironment({ ...widgets, environment_name: "eu/west" });
    const { data } = await octokit.repos.get(widgets);

    expect(renamed.data.name).toBe("eu/west");
    expect([data.id, data.full_name]).toEqual([4001, "contoso/widgets-next"]);
  } finally {
    await dispatcher.close();
    await internet.close();
  }
});

/** What a person may by an app that both organizations have installed. */
function seedAppUser(user: string, accounts: readonly string[]): string {
  const token = `${user}-by-app`;
  const permissions = { actions_variables: "write", members: "read" } as const;
  seedGitHub(world.cloud.store, { tokens: [{ token, kind: "app-user", user, accounts, permissions }] });
  return token;
}

test("a person's token of an app reaches every account that has the app, with the app's permissions", async () => {
  const ada = client(world, seedAppUser("ada", ["contoso", "fabrikam"]));

  const created = await Promise.all(
    [widgets, hidden].map((place) => ada.actions.createRepoVariable({ ...place, name: "INDEX", value: "1" })),
  );
  const teams = await ada.teams.list({ org: "contoso" });
  const user = await ada.users.getAuthenticated();

  expect(created.map(({ status }) => status)).toEqual([201, 201]);
  expect(teams.data.map(({ slug }) => slug)).toEqual(["release-managers", "night-shift", "red-team"]);
  expect(user.data.login).toBe("ada");
});

test("a person's token of an app may no more than the app, no more than the person, and not elsewhere", async () => {
  const ada = client(world, seedAppUser("ada", ["contoso"]));
  const grace = client(world, seedAppUser("grace", ["contoso", "fabrikam"]));

  const refusals = await Promise.all([
    refusal(ada.actions.listRepoSecrets(widgets)),
    refusal(ada.repos.get(hidden)),
    refusal(grace.actions.createRepoVariable({ owner: "contoso", repo: "gadgets", name: "INDEX", value: "1" })),
    refusal(grace.repos.get(hidden)),
  ]);

  expect(refusals.map(({ status, message }) => [status, message])).toEqual([
    [403, "Resource not accessible by integration"],
    [404, "Not Found"],
    [403, "Must have admin rights to Repository."],
    [404, "Not Found"],
  ]);
});
