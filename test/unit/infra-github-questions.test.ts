import { expect, test, vi } from "vitest";
import type { Permission, Permissions } from "../../sandbox/cloud/github/entities.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { askedGitHub, file, linesOf, production } from "../support/asked-github.ts";
import { send } from "../support/github.ts";

// What GitHub is asked of things that a file takes for granted: each once, and all that is wrong is told at once.

const { world, facts, ask, asked } = askedGitHub();

/** What docs/operations.md gives the app that previews. */
const documented: Permissions = {
  metadata: "read",
  actions: "read",
  actions_variables: "read",
  administration: "read",
  contents: "read",
  environments: "read",
  members: "read",
  secrets: "read",
};

/** Signs in as an app with the permissions that are documented, but for one. */
function signInWithout(permission?: Permission): void {
  const permissions = Object.fromEntries(Object.entries(documented).filter(([name]) => name !== permission));
  const token = `without ${permission}`.replaceAll(" ", "-");
  seedGitHub(world.cloud.store, { tokens: [{ token, kind: "installation", account: "contoso", permissions }] });
  vi.stubEnv("GITHUB_TOKEN", token);
}

const place = "environments.release.reviewers";

const reviewedBy = (reviewers: string, name = "contoso/widgets") =>
  facts(name, {
    trust: "{ environment: release }",
    more: `feedpass:environments: { release: { reviewers: ${reviewers} } }`,
  });

test("reviewers are told by their ids, as the providers want them, with one question for all teams", async () => {
  signInWithout();

  const { reviewerIds, problems } = await reviewedBy(
    "{ teams: [release-managers, night-shift], users: [grace, linus] }",
  );

  expect(problems).toEqual([]);
  expect(reviewerIds).toEqual({
    teams: { "release-managers": 3001, "night-shift": 3002 },
    users: { grace: 1002, linus: 1003 },
  });
  expect(asked().filter((path) => /teams|users|collaborators/.test(path))).toEqual([
    // This team has its role from the one above it, and the repository does not list it.
    "/orgs/contoso/teams/night-shift",
    "/orgs/contoso/teams/night-shift/repos/contoso/widgets",
    "/repos/contoso/widgets/collaborators/grace",
    "/repos/contoso/widgets/collaborators/linus",
    "/repos/contoso/widgets/teams",
    "/users/grace",
    "/users/linus",
  ]);
});

test("each reviewer is asked for once, whatever the number of environments, and each place is told", async () => {
  const { problems } = await facts("contoso/widgets", {
    more: "feedpass:environments: { a: { reviewers: { users: [mallory] } }, b: { reviewers: { users: [mallory] } } }",
  });

  expect(problems.map(({ path }) => path)).toEqual([
    "environments.a.reviewers.users[0]",
    "environments.b.reviewers.users[0]",
  ]);
  expect(asked().filter((path) => path.includes("mallory"))).toEqual([
    "/repos/contoso/widgets/collaborators/mallory",
    "/users/mallory",
  ]);
});

test("all that is wrong with the reviewers is told at once, a wrong team with the nearest ones", async () => {
  const { problems } = await reviewedBy("{ teams: [release-manager, zebras], users: [nobody, mallory] }");

  expect(linesOf(problems)).toEqual([
    `${file}${place}.teams[0]: got "release-manager", expected a team of contoso that this sign-in can see; did you mean release-managers?`,
    `${file}${place}.teams[1]: got "zebras", expected a team of contoso that this sign-in can see; write the slug, as in the address of the team's page`,
    `${file}${place}.users[0]: got "nobody", but GitHub knows no user of that login; check it`,
    `${file}${place}.users[1]: mallory may do nothing in contoso/widgets, and GitHub leaves such reviewers out without a word; give mallory a role there, read at least`,
  ]);
  expect(asked().filter((path) => path === "/orgs/contoso/teams")).toHaveLength(1);
});

test("a team without a role in the repository cannot review there", async () => {
  const { problems } = await reviewedBy("{ teams: [release-managers] }", "contoso/gadgets");

  expect(linesOf(problems)).toEqual([
    `${file}${place}.teams[0]: the team release-managers may do nothing in contoso/gadgets, and GitHub leaves such reviewers out without a word; give it a role there, read at least`,
  ]);
});

test("who may read what everybody may read is no reviewer", async () => {
  const { problems } = await reviewedBy("{ users: [mallory] }", "contoso/open");

  expect(problems.map(({ text }) => text.split(",")[0])).toEqual(["mallory may do nothing in contoso/open"]);
});

test("a person's repository has no teams", async () => {
  const { problems } = await reviewedBy("{ teams: [friends] }", "ada/dotfiles");

  expect(linesOf(problems)).toEqual([
    `${file}${place}.teams[0]: got "friends", but ada has no teams that this sign-in can see; name users`,
  ]);
});

