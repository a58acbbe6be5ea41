import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { expectRoutesExercised } from "../support/coverage.ts";
import { addresses, client, createWorld, refusal, send, widgets } from "../support/github.ts";

// What tells whether somebody can review deployments: who was given something with the repository.

const world = createWorld();
beforeEach(() => world.reset());
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-reviewers.test.ts"));

const open = { owner: "contoso", repo: "open" } as const;

describe.each(addresses)("a repository by %s", (address) => {
  const ada = client(world, "ada-classic", address);

  test("lists the teams that were given a role in it, not those below them", async () => {
    const { data } = await ada.repos.listTeams(widgets);

    expect(data.map(({ slug, id }) => [slug, id])).toEqual([["release-managers", 3001]]);
  });

  test.each([
    ["ada, who owns the organization", "ada", 204],
    ["grace, who is a member of the organization", "grace", 204],
    ["linus, by a team", "linus", 204],
    ["mallory, who was given nothing", "mallory", 404],
    ["nobody", "no-such-user", 404],
  ])("tells of %s", async (_who, username, status) => {
    const url = "GET /repos/{owner}/{repo}/collaborators/{username}";
    const answer = await ada.request(url, { ...widgets, username }).catch((error: { status: number }) => error);

    expect(answer.status).toBe(status);
  });
});

test("reading what everybody may read makes no collaborator", async () => {
  const request = client(world, "ada-classic").repos.checkCollaborator({ ...open, username: "mallory" });

  expect((await refusal(request)).status).toBe(404);
});

test("the teams of a repository are for who administers it, collaborators for who may push", async () => {
  const page = (await refusal(client(world, "grace-classic").repos.listTeams(widgets))).page;
  const withoutAdministration = await refusal(client(world, "ada-fine").repos.listTeams(widgets));
  const withoutPush = await refusal(
    client(world, "mallory-classic").repos.checkCollaborator({ ...open, username: "ada" }),
  );

  expect(page).toBe("repos/repos#list-repository-teams");
  expect([withoutAdministration.status, withoutAdministration.message]).toEqual([
    403,
    "Resource not accessible by personal access token",
  ]);
  expect(withoutPush.status).toBe(403);
});

const byId = "https://api.github.com/organizations/2001/team";

test.each([
  ["release-managers", 3001, "widgets", 204],
  ["night-shift, through the team above it,", 3002, "widgets", 204],
  ["release-managers", 3001, "gadgets", 404],
  ["release-managers", 3001, "none", 404],
])("a team tells its role: %s (%d) in %s", async (words, id, repo, status) => {
  const [slug = ""] = words.split(",");
  const url = "GET /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}";
  const bySlug = await client(world, "ada-fine")
    .request(url, { org: "contoso", team_slug: slug, owner: "contoso", repo })
    .catch((error: { status: number }) => error);
  const other = await send(world, "GET", `${byId}/${id}/repos/contoso/${repo}`, "ada-fine");

  expect([bySlug.status, other.status]).toEqual([status, status]);
});
