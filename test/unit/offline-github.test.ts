import { generateKeyPairSync } from "node:crypto";
import { decodeJwt, importSPKI, jwtVerify } from "jose";
import { beforeEach, expect, test } from "vitest";
import { github } from "../../sandbox/offline/providers/github/definition.ts";
import { createWorld } from "../support/github.ts";
import { signInToGitHub } from "../support/github-provider.ts";
import { call, hostOf, refusalOf, requestsTo, sentBy } from "../support/offline-provider.ts";

const team = "github:index/getTeam:getTeam";
const repository = "github:index/getRepository:getRepository";
const publicKey = "github:index/getActionsPublicKey:getActionsPublicKey";
const user = "github:index/getUser:getUser";

const world = createWorld();

beforeEach(() => {
  world.reset();
  world.cloud.requests.clear();
});

test("configure asks whether the owner is an organization, with the token and the API's version", async () => {
  const { cloud, host } = await signInToGitHub(world);

  expect(requestsTo(cloud)).toEqual(["GET api.github.com/orgs/contoso"]);
  expect(host.sent[0]?.headers.get("Authorization")).toBe("Bearer ada-classic");
  expect(host.sent[0]?.headers.get("X-GitHub-Api-Version")).toBe("2022-11-28");
});

test.each([
  ["a user is an owner too", { owner: "ada" }, {}, ["GET api.github.com/orgs/ada"]],
  [
    "GITHUB_OWNER beats the argument",
    { owner: "ada" },
    { GITHUB_OWNER: "contoso" },
    ["GET api.github.com/orgs/contoso"],
  ],
  [
    "organization beats both",
    { owner: "ada", organization: "fabrikam" },
    { GITHUB_OWNER: "contoso" },
    ["GET api.github.com/orgs/fabrikam"],
  ],
  ["the token tells the owner where nobody does", {}, {}, ["GET api.github.com/user", "GET api.github.com/orgs/ada"]],
  ["nobody without a token and an owner is asked for nothing", { token: "" }, { GITHUB_TOKEN: "" }, []],
])("%s", async (_title, config, environment, requests) => {
  const { cloud } = world;

  await github.configure(config, hostOf(cloud, { GITHUB_TOKEN: "ada-classic", ...environment }));

  expect(requestsTo(cloud)).toEqual(requests);
});

test.each([
  [
    { token: "wrong", owner: "contoso" },
    'failed to lookup organization "contoso": GET https://api.github.com/orgs/contoso: 401 Bad credentials []',
  ],
  [{ token: "wrong" }, "owner cannot be found by token: GET https://api.github.com/user: 401 Bad credentials []"],
  [{ baseUrl: "api.github.com" }, "base url must be absolute"],
  [{ baseUrl: "http://api.github.com" }, "base url for github.com or ghe.com must use the https scheme"],
  [{ baseUrl: "https://github.com/api" }, "base url for github.com or ghe.com must not contain a path, got /api"],
  [{ appAuth: { id: "7" } }, "app_auth block is set but required fields are missing or contains empty values"],
  [{ appAuth: { id: "7", installationId: "8", pemFile: "x" } }, "owner must be set for github app authentication"],
  [
    { owner: "contoso", appAuth: { id: "7", installationId: "8", pemFile: "x" } },
    "failed to create OAuth token from GitHub App: no decodeable PEM data found",
  ],
])("configure with %o says what is wrong", async (config, message) => {
  const refusal = await refusalOf(github.configure({ maxRetries: "0", ...config }, hostOf(world.cloud)));

  expect(refusal).toBe(message);
});

test.each([
  [undefined, "https://api.github.com/orgs/contoso"],
  ["https://github.com/", "https://api.github.com/orgs/contoso"],
  ["https://contoso.ghe.com", "https://api.contoso.ghe.com/orgs/contoso"],
  ["https://api.contoso.ghe.com/", "https://api.contoso.ghe.com/orgs/contoso"],
  ["https://git.contoso.example/github/", "https://git.contoso.example/github/api/v3/orgs/contoso"],
  ["https://git.contoso.example/api/v3/", "https://git.contoso.example/api/v3/orgs/contoso"],
])("the API of base URL %s is asked at %s", async (baseUrl, url) => {
  const host = hostOf({ fetch: async () => Response.json({ login: "contoso" }) }, { GITHUB_BASE_URL: baseUrl });

  await github.configure({ owner: "contoso", token: "x" }, host);

  expect(host.sent.map((request) => request.url)).toEqual([url]);
});

