import { ConfidentialClientApplication } from "@azure/msal-node";
import { createRemoteJWKSet, customFetch, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, expect, test } from "vitest";
import { verifyAccessToken } from "../../sandbox/cloud/entra/access-token.ts";
import { directory, findServicePrincipal } from "../../sandbox/cloud/entra/directory.ts";
import { addApplication } from "../../sandbox/cloud/entra/directory-objects.ts";
import type { CloudContext } from "../../sandbox/cloud/service.ts";
import { openInternet } from "../../sandbox/internet.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { ask, type EntraBody, createMicrosoftCloud, otherTenant, requestToken, tenant } from "../support/directory.ts";
import { msalNetwork } from "../support/msal.ts";

const microsoft = createMicrosoftCloud();
const { cloud, clock } = microsoft;
const client = microsoft.addClient({
  displayName: "automation",
  appId: "aaaaaaaa-0000-4000-8000-000000000001",
  servicePrincipalId: "aaaaaaaa-0000-4000-8000-000000000002",
  graphRoles: ["Application.ReadWrite.OwnedBy"],
});
const context: CloudContext = { store: cloud.store, now: () => clock.now, fetch: (request) => cloud.fetch(request) };
const host = "https://login.microsoftonline.com";
const get = (path: string) => ask<EntraBody>(cloud, new Request(`${host}${path}`));
const form = {
  client_id: client.appId,
  client_secret: client.secret,
  grant_type: "client_credentials",
  scope: "https://graph.microsoft.com/.default",
};

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/entra.test.ts"));

test("instance discovery names the cloud's aliases and the tenant's configuration", async () => {
  const endpoint = encodeURIComponent(`${host}/${tenant.id}/oauth2/v2.0/authorize`);

  const { status, body } = await get(`/common/discovery/instance?api-version=1.1&authorization_endpoint=${endpoint}`);

  expect(status).toBe(200);
  expect(body.tenant_discovery_endpoint).toBe(`${host}/${tenant.id}/v2.0/.well-known/openid-configuration`);
  expect(body.metadata).toContainEqual({
    preferred_network: "login.microsoftonline.com",
    preferred_cache: "login.windows.net",
    aliases: ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
  });
});

test("instance discovery refuses a cloud that is not Microsoft's", async () => {
  const { status, body } = await get(
    "/common/discovery/instance?authorization_endpoint=https://evil.example/x/authorize",
  );

  expect([status, body.error, body.error_codes]).toEqual([400, "invalid_instance", [50049]]);
});

test.each([
  [tenant.id, `${host}/${tenant.id}/v2.0`, `${host}/${tenant.id}/oauth2/v2.0/token`],
  [tenant.domain, `${host}/${tenant.id}/v2.0`, `${host}/${tenant.id}/oauth2/v2.0/token`],
  ["common", `${host}/{tenantid}/v2.0`, `${host}/common/oauth2/v2.0/token`],
  ["organizations", `${host}/{tenantid}/v2.0`, `${host}/organizations/oauth2/v2.0/token`],
])("the OpenID configuration of %s names issuer and endpoints", async (name, issuer, endpoint) => {
  const { status, body } = await get(`/${name}/v2.0/.well-known/openid-configuration`);

  expect(status).toBe(200);
  expect([body.issuer, body.token_endpoint]).toEqual([issuer, endpoint]);
});

test.each([
  ["00000000-0000-4000-8000-000000000000", 90002],
  ["nobody.example", 90002],
  ["not a tenant", 900023],
])("the OpenID configuration of %s is refused with AADSTS%i", async (name, code) => {
  const { status, body } = await get(`/${encodeURIComponent(name)}/v2.0/.well-known/openid-configuration`);

  expect([status, body.error, body.error_codes]).toEqual([400, "invalid_tenant", [code]]);
});

