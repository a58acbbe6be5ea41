import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeEach, expect, test } from "vitest";
import { mintIdToken } from "../../sandbox/cloud/github/oidc/id-token.ts";
import { type JobRequest, startJob } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { client, createWorld, push, send } from "../support/github.ts";

const world = createWorld(() => undefined);
beforeEach(() => {
  world.reset();
  seedGitHub(world.cloud.store, {
    enterprises: [
      { slug: "octocat-inc", id: 7001, owners: ["ada"] },
      { slug: "hubot-inc", id: 7002 },
    ],
    organizations: [
      { login: "octo-labs", owners: ["linus"], enterprise: "octocat-inc" },
      { login: "octo-tools", owners: ["linus"], enterprise: "octocat-inc" },
      { login: "hubot", owners: ["linus"], enterprise: "hubot-inc" },
    ],
    repositories: ["octo-labs", "octo-tools", "hubot"].map((owner) => ({ owner, name: "private-server" })),
    tokens: [
      { token: "ada-enterprise", kind: "classic", user: "ada", scopes: ["admin:enterprise"] },
      { token: "linus-enterprise", kind: "classic", user: "linus", scopes: ["admin:enterprise"] },
      enterpriseApp("enterprise-app", "octocat-inc", "write"),
      enterpriseApp("reading-app", "octocat-inc", "read"),
      enterpriseApp("other-app", "hubot-inc", "write"),
    ],
  });
});
afterAll(() => expectRoutesExercised(world.cloud, "test/sandbox/github-enterprises.test.ts"));

function enterpriseApp(token: string, enterprise: string, access: "read" | "write") {
  return { token, kind: "installation", enterprise, permissions: { enterprise_administration: access } } as const;
}

const shared = "https://token.actions.githubusercontent.com";
const own = `${shared}/octocat-inc`;
const pathOf = (name: string) => `https://api.github.com/enterprises/${name}/actions/oidc/customization/issuer`;
const put = (body: unknown, token = "ada-enterprise", name = "octocat-inc") =>
  send(world, "PUT", pathOf(name), token, body);
const get = (url: string) => world.cloud.fetch(new Request(url));

async function claimsIn(repository: string, changes: Partial<JobRequest> = {}) {
  const { job } = startJob(world.context, { ...push, repository, ...changes });
  return decodeJwt(await mintIdToken(world.context, job));
}

const issuers = async () =>
  Promise.all(
    ["octo-labs/private-server", "octo-tools/private-server", "hubot/private-server", "contoso/widgets"].map(
      async (repository) => (await claimsIn(repository)).iss,
    ),
  );

test("tokens of an enterprise say which it is, and have GitHub's own issuer until it chooses another", async () => {
  const claims = await claimsIn("octo-labs/private-server");

  expect(claims).toMatchObject({ iss: shared, enterprise: "octocat-inc", enterprise_id: "7001" });
});

test("a repository outside of any enterprise says of none", async () => {
  const claims = await claimsIn("contoso/widgets");

  expect(["enterprise" in claims, "enterprise_id" in claims]).toEqual([false, false]);
});

test("an issuer of its own is for every repository of the enterprise, and for no other", async () => {
  const response = await put({ include_enterprise_slug: true });

  expect([response.status, await response.text()]).toEqual([204, ""]);
  expect(await issuers()).toEqual([own, own, shared, shared]);
});

test("only the issuer changes", async () => {
  const before = await claimsIn("octo-labs/private-server", { environment: "release" });
  await put({ include_enterprise_slug: true });
  const after = await claimsIn("octo-labs/private-server", { environment: "release" });

  expect(after.sub).toBe("repo:octo-labs/private-server:environment:release");
  expect(Object.keys(after)).toEqual(Object.keys(before));
  expect([after.sub, after.aud, after.repository_id]).toEqual([before.sub, before.aud, before.repository_id]);
});

test("the enterprise gives its issuer up again; a PUT without the flag leaves it", async () => {
  await put({ include_enterprise_slug: true });
  await put({});
  const left = await issuers();
  await put({ include_enterprise_slug: false });

  expect(left).toEqual([own, own, shared, shared]);
  expect(await issuers()).toEqual([shared, shared, shared, shared]);
});

test("a job that runs gets its next token from the new issuer", async () => {
  const { job } = startJob(world.context, { ...push, repository: "octo-labs/private-server" });
  const first = decodeJwt(await mintIdToken(world.context, job));
  await put({ include_enterprise_slug: true });

  const second = decodeJwt(await mintIdToken(world.context, job));

  expect([first.iss, second.iss]).toEqual([shared, own]);
});

