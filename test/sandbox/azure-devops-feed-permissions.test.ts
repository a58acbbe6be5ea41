import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { azureDevOpsData, type FeedRole } from "../../sandbox/cloud/azure-devops/entities.ts";
import { type FeedPermission, feedRoleOf, hasFeedPermission } from "../../sandbox/cloud/azure-devops/feed-roles.ts";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { createDevOps, type DevOpsBody } from "../support/azure-devops.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { tenant } from "../support/directory.ts";

const devOps = createDevOps();
const { cloud, request, member } = devOps;
const shared = "feeds.dev.azure.com/contoso/_apis/packaging/feeds/shared";
const python = `feeds.dev.azure.com/contoso/${devOps.data}/_apis/packaging/feeds/${devOps.python}`;
const legacy = (objectId: string) =>
  `Microsoft.VisualStudio.Services.Claims.AadServicePrincipal;${tenant.id}\\${objectId}`;
const memberDescriptor = legacy(member.servicePrincipalId);
const buildService = (scopeId: string) =>
  `Microsoft.TeamFoundation.ServiceIdentity;${devOps.organizationId}:Build:${scopeId}`;
const grant = (role: unknown, identityDescriptor: unknown = memberDescriptor) => ({
  body: [{ displayName: "", identityDescriptor, identityId: devOps.keys.member, role }],
});

let start: Snapshot;
beforeAll(async () => {
  await request("GET", shared);
  start = cloud.store.snapshot();
});
beforeEach(() => cloud.store.restore(start));
afterAll(() => expectRoutesExercised(cloud, "test/sandbox/azure-devops-feed-permissions.test.ts"));

const rolesIn = (body: DevOpsBody) =>
  body.value.map(({ role, identityDescriptor, isInheritedRole }) => [role, identityDescriptor, isInheritedRole]);
const roleOf = (body: DevOpsBody, descriptor: string) =>
  body.value.find(({ identityDescriptor }) => identityDescriptor === descriptor)?.role;

async function administrators(): Promise<string> {
  const { body } = await request(
    "GET",
    "vssps.dev.azure.com/contoso/_apis/identities?searchFilter=General&filterValue=Project Collection Administrators",
  );
  return String(body.value[0]?.descriptor);
}

describe("a new feed", () => {
  test("of the organization admits its creator, the collection's build service, and administrators by inheritance", async () => {
    const { status, body } = await request("GET", `${shared}/Permissions`);

    expect(status).toBe(200);
    expect(rolesIn(body)).toEqual([
      ["collaborator", buildService(devOps.organizationId), false],
      ["administrator", legacy(devOps.admin.servicePrincipalId), false],
      ["administrator", await administrators(), true],
    ]);
  });

  test("of a project admits the project's build service, too", async () => {
    const { body } = await request("GET", `${python}/permissions?excludeInheritedPermissions=true`);

    expect(rolesIn(body)).toEqual([
      ["collaborator", buildService(devOps.organizationId), false],
      ["collaborator", buildService(devOps.data), false],
      ["administrator", legacy(devOps.admin.servicePrincipalId), false],
    ]);
  });
});

describe("a list of permissions", () => {
  test("tells ids and names only where they are asked for", async () => {
    const url = `${shared}/permissions?identityDescriptor=${encodeURIComponent(legacy(devOps.admin.servicePrincipalId))}`;

    const without = await request("GET", url);
    const withIds = await request("GET", `${url}&includeIds=true`);

    const role = {
      role: "administrator",
      identityDescriptor: legacy(devOps.admin.servicePrincipalId),
      isInheritedRole: false,
    };
    expect(without.body.value).toEqual([{ ...role, displayName: null, identityId: null }]);
    expect(withIds.body.value).toEqual([{ ...role, displayName: "platform", identityId: devOps.keys.admin }]);
  });

  test("names groups with their scope", async () => {
    const { body } = await request("GET", `${shared}/permissions?includeIds=true`);

    expect(body.value.map(({ displayName }) => displayName)).toEqual([
      "Project Collection Build Service (contoso)",
      "platform",
      "[contoso]\\Project Collection Administrators",
    ]);
  });

  test("is refused to who cannot read the feed", async () => {
    const { status, body } = await request("GET", `${shared}/permissions`, { as: member });

    expect([status, body.typeKey]).toEqual([403, "FeedNeedsPermissionsException"]);
  });

  test("of a feed that does not exist in this scope is not found", async () => {
    const { status, body } = await request(
      "GET",
      `feeds.dev.azure.com/contoso/_apis/packaging/feeds/${devOps.python}/permissions`,
    );

    expect([status, body.message]).toEqual([404, `The feed with ID '${devOps.python}' doesn't exist.`]);
  });
});