test("an App signs in with a token of its own and goes on with its installation's", async () => {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const host = hostOf(
    {
      fetch: async ({ url }) =>
        url.endsWith("/access_tokens")
          ? Response.json({ token: "installed" }, { status: 201 })
          : Response.json({ login: "contoso" }),
    },
    { GITHUB_APP_ID: "7", GITHUB_APP_INSTALLATION_ID: "8", GITHUB_TOKEN: "not-used" },
  );

  await github.configure({ owner: "contoso", appAuth: { pemFile: keys.privateKey.replaceAll("\n", "\\n") } }, host);

  expect(sentBy(host)).toEqual([
    "POST api.github.com/app/installations/8/access_tokens",
    "GET api.github.com/orgs/contoso",
  ]);
  const assertion = host.sent[0]?.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
  const { payload } = await jwtVerify(assertion, await importSPKI(keys.publicKey, "RS256"));
  expect(payload.iss).toBe("7");
  expect(decodeJwt(assertion).exp).toBe((payload.iat ?? 0) + 360);
  expect(host.sent[1]?.headers.get("Authorization")).toBe("Bearer installed");
});

test("what fails on GitHub's side is tried again as often as the settings say, then told", async () => {
  const { cloud, provider, host } = await signInToGitHub(world);
  cloud.faults.add({ effect: { kind: "status", status: 502 }, times: 3 });
  cloud.requests.clear();

  const found = await call(provider, repository, { name: "widgets" });
  const retried = requestsTo(cloud).length;
  cloud.faults.add({ effect: { kind: "status", status: 502 }, times: 4 });
  const refusal = await refusalOf(call(provider, repository, { name: "widgets" }));
  cloud.faults.add({ effect: { kind: "status", status: 429, retryAfterSeconds: 0 }, times: 1 });
  const limited = await call(provider, repository, { name: "widgets" });
  const impatient = await github.configure({ owner: "contoso", maxRetries: "0" }, host);
  cloud.faults.add({ effect: { kind: "status", status: 502 }, times: 1 });
  const once = await refusalOf(call(impatient, repository, { name: "widgets" }));

  expect([found.name, retried]).toEqual(["widgets", 4]);
  expect(refusal).toBe("GET https://api.github.com/repos/contoso/widgets: 502 Server Error []");
  expect(limited.name).toBe("widgets");
  expect(once).toBe(refusal);
});

test("getRepository gives the repository's properties, its id being its name", async () => {
  const { cloud, provider } = await signInToGitHub(world);
  cloud.requests.clear();

  const byName = await call(provider, repository, { name: "widgets" });
  const byFullName = await call(provider, repository, { fullName: "ada/dotfiles" });

  expect(requestsTo(cloud)).toEqual([
    "GET api.github.com/repos/contoso/widgets",
    "GET api.github.com/repos/ada/dotfiles",
  ]);
  expect(byName).toMatchObject({
    id: "widgets",
    name: "widgets",
    fullName: "contoso/widgets",
    repoId: 4001,
    private: true,
    visibility: "private",
    defaultBranch: "main",
    archived: false,
    topics: [],
    pages: [],
    repositoryLicenses: [],
    templates: [],
  });
  expect(byFullName).toMatchObject({ id: "dotfiles", repoId: 4006 });
});

test("getRepository gives nothing where there is no such repository, and refuses half a name", async () => {
  const { provider } = await signInToGitHub(world);

  const missing = await call(provider, repository, { name: "nothing" });
  const without = await refusalOf(call(provider, repository, {}));
  const half = await refusalOf(call(provider, repository, { fullName: "widgets" }));
  const both = await refusalOf(call(provider, repository, { name: "widgets", fullName: "contoso/widgets" }));

  expect(missing).toEqual({});
  expect(without).toBe('one of "full_name" or "name" has to be provided');
  expect(half).toBe('unexpected full name format ("widgets"), expected owner/repo_name');
  expect(both).toBe('"fullName": conflicts with name');
});

