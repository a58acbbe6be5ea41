import { afterAll, beforeEach, expect, test } from "vitest";
import { expectRoutesExercised } from "../support/coverage.ts";
import { client, createWorld, refusal, send } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-accounts.test.ts"));

test("a token's user can ask who it is", async () => {
  const { data, headers } = await client(world, "ada-classic").users.getAuthenticated();

  expect({ login: data.login, id: data.id, email: data.email }).toEqual({
    login: "ada",
    id: 1001,
    email: "ada@contoso.example",
  });
  expect(headers["x-oauth-scopes"]).toBe("repo, admin:org");
});

test("only a user's token can ask who it is", async () => {
  const page = "users/users#get-the-authenticated-user";

  expect(await refusal(client(world, undefined).users.getAuthenticated())).toEqual({
    status: 401,
    message: "Requires authentication",
    page,
  });
  expect(await refusal(client(world, "app").users.getAuthenticated())).toEqual({
    status: 403,
    message: "Resource not accessible by integration",
    page,
  });
});

test("users and organizations are found by login, whatever its case, without signing in", async () => {
  const anonymous = client(world, undefined);

  const user = await anonymous.users.getByUsername({ username: "GRACE" });
  const organization = await anonymous.users.getByUsername({ username: "contoso" });

  expect([user.data.login, user.data.id, user.data.type]).toEqual(["grace", 1002, "User"]);
  expect([organization.data.login, organization.data.type, organization.data.public_repos]).toEqual([
    "contoso",
    "Organization",
    1,
  ]);
});

test("an unknown user is not found", async () => {
  const request = client(world, undefined).users.getByUsername({ username: "nobody" });

  expect(await refusal(request)).toEqual({ status: 404, message: "Not Found", page: "users/users#get-a-user" });
});

test("users have no keys, unknown users are not found there either", async () => {
  const anonymous = client(world, undefined);

  expect((await anonymous.users.listPublicKeysForUser({ username: "ada" })).data).toEqual([]);
  expect((await anonymous.users.listGpgKeysForUser({ username: "ada" })).data).toEqual([]);
  expect((await refusal(anonymous.users.listGpgKeysForUser({ username: "nobody" }))).status).toBe(404);
});

test("an organization is found, a user's account is none", async () => {
  const ada = client(world, "ada-classic");

  const { data } = await ada.orgs.get({ org: "Contoso" });

  expect([data.login, data.id, data.node_id, data.type]).toEqual(["contoso", 2001, "O_kgDOAAAH0Q", "Organization"]);
  expect((await refusal(ada.orgs.get({ org: "ada" }))).status).toBe(404);
});

test("a member lists the teams that it may see", async () => {
  const asOwner = await client(world, "ada-classic").teams.list({ org: "contoso" });
  const asMember = await client(world, "grace-classic").teams.list({ org: "contoso" });

  expect(asOwner.data.map((team) => team.slug)).toEqual(["release-managers", "night-shift", "red-team"]);
  expect(asMember.data.map((team) => team.slug)).toEqual(["release-managers", "night-shift"]);
});

test("a team tells its numbers, its parent and its organization", async () => {
  const { data } = await client(world, "ada-fine").teams.getByName({ org: "contoso", team_slug: "night-shift" });

  expect({
    id: data.id,
    parent: data.parent?.slug,
    members: data.members_count,
    organization: data.organization.login,
  }).toEqual({ id: 3002, parent: "release-managers", members: 1, organization: "contoso" });
});

test("a team's members are its own and those of the teams below it", async () => {
  const { data } = await client(world, "ada-classic").teams.listMembersInOrg({
    org: "contoso",
    team_slug: "release-managers",
  });

  expect(data.map((user) => user.login)).toEqual(["grace", "linus"]);
});

test("a team's repositories come with its role, also those of the team above it", async () => {
  const { data } = await client(world, "ada-classic").teams.listReposInOrg({
    org: "contoso",
    team_slug: "night-shift",
  });

  expect(data.map((repository) => [repository.name, repository.role_name])).toEqual([["widgets", "write"]]);
});

test("a team is read by its id as by its slug", async () => {
  const base = "https://api.github.com/organizations/2001/team/3001";

  const answers = await Promise.all(
    ["", "/members", "/repos"].map(async (path) => (await send(world, "GET", base + path, "ada-classic")).json()),
  );

  expect((answers[0] as { slug: string }).slug).toBe("release-managers");
  expect((answers[1] as { login: string }[]).map((user) => user.login)).toEqual(["grace", "linus"]);
  expect((answers[2] as { name: string }[]).map((repository) => repository.name)).toEqual(["widgets"]);
});

test.each([
  ["a stranger", "mallory-classic", 404],
  ["a member without the scope", "ada-no-scopes", 404],
  ["nobody", undefined, 401],
  ["an installation without members=read", "app", 403],
])("teams are not shown to %s", async (_who, token, status) => {
  const request = client(world, token).teams.getByName({ org: "contoso", team_slug: "release-managers" });

  expect((await refusal(request)).status).toBe(status);
});

test("a secret team is not there for members outside of it", async () => {
  const request = client(world, "grace-classic").teams.getByName({ org: "contoso", team_slug: "red-team" });

  expect((await refusal(request)).status).toBe(404);
  const asMember = await client(world, "ada-classic").teams.getByName({ org: "contoso", team_slug: "red-team" });
  expect(asMember.data.privacy).toBe("secret");
});

test("a team of another organization is not found", async () => {
  const response = await send(world, "GET", "https://api.github.com/organizations/2002/team/3001", "ada-classic");

  expect(response.status).toBe(404);
});
