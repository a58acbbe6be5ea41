import { afterAll, expect, test } from "vitest";
import { expectRoutesExercised } from "../support/coverage.ts";
import { ask, createMicrosoftCloud, type GraphBody, graphClient, requestToken, tenant } from "../support/directory.ts";

const microsoft = createMicrosoftCloud();
const { cloud } = microsoft;
const administrator = microsoft.addClient({ displayName: "administrator", graphRoles: ["Application.ReadWrite.All"] });
const graph = graphClient(cloud, await microsoft.token(administrator));

async function create(body: Readonly<Record<string, unknown>> = {}): Promise<GraphBody> {
  const { status, body: created } = await graph("POST", "/v1.0/applications", { displayName: "widgets", ...body });
  expect(status).toBe(201);
  return created;
}

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/graph.test.ts"));

test("a new application has ids, defaults and no secrets", async () => {
  const created = await create();

  expect(created).toMatchObject({
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#applications/$entity",
    displayName: "widgets",
    createdDateTime: "2026-05-04T10:00:00Z",
    deletedDateTime: null,
    publisherDomain: "contoso.onmicrosoft.com",
    signInAudience: "AzureADMyOrg",
    identifierUris: [],
    passwordCredentials: [],
    web: { homePageUrl: null, logoutUrl: null, redirectUris: [] },
  });
  expect([created.id, created.appId].map((id) => id.length)).toEqual([36, 36]);
  expect(created.id).not.toBe(created.appId);
});

test("what a POST says is what a GET shows, on both versions", async () => {
  const { id } = await create({
    "@odata.type": "#microsoft.graph.application",
    description: null,
    notes: "for the release",
    tags: ["a"],
    web: { homePageUrl: "https://contoso.example", implicitGrantSettings: { enableIdTokenIssuance: true } },
  });

  const [stable, beta] = await Promise.all([
    graph("GET", `/v1.0/applications/${id}`),
    graph("GET", `/beta/applications/${id}`),
  ]);

  const expected = {
    id,
    description: null,
    notes: "for the release",
    tags: ["a"],
    web: {
      homePageUrl: "https://contoso.example",
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
      logoutUrl: null,
      redirectUris: [],
      redirectUriSettings: [],
    },
  };
  expect(stable.body).toMatchObject(expected);
  expect(beta.body).toMatchObject(expected);
  expect(stable.body).not.toHaveProperty("oauth2RequirePostResponse");
});

test("a PATCH changes what it names, leaves the rest, and null clears", async () => {
  const { id } = await create({
    notes: "old",
    description: "kept",
    tags: ["a"],
    web: { logoutUrl: "https://x.example" },
  });

  const patched = await graph("PATCH", `/v1.0/applications/${id}`, {
    notes: null,
    tags: null,
    web: { homePageUrl: "https://y.example" },
  });

  expect([patched.status, patched.body]).toEqual([204, {}]);
  const { body } = await graph("GET", `/v1.0/applications/${id}`);
  expect([body.notes, body.description, body.tags]).toEqual([null, "kept", []]);
  expect(body.web).toMatchObject({ homePageUrl: "https://y.example", logoutUrl: "https://x.example" });
});

test("a beta property is written and read on beta only", async () => {
  const { id } = await create();

  const stable = await graph("PATCH", `/v1.0/applications/${id}`, { oauth2RequirePostResponse: true });
  const beta = await graph("PATCH", `/beta/applications/${id}`, { oauth2RequirePostResponse: true });

  expect([stable.status, stable.body.error.message]).toEqual([400, "Invalid property 'oauth2RequirePostResponse'."]);
  expect(beta.status).toBe(204);
  const { body } = await graph("GET", `/beta/applications/${id}?$select=oauth2RequirePostResponse`);
  expect(body).toEqual({
    "@odata.context": "https://graph.microsoft.com/beta/$metadata#applications/$entity",
    oauth2RequirePostResponse: true,
  });
});