test("the enterprise's own issuer publishes metadata and keys that verify its tokens", async () => {
  await put({ include_enterprise_slug: true });
  const { job } = startJob(world.context, { ...push, repository: "octo-labs/private-server" });
  const metadata = (await (await get(`${own}/.well-known/openid-configuration`)).json()) as Record<string, string>;
  const keys = (await (await get(metadata.jwks_uri ?? "")).json()) as JSONWebKeySet;

  const { payload } = await jwtVerify(await mintIdToken(world.context, job), createLocalJWKSet(keys), {
    issuer: metadata.issuer ?? "",
    currentDate: new Date(world.clock.now),
  });

  expect([metadata.issuer, metadata.jwks_uri]).toEqual([own, `${own}/.well-known/jwks`]);
  expect(payload.iss).toBe(own);
});

test.each(["openid-configuration", "jwks"])("an enterprise that does not exist has no %s", async (document) => {
  const statuses = await Promise.all(
    ["nobody", "octo-labs", "7001"].map(
      async (name) => (await get(`${shared}/${name}/.well-known/${document}`)).status,
    ),
  );

  expect(statuses).toEqual([404, 404, 404]);
});

test.each([
  ["the enterprise's id", "ada-enterprise", "7001"],
  ["its slug in any case", "ada-enterprise", "Octocat-Inc"],
  ["an app with enterprise_administration=write", "enterprise-app", "octocat-inc"],
])("the issuer is set by %s", async (_how, token, name) => {
  const response = await put({ include_enterprise_slug: true }, token, name);

  expect(response.status).toBe(204);
  expect((await claimsIn("octo-labs/private-server")).iss).toBe(own);
});

test.each([
  ["an owner without the scope admin:enterprise", "ada-classic", 404, "Not Found"],
  ["an owner of one of its organizations", "linus-enterprise", 404, "Not Found"],
  ["an app of another enterprise", "other-app", 404, "Not Found"],
  ["an app of an organization", "app", 404, "Not Found"],
  ["an app that only reads", "reading-app", 403, "Resource not accessible by integration"],
  ["a token that is none", "nonsense", 401, "Bad credentials"],
])("%s cannot set the issuer", async (_who, token, status, message) => {
  const response = await put({ include_enterprise_slug: true }, token);

  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ message });
  expect(await issuers()).toEqual([shared, shared, shared, shared]);
});

test("nobody sets it without signing in", async () => {
  const response = await world.cloud.fetch(new Request(pathOf("octocat-inc"), { method: "PUT", body: "{}" }));

  expect(response.status).toBe(401);
  expect(response.headers.get("x-accepted-oauth-scopes")).toBe("admin:enterprise");
});

test("an enterprise that does not exist is not found, and the refusal names the operation's page", async () => {
  const response = await put({ include_enterprise_slug: true }, "ada-enterprise", "nobody");

  expect(await response.json()).toEqual({
    message: "Not Found",
    documentation_url:
      "https://docs.github.com/enterprise-cloud@latest/rest/actions/oidc#set-the-github-actions-oidc-custom-issuer-policy-for-an-enterprise",
    status: "404",
  });
});

test("what is no boolean is refused", async () => {
  const response = await put({ include_enterprise_slug: "yes" });

  expect(response.status).toBe(422);
  expect(await response.json()).toMatchObject({
    message: "Invalid request.\n\nFor 'properties/include_enterprise_slug', \"yes\" is not a boolean.",
  });
});

test("no operation reads the issuer, so that it can only be seen in a token", async () => {
  const response = await send(world, "GET", pathOf("octocat-inc"), "ada-enterprise");
  const { data } = await client(world, "ada-classic").orgs.get({ org: "octo-labs" });

  expect(response.status).toBe(501);
  expect(JSON.stringify(data)).not.toContain("octocat-inc");
});

test("a seed names an enterprise that it defines, once", () => {
  const seed = (words: Parameters<typeof seedGitHub>[1]) => () => seedGitHub(world.cloud.store, words);

  expect(seed({ organizations: [{ login: "lost", enterprise: "nowhere" }] })).toThrow(
    "the seed has no enterprise nowhere",
  );
  expect(seed({ enterprises: [{ slug: "octocat-inc" }] })).toThrow("the seed has the enterprise octocat-inc twice");
});
