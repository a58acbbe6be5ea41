import { afterAll, expect, test } from "vitest";
import { addApplication } from "../../sandbox/cloud/entra/directory-objects.ts";
import { seedDirectory } from "../../sandbox/cloud/entra/seed.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { createMicrosoftCloud, type GraphBody, graphClient, otherTenant, tenant } from "../support/directory.ts";

const microsoft = createMicrosoftCloud();
const { cloud, clock } = microsoft;
const administrator = microsoft.addClient({ displayName: "administrator", graphRoles: ["Application.ReadWrite.All"] });
const graph = graphClient(cloud, await microsoft.token(administrator));
const reference = (id: string) => ({ "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${id}` });

async function createPrincipal(): Promise<{ readonly application: GraphBody; readonly principal: GraphBody }> {
  const application = await graph("POST", "/v1.0/applications", { displayName: "widgets" });
  const principal = await graph("POST", "/v1.0/servicePrincipals", { appId: application.body.appId });
  expect(principal.status).toBe(201);
  return { application: application.body, principal: principal.body };
}

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/graph-service-principals.test.ts"));

test("a service principal shows its own properties and those of its application", async () => {
  const { body: application } = await graph("POST", "/v1.0/applications", {
    displayName: "widgets",
    web: { homePageUrl: "https://x.example", redirectUris: ["https://x.example/back"] },
  });

  const { status, body } = await graph("POST", "/v1.0/servicePrincipals", {
    accountEnabled: true,
    alternativeNames: [],
    appId: application.appId,
    appRoleAssignmentRequired: true,
    description: "for the pipeline",
    loginUrl: null,
    tags: ["HideApp"],
  });

  expect(status).toBe(201);
  expect(body).toMatchObject({
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#servicePrincipals/$entity",
    accountEnabled: true,
    appDisplayName: "widgets",
    appId: application.appId,
    appOwnerOrganizationId: tenant.id,
    appRoleAssignmentRequired: true,
    description: "for the pipeline",
    displayName: "widgets",
    homepage: "https://x.example",
    replyUrls: ["https://x.example/back"],
    servicePrincipalNames: [application.appId],
    servicePrincipalType: "Application",
    signInAudience: "AzureADMyOrg",
    tags: ["HideApp"],
  });
  expect(body.id).not.toBe(application.id);
});

test("a service principal is read by object id and by client id, and beta has its SAML address", async () => {
  const { application, principal } = await createPrincipal();

  const answers = await Promise.all([
    graph("GET", `/v1.0/servicePrincipals/${principal.id}`),
    graph("GET", `/v1.0/servicePrincipals(appId='${application.appId}')`),
    graph("GET", `/v1.0/servicePrincipals?$filter=appId eq '${application.appId}'&$select=id`),
    graph("GET", `/beta/servicePrincipals/${principal.id}?$select=samlMetadataUrl`),
  ]);

  expect(answers[0]?.body).toEqual(principal);
  expect(answers[1]?.body).toEqual(principal);
  expect(answers[2]?.body.value).toEqual([{ id: principal.id }]);
  expect(answers[3]?.body).toMatchObject({ samlMetadataUrl: null });
});

test("a PATCH changes what it names, and the application's name is the service principal's", async () => {
  const { application, principal } = await createPrincipal();

  const patched = await graph("PATCH", `/v1.0/servicePrincipals/${principal.id}`, {
    accountEnabled: false,
    description: "off",
    tags: ["x"],
  });
  const cleared = await graph("PATCH", `/v1.0/servicePrincipals/${principal.id}`, { description: null });
  await graph("PATCH", `/v1.0/applications/${application.id}`, { displayName: "renamed" });

  expect([patched.status, cleared.status]).toEqual([204, 204]);
  expect((await graph("GET", `/v1.0/servicePrincipals/${principal.id}`)).body).toEqual({
    ...principal,
    accountEnabled: false,
    appDisplayName: "renamed",
    description: null,
    displayName: "renamed",
    tags: ["x"],
  });
});

test("a read-only property of a service principal is refused", async () => {
  const { principal } = await createPrincipal();

  const { status, body } = await graph("PATCH", `/v1.0/servicePrincipals/${principal.id}`, { appId: "x" });

  expect([status, body.error.message]).toEqual([400, "Property 'appId' is read-only and cannot be set."]);
});

test("an application has one service principal in a tenant", async () => {
  const { application } = await createPrincipal();

  const { status, body } = await graph("POST", "/v1.0/servicePrincipals", { appId: application.appId });

  expect([status, body.error.code, body.error.message]).toEqual([
    409,
    "Request_MultipleObjectsWithSameKeyValue",
    `The service principal cannot be created, updated, or restored because the service principal name ${application.appId} is already in use.`,
  ]);
});

test.each([
  ["00000003-0000-0000-c000-000000000000", "Microsoft Graph"],
  ["499b84ac-1321-427f-aa17-267ca6975798", "Azure DevOps"],
])("every tenant has the service principal of %s from its beginning", async (appId, displayName) => {
  const { status, body } = await graph("GET", `/v1.0/servicePrincipals(appId='${appId}')`);

  expect([status, body.displayName, body.appOwnerOrganizationId]).toEqual([
    200,
    displayName,
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
  ]);
});

test("a service principal of no application is refused", async () => {
  const appId = crypto.randomUUID();

  const { status, body } = await graph("POST", "/v1.0/servicePrincipals", { appId });

  expect([status, body.error.code, body.error.message]).toEqual([
    400,
    "NoBackingApplicationObject",
    `The appId '${appId}' of the service principal does not reference a valid application object.`,
  ]);
});

test("another tenant's application gets a service principal only where it is for many tenants", async () => {
  const ofOther = (signInAudience: string) =>
    addApplication(cloud.store, {
      tenantId: otherTenant.id,
      displayName: "guest",
      now: clock.now,
      properties: { signInAudience },
    });

  const single = await graph("POST", "/v1.0/servicePrincipals", { appId: ofOther("AzureADMyOrg").appId });
  const many = await graph("POST", "/v1.0/servicePrincipals", { appId: ofOther("AzureADMultipleOrgs").appId });

  expect([single.status, many.status]).toEqual([400, 201]);
  expect(many.body.appOwnerOrganizationId).toBe(otherTenant.id);
});

test("a deleted service principal makes room for a new one", async () => {
  const { application, principal } = await createPrincipal();

  const deleted = await graph("DELETE", `/v1.0/servicePrincipals/${principal.id}`);
  const again = await graph("POST", "/v1.0/servicePrincipals", { appId: application.appId });

  expect([deleted.status, again.status]).toEqual([204, 201]);
  expect(again.body.id).not.toBe(principal.id);
  expect((await graph("GET", `/v1.0/servicePrincipals/${principal.id}`)).status).toBe(404);
});

test("OwnedBy makes a service principal of an application that it owns, and of no other", async () => {
  const owner = microsoft.addClient({ graphRoles: ["Application.ReadWrite.OwnedBy"] });
  const own = graphClient(cloud, await microsoft.token(owner));
  const { body: mine } = await own("POST", "/v1.0/applications", { displayName: "mine" });
  const { body: foreign } = await graph("POST", "/v1.0/applications", { displayName: "foreign" });
  const guest = addApplication(cloud.store, {
    tenantId: otherTenant.id,
    displayName: "guest",
    now: clock.now,
    properties: { signInAudience: "AzureADMultipleOrgs" },
  });

  const created = await own("POST", "/v1.0/servicePrincipals", { appId: mine.appId });
  const refused = await own("POST", "/v1.0/servicePrincipals", { appId: foreign.appId });
  const elsewhere = await own("POST", "/v1.0/servicePrincipals", { appId: guest.appId });

  expect([created.status, refused.status, elsewhere.status]).toEqual([201, 403, 403]);
  expect(elsewhere.body.error.message).toContain("backing application");
  const owners = await own("GET", `/v1.0/servicePrincipals/${created.body.id}/owners`);
  expect(owners.body.value.map(({ id }) => id)).toEqual([owner.servicePrincipalId]);
});

test.each(["applications", "servicePrincipals"] as const)(
  "owners of %s are added, listed and removed",
  async (kind) => {
    const { application, principal } = await createPrincipal();
    const path = `/v1.0/${kind}/${kind === "applications" ? application.id : principal.id}/owners`;
    const { users } = seedDirectory(cloud.store, {
      tenants: [],
      users: [{ tenantId: tenant.id, userPrincipalName: "mia@contoso.example", displayName: "Mia" }],
    });
    const mia = users[0] ?? "";

    const added = await graph("POST", `${path}/$ref`, reference(mia));

    expect(added.status).toBe(204);
    expect((await graph("GET", path)).body.value).toEqual([
      {
        "@odata.type": "#microsoft.graph.servicePrincipal",
        id: administrator.servicePrincipalId,
        appId: administrator.appId,
        displayName: "administrator",
      },
      {
        "@odata.type": "#microsoft.graph.user",
        id: mia,
        displayName: "Mia",
        userPrincipalName: "mia@contoso.example",
      },
    ]);
    expect((await graph("GET", `${path}?$filter=id eq '${mia}'`)).body.value.map(({ id }) => id)).toEqual([mia]);
    const twice = await graph("POST", `${path}/$ref`, reference(mia));
    expect([twice.status, twice.body.error.code]).toEqual([400, "Request_BadRequest"]);

    const removed = await graph("DELETE", `${path}/${mia}/$ref`);
    const again = await graph("DELETE", `${path}/${mia}/$ref`);

    expect([removed.status, again.status]).toEqual([204, 404]);
    expect((await graph("GET", path)).body.value.map(({ id }) => id)).toEqual([administrator.servicePrincipalId]);
  },
);

test("owners may be bound at once, and one that is bound twice is there once", async () => {
  const other = microsoft.addClient();
  const bound = [administrator, other].map(
    ({ servicePrincipalId }) => `https://graph.microsoft.com/v1.0/directoryObjects/${servicePrincipalId}`,
  );

  const { body } = await graph("POST", "/v1.0/applications", { displayName: "shared", "owners@odata.bind": bound });

  const owners = await graph("GET", `/v1.0/applications/${body.id}/owners`);
  expect(owners.body.value.map(({ id }) => id)).toEqual([administrator.servicePrincipalId, other.servicePrincipalId]);
});

test.each([
  ["an owner that does not exist", reference("00000000-0000-4000-8000-000000000000"), 404],
  ["a reference to another host", { "@odata.id": "https://evil.example/v1.0/users/x" }, 400],
  ["no reference", {}, 400],
])("%s is refused", async (_what, body, status) => {
  const { application } = await createPrincipal();

  const answer = await graph("POST", `/v1.0/applications/${application.id}/owners/$ref`, body);

  expect(answer.status).toBe(status);
});

test("an owner that gave up its ownership may change nothing more, under OwnedBy", async () => {
  const owner = microsoft.addClient({ graphRoles: ["Application.ReadWrite.OwnedBy"] });
  const own = graphClient(cloud, await microsoft.token(owner));
  const { body } = await own("POST", "/v1.0/applications", { displayName: "mine" });

  const left = await own("DELETE", `/v1.0/applications/${body.id}/owners/${owner.servicePrincipalId}/$ref`);
  const patched = await own("PATCH", `/v1.0/applications/${body.id}`, { notes: "x" });

  expect([left.status, patched.status]).toEqual([204, 403]);
});
