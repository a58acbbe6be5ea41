import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { type JobRequest, startJob } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import type { GitHubSeed } from "../../sandbox/cloud/github/seed-shape.ts";
import { siteAt, siteOfIssuer, tenantSite } from "../../sandbox/cloud/github/site.ts";
import { client, createWorld, push, refusal, send } from "../support/github.ts";

// Enterprises with data residency: each has a GitHub to itself, at SUBDOMAIN.ghe.com.

const world = createWorld(() => undefined);
const octocorp = tenantSite("octocorp");
const seedAt = (seed: GitHubSeed, site = octocorp) => seedGitHub(world.cloud.store, seed, site);

seedAt({
  users: [
    { login: "linus", id: 1003 },
    { login: "monalisa", id: 1005 },
  ],
  enterprises: [{ slug: "octocorp", id: 7001, owners: ["linus"] }],
  // The names and ids of the repository that github.com has.
  organizations: [{ login: "contoso", id: 2001, name: "Contoso", owners: ["linus"], members: ["monalisa"] }],
  repositories: [
    { owner: "contoso", name: "widgets", id: 4001, private: true },
    { owner: "contoso", name: "arms", private: true },
  ],
  tokens: [{ token: "linus-there", kind: "classic", user: "linus", scopes: ["repo", "admin:org", "admin:enterprise"] }],
});
const seeded = world.cloud.store.snapshot();
beforeEach(() => {
  world.reset();
  world.cloud.store.restore(seeded);
});

const [dotCom, there] = ["https://api.github.com", "https://api.octocorp.ghe.com"];
const tenantIssuer = "https://token.actions.octocorp.ghe.com";
const get = (url: string) => world.cloud.fetch(new Request(url));
const read = (url: string, token: string) => send(world, "GET", url, token);
const bodyOf = async (url: string, token: string) => JSON.stringify(await (await read(url, token)).json());

describe("a site of ghe.com", () => {
  test.each([
    ["/repos/contoso/arms", 200, 404],
    ["/users/monalisa", 200, 404],
    ["/repos/contoso/gadgets", 404, 200],
    ["/users/mallory", 404, 200],
    ["/orgs/fabrikam", 404, 200],
  ])("%s is answered with %i there and %i at github.com", async (path, own, other) => {
    expect((await read(there + path, "linus-there")).status).toBe(own);
    expect((await read(dotCom + path, "ada-classic")).status).toBe(other);
  });

  test("takes no token of github.com, and github.com none of its", async () => {
    const answers = [await read(`${there}/user`, "ada-classic"), await read(`${dotCom}/user`, "linus-there")];

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(await answers[0]?.json()).toMatchObject({ message: "Bad credentials" });
  });

  test("tells nobody anything who has not signed in", async () => {
    const [own, other] = [await get(`${there}/users/linus`), await get(`${dotCom}/users/linus`)];

    expect([own.status, other.status]).toEqual([401, 200]);
    expect(await own.json()).toMatchObject({ message: "Requires authentication" });
  });

  test("has its own hosts in everything that it tells", async () => {
    for (const path of ["/repos/contoso/arms", "/repos/contoso/arms/branches/main", "/orgs/contoso", "/user"]) {
      const body = await bodyOf(there + path, "linus-there");

      expect(body).toContain(".ghe.com/");
      expect(body).not.toMatch(/github\.com\/|githubusercontent/);
    }
  });

  test("tells where a repository is", async () => {
    const { data } = await client(world, "linus-there").request(`GET ${there}/repos/contoso/arms`);

    expect(data).toMatchObject({
      url: "https://api.octocorp.ghe.com/repos/contoso/arms",
      html_url: "https://octocorp.ghe.com/contoso/arms",
      clone_url: "https://octocorp.ghe.com/contoso/arms.git",
      ssh_url: "octocorp@octocorp.ghe.com:contoso/arms.git",
      owner: { avatar_url: "https://avatars.octocorp.ghe.com/u/2001?v=4" },
    });
  });

  test("keeps what is written there to itself", async () => {
    const variable = { name: "FEED", value: "there" };
    const { status } = await send(
      world,
      "POST",
      `${there}/repos/contoso/widgets/actions/variables`,
      "linus-there",
      variable,
    );

    const other = await read(`${dotCom}/repos/contoso/widgets/actions/variables`, "ada-classic");
    expect(status).toBe(201);
    expect(await other.json()).toEqual({ total_count: 0, variables: [] });
  });

  test("counts its own requests", async () => {
    const usedAt = async (url: string, token: string) =>
      Number((await read(url, token)).headers.get("x-ratelimit-used"));
    const before = await usedAt(`${there}/user`, "linus-there");

    await usedAt(`${dotCom}/user`, "linus-classic");

    expect(await usedAt(`${there}/user`, "linus-there")).toBe(before + 1);
  });

  test("has no public repositories", async () => {
    const octokit = client(world, "linus-there");

    expect(await refusal(octokit.request(`PATCH ${there}/repos/contoso/arms`, { private: false }))).toMatchObject({
      status: 422,
    });
    expect(() => seedAt({ repositories: [{ owner: "contoso", name: "open" }] })).toThrow(
      "the seed has the public repository contoso/open at octocorp.ghe.com, which has none",
    );
  });

  test("is one enterprise's, named as the subdomain is", () => {
    expect(() => seedAt({ enterprises: [{ slug: "hubot-inc" }] })).toThrow(
      "the site octocorp.ghe.com is that of the enterprise octocorp alone",
    );
    expect(() => seedAt({ organizations: [{ login: "lost" }] }, tenantSite("elsewhere"))).toThrow(
      "the seed has no enterprise elsewhere",
    );
  });

  test("is not there before somebody has it", async () => {
    await expect(get("https://api.nobody.ghe.com/user")).rejects.toThrow("no service at api.nobody.ghe.com");
    expect(world.cloud.hosts.filter((host) => host.endsWith(".ghe.com"))).toContain("api.octocorp.ghe.com");
  });

  test("answers at every route of github.com, and at no other", () => {
    const [service] = world.cloud.services;
    const routesOf = (app: { routes: { method: string; path: string }[] } | undefined) =>
      app?.routes.map(({ method, path }) => `${method} ${path}`);

    const own = service?.customerHosts?.apps() ?? {};
    const pairs = (service?.customerHosts?.coverage ?? []).map(({ host, answersAs }) => [
      routesOf(own[host.replace("SUBDOMAIN", "octocorp")]),
      routesOf(service?.hosts[answersAs]),
    ]);

    expect(pairs.map(([tenant]) => (tenant ?? []).length > 0)).toEqual([true, true, true]);
    for (const [tenant, other] of pairs) expect(tenant).toEqual(other);
  });
});