test.each<[string, Record<string, unknown>, string]>([
  ["no name", { displayName: undefined }, "A value is required for property 'displayName' of resource 'Application'."],
  ["an empty name", { displayName: "" }, "A value is required for property 'displayName' of resource 'Application'."],
  [
    "a name of 257 characters",
    { displayName: "x".repeat(257) },
    "Invalid value specified for property 'displayName' of resource 'Application'.",
  ],
  ["a property that is none", { colour: "red" }, "Invalid property 'colour'."],
  ["a read-only property", { appId: "x" }, "Property 'appId' is read-only and cannot be set."],
  ["a string for a list", { tags: "a" }, "Invalid value specified for property 'tags' of resource 'Application'."],
  ["a list for an object", { web: [] }, "Invalid value specified for property 'web' of resource 'Application'."],
])("an application with %s is refused", async (_what, body, message) => {
  const { status, body: answer } = await graph("POST", "/v1.0/applications", { displayName: "widgets", ...body });

  expect([status, answer.error.code, answer.error.message]).toEqual([400, "Request_BadRequest", message]);
});

test("a name of 256 characters is accepted", async () => {
  await create({ displayName: "x".repeat(256) });
});

test("a body that is no JSON is refused", async () => {
  const request = new Request("https://graph.microsoft.com/v1.0/applications", {
    method: "POST",
    headers: { Authorization: `Bearer ${await microsoft.token(administrator)}` },
    body: "{",
  });

  const { status, body } = await ask<GraphBody>(cloud, request);

  expect([status, body.error.code]).toEqual([400, "BadRequest"]);
});

test("an application is addressed by its object id or by its client id", async () => {
  const { id, appId } = await create();

  const found = await Promise.all(
    [`/${id}`, `/${id.toUpperCase()}`, `('${id}')`, `(appId='${appId}')`, `(appId=%27${appId}%27)`].map((key) =>
      graph("GET", `/v1.0/applications${key}`),
    ),
  );

  expect(found.map(({ body }) => body.id)).toEqual([id, id, id, id, id]);
});

test("an application that does not exist is not found, in the words of Microsoft Graph", async () => {
  const id = "00000000-0000-4000-8000-000000000000";

  const { status, headers, body } = await graph("GET", `/v1.0/applications/${id}`, undefined, {
    "client-request-id": "abc",
  });

  expect(status).toBe(404);
  expect(body).toEqual({
    error: {
      code: "Request_ResourceNotFound",
      message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      innerError: {
        date: "2026-05-04T10:00:00",
        "request-id": headers.get("request-id"),
        "client-request-id": "abc",
      },
    },
  });
});

test("lists are filtered by name and client id, with quotes doubled and case folded", async () => {
  const { id, appId } = await create({ displayName: "it's odd" });

  const answers = await Promise.all(
    [
      "displayName eq 'IT''S ODD'",
      `appId eq '${appId}'`,
      `id eq '${id}' and displayName eq 'it''s odd'`,
      "startswith(displayName, 'it''s')",
    ].map((filter) =>
      graph("GET", `/v1.0/applications?%24filter=${encodeURIComponent(filter).replaceAll("%20", "+")}`),
    ),
  );

  expect(answers.map(({ body }) => body.value.map((each) => each.id))).toEqual([[id], [id], [id], [id]]);
});

