import { afterAll, describe, expect, test } from "vitest";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { createDevOps } from "../support/azure-devops.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { tenant } from "../support/directory.ts";

const devOps = createDevOps();
const { cloud, request, member } = devOps;
const graph = "vssps.dev.azure.com/contoso/_apis/graph";
const identities = "vssps.dev.azure.com/contoso/_apis/identities";
const decoded = (descriptor: string) => Buffer.from(descriptor.replace(/^\w+\./, ""), "base64url").toString();

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/azure-devops-graph.test.ts"));

describe("groups", () => {
  test("of the organization and of all projects are listed together", async () => {
    const { body } = await request("GET", `${graph}/groups`);

    expect(body.count).toBe(8 + 2 * 9);
    expect(body.value.slice(0, 3).map((group) => group.principalName)).toEqual([
      "[contoso]\\Project Collection Administrators",
      "[contoso]\\Project Collection Valid Users",
      "[contoso]\\Project Collection Build Administrators",
    ]);
  });

  test("of a scope are those of its project", async () => {
    const { body: scope } = await request("GET", `${graph}/descriptors/${devOps.data}`);

    const { body } = await request("GET", `${graph}/groups?scopeDescriptor=${String(scope.value)}`);

    expect(body.value.map((group) => group.principalName)).toEqual([
      "[data]\\Project Administrators",
      "[data]\\Project Valid Users",
      "[data]\\Build Administrators",
      "[data]\\Contributors",
      "[data]\\Endpoint Administrators",
      "[data]\\Endpoint Creators",
      "[data]\\Readers",
      "[data]\\Release Administrators",
      "[data]\\data Team",
    ]);
    expect(new Set(body.value.map(({ domain }) => domain))).toEqual(
      new Set([`vstfs:///Classification/TeamProject/${devOps.data}`]),
    );
  });

  test("of a scope that does not exist are not found", async () => {
    const wrong = await request("GET", `${graph}/groups?scopeDescriptor=scp.bm9wZQ`);
    const noScope = await request("GET", `${graph}/groups?scopeDescriptor=${devOps.descriptors.member}`);

    expect([wrong.status, wrong.body.message]).toEqual([
      404,
      "TF50620: The Azure DevOps identity scope nope does not exist",
    ]);
    expect(noScope.status).toBe(404);
  });

  test("have security identifiers in their descriptors, well-known ones where the group is", async () => {
    const administrators = decoded(await devOps.group("Project Collection Administrators"));
    const validUsers = decoded(await devOps.group("Project Collection Valid Users"));
    const readers = decoded(await devOps.group("Readers", devOps.data));

    expect(administrators).toMatch(/^S-1-9-1551374245-(\d+-){4}0-0-0-0-1$/);
    expect(validUsers).toBe(administrators.replace(/1$/, "3"));
    expect(readers).toMatch(/^S-1-9-1551374245-(\d+-){4}1-\d+-\d+-\d+-\d+$/);
  });

  test("are shown one by one, and only groups are", async () => {
    const readers = await devOps.group("Readers", devOps.data);

    const { body } = await request("GET", `${graph}/Groups/${readers}`);
    const other = await request("GET", `${graph}/groups/${devOps.descriptors.member}`);

    const base = "https://vssps.dev.azure.com/contoso/_apis/Graph";
    expect(body).toEqual({
      subjectKind: "group",
      description: "Members of this group have access to the team project.",
      domain: `vstfs:///Classification/TeamProject/${devOps.data}`,
      principalName: "[data]\\Readers",
      mailAddress: null,
      origin: "vsts",
      originId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      displayName: "Readers",
      _links: {
        self: { href: `${base}/Groups/${readers}` },
        memberships: { href: `${base}/Memberships/${readers}` },
        membershipState: { href: `${base}/MembershipStates/${readers}` },
        storageKey: { href: `${base}/StorageKeys/${readers}` },
      },
      url: `${base}/Groups/${readers}`,
      descriptor: readers,
    });
    expect([other.status, other.body.typeKey]).toEqual([404, "GraphSubjectNotFoundException"]);
  });

  test("come in pages, each with the token of the next one", async () => {
    for (let number = 1; number <= 12; number++) {
      await request("POST", "dev.azure.com/contoso/_apis/projects", { body: { name: `project-${number}` } });
    }

    const first = await request("GET", `${graph}/groups`);
    const token = first.headers.get("X-MS-ContinuationToken");
    const second = await request("GET", `${graph}/groups?continuationToken=${token}`);
    const wrong = await request("GET", `${graph}/groups?continuationToken=x`);

    expect([first.body.count, second.body.count]).toEqual([100, 8 + 14 * 9 - 100]);
    expect(second.headers.has("X-MS-ContinuationToken")).toBe(false);
    expect(new Set([...first.body.value, ...second.body.value].map(({ descriptor }) => descriptor)).size).toBe(134);
    expect(wrong.status).toBe(400);
  });
});

