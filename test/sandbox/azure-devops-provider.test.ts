import { beforeEach, describe, expect, test } from "vitest";
import { createDevOps } from "../support/azure-devops.ts";
import { createLibraryClient, type LibraryCall } from "../support/azure-devops-client.ts";
import { tenant } from "../support/directory.ts";

/*
 * The requests of the official provider, one for one: what it asks, in its order, and what it reads from the answers.
 * https://github.com/microsoft/terraform-provider-azuredevops/tree/v1.15.1/azuredevops/internal/service
 */
const devOps = createDevOps();
const { cloud, stranger } = devOps;
const call = await createLibraryClient(devOps, "https://dev.azure.com/Contoso/");

const areas = {
  core: "79134c72-4a58-4b42-976c-04e7115f32bf",
  feed: "7ab4e64e-c4d8-4f50-ae73-5ef2e21642a5",
  graph: "bb1e7ec9-e901-4b68-999a-de7012b920f8",
  identity: "8a3d49b8-91f0-46ef-b33d-dda338c25db3",
  memberEntitlement: "68ddce18-2501-45f1-a17b-7931a9922690",
};
type Part = Omit<LibraryCall, "area" | "location" | "method"> & { readonly method?: string };
const resource =
  (area: string, location: string) =>
  (part: Part = {}) =>
    call({ area, location, method: "GET", ...part });
const feeds = resource(areas.feed, "c65009a7-474a-4ad1-8b42-7d852107ef8c");
const permissions = resource(areas.feed, "be8c1476-86a7-44ed-b19d-aec0e9275cd8");
const feedChanges = resource(areas.feed, "29ba2dad-389a-4661-b5d3-de76397ca05b");
const recycleBin = resource(areas.feed, "0cee643d-beb9-41f8-9368-3ada763a8344");
const storageKeys = resource(areas.graph, "eb85f8cc-f0f6-4264-a5b1-ffe2e4d4801f");
const descriptors = resource(areas.graph, "048aee0a-7072-4cde-ab73-7af77b1e0b4e");
const groups = resource(areas.graph, "ebbe6af8-0b91-4c13-8cf1-777c14858188");
const membership = resource(areas.graph, "3fd2e6ca-fb30-443a-b579-95b19ed0934c");
const memberships = resource(areas.graph, "e34b6394-6b30-4435-94a9-409a5eef3e31");
const servicePrincipals = resource(areas.graph, "e1dbb0ae-49cb-4532-95a1-86cd89cfcab4");
const identities = resource(areas.identity, "28010c54-d0c0-4c89-a5b0-1c9e188b9fb7");
const newEntitlements = resource(areas.memberEntitlement, "f03dbf50-80f8-41b7-8ca2-65b6a178caba");
const entitlements = resource(areas.memberEntitlement, "1d491a66-190b-43ae-86b8-9c2688c55186");
const projects = resource(areas.core, "603fe2ac-9723-48b9-88ad-09305aa6c6e1");
const processes = resource(areas.core, "93878975-88c5-4e6a-8abb-7ddd77a8a7d8");

/** What reached Azure DevOps since the last time, as `METHOD host path`. */
function requests(): readonly string[] {
  const asked = cloud.requests.all().filter(({ service }) => service === "azure-devops");
  cloud.requests.clear();
  return asked.map(({ method, host, path }) => `${method} ${host}${path}`);
}

const entitlement = {
  accessLevel: { accountLicenseType: "stakeholder", licensingSource: "account" },
  servicePrincipal: {
    origin: "",
    originId: stranger.servicePrincipalId,
    displayName: "",
    descriptor: "",
    subjectKind: "servicePrincipal",
  },
};

beforeEach(() => cloud.requests.clear());

test("configuring asks for locations and areas at the organization, whose address it spells in lower case", async () => {
  await projects({ route: { projectId: "data" }, version: "7.1-preview.4" });

  expect(requests()).toEqual([
    "OPTIONS dev.azure.com/contoso/_apis",
    "GET dev.azure.com/contoso/_apis/ResourceAreas",
    "GET dev.azure.com/contoso/_apis/projects/data",
  ]);
});

test("getProject reads the project with its capabilities, and its process template's name", async () => {
  const project = await projects({
    route: { projectId: "data" },
    query: { includeCapabilities: "true", includeHistory: "false" },
    version: "7.1-preview.4",
  });
  const capabilities = project.body.capabilities as { processTemplate: { templateTypeId: string } };
  const process = await processes({ route: { processId: capabilities.processTemplate.templateTypeId } });

  expect(project.body).toMatchObject({ id: devOps.data, name: "data", visibility: "private" });
  expect(capabilities).toMatchObject({ versioncontrol: { sourceControlType: "Git" } });
  expect(process.body.name).toBe("Basic");
});