test.each([
  [
    "members",
    "{ teams: [night-shift] }",
    'teams[0]: GitHub does not tell whether contoso has a team "night-shift" (403)',
  ],
] as const)(
  "a sign-in without %s cannot tell of reviewers, which is a problem",
  async (permission, reviewers, words) => {
    signInWithout(permission);

    const { problems } = await reviewedBy(reviewers);

    expect(linesOf(problems).join()).toContain(`${file}${place}.${words}`);
  },
);

test("a wrong team, a wrong branch protection and a wrong environment are told together", async () => {
  const { lines } = await ask("contoso/gadgets", {
    trust: "{ environment: staging }",
    more: "feedpass:environments: { release: { reviewers: { teams: [zebras] }, deployFrom: { protectedBranches: true } } }",
  });

  expect(lines.map((line) => line.slice(file.length).split(": ")[0])).toEqual([
    "identities.reader.trust[0].environment",
    "environments.release.reviewers.teams[0]",
    "environments.release.deployFrom.protectedBranches",
  ]);
});

test("an environment that the file trusts and does not make must exist, with its very name", async () => {
  const environments = `${production}/repos/contoso/widgets/environments`;
  const { status } = await send(world, "PUT", `${environments}/release`, "ada-classic", {});

  const { lines } = await ask("contoso/widgets", {
    trust: "{ environment: staging }, { environment: Release }, { environment: made }",
    more: "feedpass:environments: { made: {} }",
  });

  expect(status).toBe(200);
  expect(lines).toEqual([
    `${file}identities.reader.trust[0].environment: GitHub knows no environment "staging"; name it under environments to make it, or make it first`,
    `${file}identities.reader.trust[1].environment: got "Release", expected "release"; subjects are case-sensitive: write it as GitHub does`,
  ]);
});

const protectedOnly = "feedpass:environments: { release: { deployFrom: { protectedBranches: true } } }";

test("protected branches alone may deploy where there are some", async () => {
  const { lines } = await ask("contoso/widgets", { trust: "{ environment: release }", more: protectedOnly });

  expect(lines).toEqual([]);
  expect(asked()).toContain("/repos/contoso/widgets/branches");
});

test("protected branches alone would be every branch where there are none", async () => {
  const { lines } = await ask("contoso/gadgets", { trust: "{ environment: release }", more: protectedOnly });

  expect(lines).toEqual([
    `${file}environments.release.deployFrom.protectedBranches: got true, but contoso/gadgets has no protected branch, and then GitHub lets every branch deploy; protect a branch first, or name branches`,
  ]);
});

test("whether there is a protected branch must be told", async () => {
  signInWithout("contents");

  const { lines } = await ask("contoso/widgets", { trust: "{ environment: release }", more: protectedOnly });

  expect(lines).toEqual([
    `${file}environments.release.deployFrom.protectedBranches: got true, but GitHub does not tell whether contoso/widgets has a protected branch (403), and without one then GitHub lets every branch deploy; give the token the repository's contents to read, or name branches`,
  ]);
});

test("an environment that exists with its very name is no problem, also with a slash", async () => {
  const environments = `${production}/repos/contoso/widgets/environments`;
  const { status } = await send(world, "PUT", `${environments}/a%2Fb`, "ada-classic", {});

  const { lines } = await ask("contoso/widgets", { trust: "{ environment: a/b }" });

  expect(status).toBe(200);
  expect(lines).toEqual([]);
});

const named = (names: readonly string[]) => ({ trust: names.map((name) => `{ branch: ${name} }`).join(", ") });

test("a trusted branch that is not there is a warning, the default branch no question", async () => {
  const { problems, warnings } = await facts("contoso/widgets", named(["main", "develop", "nowhere", "feature/*"]));

  expect(problems).toEqual([]);
  expect(linesOf(warnings)).toEqual([
    `${file}identities.reader.trust[2].branch: contoso/widgets has no branch nowhere; whoever makes it is trusted: check the name`,
  ]);
  expect(asked().filter((path) => path.includes("/git/"))).toEqual([
    "/repos/contoso/widgets/git/ref/heads%2Fdevelop",
    "/repos/contoso/widgets/git/ref/heads%2Fnowhere",
  ]);
});

test("a sign-in that may not read contents cannot tell of branches: a warning", async () => {
  signInWithout("contents");

  const { problems, warnings } = await facts("contoso/widgets", named(["develop"]));

  expect(problems).toEqual([]);
  expect(linesOf(warnings)).toEqual([
    `${file}identities.reader.trust[0].branch: GitHub does not tell whether there is a branch develop (403); give the token the repository's contents to read`,
  ]);
});

const publish = "contoso/widgets/.github/workflows/publish.yml";

test.each([`${publish}@refs/heads/main`, `${publish}@refs/tags/v1.0.0`, `${publish}@refs/tags/v*`])(
  "the reusable workflow %s is there, or means several",
  async (workflow) => {
    const { problems, warnings } = await facts("contoso/gadgets", { trust: `{ workflow: "${workflow}" }` });

    expect([problems, warnings]).toEqual([[], []]);
  },
);

