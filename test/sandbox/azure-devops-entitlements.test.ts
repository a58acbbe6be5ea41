import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seedAzureDevOps } from "../../sandbox/cloud/azure-devops/seed.ts";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { createDevOps } from "../support/azure-devops.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { otherTenant, tenant } from "../support/directory.ts";

// Two Basic licences: the administrator has one of them.
const devOps = createDevOps({ expressLicences: 2 });
const { cloud, request, member, stranger } = devOps;
const entitlements = "vsaex.dev.azure.com/contoso/_apis/ServicePrincipalEntitlements";
const members = "vsaex.dev.azure.com/contoso/_apis/memberentitlements";

const wanted = (originId: string, accountLicenseType = "stakeholder") => ({
  body: {
    accessLevel: { accountLicenseType, licensingSource: "account" },
    servicePrincipal: { origin: "", originId, displayName: "", descriptor: "", subjectKind: "servicePrincipal" },
  },
});
const licence = (accountLicenseType: string) => ({
  body: [{ op: "replace", path: "/accessLevel", value: { accountLicenseType, licensingSource: "account" } }],
});
const failure = (key: number, value: string) => ({
  isSuccess: false,
  servicePrincipalEntitlement: null,
  operationResult: { isSuccess: false, servicePrincipalId: null, errors: [{ key, value }], result: null },
});

let start: Snapshot;
beforeAll(async () => {
  await request("GET", members);
  start = cloud.store.snapshot();
});
beforeEach(() => cloud.store.restore(start));
afterAll(() => expectRoutesExercised(cloud, "test/sandbox/azure-devops-entitlements.test.ts"));

describe("adding a service principal", () => {
  test("makes it a member, with ids of the organization", async () => {
    const { status, body } = await request("POST", entitlements, wanted(stranger.servicePrincipalId));
    const read = await request("GET", `${entitlements}/${body.servicePrincipalEntitlement.id}`);

    const { id } = body.servicePrincipalEntitlement;
    expect(status).toBe(200);
    expect(body.operationResult).toEqual({
      isSuccess: true,
      servicePrincipalId: id,
      errors: [],
      result: body.servicePrincipalEntitlement,
    });
    expect(body.isSuccess).toBe(true);
    expect(read.body).toEqual(body.servicePrincipalEntitlement);
    expect(read.body).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-6/),
      servicePrincipal: {
        subjectKind: "servicePrincipal",
        metaType: "application",
        applicationId: stranger.appId,
        domain: tenant.id,
        origin: "aad",
        originId: stranger.servicePrincipalId,
        displayName: "stranger",
        descriptor: expect.stringMatching(/^aadsp\./),
      },
      accessLevel: {
        licensingSource: "account",
        accountLicenseType: "stakeholder",
        msdnLicenseType: "none",
        licenseDisplayName: "Stakeholder",
        status: "active",
        statusMessage: "",
        assignmentSource: "unknown",
      },
      dateCreated: "2026-05-04T10:00:00.000Z",
      projectEntitlements: [],
      groupAssignments: [],
    });
  });

  test("lets it in", async () => {
    const projects = "dev.azure.com/contoso/_apis/projects";
    const before = await request("GET", projects, { as: stranger });
    await request("POST", entitlements, wanted(stranger.servicePrincipalId));
    const after = await request("GET", projects, { as: stranger });

    expect([before.status, after.status]).toEqual([401, 200]);
  });

  test("once more keeps its id and changes its licence", async () => {
    const first = await request("POST", entitlements, wanted(stranger.servicePrincipalId));
    const second = await request("POST", entitlements, wanted(stranger.servicePrincipalId, "Express"));

    expect(second.body.servicePrincipalEntitlement.id).toBe(first.body.servicePrincipalEntitlement.id);
    expect(second.body.servicePrincipalEntitlement.accessLevel).toMatchObject({ accountLicenseType: "express" });
  });

  test("after it was removed gives it the id it had", async () => {
    const first = await request("POST", entitlements, wanted(stranger.servicePrincipalId));
    const { id } = first.body.servicePrincipalEntitlement;
    await request("DELETE", `${entitlements}/${id}`);
    const second = await request("POST", entitlements, wanted(stranger.servicePrincipalId));

    expect(second.body.servicePrincipalEntitlement.id).toBe(id);
  });

  test.each([
    ["an application's object id", () => stranger.id],
    ["a client id", () => stranger.appId],
    ["an id of nothing", () => "00000000-0000-4000-8000-000000000000"],
    ["a service principal of another tenant", () => devOps.addClient({ tenantId: otherTenant.id }).servicePrincipalId],
  ])("fails for %s", async (_, originId) => {
    const id = originId();

    const { status, body } = await request("POST", entitlements, wanted(id));

    expect([status, body]).toEqual([200, failure(5000, `VS403283: Could not add user '${id}' at this time.`)]);
  });

  test("fails without an object id", async () => {
    const { status, body } = await request("POST", entitlements, wanted(""));

    expect([status, body]).toEqual([
      200,
      failure(
        5000,
        "The Id, OriginId, or User.PrincipalName must be set. The Principal Name is usually an email address.",
      ),
    ]);
  });

  test("fails for who does not administer the organization", async () => {
    const { status, body } = await request("POST", entitlements, {
      as: member,
      ...wanted(stranger.servicePrincipalId),
    });

    expect([status, body]).toEqual([
      200,
      failure(
        5032,
        "Access Denied: pipeline needs the following permission(s) on the resource Users to perform this action: Add Users",
      ),
    ]);
  });

  test("fails when there is no Basic licence left, and Stakeholder is free", async () => {
    const other = devOps.addClient();
    const last = await request("POST", entitlements, wanted(stranger.servicePrincipalId, "express"));
    const none = await request("POST", entitlements, wanted(other.servicePrincipalId, "express"));
    const free = await request("POST", entitlements, wanted(other.servicePrincipalId, "stakeholder"));

    expect([last.body.isSuccess, free.body.isSuccess]).toEqual([true, true]);
    expect(none.body).toEqual(
      failure(
        5005,
        `Failed to assign license Account-Express to identity with id ${free.body.servicePrincipalEntitlement.id}.`,
      ),
    );
  });

  test("is refused with a licence that does not exist", async () => {
    const { status, body } = await request("POST", entitlements, wanted(stranger.servicePrincipalId, "basic"));

    expect([status, body.typeKey]).toEqual([400, "ArgumentException"]);
    expect(body.message).toContain(
      "'basic' is none of none, earlyAdopter, express, professional, advanced, stakeholder",
    );
  });

  test("into projects at once is not emulated, and says so", async () => {
    const { body } = wanted(stranger.servicePrincipalId);

    const answer = await request("POST", entitlements, { body: { ...body, projectEntitlements: [{}] } });

    expect([answer.status, answer.body.typeKey]).toEqual([501, "NotEmulated"]);
  });
});

