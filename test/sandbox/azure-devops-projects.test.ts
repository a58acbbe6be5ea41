import { afterAll, describe, expect, test } from "vitest";
import { createDevOps } from "../support/azure-devops.ts";
import { expectRoutesExercised } from "../support/coverage.ts";

const devOps = createDevOps();
const { cloud, request, member } = devOps;
const projects = "dev.azure.com/contoso/_apis/projects";
const basicProcess = "b8a3a935-7e91-48b8-a94c-606d37c3e9f2";

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/azure-devops-projects.test.ts"));

describe("who sees a project", () => {
  test("an administrator sees all, a member those that are visible to the organization", async () => {
    const admins = await request("GET", projects);
    const members = await request("GET", projects, { as: member });

    expect(admins.body.value.map(({ name }) => name)).toEqual(["data", "web"]);
    expect(members.body.value.map(({ name }) => name)).toEqual(["web"]);
  });

  test("a private project that the caller is not in is not told from one that does not exist", async () => {
    const byName = await request("GET", `${projects}/data`, { as: member });
    const byId = await request("GET", `${projects}/${devOps.data}`, { as: member });

    expect([byName.status, byName.body.typeKey, byName.body.message]).toEqual([
      404,
      "ProjectDoesNotExistWithNameException",
      "TF200016: The following project does not exist: data. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.",
    ]);
    expect([byId.status, byId.body.typeKey, byId.body.message]).toEqual([
      404,
      "ProjectDoesNotExistException",
      `VS800075: The project with id 'vstfs:///Classification/TeamProject/${devOps.data}' does not exist, or you do not have permission to access it.`,
    ]);
  });

  test("a member of one of its groups sees it", async () => {
    const readers = await devOps.group("Readers", devOps.data);
    const membership = `vssps.dev.azure.com/contoso/_apis/graph/memberships/${devOps.descriptors.member}/${readers}`;

    await request("PUT", membership);
    const inside = await request("GET", `${projects}/data`, { as: member });
    await request("DELETE", membership);
    const outside = await request("GET", `${projects}/data`, { as: member });

    expect([inside.status, outside.status]).toEqual([200, 404]);
  });
});

test("a project is the same by name, in any case, and by id", async () => {
  const byId = await request("GET", `${projects}/${devOps.data}`);
  const byName = await request("GET", `${projects}/Data`);

  expect(byName.body).toEqual(byId.body);
  expect(byId.body).toMatchObject({
    id: devOps.data,
    name: "data",
    url: `https://dev.azure.com/contoso/_apis/projects/${devOps.data}`,
    state: "wellFormed",
    visibility: "private",
    defaultTeam: { name: "data Team" },
  });
  expect(byId.body).not.toHaveProperty("capabilities");
});

test("capabilities come when they are asked for", async () => {
  const { body } = await request("GET", `${projects}/data?includeCapabilities=true&includeHistory=false`);

  expect(body.capabilities).toEqual({
    processTemplate: { templateName: "Basic", templateTypeId: basicProcess },
    versioncontrol: { sourceControlType: "Git", gitEnabled: "True", tfvcEnabled: "False" },
  });
});

test("projects come in pages", async () => {
  const first = await request("GET", `${projects}?$top=1`);
  const token = first.headers.get("X-MS-ContinuationToken");
  const second = await request("GET", `${projects}?$top=1&continuationToken=${token}`);

  expect([first.body.value.map(({ name }) => name), token]).toEqual([["data"], "1"]);
  expect(second.body.value.map(({ name }) => name)).toEqual(["web"]);
  expect(second.headers.has("X-MS-ContinuationToken")).toBe(false);
});

test("the process templates are those that every organization has", async () => {
  const all = await request("GET", "dev.azure.com/contoso/_apis/process/processes");
  const basic = await request("GET", `dev.azure.com/contoso/_apis/process/processes/${basicProcess}`);
  const missing = await request("GET", `dev.azure.com/contoso/_apis/process/processes/${devOps.data}`);

  expect(all.body.value.map(({ name }) => name)).toEqual(["Basic", "Scrum", "Agile", "CMMI"]);
  expect(all.body.value.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual(["Basic"]);
  expect(basic.body).toMatchObject({ id: basicProcess, name: "Basic", type: "system" });
  expect(missing.status).toBe(404);
});

describe("making a project", () => {
  const wanted = {
    name: "mobile",
    description: "Apps",
    capabilities: {
      versioncontrol: { sourceControlType: "Git" },
      processTemplate: { templateTypeId: "6b724908-ef14-45cf-84f8-768b5384da45" },
    },
  };

  test("is queued, and done when its operation says so", async () => {
    const queued = await request("POST", projects, { body: wanted, version: "7.1-preview.4" });
    const operation = await request("GET", `dev.azure.com/contoso/_apis/operations/${queued.body.id}`);
    const project = await request("GET", `${projects}/mobile?includeCapabilities=true`);

    expect([queued.status, queued.body.status]).toEqual([202, "queued"]);
    expect(queued.body.url).toBe(`https://dev.azure.com/contoso/_apis/operations/${queued.body.id}`);
    expect(operation.body).toMatchObject({ id: queued.body.id, status: "succeeded" });
    expect(project.body).toMatchObject({ name: "mobile", description: "Apps", visibility: "private" });
    expect(project.body.capabilities).toMatchObject({ processTemplate: { templateName: "Scrum" } });
  });

  test("gives it the standard groups", async () => {
    const { body: project } = await request("GET", `${projects}/mobile`);
    const { body: scope } = await request("GET", `vssps.dev.azure.com/contoso/_apis/graph/descriptors/${project.id}`);
    const { body } = await request(
      "GET",
      `vssps.dev.azure.com/contoso/_apis/graph/groups?scopeDescriptor=${String(scope.value)}`,
    );

    expect(body.value.map(({ displayName }) => displayName)).toEqual([
      "Project Administrators",
      "Project Valid Users",
      "Build Administrators",
      "Contributors",
      "Endpoint Administrators",
      "Endpoint Creators",
      "Readers",
      "Release Administrators",
      "mobile Team",
    ]);
  });

  test("is refused for a name that is taken, for an unknown template, and to a member", async () => {
    const taken = await request("POST", projects, { body: { name: "Data" } });
    const template = await request("POST", projects, {
      body: { name: "x", capabilities: { processTemplate: { templateTypeId: devOps.data } } },
    });
    const member = await request("POST", projects, { as: devOps.member, body: { name: "x" } });

    expect([taken.status, taken.body.typeKey]).toEqual([409, "ProjectAlreadyExistsException"]);
    expect([template.status, template.body.typeKey]).toEqual([404, "ProcessNotFoundException"]);
    expect([member.status, member.body.message]).toEqual([
      403,
      "Access Denied: pipeline needs the following permission(s) on the resource contoso to perform this action: Create new projects",
    ]);
  });

  test("an operation that was never started is not found", async () => {
    const { status } = await request("GET", `dev.azure.com/contoso/_apis/operations/${devOps.data}`);

    expect(status).toBe(404);
  });
});