test.each([
  [
    "contoso/widgets/.github/workflows/publsh.yml@refs/heads/main",
    "contoso/widgets has no .github/workflows/publsh.yml at refs/heads/main",
  ],
  [`${publish}@refs/heads/man`, "contoso/widgets has no .github/workflows/publish.yml at refs/heads/man"],
  [
    "contoso/gadgets/.github/workflows/x.yml@refs/heads/main",
    "contoso/gadgets has no .github/workflows/x.yml at refs/heads/main",
  ],
])("the reusable workflow %s is not there", async (workflow, words) => {
  const { lines } = await ask("contoso/gadgets", { trust: `{ workflow: "${workflow}" }` });

  expect(lines).toEqual([
    `${file}identities.reader.trust[0].workflow: got "${workflow}", but ${words}; check the file's name and the ref, or make it first`,
  ]);
});

test.each([
  ["in a repository that the sign-in does not see", undefined, "fabrikam/hidden/.github/workflows/x.yml"],
  ["whose contents the sign-in may not read", "contents", publish],
] as const)("of a reusable workflow %s, nobody can tell: a warning", async (_, permission, workflow) => {
  signInWithout(permission);

  const { problems, warnings } = await facts("contoso/widgets", {
    trust: `{ workflow: "${workflow}@refs/heads/main" }`,
  });

  const [owner, name, ...path] = workflow.split("/");
  expect(problems).toEqual([]);
  expect(linesOf(warnings)).toEqual([
    `${file}identities.reader.trust[0].workflow: GitHub does not tell whether there is ${path.join("/")} at refs/heads/main in ${owner}/${name}; check the name, or give the token that repository's contents to read`,
  ]);
});

/** Makes an environment by hand. */
async function makeEnvironment(name: string, body: object, policies: readonly object[] = []): Promise<void> {
  const url = `${production}/repos/contoso/widgets/environments/${name}`;
  await send(world, "PUT", url, "ada-classic", body);
  for (const policy of policies) await send(world, "POST", `${url}/deployment-branch-policies`, "ada-classic", policy);
  world.cloud.requests.clear();
}

const custom = { protected_branches: false, custom_branch_policies: true };

test.each([
  ["without protection", {}, [], { preventSelfReview: false, adminsMayBypass: true }],
  [
    "with everything",
    {
      wait_timer: 30,
      prevent_self_review: true,
      can_admins_bypass: false,
      reviewers: [
        { type: "Team", id: 3001 },
        { type: "User", id: 1002 },
      ],
      deployment_branch_policy: custom,
    },
    [{ name: "main" }, { name: "v*", type: "tag" }, { name: "refs/pull/*/merge", type: "branch" }],
    {
      reviewers: { teams: ["release-managers"], users: ["grace"] },
      preventSelfReview: true,
      adminsMayBypass: false,
      waitMinutes: 30,
      deployFrom: { branches: ["main", "refs/pull/*/merge"], tags: ["v*"] },
    },
  ],
  [
    "for protected branches",
    { deployment_branch_policy: { protected_branches: true, custom_branch_policies: false } },
    [],
    { preventSelfReview: false, adminsMayBypass: true, deployFrom: { protectedBranches: true } },
  ],
  [
    "that lets nothing deploy",
    { deployment_branch_policy: custom },
    [],
    { preventSelfReview: false, adminsMayBypass: true, deployFrom: { branches: [], tags: [] } },
  ],
])(
  "an environment %s that somebody else keeps is told as GitHub protects it",
  async (_, body, policies, protection) => {
    await makeEnvironment("nightly", body, policies);
    signInWithout();

    const { environments, problems } = await facts("contoso/widgets", {
      trust:
        "{ environment: nightly }, { environment: nightly, workflow: contoso/widgets/.github/workflows/publish.yml@refs/heads/main }",
    });

    expect(problems).toEqual([]);
    expect(environments).toEqual({ nightly: protection });
    expect(asked().filter((path) => path.endsWith("/nightly"))).toHaveLength(1);
  },
);

test("all of an environment's patterns are told, whatever their number", async () => {
  const names = Array.from({ length: 130 }, (_, index) => `release/${index}`);
  await makeEnvironment(
    "nightly",
    { deployment_branch_policy: custom },
    names.map((name) => ({ name })),
  );

  const { environments } = await facts("contoso/widgets", { trust: "{ environment: nightly }" });

  expect(environments.nightly?.deployFrom?.branches).toHaveLength(130);
});

test("what the file keeps is not asked for", async () => {
  await makeEnvironment("made", {});

  const { environments } = await facts("contoso/widgets", {
    trust: "{ environment: made }",
    more: "feedpass:environments: { made: {} }",
  });

  expect(environments).toEqual({});
  expect(asked()).not.toContain("/repos/contoso/widgets/environments/made");
});