describe.each([
  ["the organization", shared],
  ["a project", python],
])("setting roles on a feed of %s", (_, feed) => {
  test("answers what was set, and the list has it", async () => {
    const answer = await request("PATCH", `${feed}/permissions`, grant("contributor"));
    const { body } = await request("GET", `${feed}/permissions`);

    expect(answer.status).toBe(200);
    expect(rolesIn(answer.body)).toEqual([["contributor", memberDescriptor, false]]);
    expect(roleOf(body, memberDescriptor)).toBe("contributor");
  });

  test("replaces the role that was there", async () => {
    await request("PATCH", `${feed}/permissions`, grant("contributor"));

    await request("PATCH", `${feed}/permissions`, grant("reader"));
    const { body } = await request("GET", `${feed}/permissions`);

    expect(body.value.filter((one) => one.identityDescriptor === memberDescriptor).map(({ role }) => role)).toEqual([
      "reader",
    ]);
  });

  test("with none takes the role away, also where there was none", async () => {
    await request("PATCH", `${feed}/permissions`, grant("contributor"));

    const first = await request("PATCH", `${feed}/permissions`, {
      body: [{ identityDescriptor: memberDescriptor, role: "none" }],
    });
    const second = await request("PATCH", `${feed}/permissions`, {
      body: [{ identityDescriptor: memberDescriptor, role: "none" }],
    });
    const { body } = await request("GET", `${feed}/permissions`);

    expect([first.status, second.status]).toEqual([200, 200]);
    expect(rolesIn(second.body)).toEqual([["none", memberDescriptor, false]]);
    expect(roleOf(body, memberDescriptor)).toBe(undefined);
  });

  test("takes roles by number and descriptors in parts, as older clients send them", async () => {
    const [identityType, identifier] = memberDescriptor.split(";");

    await request("PATCH", `${feed}/permissions`, grant(5, { identityType, identifier }));
    const { body } = await request("GET", `${feed}/permissions`);

    expect(roleOf(body, memberDescriptor)).toBe("collaborator");
  });

  test("sets nothing where one of the identities is unknown", async () => {
    const unknown = legacy("00000000-0000-4000-8000-000000000000");

    const { status, body } = await request("PATCH", `${feed}/permissions`, {
      body: [
        { role: "reader", identityDescriptor: memberDescriptor },
        { role: "reader", identityDescriptor: unknown },
      ],
    });
    const after = await request("GET", `${feed}/permissions`);

    expect([status, body.typeKey, body.message]).toEqual([
      404,
      "IdentityNotFoundException",
      `TF14045: The identity with type 'Microsoft.VisualStudio.Services.Claims.AadServicePrincipal' and identifier '${unknown.split(";")[1]}' could not be found.`,
    ]);
    expect(roleOf(after.body, memberDescriptor)).toBe(undefined);
  });

  test.each([
    ["custom", memberDescriptor, "PermissionInvalidRoleException"],
    ["owner", memberDescriptor, "ArgumentException"],
    ["reader", "aadsp.bm90IGxlZ2FjeQ", "ArgumentException"],
  ])("refuses role %s for %s", async (role, descriptor, typeKey) => {
    const { status, body } = await request("PATCH", `${feed}/permissions`, grant(role, descriptor));

    expect([status, body.typeKey]).toEqual([400, typeKey]);
  });
});

