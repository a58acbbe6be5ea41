import { ConfidentialClientApplication } from "@azure/msal-node";
import { decodeJwt, type JWTPayload } from "jose";
import { expect, test } from "vitest";
import type { Cloud } from "../../sandbox/cloud/cloud.ts";
import { seedDirectory } from "../../sandbox/cloud/entra/seed.ts";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { mintIdToken } from "../../sandbox/cloud/github/oidc/id-token.ts";
import { startJob } from "../../sandbox/cloud/github/oidc/start-job.ts";
import { seedGitHub } from "../../sandbox/cloud/github/seed.ts";
import { github as gitHubService } from "../../sandbox/cloud/github/service.ts";
import { openInternet } from "../../sandbox/internet.ts";
import { createMicrosoftCloud, requestToken, tenant } from "../support/directory.ts";
import { msalNetwork } from "../support/msal.ts";
import { createTokenIssuer } from "../support/token-issuer.ts";

const github = await createTokenIssuer("token.actions.githubusercontent.com");
const stranger = await createTokenIssuer("stranger.example");
const { cloud, clock } = createMicrosoftCloud(github.service);
const audience = "api://AzureADTokenExchange";
const main = "repo:contoso/widgets:ref:refs/heads/main";

const { applications } = seedDirectory(
  cloud.store,
  {
    tenants: [],
    applications: [
      {
        tenantId: tenant.id,
        displayName: "reader",
        federatedCredentials: [
          { name: "main", issuer: github.issuer, subject: main },
          { name: "gone", issuer: "https://gone.example", subject: "x" },
        ],
      },
      {
        tenantId: tenant.id,
        displayName: "publisher",
        federatedCredentials: [
          {
            name: "tags",
            issuer: github.issuer,
            claimsMatchingExpression: {
              value: "claims['sub'] matches 'repo:*:ref:refs/tags/v*' and claims['repository_id'] eq '42'",
              languageVersion: 1,
            },
          },
        ],
      },
      { tenantId: tenant.id, displayName: "untrusting" },
    ],
  },
  clock.now,
);
const [reader, publisher, untrusting] = applications.map(({ appId }) => appId);

function claims(changes: JWTPayload = {}): JWTPayload {
  const now = clock.now / 1000;
  return { iss: github.issuer, aud: audience, sub: main, iat: now, nbf: now, exp: now + 300, ...changes };
}

function exchange(clientId: string | undefined, assertion: string, at: Cloud = cloud) {
  return requestToken(at, {
    client_id: clientId ?? "",
    client_assertion: assertion,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    grant_type: "client_credentials",
    scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
  });
}

test("a trusted subject gets the application's token", async () => {
  const { status, body } = await exchange(reader, await github.sign(claims()));

  expect(status).toBe(200);
  expect(decodeJwt(body.access_token)).toMatchObject({
    appid: reader,
    appidacr: "2",
    aud: "499b84ac-1321-427f-aa17-267ca6975798",
  });
});

test("an expression matches any tag of the one repository", async () => {
  const tag = claims({ sub: "repo:contoso/renamed:ref:refs/tags/v1.2", repository_id: "42" });

  const { status } = await exchange(publisher, await github.sign(tag));

  expect(status).toBe(200);
});

