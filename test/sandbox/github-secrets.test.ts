import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { readSecret } from "../../sandbox/cloud/github/job-settings.ts";
import { repositorySecretScope } from "../../sandbox/cloud/github/secrets.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { addresses, client, createWorld, refusal, seal, send, type World, widgets } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-secrets.test.ts"));

const repository = "contoso/widgets";
const environment = "eu/west";
const improper = "Bad request - validation failed due to an improperly encrypted secret";

interface PublicKey {
  readonly key: string;
  readonly key_id: string;
}

/** The same five operations, wherever the secrets are. */
const places = [
  { name: "a repository's Actions secrets", path: "/actions/secrets", place: { repository } },
  { name: "a repository's Dependabot secrets", path: "/dependabot/secrets", place: { repository, dependabot: true } },
  {
    name: "an environment's secrets",
    path: "/environments/eu%2Fwest/secrets",
    place: { repository, environment },
  },
] as const;

const bases = {
  name: "https://api.github.com/repos/contoso/widgets",
  id: "https://api.github.com/repositories/4001",
} as const;

async function put(own: World, url: string, name: string, value: string): Promise<Response> {
  const key = (await (await send(own, "GET", `${url}/public-key`, "ada-classic")).json()) as PublicKey;
  return send(own, "PUT", `${url}/${name}`, "ada-classic", await seal(value, key));
}

describe.each(places)("$name", ({ path, place }) => {
  beforeEach(async () => {
    await client(world, "ada-classic").repos.createOrUpdateEnvironment({ ...widgets, environment_name: environment });
  });

  test.each(addresses)("are made, read, changed, listed and deleted by %s", async (address) => {
    const url = bases[address] + path;

    const made = await put(world, url, "npm_token", "first");
    const read = await (await send(world, "GET", `${url}/Npm_Token`, "ada-classic")).json();
    world.clock.now += 90_000;
    const changed = await put(world, url, "NPM_TOKEN", "second");
    const listed = await (await send(world, "GET", url, "ada-classic")).json();
    const value = readSecret(world.cloud.store, place, "npm_token");
    const deleted = await send(world, "DELETE", `${url}/NPM_TOKEN`, "ada-classic");
    const gone = await send(world, "GET", `${url}/NPM_TOKEN`, "ada-classic");

    expect([made.status, await made.json()]).toEqual([201, {}]);
    expect(read).toEqual({
      name: "NPM_TOKEN",
      created_at: "2026-11-23T12:00:00Z",
      updated_at: "2026-11-23T12:00:00Z",
    });
    expect([changed.status, await changed.text()]).toEqual([204, ""]);
    expect(listed).toEqual({
      total_count: 1,
      secrets: [{ name: "NPM_TOKEN", created_at: "2026-11-23T12:00:00Z", updated_at: "2026-11-23T12:01:30Z" }],
    });
    expect(value).toBe("second");
    expect([deleted.status, gone.status]).toEqual([204, 404]);
    expect(readSecret(world.cloud.store, place, "NPM_TOKEN")).toBeUndefined();
  });

  test("have a key of their own, which stays", async () => {
    const keys = await Promise.all(
      [path, path, ...places.map((other) => other.path)].map(async (one) =>
        (await send(world, "GET", `${bases.name}${one}/public-key`, "ada-classic")).json(),
      ),
    );

    expect(keys[0]).toEqual(keys[1]);
    expect(new Set(keys.map((key) => (key as PublicKey).key)).size).toBe(3);
    expect((keys[0] as PublicKey).key_id).toMatch(/^\d{18,19}$/);
    expect(Buffer.from((keys[0] as PublicKey).key, "base64").byteLength).toBe(32);
  });

  test("are refused when they were sealed for another place, with another key id, or not at all", async () => {
    const url = bases.name + path;
    const other = places.find((one) => one.path !== path)?.path ?? "";
    const key = (await (await send(world, "GET", `${url}/public-key`, "ada-classic")).json()) as PublicKey;
    const otherKey = (await (
      await send(world, "GET", `${bases.name}${other}/public-key`, "ada-classic")
    ).json()) as PublicKey;
    const bodies = [
      await seal("x", otherKey),
      { ...(await seal("x", otherKey)), key_id: key.key_id },
      { ...(await seal("x", key)), key_id: "1" },
      { encrypted_value: Buffer.from("in clear").toString("base64"), key_id: key.key_id },
    ];

    const answers = await Promise.all(bodies.map((body) => send(world, "PUT", `${url}/X`, "ada-classic", body)));

    expect(await Promise.all(answers.map(async (answer) => [answer.status, (await answer.json()) as object]))).toEqual(
      bodies.map(() => [422, expect.objectContaining({ message: improper })]),
    );
    expect(readSecret(world.cloud.store, place, "X")).toBeUndefined();
  });
});

