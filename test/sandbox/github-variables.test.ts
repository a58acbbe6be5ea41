import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { addresses, client, createWorld, send, widgets } from "../support/github.ts";

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-variables.test.ts"));

const bases = {
  name: "https://api.github.com/repos/contoso/widgets",
  id: "https://api.github.com/repositories/4001",
} as const;

const places = [
  { name: "a repository's variables", path: "/actions/variables", most: 500 },
  { name: "an environment's variables", path: "/environments/release/variables", most: 100 },
] as const;

const ask = (method: string, url: string, body?: unknown) => send(world, method, url, "ada-classic", body);

describe.each(places)("$name", ({ path, most }) => {
  beforeEach(async () => {
    await client(world, "ada-classic").repos.createOrUpdateEnvironment({ ...widgets, environment_name: "release" });
  });
  const url = bases.name + path;

  test.each(addresses)("are made, read, changed, renamed, listed and deleted by %s", async (address) => {
    const base = bases[address] + path;

    const made = await ask("POST", base, { name: "index_url", value: "https://one" });
    const read = await (await ask("GET", `${base}/Index_Url`)).json();
    world.clock.now += 90_000;
    const changed = await ask("PATCH", `${base}/INDEX_URL`, { value: "https://two" });
    const renamed = await ask("PATCH", `${base}/INDEX_URL`, { name: "pip_index_url" });
    const listed = await (await ask("GET", base)).json();
    const deleted = await ask("DELETE", `${base}/PIP_INDEX_URL`);
    const gone = await ask("GET", `${base}/PIP_INDEX_URL`);

    expect([made.status, await made.json()]).toEqual([201, {}]);
    expect(read).toEqual({
      name: "INDEX_URL",
      value: "https://one",
      created_at: "2026-11-23T12:00:00Z",
      updated_at: "2026-11-23T12:00:00Z",
    });
    expect([changed.status, renamed.status, deleted.status, gone.status]).toEqual([204, 204, 204, 404]);
    expect(listed).toEqual({
      total_count: 1,
      variables: [
        {
          name: "PIP_INDEX_URL",
          value: "https://two",
          created_at: "2026-11-23T12:00:00Z",
          updated_at: "2026-11-23T12:01:30Z",
        },
      ],
    });
  });

  test("cannot be made twice, nor renamed onto another", async () => {
    await ask("POST", url, { name: "A", value: "1" });
    await ask("POST", url, { name: "B", value: "2" });

    const answers = [await ask("POST", url, { name: "a", value: "3" }), await ask("PATCH", `${url}/B`, { name: "a" })];

    expect(answers.map((answer) => answer.status)).toEqual([409, 409]);
    expect(await answers[0]?.json()).toMatchObject({
      message: "Already exists - Variable already exists",
      status: "409",
    });
    expect(await (await ask("GET", `${url}/A`)).json()).toMatchObject({ value: "1" });
  });

  test("are at most so many", async () => {
    const data = gitHubData(world.cloud.store);
    await ask("POST", url, { name: "V0", value: "0" });
    const [first] = data.variables.all();
    for (let index = 1; index < most; index++) {
      if (first) data.variables.insert({ ...first, id: `${first.scope}/V${index}`, name: `V${index}` });
    }

    const one = await ask("POST", url, { name: "ONE_MORE", value: "x" });
    const page = (await (await ask("GET", `${url}?per_page=100`)).json()) as {
      total_count: number;
      variables: unknown[];
    };

    expect(one.status).toBe(422);
    expect([page.total_count, page.variables.length]).toEqual([most, 30]);
  });
});

test("ten variables are a page when nothing else is asked for", async () => {
  const url = `${bases.name}/actions/variables`;
  for (let index = 10; index < 22; index++) await ask("POST", url, { name: `V${index}`, value: "x" });
  const ada = client(world, "ada-classic");

  const first = await ada.actions.listRepoVariables(widgets);
  const all = await ada.paginate(ada.actions.listRepoVariables, widgets);

  expect(first.data.variables.length).toBe(10);
  expect(all.map((variable) => variable.name)).toEqual(Array.from({ length: 12 }, (_, index) => `V${index + 10}`));
});

test.each([
  [{ value: "1" }, 'Invalid request.\n\n"name" wasn\'t supplied.'],
  [{ name: "A" }, 'Invalid request.\n\n"value" wasn\'t supplied.'],
  [{ name: "A", value: 1 }, "Invalid request.\n\nFor 'properties/value', 1 is not a string."],
  [{ name: "GITHUB_A", value: "1" }, "Variable names must not start with GITHUB_."],
  [
    { name: "A B", value: "1" },
    "Variable names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).",
  ],
])("the variable %j is refused", async (body, message) => {
  const response = await ask("POST", `${bases.name}/actions/variables`, body);

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({ message });
});

test("a value has at most 48 KB, in bytes", async () => {
  const url = `${bases.name}/actions/variables`;

  const most = await ask("POST", url, { name: "MOST", value: "ü".repeat(24 * 1024) });
  const more = await ask("POST", url, { name: "MORE", value: "ü".repeat(24 * 1024 + 1) });

  expect([most.status, more.status]).toEqual([201, 422]);
});