test.each<[string, string | undefined, JWTPayload, number, string]>([
  [
    "another subject",
    reader,
    { sub: "repo:contoso/widgets:pull_request" },
    700213,
    "subject 'repo:contoso/widgets:pull_request'",
  ],
  [
    "a subject in other case",
    reader,
    { sub: main.replace("contoso", "Contoso") },
    7002138,
    "not with case-sensitive comparison",
  ],
  ["another issuer", reader, { iss: "https://stranger.example" }, 700211, "issuer 'https://stranger.example'"],
  ["another audience", reader, { aud: "api://other" }, 700212, "audience 'api://other'"],
  [
    "a tag of another repository",
    publisher,
    { sub: "repo:a/b:ref:refs/tags/v1", repository_id: "43" },
    7002131,
    "no federated identity credential expression matched",
  ],
  [
    "an application that trusts nobody",
    untrusting,
    {},
    70025,
    "(untrusting) has no configured federated identity credentials",
  ],
  ["a token past its end", reader, { exp: clock.now / 1000 - 1 }, 700024, "Current time: 2026-05-04T10:00:00.000Z"],
  [
    "a token before its start",
    reader,
    { nbf: clock.now / 1000 + 60 },
    700024,
    "assertion valid from 2026-05-04T10:01:00.000Z",
  ],
  [
    "an assertion signed by the client itself",
    reader,
    { iss: reader ?? "", sub: reader ?? "" },
    700027,
    "not registered on application",
  ],
])("%s is refused", async (_what, clientId, changes, code, words) => {
  const { status, body } = await exchange(clientId, await github.sign(claims(changes)));

  expect([status, body.error, body.error_codes]).toEqual([401, "invalid_client", [code]]);
  expect(body.error_description).toContain(`AADSTS${code}: `);
  expect(body.error_description).toContain(words);
});

test("the refusal of a subject is worded as Entra words it", async () => {
  const { body } = await exchange(reader, await github.sign(claims({ sub: "x" })));

  expect(body.error_description.replace(/ Trace ID.*/, "")).toBe(
    "AADSTS700213: No matching federated identity record found for presented assertion subject 'x'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
  );
});

test("a token with a key that the issuer does not publish is refused", async () => {
  const { status, body } = await exchange(reader, await github.sign(claims(), { kid: "other" }));

  expect([status, body.error_codes]).toEqual([401, [7000272]]);
});

test("a token that another one signed in the issuer's name is refused", async () => {
  const { status, body } = await exchange(reader, await stranger.sign(claims()));

  expect([status, body.error_codes]).toEqual([401, [700027]]);
  expect(body.error_description).toContain("Client assertion failed signature validation.");
});

test("a trusted issuer that cannot be reached is refused", async () => {
  const { status, body } = await exchange(reader, await github.sign(claims({ iss: "https://gone.example", sub: "x" })));

  expect([status, body.error, body.error_codes]).toEqual([400, "invalid_request", [90061]]);
});

test.each([
  ["what is no token", "nonsense", 400, 50027],
  ["a token without a subject", await github.sign({ iss: github.issuer, aud: audience }), 400, 50027],
  ["a token without a key's id", await github.sign(claims(), { kid: null }), 401, 5002723],
  ["an unsigned token", `${btoa('{"alg":"none","kid":"k"}')}.${btoa("{}")}.`, 401, 5002738],
])("%s is refused", async (_what, assertion, status, code) => {
  const answer = await exchange(reader, assertion);

  expect([answer.status, answer.body.error_codes]).toEqual([status, [code]]);
});

test("an assertion of another type is no credential", async () => {
  const { status, body } = await requestToken(cloud, {
    client_id: reader ?? "",
    client_assertion: await github.sign(claims()),
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
    grant_type: "client_credentials",
    scope: "https://graph.microsoft.com/.default",
  });

  expect([status, body.error_codes]).toEqual([401, [7000216]]);
});

test("the issuer's keys are asked over the wire", async () => {
  cloud.requests.clear();

  await exchange(reader, await github.sign(claims()));

  const asked = cloud.requests.all().map(({ host, path }) => `${host}${path}`);
  expect(asked).toEqual([
    "token.actions.githubusercontent.com/.well-known/openid-configuration",
    "token.actions.githubusercontent.com/.well-known/jwks",
    `login.microsoftonline.com/${tenant.id}/oauth2/v2.0/token`,
  ]);
});

// From here on the tokens are the sandbox's GitHub's, of a repository in an enterprise.
const enterprise = createMicrosoftCloud(gitHubService);
const enterpriseIssuer = "https://token.actions.githubusercontent.com/octocat-inc";
seedGitHub(enterprise.cloud.store, {
  users: [{ login: "ada" }],
  enterprises: [{ slug: "octocat-inc" }],
  organizations: [{ login: "contoso", owners: ["ada"], enterprise: "octocat-inc" }],
  repositories: [{ owner: "contoso", name: "widgets" }],
});
const [ofEnterprise, ofGitHub, ofOther, ofSlash] = [
  enterpriseIssuer,
  "https://token.actions.githubusercontent.com",
  "https://token.actions.githubusercontent.com/Octocat-Inc",
  `${enterpriseIssuer}/`,
].map((issuer) => enterprise.addClient({ federatedCredentials: [{ name: "main", issuer, subject: main }] }).appId);