test("getFeed takes a name or an id, and a 404 for the wrong scope", async () => {
  const byName = await feeds({ route: { project: devOps.data, feedId: "python" } });
  const byId = await feeds({ route: { project: devOps.data, feedId: devOps.python } });
  const wrongScope = await feeds({ route: { feedId: devOps.python } });

  expect([byName.body.id, byId.body.id]).toEqual([devOps.python, devOps.python]);
  expect(byName.body).toMatchObject({ project: { id: devOps.data } });
  expect(wrongScope.status).toBe(404);
});

test("getGroup finds a project's group in its scope, and the organization's by their domain", async () => {
  const scope = await descriptors({ route: { storageKey: devOps.data } });
  const inProject = await groups({ query: { scopeDescriptor: String(scope.body.value) } });
  const all = await groups();
  const readers = inProject.body.value.find(({ displayName }) => displayName === "Readers");
  const ofOrganization = all.body.value.filter((group) =>
    /^vstfs:\/\/\/framework\/(identitydomain|generic)/i.test(String(group.domain)),
  );
  const key = await storageKeys({ route: { subjectDescriptor: readers?.descriptor ?? "" } });

  expect(readers).toMatchObject({ origin: "vsts", originId: String(key.body.value) });
  expect(ofOrganization.map(({ displayName }) => displayName)).toContain("Project Collection Administrators");
  expect(ofOrganization).toHaveLength(8);
});

