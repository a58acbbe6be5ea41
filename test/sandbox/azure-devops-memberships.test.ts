import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Snapshot } from "../../sandbox/cloud/store.ts";
import { createDevOps } from "../support/azure-devops.ts";
import { expectRoutesExercised } from "../support/coverage.ts";

const devOps = createDevOps();
const { cloud, request, member, descriptors } = devOps;
const memberships = "vssps.dev.azure.com/contoso/_apis/graph/Memberships";

let start: Snapshot;
let readers: string;
let team: string;
let contributors: string;
beforeAll(async () => {
  readers = await devOps.group("Readers", devOps.data);
  contributors = await devOps.group("Contributors", devOps.data);
  team = await devOps.group("data Team", devOps.data);
  start = cloud.store.snapshot();
});
beforeEach(() => cloud.store.restore(start));
afterAll(() => expectRoutesExercised(cloud, "test/sandbox/azure-devops-memberships.test.ts"));

test("a member that was added is in both lists until it is removed", async () => {
  const added = await request("PUT", `${memberships}/${descriptors.member}/${readers}`);
  const again = await request("PUT", `${memberships}/${descriptors.member}/${readers}`);
  const down = await request("GET", `${memberships}/${readers}?direction=down&depth=1`);
  const up = await request("GET", `${memberships}/${descriptors.member}?direction=Up`);
  const removed = await request("DELETE", `${memberships}/${descriptors.member}/${readers}`);
  const removedAgain = await request("DELETE", `${memberships}/${descriptors.member}/${readers}`);
  const empty = await request("GET", `${memberships}/${readers}?direction=down&depth=1`);

  const base = "https://vssps.dev.azure.com/contoso/_apis/Graph";
  expect([added.status, again.status, removed.status, removedAgain.status]).toEqual([201, 201, 200, 200]);
  expect(added.body).toEqual({
    containerDescriptor: readers,
    memberDescriptor: descriptors.member,
    _links: {
      self: { href: `${base}/Memberships/${descriptors.member}/${readers}` },
      member: { href: `${base}/ServicePrincipals/${descriptors.member}` },
      container: { href: `${base}/Groups/${readers}` },
    },
  });
  expect(down.body).toEqual({ count: 1, value: [added.body] });
  expect(up.body.value).toEqual([added.body]);
  expect(empty.body).toEqual({ count: 0, value: [] });
});

test("one membership can be read and checked", async () => {
  const url = `${memberships}/${descriptors.member}/${readers}`;
  const missing = await request("GET", url);
  const missingHead = await request("HEAD", url);
  await request("PUT", url);
  const found = await request("GET", url);
  const foundHead = await request("HEAD", url);

  expect([missing.status, missingHead.status, found.status, foundHead.status]).toEqual([404, 404, 200, 200]);
  expect(missing.body.message).toBe(
    `VS403328: The graph membership for member descriptor '${descriptors.member}' and container descriptor '${readers}' could not be found. You may need to create this membership in the enclosing enterprise or organization.`,
  );
  expect(found.body.memberDescriptor).toBe(descriptors.member);
  expect(foundHead.body).toEqual({});
});

test("a list goes one group far: a team's members are not listed as its group's", async () => {
  await request("PUT", `${memberships}/${descriptors.member}/${team}`);

  const { body } = await request("GET", `${memberships}/${contributors}?direction=down`);
  const deeper = await request("GET", `${memberships}/${contributors}?direction=down&depth=2`);

  expect(body.value.map(({ memberDescriptor }) => memberDescriptor)).toEqual([team]);
  expect(deeper.status).toBe(400);
});

test("Valid Users has everyone in the organization, without a membership of their own", async () => {
  const validUsers = await devOps.group("Project Collection Valid Users");

  const { body } = await request("GET", `${memberships}/${validUsers}?direction=down`);
  const up = await request("GET", `${memberships}/${descriptors.member}`);

  expect(body.value.map(({ memberDescriptor }) => memberDescriptor)).toContain(descriptors.member);
  expect(up.body).toEqual({ count: 0, value: [] });
});

