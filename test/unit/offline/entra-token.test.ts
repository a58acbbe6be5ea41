import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { CloudService } from "../../../sandbox/cloud/service.ts";
import { createEntraToken, readEntraCredentials } from "../../../sandbox/offline/entra-token.ts";
import type { Properties, ProviderHost } from "../../../sandbox/offline/providers/definition.ts";
import { hostOf } from "../../support/azuread-provider.ts";
import { type Client, createMicrosoftCloud, type MicrosoftCloud, tenant } from "../../support/directory.ts";
import { createTokenIssuer, type TokenIssuer } from "../../support/token-issuer.ts";

const scope = "https://graph.microsoft.com/.default";
const subject = "repo:contoso/widgets:ref:refs/heads/main";
const audience = "api://AzureADTokenExchange";
const jobUrl = "https://pipelines.example/token?api-version=2.0";

let folder: string;
let github: TokenIssuer;
let microsoft: MicrosoftCloud;
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entra-token-"));
  github = await createTokenIssuer("token.actions.githubusercontent.com");
});

afterAll(() => rm(folder, { recursive: true }));

beforeEach(() => {
  microsoft = createMicrosoftCloud(github.service, jobTokens);
  const trust = { name: "main", issuer: github.issuer, subject };
  client = microsoft.addClient({ federatedCredentials: [trust] });
  microsoft.cloud.requests.clear();
});

/** What a workflow asks for its token, as GitHub's runner gives it. */
function jobTokens(): CloudService {
  const app = new Hono();
  app.get("/token", async (context) => {
    if (context.req.header("Authorization") !== "Bearer job") return context.json({ message: "no" }, 401);
    return context.json({ count: 1, value: await assertion(context.req.query("audience")) });
  });
  const errorResponse = (status: number) => new Response(null, { status });
  return { name: "pipelines", hosts: { "pipelines.example": app }, coverage: [], errorResponse };
}

function assertion(aud = audience): Promise<string> {
  const now = Math.floor(microsoft.clock.now / 1000);
  return github.sign({
    iss: github.issuer,
    sub: subject,
    aud,
    iat: now,
    nbf: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
  });
}

async function signIn(config: Properties, environment: ProviderHost["environment"]): Promise<string> {
  const host = hostOf(microsoft.cloud, environment);
  return createEntraToken(host, await readEntraCredentials(config, host), scope)();
}

const ids = () => ({ ARM_TENANT_ID: tenant.id, ARM_CLIENT_ID: client.appId });

test("signs in with the secret of the environment", async () => {
  const token = await signIn({}, { ...ids(), ARM_CLIENT_SECRET: client.secret });

  expect(decodeJwt(token).oid).toBe(client.servicePrincipalId);
});

test("prefers the provider's arguments to the environment", async () => {
  const config = { tenantId: tenant.id, clientId: client.appId, clientSecret: client.secret };

  const token = await signIn(config, { ARM_TENANT_ID: "other", ARM_CLIENT_ID: "other", ARM_CLIENT_SECRET: "other" });

  expect(decodeJwt(token).oid).toBe(client.servicePrincipalId);
});

test("reads client id and secret from files", async () => {
  const [id, secret] = [join(folder, "id"), join(folder, "secret")];
  await writeFile(id, `${client.appId}\n`);
  await writeFile(secret, `${client.secret}\n`);

  const token = await signIn(
    {},
    { ARM_TENANT_ID: tenant.id, ARM_CLIENT_ID_FILE_PATH: id, ARM_CLIENT_SECRET_FILE_PATH: secret },
  );

  expect(decodeJwt(token).oid).toBe(client.servicePrincipalId);
});

test.each(["secret", "oidc"] as const)(
  "with a secret and a token, takes the one that the provider prefers: %s",
  async (preferred) => {
    const environment = { ...ids(), ARM_CLIENT_SECRET: client.secret, ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: "token" };

    const { proof } = await readEntraCredentials({}, hostOf(microsoft.cloud, environment), preferred);

    expect(Object.keys(proof)).toEqual([preferred === "secret" ? "secret" : "assertion"]);
  },
);