describe("service principals", () => {
  test("are shown as Entra's, with a descriptor that is neither object id nor storage key", async () => {
    const list = await request("GET", `${graph}/serviceprincipals`);
    const { body } = await request("GET", `${graph}/ServicePrincipals/${devOps.descriptors.member}`);

    expect(list.body.value.map(({ displayName }) => displayName)).toEqual(["platform", "pipeline"]);
    expect(list.body.value[1]).toEqual(body);
    expect(body).toMatchObject({
      subjectKind: "servicePrincipal",
      applicationId: member.appId,
      domain: tenant.id,
      origin: "aad",
      originId: member.servicePrincipalId,
      displayName: "pipeline",
      descriptor: devOps.descriptors.member,
    });
    expect(body).not.toHaveProperty("isDeletedInOrigin");
    expect(decoded(devOps.descriptors.member)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  test("that are deleted in Entra stay, and say so", async () => {
    const before = cloud.store.snapshot();
    directory(cloud.store).servicePrincipals.delete(member.servicePrincipalId);

    const { body } = await request("GET", `${graph}/serviceprincipals/${devOps.descriptors.member}`);

    expect(body.isDeletedInOrigin).toBe(true);
    cloud.store.restore(before);
  });

  test("that were never added are not found", async () => {
    const { status, body } = await request("GET", `${graph}/serviceprincipals/aadsp.bm9wZQ`);

    expect([status, body.message]).toEqual([
      404,
      "VS403325: The graph subject with descriptor 'aadsp.bm9wZQ' could not be found. You may need to create the subject in the enclosing enterprise, or add organization-level memberships to make a subject in the enterprise visible in the enclosing organization",
    ]);
  });
});

test("users are people and build services, and can be asked for by kind", async () => {
  const people = await request("GET", `${graph}/users?subjectTypes=aad`);
  const services = await request("GET", `${graph}/users?subjectTypes=svc`);
  const one = await request("GET", `${graph}/users/${people.body.value[0]?.descriptor}`);

  expect(people.body.value.map((user) => [user.displayName, user.principalName, user.origin])).toEqual([
    ["Ada", "ada@contoso.com", "aad"],
  ]);
  expect(services.body.value.slice(0, 2).map((user) => [user.displayName, user.origin, user.domain])).toEqual([
    ["Project Collection Build Service (contoso)", "vsts", "Build"],
    ["data Build Service (contoso)", "vsts", "Build"],
  ]);
  expect(one.body).toEqual(people.body.value[0]);
});

describe("storage keys and descriptors", () => {
  test("lead to each other", async () => {
    const key = await request("GET", `${graph}/StorageKeys/${devOps.descriptors.member}`);
    const descriptor = await request("GET", `${graph}/Descriptors/${devOps.keys.member}`);

    expect(key.body.value).toBe(devOps.keys.member);
    expect(descriptor.body.value).toBe(devOps.descriptors.member);
    expect(devOps.keys.member).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-6/);
  });

  test("of a project are its scope", async () => {
    const descriptor = await request("GET", `${graph}/descriptors/${devOps.data}`);
    const key = await request("GET", `${graph}/storagekeys/${String(descriptor.body.value)}`);

    expect(String(descriptor.body.value)).toMatch(/^scp\./);
    expect(key.body.value).toBe(devOps.data);
  });

  test("that lead nowhere are not found", async () => {
    const unknown = "00000000-0000-4000-8000-000000000000";

    const key = await request("GET", `${graph}/storagekeys/aadsp.bm9wZQ`);
    const descriptor = await request("GET", `${graph}/descriptors/${unknown}`);

    expect([key.status, key.body]).toEqual([
      404,
      {
        $id: "1",
        innerException: null,
        message: "VS403369: The storage key for descriptor 'aadsp.bm9wZQ' could not be found.",
        typeName:
          "Microsoft.VisualStudio.Services.Graph.StorageKeyNotFoundException, Microsoft.VisualStudio.Services.WebApi",
        typeKey: "StorageKeyNotFoundException",
        errorCode: 0,
        eventId: 3000,
      },
    ]);
    expect([descriptor.status, descriptor.body.message]).toEqual([
      404,
      `VS403368: The subject descriptor for storage key '${unknown}' could not be found.`,
    ]);
  });
});

describe("identities", () => {
  const legacy = `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenant.id}\\${member.servicePrincipalId}`;

  test("one is found by its id, with both of its descriptors", async () => {
    const { body } = await request("GET", `vssps.dev.azure.com/contoso/_apis/Identities/${devOps.keys.member}`);

    expect(body).toMatchObject({
      id: devOps.keys.member,
      descriptor: legacy,
      subjectDescriptor: devOps.descriptors.member,
      providerDisplayName: "pipeline",
      isActive: true,
      members: [],
      memberOf: [],
      metaTypeId: 0,
    });
    expect(body.properties).toMatchObject({ Domain: { $type: "System.String", $value: tenant.id } });
  });

  test("one that does not exist is not found", async () => {
    const { status, body } = await request("GET", `${identities}/00000000-0000-4000-8000-000000000000`);

    expect([status, body.message]).toEqual([
      404,
      "TF14045: The identity with TeamFoundationId 00000000-0000-4000-8000-000000000000 could not be found.",
    ]);
  });

  test.each([
    ["identityIds", `${devOps.keys.member.replaceAll("-", "")},00000000000040008000000000000000`],
    ["descriptors", `${legacy},Microsoft.TeamFoundation.Identity;S-1-9-1`],
    ["subjectDescriptors", `${devOps.descriptors.member},aadsp.bm9wZQ`],
  ])("are found by %s, and what is not there is null", async (parameter, value) => {
    const { body } = await request("GET", `${identities}?${parameter}=${encodeURIComponent(value)}`);

    expect([body.count, body.value[0]?.id, body.value[1]]).toEqual([2, devOps.keys.member, null]);
  });

  test.each([
    ["General", "Pipeline", "pipeline"],
    ["General", "ada@contoso.com", "Ada"],
    ["General", "[data]\\Readers", "[data]\\Readers"],
    ["DisplayName", "ada", "Ada"],
    ["MailAddress", "ada@contoso.com", "Ada"],
    ["AccountName", member.servicePrincipalId, "pipeline"],
    ["LocalGroupName", "[contoso]\\Project Collection Valid Users", "[contoso]\\Project Collection Valid Users"],
  ])("are searched by %s for %s", async (filter, value, found) => {
    const { body } = await request(
      "GET",
      `${identities}?searchFilter=${filter}&filterValue=${encodeURIComponent(value)}`,
    );

    expect(body.value.map(({ providerDisplayName }) => providerDisplayName)).toEqual([found]);
  });

  test("a search that finds nothing gives an empty list, one without a value is refused", async () => {
    const nothing = await request("GET", `${identities}?searchFilter=General&filterValue=nobody`);
    const empty = await request("GET", identities);
    const unknown = await request("GET", `${identities}?searchFilter=Shoe&filterValue=9`);

    expect(nothing.body).toEqual({ count: 0, value: [] });
    expect([empty.status, unknown.status]).toEqual([400, 400]);
  });

  test("tell their groups and members as far as they are asked for", async () => {
    const url = (name: string, membership: string) =>
      `${identities}?searchFilter=General&filterValue=${encodeURIComponent(name)}&queryMembership=${membership}`;

    const direct = await request("GET", url("[contoso]\\Project Collection Administrators", "Direct"));
    const up = await request("GET", url("pipeline", "ExpandedUp"));
    const wrong = await request("GET", url("platform", "Sideways"));

    expect(direct.body.value[0]?.members).toEqual([
      `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenant.id}\\${devOps.admin.servicePrincipalId}`,
    ]);
    expect(up.body.value[0]?.memberOf).toEqual([
      expect.stringMatching(/^Microsoft\.TeamFoundation\.Identity;S-1-9-1551374245-(\d+-){4}0-0-0-0-3$/),
    ]);
    expect(wrong.status).toBe(400);
  });
});