test("getRepository reads pages and licence where the repository has them", async () => {
  const host = hostOf({
    async fetch({ url }) {
      if (url.endsWith("/pages")) {
        return Response.json({ build_type: "legacy", source: { branch: "main", path: "/docs" }, url: "u" });
      }
      if (url.endsWith("/license")) return Response.json({ name: "LICENSE", license: { key: "mit" } });
      const template_repository = { name: "starter", owner: { login: "contoso" } };
      return Response.json({ id: 1, name: "site", has_pages: true, license: { key: "mit" }, template_repository });
    },
  });
  const provider = await github.configure({ owner: "contoso", token: "x" }, host);

  const found = await call(provider, repository, { name: "site" });

  expect(sentBy(host).slice(1)).toEqual([
    "GET api.github.com/repos/contoso/site",
    "GET api.github.com/repos/contoso/site/pages",
    "GET api.github.com/repos/contoso/site/license",
  ]);
  expect(found.pages).toMatchObject([{ buildType: "legacy", sources: [{ branch: "main", path: "/docs" }] }]);
  expect(found.repositoryLicenses).toMatchObject([{ name: "LICENSE", licenses: [{ key: "mit" }] }]);
  expect(found.templates).toEqual([{ owner: "contoso", repository: "starter" }]);
});

test("getTeam lists members and repositories unless a summary is enough", async () => {
  const { cloud, provider } = await signInToGitHub(world);
  cloud.requests.clear();

  const whole = await call(provider, team, { slug: "release-managers" });
  const summary = await call(provider, team, { slug: "release-managers", summaryOnly: true });
  const immediate = await refusalOf(call(provider, team, { slug: "release-managers", membershipType: "immediate" }));

  expect(requestsTo(cloud)).toEqual([
    "GET api.github.com/orgs/contoso/teams/release-managers",
    "GET api.github.com/orgs/contoso/teams/release-managers/members",
    "GET api.github.com/orgs/contoso/teams/release-managers/repos",
    "GET api.github.com/orgs/contoso/teams/release-managers",
  ]);
  expect(whole).toMatchObject({
    id: "3001",
    slug: "release-managers",
    name: "Release Managers",
    description: "Who may publish",
    privacy: "closed",
    members: ["grace", "linus"],
    repositories: ["widgets"],
    repositoriesDetaileds: [{ repoId: 4001, repoName: "widgets", roleName: "write" }],
  });
  expect(summary).toMatchObject({ id: "3001", members: [], repositories: [] });
  expect(immediate).toContain("got immediate");
});

test("getTeam reads every page", async () => {
  const { cloud, provider } = await signInToGitHub(world);
  cloud.requests.clear();

  const paged = await call(provider, team, { slug: "release-managers", resultsPerPage: 1 });

  expect(paged.members).toEqual(["grace", "linus"]);
  expect(requestsTo(cloud)).toHaveLength(4);
});

test("getUser reads the account and its keys, getActionsPublicKey the key that secrets are sealed to", async () => {
  const { cloud, provider } = await signInToGitHub(world);
  cloud.requests.clear();

  const ada = await call(provider, user, { username: "Ada" });
  const key = await call(provider, publicKey, { repository: "widgets" });

  expect(requestsTo(cloud)).toEqual([
    "GET api.github.com/users/Ada",
    "GET api.github.com/users/ada/gpg_keys",
    "GET api.github.com/users/ada/keys",
    "GET api.github.com/repos/contoso/widgets/actions/secrets/public-key",
  ]);
  expect(ada).toMatchObject({
    id: "1001",
    login: "ada",
    username: "Ada",
    createdAt: "2024-01-01 00:00:00 +0000 UTC",
    suspendedAt: "0001-01-01 00:00:00 +0000 UTC",
    gpgKeys: [],
    sshKeys: [],
  });
  expect(key).toEqual({
    id: key.keyId,
    keyId: expect.stringMatching(/^\d+$/),
    key: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    repository: "widgets",
  });
});