test("the store keeps secrets sealed, and no answer opens them", async () => {
  const url = `${bases.name}/actions/secrets`;
  await put(world, url, "CANARY", "bird in a mine");

  const kept = JSON.stringify(world.cloud.store.snapshot());
  const answered = await (await send(world, "GET", url, "ada-classic")).text();

  expect(kept.includes("bird in a mine")).toBe(false);
  expect(answered.includes("bird in a mine")).toBe(false);
});

test.each([
  [{ encrypted_value: "AAAA" }, 'Invalid request.\n\n"key_id" wasn\'t supplied.'],
  [{ key_id: "1" }, 'Invalid request.\n\n"encrypted_value" wasn\'t supplied.'],
  [{ key_id: 1, encrypted_value: "AAAA" }, "Invalid request.\n\nFor 'properties/key_id', 1 is not a string."],
])("the body %j is refused", async (body, message) => {
  const response = await send(world, "PUT", `${bases.name}/actions/secrets/X`, "ada-classic", body);

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ message });
});

test("a value in clear is refused without being repeated", async () => {
  const body = { key_id: "1", encrypted_value: "my-password" };

  const response = await send(world, "PUT", `${bases.name}/actions/secrets/X`, "ada-classic", body);
  const text = await response.text();

  expect(response.status).toBe(422);
  expect(text).toMatch(/encrypted_value does not match/);
  expect(text.includes("my-password")).toBe(false);
});

test.each([
  ["GITHUB_TOKEN", "Secret names must not start with GITHUB_."],
  ["github_x", "Secret names must not start with GITHUB_."],
  [
    "1ST",
    "Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).",
  ],
  [
    "MY-TOKEN",
    "Secret names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).",
  ],
])("the name %s is refused", async (name, message) => {
  const response = await put(world, `${bases.name}/actions/secrets`, name, "x");

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ message });
});

test("a secret has at most 48 KB", async () => {
  const url = `${bases.name}/actions/secrets`;

  const most = await put(world, url, "MOST", "x".repeat(48 * 1024));
  const more = await put(world, url, "MORE", "x".repeat(48 * 1024 + 1));

  expect([most.status, more.status]).toEqual([201, 422]);
});

test("a repository has at most 100 secrets; those that are there can still be changed", async () => {
  const url = `${bases.name}/actions/secrets`;
  await put(world, url, "S0", "x");
  const data = gitHubData(world.cloud.store);
  const [first] = data.secrets.all();
  const scope = repositorySecretScope(data.repositories.all()[0] ?? expect.unreachable(), "actions");
  for (let index = 1; index < 100; index++) {
    if (first) data.secrets.insert({ ...first, id: `${scope}/S${index}`, name: `S${index}` });
  }

  const one = await put(world, url, "ONE_MORE", "x");
  const changed = await put(world, url, "S0", "y");
  const page = await client(world, "ada-classic").actions.listRepoSecrets({ ...widgets, per_page: 30, page: 4 });

  expect([one.status, changed.status]).toEqual([422, 204]);
  expect([page.data.total_count, page.data.secrets.length]).toEqual([100, 10]);
});

test("secrets of an environment that is not there are not found", async () => {
  const request = client(world, "ada-classic").actions.getEnvironmentPublicKey({
    ...widgets,
    environment_name: "none",
  });

  expect(await refusal(request)).toEqual({
    status: 404,
    message: "Not Found",
    page: "actions/secrets#get-an-environment-public-key",
  });
});

test("a secret is read by its place only: nothing is found elsewhere", async () => {
  await put(world, `${bases.name}/actions/secrets`, "A", "1");
  const { store } = world.cloud;

  expect(readSecret(store, { repository: "CONTOSO/Widgets" }, "a")).toBe("1");
  expect(readSecret(store, { repository, dependabot: true }, "A")).toBeUndefined();
  expect(readSecret(store, { repository, environment: "none" }, "A")).toBeUndefined();
  expect(readSecret(store, { repository: "contoso/none" }, "A")).toBeUndefined();
  expect(readSecret(store, { repository: "nobody" }, "A")).toBeUndefined();
});
