import { afterAll, describe, expect, test } from "vitest";
import { createDevOps, personalAccessToken } from "../support/azure-devops.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { otherTenant, tenant } from "../support/directory.ts";

const devOps = createDevOps();
const { cloud, request, member, stranger } = devOps;
const hosts = ["dev.azure.com", "feeds.dev.azure.com", "vssps.dev.azure.com", "vsaex.dev.azure.com"];

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/azure-devops-discovery.test.ts"));

describe("discovery", () => {
  test.each([
    ["dev.azure.com", ["Location", "core", "operations"]],
    ["feeds.dev.azure.com", ["Location", "Packaging"]],
    ["vssps.dev.azure.com", ["Graph", "IMS", "Location"]],
    ["vsaex.dev.azure.com", ["Location", "MemberEntitlementManagement"]],
  ])("%s lists the areas that it has, and no other", async (host, areas) => {
    const { status, body } = await request("OPTIONS", `${host}/contoso/_apis`, { version: null });

    expect(status).toBe(200);
    expect(body.count).toBe(body.value.length);
    expect([...new Set(body.value.map(({ area }) => area))].sort()).toEqual(areas);
  });

  test.each(hosts)("%s lists the locations of one area, whatever the case of its name", async (host) => {
    const { body } = await request("OPTIONS", `${host}/contoso/_apis/LOCATION`, { version: null });

    expect(body.value.map(({ id }) => id).sort()).toEqual([
      "00d9565f-ed9c-4a06-9a50-00e7896ccab4",
      "e81700f7-3be2-46de-8624-2eb35882fcaa",
    ]);
  });

  test("a location tells everything that clients negotiate by", async () => {
    const { body } = await request("OPTIONS", "dev.azure.com/contoso/_apis/core", { version: null });

    expect(body.value.find(({ resourceName }) => resourceName === "projects")).toEqual({
      id: "603fe2ac-9723-48b9-88ad-09305aa6c6e1",
      area: "core",
      resourceName: "projects",
      routeTemplate: "_apis/{resource}/{*projectId}",
      resourceVersion: 4,
      minVersion: "1.0",
      maxVersion: "7.2",
      releasedVersion: "7.1",
    });
  });

  test.each(hosts)("%s tells on which host each area is", async (host) => {
    const { status, body } = await request("GET", `${host}/contoso/_apis/ResourceAreas`, { version: "5.1-preview.1" });

    const byId = Object.fromEntries(body.value.map(({ id, locationUrl }) => [id, locationUrl]));
    expect([status, body.count]).toEqual([200, 18]);
    expect(byId["7ab4e64e-c4d8-4f50-ae73-5ef2e21642a5"]).toBe("https://feeds.dev.azure.com/contoso/");
    expect(byId["bb1e7ec9-e901-4b68-999a-de7012b920f8"]).toBe("https://vssps.dev.azure.com/contoso/");
    expect(byId["8a3d49b8-91f0-46ef-b33d-dda338c25db3"]).toBe("https://vssps.dev.azure.com/contoso/");
    expect(byId["68ddce18-2501-45f1-a17b-7931a9922690"]).toBe("https://vsaex.dev.azure.com/contoso/");
    expect(byId["79134c72-4a58-4b42-976c-04e7115f32bf"]).toBe("https://dev.azure.com/contoso/");
  });

  test.each(hosts)("%s tells of one area by its id", async (host) => {
    const path = `${host}/contoso/_apis/resourceareas`;

    const found = await request("GET", `${path}/7AB4E64E-c4d8-4f50-ae73-5ef2e21642a5`);
    const missing = await request("GET", `${path}/00000000-0000-4000-8000-000000000000`);

    expect(found.body).toEqual({
      id: "7ab4e64e-c4d8-4f50-ae73-5ef2e21642a5",
      name: "packaging",
      locationUrl: "https://feeds.dev.azure.com/contoso/",
    });
    expect([missing.status, missing.body.typeKey]).toEqual([404, "VssResourceNotFoundException"]);
  });

  test.each(hosts)("%s tells who asks", async (host) => {
    const { status, body } = await request("GET", `${host}/contoso/_apis/connectionData`, { as: member });

    expect(status).toBe(200);
    expect(body.instanceId).toBe(devOps.organizationId);
    expect(body.authenticatedUser).toMatchObject({
      id: devOps.keys.member,
      subjectDescriptor: devOps.descriptors.member,
      descriptor: `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenant.id}\\${member.servicePrincipalId}`,
      providerDisplayName: "pipeline",
    });
  });
});