/** A token of a job on main, of the issuer that the enterprise has chosen. */
function mintFromEnterprise(includesSlugInIssuer: boolean): Promise<string> {
  const { cloud: at, clock: time } = enterprise;
  const { enterprises } = gitHubData(at.store);
  for (const { id } of enterprises.all()) enterprises.update(id, { includesSlugInIssuer });
  const context = { store: at.store, now: () => time.now, fetch: (request: Request) => at.fetch(request) };
  const { job } = startJob(context, {
    repository: "contoso/widgets",
    event: "push",
    ref: "refs/heads/main",
    workflow: ".github/workflows/ci.yml",
    permissions: { "id-token": "write" },
    actor: "ada",
  });
  return mintIdToken(context, job, audience);
}

test("an enterprise's own issuer is asked for its keys, and its token accepted", async () => {
  enterprise.cloud.requests.clear();

  const { status } = await exchange(ofEnterprise, await mintFromEnterprise(true), enterprise.cloud);

  const asked = enterprise.cloud.requests.all().map(({ host, path }) => `${host}${path}`);
  expect(status).toBe(200);
  expect(asked.slice(0, 2)).toEqual([
    "token.actions.githubusercontent.com/octocat-inc/.well-known/openid-configuration",
    "token.actions.githubusercontent.com/octocat-inc/.well-known/jwks",
  ]);
});

test.each([
  ["GitHub's issuer trusts no token of an enterprise's own", ofGitHub, true],
  ["an enterprise's issuer trusts no token of GitHub's own", ofEnterprise, false],
  ["the slug compares with case", ofOther, true],
  ["a slash at the end is another issuer", ofSlash, true],
])("%s", async (_rule, clientId, includesSlugInIssuer) => {
  const { status, body } = await exchange(clientId, await mintFromEnterprise(includesSlugInIssuer), enterprise.cloud);

  const presented = includesSlugInIssuer ? enterpriseIssuer : "https://token.actions.githubusercontent.com";
  expect([status, body.error_codes]).toEqual([401, [700211]]);
  expect(body.error_description).toContain(`presented assertion issuer '${presented}'`);
});

test("GitHub's issuer is trusted as before where the enterprise has none of its own", async () => {
  const { status } = await exchange(ofGitHub, await mintFromEnterprise(false), enterprise.cloud);

  expect(status).toBe(200);
});

test("an enterprise that is gone cannot be asked for its keys", async () => {
  const { store } = enterprise.cloud;
  const before = store.snapshot();
  const assertion = await mintFromEnterprise(true);
  gitHubData(store).enterprises.replaceAll([]);

  const { status, body } = await exchange(ofEnterprise, assertion, enterprise.cloud);
  store.restore(before);

  expect([status, body.error_codes]).toEqual([400, [90061]]);
});

test("MSAL signs in with a federated token through the proxy", async () => {
  const internet = await openInternet(cloud);
  const past = clock.now;
  clock.now = Date.now();
  const assertion = await github.sign(
    claims({ iat: Math.floor(clock.now / 1000), nbf: 0, exp: Math.floor(clock.now / 1000) + 300 }),
  );
  const msal = new ConfidentialClientApplication({
    auth: {
      clientId: reader ?? "",
      authority: `https://login.microsoftonline.com/${tenant.domain}`,
      clientAssertion: () => Promise.resolve(assertion),
    },
    system: { networkClient: msalNetwork(internet) },
  });

  const result = await msal.acquireTokenByClientCredential({
    scopes: ["499b84ac-1321-427f-aa17-267ca6975798/.default"],
  });
  clock.now = past;
  await internet.close();

  expect(decodeJwt(result?.accessToken ?? "")).toMatchObject({ appid: reader, tid: tenant.id });
});