test("an access token carries the claims of an application's version 1.0 token", async () => {
  const { status, headers, body } = await requestToken(cloud, form);

  expect([status, body.token_type, body.expires_in, body.ext_expires_in]).toEqual([200, "Bearer", 3599, 3599]);
  expect(headers.get("Cache-Control")).toBe("no-store, no-cache");
  const now = clock.now / 1000;
  const { uti, ...claims } = decodeJwt(body.access_token);
  expect(uti).toMatch(/^[0-9a-f]{22}$/);
  expect(claims).toEqual({
    aud: "https://graph.microsoft.com",
    iss: `https://sts.windows.net/${tenant.id}/`,
    iat: now - 300,
    nbf: now - 300,
    exp: now + 3600,
    app_displayname: "automation",
    appid: client.appId,
    appidacr: "1",
    idp: `https://sts.windows.net/${tenant.id}/`,
    idtyp: "app",
    oid: client.servicePrincipalId,
    roles: ["Application.ReadWrite.OwnedBy"],
    sub: client.servicePrincipalId,
    tid: tenant.id,
    ver: "1.0",
  });
});

test("an access token is signed by a key that the tenant publishes", async () => {
  const { body } = await requestToken(cloud, form);

  const keys = createRemoteJWKSet(new URL(`${host}/${tenant.id}/discovery/v2.0/keys`), {
    [customFetch]: (url, options) => cloud.fetch(new Request(url, options)),
  });
  const { protectedHeader } = await jwtVerify(body.access_token, keys, { currentDate: new Date(clock.now) });

  const { body: published } = await get(`/${tenant.id}/discovery/v2.0/keys`);
  const { kid } = protectedHeader;
  expect(protectedHeader).toEqual({ typ: "JWT", alg: "RS256", kid, x5t: kid });
  expect(published.keys.map(({ n, ...rest }) => rest)).toEqual([
    { kty: "RSA", use: "sig", kid, x5t: kid, e: "AQAB", issuer: `${host}/${tenant.id}/v2.0` },
  ]);
});

test("requests side by side for the first token of all get one key", async () => {
  const fresh = createMicrosoftCloud();
  const first = fresh.addClient();

  const tokens = await Promise.all([1, 2, 3].map(() => fresh.token(first)));

  expect(new Set(tokens.map((token) => decodeProtectedHeader(token).kid)).size).toBe(1);
  expect(fresh.cloud.store.snapshot()["entra.signingKeys"]).toHaveLength(1);
});

test.each([
  ["499b84ac-1321-427f-aa17-267ca6975798/.default", "499b84ac-1321-427f-aa17-267ca6975798"],
  ["https://management.azure.com/.default", "https://management.azure.com"],
  ["https://management.core.windows.net//.default", "https://management.core.windows.net/"],
  ["00000003-0000-0000-c000-000000000000/.default", "00000003-0000-0000-c000-000000000000"],
  ["https://graph.microsoft.com/.default openid profile offline_access", "https://graph.microsoft.com"],
])("the scope %s gives the audience %s", async (scope, audience) => {
  const { body } = await requestToken(cloud, { ...form, scope });

  expect(decodeJwt(body.access_token).aud).toBe(audience);
});

test("roles on Microsoft Graph are in no other resource's token", async () => {
  const { body } = await requestToken(cloud, { ...form, scope: "499b84ac-1321-427f-aa17-267ca6975798/.default" });

  expect(decodeJwt(body.access_token)).not.toHaveProperty("roles");
});

test("client id and secret may come as basic credentials, form-encoded", async () => {
  const odd = microsoft.addClient({ password: "p:a+b %1" });
  const basic = Buffer.from(`${odd.appId}:${encodeURIComponent("p:a+b %1")}`).toString("base64");
  const { client_id: _id, client_secret: _secret, ...rest } = form;

  const { status } = await requestToken(cloud, rest, tenant.id, { Authorization: `Basic ${basic}` });

  expect(status).toBe(200);
});

test("the tenant may be named by its domain, and the client in capitals", async () => {
  const { body } = await requestToken(
    cloud,
    { ...form, client_id: client.appId.toUpperCase() },
    tenant.domain.toUpperCase(),
  );

  expect(decodeJwt(body.access_token).tid).toBe(tenant.id);
});

const without = (name: string) => Object.fromEntries(Object.entries(form).filter(([key]) => key !== name));