describe("who is let in", () => {
  const projects = "dev.azure.com/contoso/_apis/projects";
  const basic = (password: string) => ({
    authorization: `Basic ${Buffer.from(`anyone:${password}`).toString("base64")}`,
  });
  const anonymous =
    "TF400813: The user 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' is not authorized to access this resource.";

  test("without a credential the answer is 401 and tells where to get a token", async () => {
    const { status, headers, body } = await request("GET", projects, { as: null });

    expect(status).toBe(401);
    expect(body).toEqual({
      $id: "1",
      innerException: null,
      message: anonymous,
      typeName:
        "Microsoft.TeamFoundation.Framework.Server.UnauthorizedRequestException, Microsoft.TeamFoundation.Framework.Server",
      typeKey: "UnauthorizedRequestException",
      errorCode: 0,
      eventId: 3000,
    });
    expect(headers.get("WWW-Authenticate")).toBe(
      `Bearer authorization_uri=https://login.microsoftonline.com/${tenant.id}, Basic realm="https://tfsprodweu1.app.visualstudio.com/", TFS-Federated`,
    );
    expect(headers.get("X-VSS-ResourceTenant")).toBe(tenant.id);
  });

  test("a service principal outside the organization is refused by the id that it would have", async () => {
    const { status, body } = await request("GET", projects, { as: stranger });

    expect(status).toBe(401);
    expect(body.message).toMatch(
      /^TF400813: The user '[0-9a-f]{8}-[0-9a-f]{4}-6[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}' is not/,
    );
    expect(body.message).not.toContain(stranger.servicePrincipalId);
  });

  test("a token for another resource is refused", async () => {
    const token = await devOps.token(member, "https://graph.microsoft.com/.default");

    const { status, body } = await request("GET", projects, { as: { authorization: `Bearer ${token}` } });

    expect([status, body.message]).toEqual([401, anonymous]);
  });

  test("a token of another tenant is refused", async () => {
    const foreigner = devOps.addClient({ tenantId: otherTenant.id });
    const token = await devOps.token(foreigner, "499b84ac-1321-427f-aa17-267ca6975798/.default", otherTenant.id);

    const { status, body } = await request("GET", projects, { as: { authorization: `Bearer ${token}` } });

    expect([status, body.message]).toEqual([401, anonymous]);
  });

  test("an expired token is refused", async () => {
    const token = await devOps.token(member, "499b84ac-1321-427f-aa17-267ca6975798/.default");
    const before = await request("GET", projects, { as: { authorization: `Bearer ${token}` } });

    devOps.clock.now += 2 * 60 * 60 * 1000;
    const after = await request("GET", projects, { as: { authorization: `Bearer ${token}` } });

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  test("a token is accepted as the password of any user, as pip and twine send it", async () => {
    const token = await devOps.token(member, "499b84ac-1321-427f-aa17-267ca6975798/.default");

    const { status } = await request("GET", projects, { as: basic(token) });

    expect(status).toBe(200);
  });

  test("a personal access token is its user, as a password only", async () => {
    const asPassword = await request("GET", "dev.azure.com/contoso/_apis/connectionData", {
      as: basic(personalAccessToken),
    });
    const asBearer = await request("GET", projects, { as: { authorization: `Bearer ${personalAccessToken}` } });
    const wrong = await request("GET", projects, { as: basic("not-a-token") });

    expect(asPassword.body.authenticatedUser).toMatchObject({ providerDisplayName: "Ada" });
    expect([asBearer.status, wrong.status]).toEqual([401, 401]);
  });

  test("the personal access token is nowhere in the store", () => {
    expect(JSON.stringify(cloud.store.snapshot())).not.toContain(personalAccessToken);
  });

  test("an organization that does not exist is not found", async () => {
    const response = await cloud.fetch(new Request("https://dev.azure.com/fabrikam/_apis/projects"));

    expect([response.status, await response.text()]).toEqual([404, "The resource cannot be found."]);
    expect(response.headers.get("Content-Type")).toMatch(/^text\/plain/);
  });
});

describe("versions", () => {
  const projects = "dev.azure.com/contoso/_apis/projects";

  test.each([
    ["7.1-preview.4", "7.1-preview.4"],
    ["7.1", "7.1"],
    ["7.2-preview", "7.2-preview"],
    [null, "7.1"],
  ])("a request for %s is answered in %s", async (version, answered) => {
    const { status, headers } = await request("GET", projects, { version });

    expect(status).toBe(200);
    expect(headers.get("Content-Type")).toBe(`application/json; charset=utf-8; api-version=${answered}`);
  });

  test("the query names the version as well as the header does", async () => {
    const { headers } = await request("GET", `${projects}?API-Version=6.0`, { version: null });

    expect(headers.get("Content-Type")).toBe("application/json; charset=utf-8; api-version=6.0");
  });

  test.each([
    [
      "8.0",
      "VssVersionOutOfRangeException",
      "The requested REST API version of 8.0 is out of range for this server. The latest REST API version this server supports is 7.2.",
    ],
    [
      "7.2-preview.5",
      "VssVersionOutOfRangeException",
      "The request matched route _apis/{resource}/{*projectId}, but the requested REST API version 7.2-preview.5 was outside the valid version range for this route.",
    ],
    [
      "7.2",
      "VssInvalidPreviewVersionException",
      'The requested version "7.2" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "7.2-preview"',
    ],
    ["latest", "VssInvalidApiResourceVersionException", "The requested api-version is not in a valid format: latest"],
  ])("a request for %s is refused", async (version, typeKey, message) => {
    const { status, body } = await request("GET", projects, { version });

    expect([status, body.typeKey, body.message]).toEqual([400, typeKey, message]);
  });

  test("a change without a version is refused", async () => {
    const { status, body } = await request("POST", projects, { version: null, body: { name: "x" } });

    expect([status, body.typeKey]).toEqual([400, "VssVersionNotSpecifiedException"]);
    expect(body.message).toContain('No api-version was supplied for the "POST" request.');
  });

  test("the graph has no released version", async () => {
    const { status, body } = await request("GET", "vssps.dev.azure.com/contoso/_apis/graph/groups", { version: "7.1" });

    expect([status, body.typeKey]).toEqual([400, "VssInvalidPreviewVersionException"]);
  });
});

test("paths are found in any case, with or without a slash at the end", async () => {
  const { status, body } = await request("GET", "DEV.azure.com/CONTOSO/_APIS/Projects/DATA/");

  expect([status, body.id]).toEqual([200, devOps.data]);
});

test("a fault is answered in the service's own shape", async () => {
  cloud.faults.add({
    service: "azure-devops",
    effect: { kind: "status", status: 503, retryAfterSeconds: 1 },
    times: 1,
  });

  const struck = await request("GET", "dev.azure.com/contoso/_apis/projects");
  const after = await request("GET", "dev.azure.com/contoso/_apis/projects");

  expect([struck.status, struck.headers.get("Retry-After")]).toEqual([503, "1"]);
  expect(struck.body).toMatchObject({ $id: "1", typeKey: "Fault", errorCode: 0, eventId: 3000 });
  expect(after.status).toBe(200);
});