describe("changing a licence", () => {
  test("answers the result and the entitlement", async () => {
    const { status, body } = await request("PATCH", `${entitlements}/${devOps.keys.member}`, licence("express"));

    expect(status).toBe(200);
    expect(body).toMatchObject({
      isSuccess: true,
      operationResults: [{ servicePrincipalId: devOps.keys.member, isSuccess: true, errors: [] }],
      servicePrincipalEntitlement: { accessLevel: { accountLicenseType: "express", licenseDisplayName: "Basic" } },
    });
  });

  test("fails when there is none left", async () => {
    await request("POST", entitlements, wanted(stranger.servicePrincipalId, "express"));

    const { status, body } = await request("PATCH", `${entitlements}/${devOps.keys.member}`, licence("express"));

    expect([status, body.isSuccess]).toEqual([200, false]);
    expect(body.operationResults).toEqual([
      {
        servicePrincipalId: devOps.keys.member,
        isSuccess: false,
        errors: [
          { key: 5005, value: `Failed to assign license Account-Express to identity with id ${devOps.keys.member}.` },
        ],
        result: null,
      },
    ]);
  });

  test("fails for who does not administer the organization", async () => {
    const { body } = await request("PATCH", `${entitlements}/${devOps.keys.member}`, {
      as: member,
      ...licence("express"),
    });

    expect(body.isSuccess).toBe(false);
  });

  test("of anything but the licence is not emulated, and says so", async () => {
    const { status } = await request("PATCH", `${entitlements}/${devOps.keys.member}`, {
      body: [{ op: "remove", path: "/projectEntitlements/x" }],
    });

    expect(status).toBe(501);
  });
});