describe("a service principal from entitlement to feed role, as up, refresh and destroy ask for it", () => {
  test("entitlement: POST, then GET, with all that is read", async () => {
    const added = await newEntitlements({ method: "POST", body: entitlement });
    const { id } = added.body.servicePrincipalEntitlement;
    const read = await entitlements({ route: { servicePrincipalId: id } });

    expect(added.body.isSuccess).toBe(true);
    expect(read.body).toMatchObject({
      id,
      servicePrincipal: { origin: "aad", originId: stranger.servicePrincipalId, displayName: "stranger" },
      accessLevel: { accountLicenseType: "stakeholder", licensingSource: "account" },
    });
    expect(requests()).toEqual([
      "OPTIONS vsaex.dev.azure.com/contoso/_apis",
      "POST vsaex.dev.azure.com/contoso/_apis/ServicePrincipalEntitlements",
      `GET vsaex.dev.azure.com/contoso/_apis/ServicePrincipalEntitlements/${id}`,
    ]);
  });

  test("entitlement: a JSON patch of the access level, with the media type of a patch", async () => {
    const { body: added } = await newEntitlements({ method: "POST", body: entitlement });
    const { id } = added.servicePrincipalEntitlement;

    const patched = await entitlements({
      method: "PATCH",
      route: { servicePrincipalId: id },
      mediaType: "application/json-patch+json",
      body: [
        { op: "replace", path: "/accessLevel", value: { accountLicenseType: "express", licensingSource: "account" } },
      ],
    });

    expect([patched.status, patched.body.isSuccess]).toEqual([200, true]);
  });

  test("group membership: PUT, then the group's list, in which the member is", async () => {
    const { body: added } = await newEntitlements({ method: "POST", body: entitlement });
    const member = added.servicePrincipalEntitlement.servicePrincipal.descriptor;
    const readers = await devOps.group("Readers", devOps.data);
    const list = () => memberships({ route: { subjectDescriptor: readers }, query: { direction: "down", depth: "1" } });
    const route = { subjectDescriptor: member, containerDescriptor: readers };
    cloud.requests.clear();

    const put = await membership({ method: "PUT", route });
    const after = await list();
    const deleted = await membership({ method: "DELETE", route });
    const finally_ = await list();

    expect([put.status, deleted.status]).toEqual([201, 200]);
    expect(put.body).toMatchObject({ containerDescriptor: readers, memberDescriptor: member });
    expect(after.body.value.map(({ memberDescriptor }) => memberDescriptor)).toContain(member);
    expect(finally_.body.value.map(({ memberDescriptor }) => memberDescriptor)).not.toContain(member);
    expect(requests()).toEqual([
      `PUT vssps.dev.azure.com/contoso/_apis/Graph/Memberships/${member}/${readers}`,
      `GET vssps.dev.azure.com/contoso/_apis/Graph/Memberships/${readers}`,
      `DELETE vssps.dev.azure.com/contoso/_apis/Graph/Memberships/${member}/${readers}`,
      `GET vssps.dev.azure.com/contoso/_apis/Graph/Memberships/${readers}`,
    ]);
  });

  test("feed: made by name, read by id, updated and deleted by name, and its name free again", async () => {
    const made = await feeds({ method: "POST", route: { project: devOps.data }, body: { name: "wheels" } });
    const read = await feeds({ route: { project: devOps.data, feedId: made.body.id } });
    const updated = await feeds({ method: "PATCH", route: { project: devOps.data, feedId: "wheels" }, body: {} });
    const deleted = await feeds({ method: "DELETE", route: { project: devOps.data, feedId: "wheels" } });
    const change = await feedChanges({ route: { project: devOps.data, feedId: "wheels" } });
    const purged = await recycleBin({ method: "DELETE", route: { project: devOps.data, feedId: "wheels" } });
    const gone = await feeds({ route: { project: devOps.data, feedId: made.body.id } });

    const statuses = [made, read, updated, deleted, change, purged, gone].map(({ status }) => status);
    expect(statuses).toEqual([201, 200, 200, 204, 200, 204, 404]);
    expect(change.body.changeType).toBe("delete");
    expect(requests().at(-1)).toBe(
      `GET feeds.dev.azure.com/contoso/${devOps.data}/_apis/Packaging/Feeds/${made.body.id}`,
    );
  });

  test("feed permission: the graph's descriptor leads to the one that the feed's list compares, byte by byte", async () => {
    const { body: added } = await newEntitlements({ method: "POST", body: entitlement });
    const subjectDescriptor = added.servicePrincipalEntitlement.servicePrincipal.descriptor;
    const route = { project: devOps.data, feedId: devOps.python };
    const find = async () => {
      const key = await storageKeys({ route: { subjectDescriptor } });
      const { body: identity } = await identities({ route: { identityId: String(key.body.value) } });
      const { body } = await permissions({ route });
      return { identity, permission: body.value.find((one) => one.identityDescriptor === identity.descriptor) };
    };
    const set = (identityDescriptor: string, identityId: string, role: string) =>
      permissions({ method: "PATCH", route, body: [{ displayName: "", identityDescriptor, identityId, role }] });
    await find();
    cloud.requests.clear();

    const before = await find();
    const { descriptor, id } = before.identity;
    await set(descriptor, id, "reader");
    const reader = await find();
    await set(descriptor, id, "contributor");
    const contributor = await find();
    await permissions({ method: "PATCH", route, body: [{ identityDescriptor: descriptor, role: "none" }] });
    const after = await find();

    expect(descriptor).toBe(
      `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenant.id}\\${stranger.servicePrincipalId}`,
    );
    expect([before.permission, after.permission]).toEqual([undefined, undefined]);
    expect([reader.permission?.role, contributor.permission?.role]).toEqual(["reader", "contributor"]);
    // The provider would take a name from here into its state, and see a difference for ever after.
    expect(reader.permission?.displayName).toBe(null);
    const feed = `feeds.dev.azure.com/contoso/${devOps.data}/_apis/Packaging/Feeds/${devOps.python}/Permissions`;
    const look = [
      `GET vssps.dev.azure.com/contoso/_apis/Graph/StorageKeys/${subjectDescriptor}`,
      `GET vssps.dev.azure.com/contoso/_apis/Identities/${id}`,
      `GET ${feed}`,
    ];
    const change = `PATCH ${feed}`;
    expect(requests()).toEqual([...look, change, ...look, change, ...look, change, ...look]);
  });

  test("getServicePrincipal: found by name among the identities, then read from the graph", async () => {
    await newEntitlements({ method: "POST", body: entitlement });

    const found = await identities({ query: { searchFilter: "General", filterValue: "stranger" } });
    const route = { servicePrincipalDescriptor: String(found.body.value[0]?.subjectDescriptor) };
    const { body } = await servicePrincipals({ route });

    expect(found.body.value.map(({ providerDisplayName }) => providerDisplayName)).toEqual(["stranger"]);
    expect(body).toMatchObject({ originId: stranger.servicePrincipalId, origin: "aad" });
  });

  test("destroyed, the entitlement is not found, and neither is the storage key", async () => {
    const { body: added } = await newEntitlements({ method: "POST", body: entitlement });
    const { id, servicePrincipal } = added.servicePrincipalEntitlement;

    const deleted = await entitlements({ method: "DELETE", route: { servicePrincipalId: id } });
    const read = await entitlements({ route: { servicePrincipalId: id } });
    const key = await storageKeys({ route: { subjectDescriptor: servicePrincipal.descriptor } });

    expect([deleted.status, read.status, key.status]).toEqual([204, 404, 404]);
    // Without a JSON body the client could not tell that this means "not found".
    expect(read.body.typeKey).toBe("IdentityNotFoundException");
  });
});