test.each([
  ["$filter=displayName", 400, "BadRequest"],
  // Graph reads these; that the sandbox does not is no mistake of the client's.
  ["$filter=displayName eq 'x' or displayName eq 'y'", 501, "NotEmulated"],
  ["$filter=identifierUris/any(uri:uri eq 'api://x')", 501, "NotEmulated"],
  ["$filter=displayName ne 'x'", 501, "NotEmulated"],
  ["$filter=displayName in ('x', 'y')", 501, "NotEmulated"],
  ["$filter=displayName eq 'x or y' nonsense", 400, "BadRequest"],
  ["$filter=displayName eq 'x' and ", 400, "BadRequest"],
  ["$filter=colour eq 'red'", 400, "BadRequest"],
  ["$select=colour", 400, "BadRequest"],
  ["$top=0", 400, "Request_BadRequest"],
  ["$top=1000", 400, "Request_BadRequest"],
  ["$skiptoken=x", 400, "Request_BadRequest"],
  ["$expand=owners", 501, "NotEmulated"],
])("the query %s is refused", async (query, status, code) => {
  const answer = await graph("GET", `/v1.0/applications?${query}`);

  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

test("next links lead through every page once", async () => {
  const created = await Promise.all(["1", "2", "3", "4", "5"].map((n) => create({ displayName: `paged ${n}` })));
  const sizes: number[] = [];
  const seen: string[] = [];

  let next: string | undefined = "/v1.0/applications?$filter=startswith(displayName,'paged')&$select=id&$top=2";
  while (next) {
    const { body } = await graph("GET", next);
    sizes.push(body.value.length);
    seen.push(...body.value.map(({ id }) => id));
    next = body["@odata.nextLink"]?.replace("https://graph.microsoft.com", "");
  }

  expect(sizes).toEqual([2, 2, 1]);
  expect(seen.sort()).toEqual(created.map(({ id }) => id).sort());
});

test("a deleted application waits in the recycle bin, with its service principal, until it is deleted there", async () => {
  const { id, appId } = await create({ displayName: "short-lived" });
  const { body: principal } = await graph("POST", "/v1.0/servicePrincipals", { appId });
  const credential = {
    name: "main",
    issuer: "https://x.example",
    subject: "y",
    audiences: ["api://AzureADTokenExchange"],
  };
  await graph("POST", `/v1.0/applications/${id}/federatedIdentityCredentials`, credential);

  const deleted = await graph("DELETE", `/v1.0/applications/${id}`);

  expect([deleted.status, deleted.body]).toEqual([204, {}]);
  const gone = [`applications/${id}`, `servicePrincipals/${principal.id}`].map((path) => graph("GET", `/v1.0/${path}`));
  expect((await Promise.all(gone)).map(({ status }) => status)).toEqual([404, 404]);
  const bin = await graph(
    "GET",
    `/v1.0/directory/deletedItems/microsoft.graph.application?$filter=appId eq '${appId}'`,
  );
  expect(bin.body.value.map((each) => [each.id, each.deletedDateTime])).toEqual([[id, "2026-05-04T10:00:00Z"]]);
  const principals = await graph("GET", "/v1.0/directory/deletedItems/microsoft.graph.servicePrincipal?$select=id");
  expect(principals.body.value).toEqual([{ id: principal.id }]);
  const item = await graph("GET", `/v1.0/directory/deletedItems/${id}`);
  expect([item.status, item.body["@odata.type"]]).toEqual([200, "#microsoft.graph.application"]);

  const purged = await Promise.all(
    [id, principal.id].map((each) => graph("DELETE", `/v1.0/directory/deletedItems/${each}`)),
  );

  expect(purged.map(({ status }) => status)).toEqual([204, 204]);
  expect((await graph("GET", `/v1.0/directory/deletedItems/${id}`)).status).toBe(404);
  const left = JSON.stringify(cloud.store.snapshot());
  expect([id, appId, principal.id].filter((each) => left.includes(each))).toEqual([]);
});

test("a deleted application signs in no more", async () => {
  const client = microsoft.addClient();
  await graph("DELETE", `/v1.0/applications/${client.id}`);

  await expect(microsoft.token(client)).rejects.toThrow("AADSTS700016");
});

test("a new application is hidden from its first reads when the directory lags", async () => {
  cloud.faults.add({ service: "graph", method: "POST", times: 1, effect: { kind: "lag", reads: 2 } });
  const { id } = await create();

  const statuses: number[] = [];
  for (let read = 0; read < 3; read++) statuses.push((await graph("GET", `/v1.0/applications/${id}`)).status);

  expect(statuses).toEqual([404, 404, 200]);
});

test("a throttled request says when to come back, in a body of Microsoft Graph's", async () => {
  cloud.faults.add({ service: "graph", times: 1, effect: { kind: "status", status: 429, retryAfterSeconds: 1 } });

  const { status, headers, body } = await graph("GET", "/v1.0/applications");

  expect([status, headers.get("Retry-After")]).toEqual([429, "1"]);
  expect(Object.keys(body.error)).toEqual(["code", "message", "innerError"]);
});

test("a state that is saved and restored shows the same and takes the same tokens", async () => {
  const { id } = await create({ notes: "before" });
  const saved = JSON.parse(JSON.stringify(cloud.store.snapshot()));
  await graph("PATCH", `/v1.0/applications/${id}`, { notes: "after" });

  cloud.store.restore(saved);

  expect((await graph("GET", `/v1.0/applications/${id}`)).body.notes).toBe("before");
});

test("sign-in and directory are one: what Microsoft Graph creates can sign in at once", async () => {
  const { id, appId } = await create();
  await graph("POST", "/v1.0/servicePrincipals", { appId });
  const { body } = await graph("POST", `/v1.0/applications/${id}/addPassword`, {});

  const { status } = await requestToken(
    cloud,
    {
      client_id: appId,
      client_secret: body.secretText,
      grant_type: "client_credentials",
      scope: "https://graph.microsoft.com/.default",
    },
    tenant.domain,
  );

  expect(status).toBe(200);
});