test.each<[string, Record<string, string>, string, number, string, number]>([
  ["an unknown tenant", form, "00000000-0000-4000-8000-000000000000", 400, "invalid_request", 90002],
  ["what is no tenant", form, "contoso", 400, "invalid_request", 900023],
  ["any tenant", form, "common", 400, "invalid_request", 50059],
  ["no grant", without("grant_type"), tenant.id, 400, "invalid_request", 900144],
  ["another grant", { ...form, grant_type: "password" }, tenant.id, 400, "unsupported_grant_type", 70003],
  ["no client", without("client_id"), tenant.id, 400, "invalid_request", 900144],
  ["no scope", without("scope"), tenant.id, 400, "invalid_request", 900144],
  ["a user's scope", { ...form, scope: "User.Read" }, tenant.id, 400, "invalid_scope", 1002012],
  ["two scopes", { ...form, scope: "a/.default b/.default" }, tenant.id, 400, "invalid_scope", 70011],
  ["only an OpenID scope", { ...form, scope: "openid" }, tenant.id, 400, "invalid_scope", 70011],
  ["an unknown resource", { ...form, scope: "https://x.example/.default" }, tenant.id, 400, "invalid_resource", 500011],
  ["an unknown client", { ...form, client_id: crypto.randomUUID() }, tenant.id, 400, "unauthorized_client", 700016],
  ["a client of another tenant", form, otherTenant.id, 400, "unauthorized_client", 700016],
  ["a wrong secret", { ...form, client_secret: "wrong" }, tenant.id, 401, "invalid_client", 7000215],
  ["no secret", without("client_secret"), tenant.id, 401, "invalid_client", 7000216],
])("sign-in with %s is refused", async (_what, fields, tenantName, status, error, code) => {
  const answer = await requestToken(cloud, fields, tenantName);

  expect([answer.status, answer.body.error, answer.body.error_codes]).toEqual([status, error, [code]]);
});

test("a refusal has the members that clients read, and the caller's correlation id", async () => {
  const correlation = "0f0f0f0f-0000-4000-8000-000000000000";

  const { body } = await requestToken(cloud, { ...form, client_secret: "wrong" }, tenant.id, {
    "client-request-id": correlation,
  });

  expect(body).toEqual({
    error: "invalid_client",
    error_description: `AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${client.appId}'. Trace ID: ${body.trace_id} Correlation ID: ${correlation} Timestamp: 2026-05-04 10:00:00Z`,
    error_codes: [7000215],
    timestamp: "2026-05-04 10:00:00Z",
    trace_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    correlation_id: correlation,
    error_uri: "https://login.microsoftonline.com/error?code=7000215",
  });
});

test("a secret works until its end, and is then refused as expired", async () => {
  const before = clock.now;
  const twoYears = Date.parse("2028-05-04T10:00:00Z");

  clock.now = twoYears - 1000;
  const lastSecond = await requestToken(cloud, form);
  clock.now = twoYears;
  const after = await requestToken(cloud, form);
  clock.now = before;

  expect(lastSecond.status).toBe(200);
  expect([after.status, after.body.error_codes]).toEqual([401, [7000222]]);
});

test("a disabled service principal cannot sign in", async () => {
  const disabled = microsoft.addClient({ displayName: "asleep" });
  directory(cloud.store).servicePrincipals.update(disabled.servicePrincipalId, { accountEnabled: false });

  const { status, body } = await requestToken(cloud, {
    ...form,
    client_id: disabled.appId,
    client_secret: disabled.secret,
  });

  expect([status, body.error, body.error_codes]).toEqual([400, "unauthorized_client", [7000112]]);
  expect(body.error_description).toContain(`Application '${disabled.appId}'(asleep) is disabled.`);
});

test("an application without a service principal cannot sign in", async () => {
  const bare = addApplication(cloud.store, { tenantId: tenant.id, displayName: "bare", now: clock.now });

  const { status, body } = await requestToken(cloud, { ...form, client_id: bare.appId });

  expect([status, body.error, body.error_codes]).toEqual([401, "invalid_client", [7000229]]);
});

test("the state holds no secret in clear", () => {
  expect(JSON.stringify(cloud.store.snapshot())).not.toContain(client.secret);
});

test("a service principal is found by its object id, and only by that", () => {
  expect(findServicePrincipal(cloud.store, client.servicePrincipalId.toUpperCase())).toEqual({
    objectId: client.servicePrincipalId,
    appId: client.appId,
    displayName: "automation",
    tenantId: tenant.id,
  });
  expect(findServicePrincipal(cloud.store, client.id)).toBeUndefined();
});

test("a resource accepts a token for its own audience and refuses another's", async () => {
  const token = await microsoft.token(client);

  const accepted = await verifyAccessToken(context, token, { audience: "https://graph.microsoft.com/" });
  const refused = await verifyAccessToken(context, token, { audience: ["https://management.azure.com", "x"] });

  expect(accepted).toMatchObject({ valid: true, claims: { oid: client.servicePrincipalId, tid: tenant.id } });
  expect(refused).toEqual({ valid: false, problem: "audience" });
});