describe("refused are", () => {
  test("subjects that do not exist", async () => {
    const unknownMember = await request("PUT", `${memberships}/aadsp.bm9wZQ/${readers}`);
    const unknownGroup = await request("PUT", `${memberships}/${descriptors.member}/vssgp.bm9wZQ`);
    const list = await request("GET", `${memberships}/vssgp.bm9wZQ?direction=down`);

    expect([unknownMember.status, unknownGroup.status, list.status]).toEqual([404, 404, 404]);
    expect(unknownMember.body.typeKey).toBe("GraphSubjectNotFoundException");
  });

  test("containers that are no groups", async () => {
    const { status, body } = await request("PUT", `${memberships}/${readers}/${descriptors.member}`);

    expect([status, body.message]).toEqual([
      400,
      `VS403339: Cannot add or remove child from graph subject with descriptor '${descriptors.member}' because it is not a group.`,
    ]);
  });

  test("changes of Valid Users", async () => {
    const validUsers = await devOps.group("Project Valid Users", devOps.data);

    const { status, body } = await request("PUT", `${memberships}/${descriptors.member}/${validUsers}`);

    expect([status, body.message]).toEqual([
      400,
      "TF50618: The Azure DevOps Valid Users group cannot be modified directly.",
    ]);
  });

  test("circles of groups, near and far", async () => {
    await request("PUT", `${memberships}/${contributors}/${readers}`);

    const near = await request("PUT", `${memberships}/${team}/${team}`);
    const far = await request("PUT", `${memberships}/${readers}/${team}`);

    expect([near.status, far.status]).toEqual([400, 400]);
    expect(far.body.message).toBe(
      "TF50233: A cyclic group containment error occurred when adding a group member. The group [data]\\Readers already has the group [data]\\data Team as a contained member.",
    );
  });

  test("groups of another project, and of a project in a group of the organization", async () => {
    const webReaders = await devOps.group("Readers", devOps.web);
    const builders = await devOps.group("Project Collection Build Administrators");

    const across = await request("PUT", `${memberships}/${webReaders}/${readers}`);
    const upwards = await request("PUT", `${memberships}/${readers}/${builders}`);
    const downwards = await request("PUT", `${memberships}/${builders}/${readers}`);

    expect([across.status, upwards.status, downwards.status]).toEqual([400, 400, 201]);
    expect(across.body.message).toBe(
      "TF50375: Project group '[web]\\Readers' cannot be added to group '[data]\\Readers', it is from a different project.",
    );
  });
});

describe("who may change a group", () => {
  const denied = (group: string) =>
    `Access Denied: pipeline needs the following permission(s) on the resource ${group} to perform this action: Manage group membership`;

  test("a member may not", async () => {
    const add = await request("PUT", `${memberships}/${descriptors.member}/${readers}`, { as: member });
    const remove = await request("DELETE", `${memberships}/${descriptors.member}/${readers}`, { as: member });

    expect([add.status, add.body.typeKey, add.body.message]).toEqual([
      403,
      "AccessCheckException",
      denied("[data]\\Readers"),
    ]);
    expect(remove.status).toBe(403);
  });

  test("a project administrator may in the project, and nowhere else", async () => {
    const administrators = await devOps.group("Project Administrators", devOps.data);
    const webReaders = await devOps.group("Readers", devOps.web);
    const collection = await devOps.group("Project Collection Administrators");
    await request("PUT", `${memberships}/${descriptors.member}/${administrators}`);

    const own = await request("PUT", `${memberships}/${descriptors.admin}/${readers}`, { as: member });
    const other = await request("PUT", `${memberships}/${descriptors.admin}/${webReaders}`, { as: member });
    const above = await request("PUT", `${memberships}/${descriptors.member}/${collection}`, { as: member });

    expect([own.status, other.status, above.status]).toEqual([201, 403, 403]);
    expect(above.body.message).toBe(denied("[contoso]\\Project Collection Administrators"));
  });
});