describe("a service principal", () => {
  test("that is deleted in Entra stays a member that says so", async () => {
    directory(cloud.store).servicePrincipals.delete(member.servicePrincipalId);

    const { status, body } = await request("GET", `${entitlements}/${devOps.keys.member}`);

    expect([status, body.servicePrincipal.isDeletedInOrigin]).toEqual([200, true]);
  });

  test("that is removed loses memberships and feed roles, and is let in no more", async () => {
    const readers = await devOps.group("Readers", devOps.data);
    const memberships = `vssps.dev.azure.com/contoso/_apis/graph/memberships/${readers}?direction=down`;
    const permissions = "feeds.dev.azure.com/contoso/_apis/packaging/feeds/shared/permissions";
    const identityDescriptor = `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenant.id}\\${member.servicePrincipalId}`;
    await request("PUT", `vssps.dev.azure.com/contoso/_apis/graph/memberships/${devOps.descriptors.member}/${readers}`);
    await request("PATCH", permissions, { body: [{ role: "reader", identityDescriptor }] });

    const removed = await request("DELETE", `${entitlements}/${devOps.keys.member}`);

    const { body: roles } = await request("GET", permissions);
    expect(removed.status).toBe(204);
    expect((await request("GET", `${entitlements}/${devOps.keys.member}`)).status).toBe(404);
    expect((await request("GET", memberships)).body.count).toBe(0);
    expect(roles.value.map((one) => one.identityDescriptor)).not.toContain(identityDescriptor);
    expect((await request("GET", "dev.azure.com/contoso/_apis/projects", { as: member })).status).toBe(401);
  });

  test("is removed by an administrator only", async () => {
    const { status, body } = await request("DELETE", `${entitlements}/${devOps.keys.admin}`, { as: member });

    expect([status, body.typeKey]).toEqual([403, "AccessCheckException"]);
  });

  test("that is no member is not found, nor is a person among service principals", async () => {
    const unknown = await request("GET", `${entitlements}/00000000-0000-4000-8000-000000000000`);
    const all = await request("GET", `${members}?$filter=name eq 'ada'`);
    const person = await request("GET", `${entitlements}/${all.body.value[0]?.id}`);

    expect([unknown.status, person.status]).toEqual([404, 404]);
  });

  test("shows the projects that it is in", async () => {
    const contributors = await devOps.group("Contributors", devOps.data);
    await request(
      "PUT",
      `vssps.dev.azure.com/contoso/_apis/graph/memberships/${devOps.descriptors.member}/${contributors}`,
    );

    const { body } = await request("GET", `${entitlements}/${devOps.keys.member}`);

    expect(body.projectEntitlements).toEqual([
      {
        projectRef: { id: devOps.data, name: "data" },
        group: { groupType: "projectContributor", displayName: "Contributors" },
        projectPermissionInherited: "notInherited",
        teamRefs: [],
        assignmentSource: "unknown",
      },
    ]);
  });
});

test.each([
  ["", ["pipeline", "platform", "Ada"]],
  ["?$filter=name eq 'P'", ["pipeline", "platform"]],
  ["?$filter=licenseId eq 'Account-Express'", ["platform"]],
  ["?$filter=licenseId eq 'Account-Stakeholder' and name eq 'a'", ["Ada"]],
])("members are searched by name and licence: '%s'", async (query, names) => {
  const { body } = await request("GET", `${members}${query}`, { version: "7.1-preview.2" });

  const found = body.value.map(({ member: subject }) => (subject as { displayName: string }).displayName);
  expect(found.sort()).toEqual([...names].sort());
});

test("a filter that is not understood is refused", async () => {
  const { status } = await request("GET", `${members}?$filter=userType eq 'guest'`);

  expect(status).toBe(400);
});

test.each([
  ["a member that its tenant does not have", { members: ["00000000-0000-4000-8000-000000000000"] }],
  ["a feed of a project that is not there", { feeds: [{ name: "x", project: "y" }] }],
])("a seed with %s is a mistake", (_, extra) => {
  const seed = {
    organizations: [
      { name: "adatum", tenantId: tenant.id, administrators: [devOps.admin.servicePrincipalId] as [string], ...extra },
    ],
  };

  expect(() => seedAzureDevOps(cloud.store, seed)).toThrow(
    /organization adatum: tenant .* has no|there is no project y/,
  );
});