async function start(changes: Partial<JobRequest> = {}) {
  const site = octocorp.host;
  const started = startJob(world.context, { ...push, site, repository: "contoso/arms", ...changes });
  const headers = { Authorization: `Bearer ${started.requestToken}` };
  const answer = await world.cloud.fetch(new Request(started.requestUrl ?? "", { headers }));
  const { value } = (await answer.json()) as { value: string };
  return { ...started, token: value };
}

describe("a job of ghe.com", () => {
  test("asks there for its token, which says whose it is", async () => {
    const { requestUrl, token } = await start();

    expect(new URL(requestUrl ?? "").host).toBe("pipelines.actions.octocorp.ghe.com");
    expect(decodeJwt(token)).toMatchObject({
      iss: tenantIssuer,
      aud: "https://octocorp.ghe.com/contoso",
      sub: "repo:contoso/arms:ref:refs/heads/main",
      enterprise: "octocorp",
      enterprise_id: "7001",
    });
  });

  test("is not known where the jobs of github.com ask", async () => {
    const { requestUrl = "", requestToken } = await start();
    const headers = { Authorization: `Bearer ${requestToken}` };
    const url = requestUrl.replace("octocorp.ghe.com", "githubusercontent.com");

    expect((await world.cloud.fetch(new Request(url, { headers }))).status).toBe(404);
  });

  test("has a token that its own issuer's keys verify, and github.com's do not", async () => {
    const { token } = await start();
    const keysAt = async (issuer: string) => {
      const metadata = await (await get(`${issuer}/.well-known/openid-configuration`)).json();
      const fetch = (url: string, init: RequestInit) => world.cloud.fetch(new Request(url, init));
      const { issuer: name, jwks_uri } = metadata as { issuer: string; jwks_uri: string };
      expect(name).toBe(issuer);
      return createRemoteJWKSet(new URL(jwks_uri), { [customFetch]: fetch });
    };
    const currentDate = new Date(world.clock.now);

    const { payload } = await jwtVerify(token, await keysAt(tenantIssuer), { currentDate, issuer: tenantIssuer });
    const other = jwtVerify(token, await keysAt("https://token.actions.githubusercontent.com"), { currentDate });

    expect(payload.repository).toBe("contoso/arms");
    await expect(other).rejects.toThrow("no applicable key found");
  });

  test("has the enterprise in its issuer, where the enterprise wants it", async () => {
    const path = "/enterprises/octocorp/actions/oidc/customization/issuer";
    const body = { include_enterprise_slug: true };
    const answers = [
      await send(world, "PUT", dotCom + path, "ada-classic", body),
      await send(world, "PUT", there + path, "linus-there", body),
    ];

    const { token } = await start();
    const metadata = await get(`${tenantIssuer}/octocorp/.well-known/openid-configuration`);

    expect(answers.map(({ status }) => status)).toEqual([404, 204]);
    expect(decodeJwt(token).iss).toBe(`${tenantIssuer}/octocorp`);
    expect(await metadata.json()).toMatchObject({
      issuer: `${tenantIssuer}/octocorp`,
      jwks_uri: `${tenantIssuer}/octocorp/.well-known/jwks`,
    });
  });

  test("belongs to the enterprise in a personal repository too", async () => {
    seedAt({ repositories: [{ owner: "linus", name: "notes", private: true }] });

    const { token } = await start({ repository: "linus/notes" });

    expect(decodeJwt(token)).toMatchObject({ iss: tenantIssuer, enterprise: "octocorp" });
  });

  test("is started where its repository is, and nowhere else", () => {
    expect(() => startJob(world.context, { ...push, repository: "contoso/arms" })).toThrow(
      "there is no repository contoso/arms",
    );
    expect(() => startJob(world.context, { ...push, site: octocorp.host, repository: "contoso/open" })).toThrow(
      "there is no repository contoso/open",
    );
    expect(() => startJob(world.context, { ...push, site: "github.example.com" })).toThrow(
      "there is no GitHub at github.example.com",
    );
    expect(gitHubData(world.cloud.store).jobs.all()).toEqual([]);
  });
});

test.each([
  ["https://token.actions.octocorp.ghe.com", "octocorp.ghe.com"],
  ["https://token.actions.octocorp.ghe.com/octocorp", "octocorp.ghe.com"],
  ["https://token.actions.githubusercontent.com/octocat-inc", "github.com"],
  ["", "github.com"],
])('the issuer "%s" is that of %s', (issuer, host) => {
  expect(siteOfIssuer(issuer)).toEqual(siteAt(host));
});
