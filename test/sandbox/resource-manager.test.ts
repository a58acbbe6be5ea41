import { afterAll, expect, test } from "vitest";
import { resourceManager } from "../../sandbox/cloud/resource-manager/service.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { type Answer, ask, createMicrosoftCloud, tenant } from "../support/directory.ts";

const microsoft = createMicrosoftCloud(resourceManager);
const { cloud, clock } = microsoft;
const client = microsoft.addClient();
const scope = "https://management.core.windows.net//.default";

function get(path: string, token?: string): Promise<Answer<Record<string, unknown>>> {
  const headers = new Headers(token === undefined ? {} : { Authorization: `Bearer ${token}` });
  return ask(cloud, new Request(`https://management.azure.com${path}`, { headers }));
}

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/resource-manager.test.ts"));

test.each([scope, "https://management.azure.com/.default"])("a token for %s sees no subscription", async (asked) => {
  const token = await microsoft.token(client, asked);

  const { status, body } = await get("/subscriptions?api-version=2022-12-01", token);

  expect([status, body]).toEqual([200, { value: [], count: { type: "Total", value: 0 } }]);
});

test("a token sees its own tenant", async () => {
  const { status, body } = await get("/tenants?api-version=2022-12-01", await microsoft.token(client, scope));

  expect(status).toBe(200);
  expect(body.value).toEqual([
    {
      id: `/tenants/${tenant.id}`,
      tenantId: tenant.id,
      tenantCategory: "Home",
      domains: [tenant.domain],
      defaultDomain: tenant.domain,
    },
  ]);
});

test("a request without a version is refused", async () => {
  const { status, body } = await get("/subscriptions", await microsoft.token(client, scope));

  expect([status, body]).toMatchObject([400, { error: { code: "MissingApiVersionParameter" } }]);
});

test.each<[string, () => Promise<string | undefined>, string]>([
  ["no token", async () => undefined, "AuthenticationFailed"],
  ["what is no token", async () => "x", "InvalidAuthenticationToken"],
  ["a token for Microsoft Graph", () => microsoft.token(client), "InvalidAuthenticationTokenAudience"],
])("%s is refused", async (_what, token, code) => {
  const { status, headers, body } = await get("/subscriptions?api-version=2022-12-01", await token());

  expect([status, body]).toMatchObject([401, { error: { code } }]);
  expect(headers.get("WWW-Authenticate")).toBe('Bearer error="invalid_token"');
});

test("a token is refused after its end", async () => {
  const token = await microsoft.token(client, scope);

  clock.now += 3600_000;
  const { status, body } = await get("/subscriptions?api-version=2022-12-01", token);
  clock.now -= 3600_000;

  expect([status, body]).toMatchObject([401, { error: { code: "ExpiredAuthenticationToken" } }]);
});