test("roles are set by who administers the feed", async () => {
  await request("PATCH", `${shared}/permissions`, grant("contributor"));
  const asContributor = await request("PATCH", `${shared}/permissions`, { as: member, ...grant("administrator") });
  await request("PATCH", `${shared}/permissions`, grant("administrator"));
  const asAdministrator = await request("PATCH", `${shared}/permissions`, { as: member, ...grant("reader") });

  expect([asContributor.status, asContributor.body.message]).toEqual([
    403,
    `User '${devOps.keys.member}' lacks permission to complete this action. You need to have 'AdministerFeed'.`,
  ]);
  expect(asAdministrator.status).toBe(200);
});

test("everyone can be named without the organization's own number", async () => {
  const everyone = "Microsoft.TeamFoundation.Identity;S-1-9-1551374245-1204400969-2402986413-2179408616-0-0-0-0-3";

  await request("PATCH", `${shared}/permissions`, grant("reader", everyone));
  const { status } = await request("GET", shared, { as: member });
  const list = await request("GET", `${shared}/permissions?includeIds=true`);

  expect(status).toBe(200);
  expect(list.body.value.at(-1)).toMatchObject({
    role: "reader",
    displayName: "[contoso]\\Project Collection Valid Users",
  });
});

describe("the role of a member", () => {
  const feed = () => {
    const found = azureDevOpsData(cloud.store).feeds.get(devOps.python);
    const subject = azureDevOpsData(cloud.store).subjects.get(devOps.keys.member);
    if (!found || !subject) throw new Error("the seed is gone");
    return { found, subject };
  };
  const role = () => feedRoleOf(cloud.store, feed().found, feed().subject);

  test("is none without a grant", () => {
    expect(role()).toBe(undefined);
  });

  test("is the highest of its own and of its groups, through nested groups", async () => {
    const team = await devOps.group("data Team", devOps.data);
    const contributors = await request(
      "GET",
      "vssps.dev.azure.com/contoso/_apis/identities?searchFilter=General&filterValue=[data]\\Contributors",
    );
    await request("PUT", `vssps.dev.azure.com/contoso/_apis/graph/memberships/${devOps.descriptors.member}/${team}`);
    await request("PATCH", `${python}/permissions`, grant("reader"));
    const own = role();

    await request("PATCH", `${python}/permissions`, grant("contributor", contributors.body.value[0]?.descriptor));

    expect([own, role()]).toEqual(["reader", "contributor"]);
  });

  test("is administrator on every feed for who administers the organization", async () => {
    const group = await devOps.group("Project Collection Administrators");

    await request("PUT", `vssps.dev.azure.com/contoso/_apis/graph/memberships/${devOps.descriptors.member}/${group}`);

    expect(role()).toBe("administrator");
  });

  const permissions: readonly FeedPermission[] = [
    "ReadPackages",
    "AddUpstreamPackage",
    "AddPackage",
    "UpdatePackage",
    "DelistPackage",
    "DeletePackage",
    "EditFeed",
    "DeleteFeed",
    "AdministerFeed",
  ];
  test.each<[FeedRole, number]>([
    ["reader", 1],
    ["collaborator", 2],
    ["contributor", 5],
    ["administrator", 9],
  ])("%s allows the first %i permissions", async (granted, allowed) => {
    await request("PATCH", `${python}/permissions`, grant(granted));

    const { found, subject } = feed();
    expect(permissions.filter((permission) => hasFeedPermission(cloud.store, found, subject, permission))).toEqual(
      permissions.slice(0, allowed),
    );
  });
});

test("a role on a project's feed is of no use without access to the project", async () => {
  await request("PATCH", `${python}/permissions`, grant("reader"));
  const readers = await devOps.group("Readers", devOps.data);

  const without = await request("GET", python, { as: member });
  await request("PUT", `vssps.dev.azure.com/contoso/_apis/graph/memberships/${devOps.descriptors.member}/${readers}`);
  const withAccess = await request("GET", python, { as: member });

  expect([without.status, without.body.typeKey]).toEqual([404, "ProjectDoesNotExistException"]);
  expect(withAccess.status).toBe(200);
});