test("a resource refuses a token after its end, before its start, and what is no token", async () => {
  const token = await microsoft.token(client);
  const at = (now: number): CloudContext => ({ ...context, now: () => now });
  const audience = "https://graph.microsoft.com";

  const problems = await Promise.all([
    verifyAccessToken(at(clock.now + 3600_000), token, { audience }),
    verifyAccessToken(at(clock.now - 301_000), token, { audience }),
    verifyAccessToken(context, "not.a.token", { audience }),
    verifyAccessToken(context, `${token.slice(0, -6)}AAAAAA`, { audience }),
  ]);

  expect(problems.map((each) => (each.valid ? "valid" : each.problem))).toEqual([
    "expired",
    "notYetValid",
    "malformed",
    "signature",
  ]);
});

test("a token that another directory signed is refused, whatever it claims", async () => {
  const impostor = createMicrosoftCloud();
  const forged = await impostor.token(impostor.addClient({ servicePrincipalId: client.servicePrincipalId }));

  const verified = await verifyAccessToken(context, forged, { audience: "https://graph.microsoft.com" });

  expect(verified).toEqual({ valid: false, problem: "signature" });
});

test("tokens of a saved state are accepted where the state is restored, and keys are asked again", async () => {
  const later = createMicrosoftCloud();
  const laterContext: CloudContext = {
    store: later.cloud.store,
    now: () => clock.now,
    fetch: (request) => later.cloud.fetch(request),
  };
  const own = await later.token(later.addClient());
  const audience = "https://graph.microsoft.com";
  const before = await verifyAccessToken(laterContext, own, { audience });
  const token = await microsoft.token(client);

  later.cloud.store.restore(JSON.parse(JSON.stringify(cloud.store.snapshot())));
  const after = await verifyAccessToken(laterContext, token, { audience });

  expect([before.valid, after.valid]).toEqual([true, true]);
});

test("a resource asks for a tenant's keys once", async () => {
  const fresh = createMicrosoftCloud();
  const token = await fresh.token(fresh.addClient());
  const freshContext: CloudContext = {
    store: fresh.cloud.store,
    now: () => fresh.clock.now,
    fetch: (request) => fresh.cloud.fetch(request),
  };

  await verifyAccessToken(freshContext, token, { audience: "https://graph.microsoft.com" });
  await verifyAccessToken(freshContext, token, { audience: "https://graph.microsoft.com" });

  expect(fresh.cloud.requests.all().filter(({ path }) => path.endsWith("/keys"))).toHaveLength(1);
});

test("a throttled sign-in says when to come back, and the next one works", async () => {
  cloud.faults.add({ service: "entra", times: 1, effect: { kind: "status", status: 429, retryAfterSeconds: 7 } });

  const throttled = await requestToken(cloud, form);
  const again = await requestToken(cloud, form);

  expect([throttled.status, throttled.headers.get("Retry-After")]).toEqual([429, "7"]);
  expect(again.status).toBe(200);
});

test("MSAL signs in with a secret through the proxy, at the production URL", async () => {
  const internet = await openInternet(cloud);
  const real = clock.now;
  clock.now = Date.now();
  const msal = new ConfidentialClientApplication({
    auth: { clientId: client.appId, authority: `${host}/${tenant.id}`, clientSecret: client.secret },
    system: { networkClient: msalNetwork(internet) },
  });

  const result = await msal.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });
  clock.now = real;
  await internet.close();

  expect(decodeJwt(result?.accessToken ?? "").oid).toBe(client.servicePrincipalId);
});

test("MSAL reports the AADSTS number of a wrong secret", async () => {
  const internet = await openInternet(cloud);
  const msal = new ConfidentialClientApplication({
    auth: { clientId: client.appId, authority: `${host}/${tenant.id}`, clientSecret: "wrong" },
    system: { networkClient: msalNetwork(internet) },
  });

  const refusal = msal.acquireTokenByClientCredential({ scopes: ["https://graph.microsoft.com/.default"] });

  await expect(refusal).rejects.toMatchObject({ errorCode: "invalid_client", errorNo: 7000215 });
  await internet.close();
});