test("signs in with a token that the environment holds", async () => {
  const token = await signIn({}, { ...ids(), ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: await assertion() });

  expect(decodeJwt(token).oid).toBe(client.servicePrincipalId);
});

test("signs in with a token in a file", async () => {
  const path = join(folder, "token");
  await writeFile(path, await assertion());

  const token = await signIn({ useOidc: true, oidcTokenFilePath: path }, ids());

  expect(decodeJwt(token).oid).toBe(client.servicePrincipalId);
});

test("signs in with the token of a workflow's job, made for the exchange", async () => {
  const token = await signIn(
    {},
    { ...ids(), ARM_USE_OIDC: "1", ACTIONS_ID_TOKEN_REQUEST_URL: jobUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "job" },
  );

  expect(decodeJwt(token).oid).toBe(client.servicePrincipalId);
});

test("says so where the job may not have a token", async () => {
  const environment = { ...ids(), ARM_USE_OIDC: "true", ARM_OIDC_REQUEST_URL: jobUrl, ARM_OIDC_REQUEST_TOKEN: "wrong" };

  await expect(signIn({}, environment)).rejects.toThrow("GitHub gave no OIDC token: status 401");
});

test("says what Entra says where the sign-in is refused", async () => {
  await expect(signIn({}, { ...ids(), ARM_CLIENT_SECRET: "wrong" })).rejects.toThrow(
    /^Entra refused the sign-in: AADSTS7000215: Invalid client secret provided/,
  );
});

test.each([
  ["tenant", { ARM_CLIENT_ID: "x" }, "no Entra tenant: set ARM_TENANT_ID, or tenantId of the provider"],
  ["client", { ARM_TENANT_ID: "x" }, "no Entra client: set ARM_CLIENT_ID, or clientId of the provider"],
  ["proof", { ARM_TENANT_ID: "x", ARM_CLIENT_ID: "y" }, /^no way to sign in to Entra: set ARM_CLIENT_SECRET, or/],
  [
    "proof where OIDC is not asked for",
    { ARM_TENANT_ID: "x", ARM_CLIENT_ID: "y", ARM_OIDC_TOKEN: "z" },
    /^no way to sign in to Entra/,
  ],
])("names what is missing: %s", async (_what, environment, message) => {
  await expect(signIn({}, environment)).rejects.toThrow(message);
});

test("asks for one token, however many requests need it at once", async () => {
  const host = hostOf(microsoft.cloud, { ...ids(), ARM_CLIENT_SECRET: client.secret });
  const token = createEntraToken(host, await readEntraCredentials({}, host), scope);

  const tokens = await Promise.all([token(), token(), token()]);
  tokens.push(await token());

  expect(new Set(tokens).size).toBe(1);
  expect(microsoft.cloud.requests.perService()).toEqual({ entra: 1 });
});

test("asks again after a refusal", async () => {
  const host = hostOf(microsoft.cloud, { ...ids(), ARM_CLIENT_SECRET: client.secret });
  const token = createEntraToken(host, await readEntraCredentials({}, host), scope);
  microsoft.cloud.faults.add({ effect: { kind: "status", status: 503 }, service: "entra", times: 1 });

  await expect(token()).rejects.toThrow("Entra refused the sign-in");

  expect(decodeJwt(await token()).oid).toBe(client.servicePrincipalId);
});

test("signs in as MSAL does where that is wanted: discovers the authority once, asks for OpenID's scopes too", async () => {
  const host = hostOf(microsoft.cloud, { ...ids(), ARM_CLIENT_SECRET: client.secret });
  const scopes: (string | null)[] = [];
  const fetch: ProviderHost["fetch"] = (input, init) => {
    if (init?.method === "POST") scopes.push(new URLSearchParams(String(init.body)).get("scope"));
    return host.fetch(input, init);
  };
  const token = createEntraToken({ ...host, fetch }, await readEntraCredentials({}, host), scope, { msal: true });

  await token();
  await token();

  expect(microsoft.cloud.requests.all().map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /common/discovery/instance",
    `GET /${tenant.id}/v2.0/.well-known/openid-configuration`,
    `POST /${tenant.id}/oauth2/v2.0/token`,
  ]);
  expect(scopes).toEqual([`${scope} openid offline_access profile`]);
});
