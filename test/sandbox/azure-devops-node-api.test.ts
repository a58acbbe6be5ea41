import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getBearerHandler, getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api";
import { ProjectVisibility } from "azure-devops-node-api/interfaces/CoreInterfaces.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Internet, openInternet } from "../../sandbox/internet.ts";
import { createDevOps, devOpsScope, personalAccessToken } from "../support/azure-devops.ts";

/* Microsoft's own client for Node, through the private internet's proxy and its certificates. */
const devOps = createDevOps();
let internet: Internet;
let folder: string;

beforeAll(async () => {
  internet = await openInternet(devOps.cloud);
  folder = await mkdtemp(join(tmpdir(), "azure-devops-node-api-"));
  await writeFile(join(folder, "authority.pem"), internet.authority);
});
afterAll(async () => {
  await internet.close();
  await rm(folder, { recursive: true });
});

const connect = (handler: ReturnType<typeof getBearerHandler>) =>
  new WebApi("https://dev.azure.com/contoso", handler, {
    proxy: { proxyUrl: internet.proxyUrl },
    cert: { caFile: join(folder, "authority.pem") },
  });
const asAdmin = async () => connect(getBearerHandler(await devOps.token(devOps.admin, devOpsScope)));

test("it connects and learns who it is", async () => {
  const { authenticatedUser, instanceId } = await (await asAdmin()).connect();

  expect([authenticatedUser?.providerDisplayName, instanceId]).toEqual(["platform", devOps.organizationId]);
});

test("it finds the areas, negotiates a version and lists projects", async () => {
  devOps.cloud.requests.clear();
  const core = await (await asAdmin()).getCoreApi();

  const projects = await core.getProjects();

  expect(projects.map(({ name, visibility }) => [name, visibility])).toEqual([
    ["data", ProjectVisibility.Private],
    ["web", ProjectVisibility.Organization],
  ]);
  const asked = devOps.cloud.requests.all().filter(({ service }) => service === "azure-devops");
  expect(asked.map(({ method, path, status }) => `${status} ${method} ${path}`)).toEqual([
    "200 OPTIONS /contoso/_apis/Location",
    "200 GET /contoso/_apis/ResourceAreas",
    "200 OPTIONS /contoso/_apis/core",
    "200 GET /contoso/_apis/projects",
  ]);
});

test("it reads a project with capabilities, and its process", async () => {
  const core = await (await asAdmin()).getCoreApi();

  const project = await core.getProject("data", true);
  const process = await core.getProcessById(project.capabilities?.processTemplate?.templateTypeId ?? "");

  expect([project.id, project.name, process.name, process.isDefault]).toEqual([devOps.data, "data", "Basic", true]);
});

test("it makes a project and follows the operation", async () => {
  const core = await (await asAdmin()).getCoreApi();

  const operation = await core.queueCreateProject({ name: "mobile", visibility: ProjectVisibility.Private });
  const made = await core.getProject("mobile");

  expect(operation.url).toBe(`https://dev.azure.com/contoso/_apis/operations/${operation.id}`);
  expect(made.state).toBe("wellFormed");
});

test("it lists all areas with their addresses", async () => {
  const locations = await (await asAdmin()).getLocationsApi();

  const areas = await locations.getResourceAreas();
  const feed = await locations.getResourceArea("7ab4e64e-c4d8-4f50-ae73-5ef2e21642a5");

  expect(areas).toHaveLength(18);
  expect(feed.locationUrl).toBe("https://feeds.dev.azure.com/contoso/");
});

test("it signs in with a personal access token", async () => {
  const { authenticatedUser } = await connect(getPersonalAccessTokenHandler(personalAccessToken)).connect();

  expect(authenticatedUser?.providerDisplayName).toBe("Ada");
});

test("it is told the service's words when it is refused", async () => {
  const stranger = connect(getBearerHandler(await devOps.token(devOps.stranger, devOpsScope)));

  await expect(stranger.getCoreApi()).rejects.toThrow(/TF400813: The user '[0-9a-f-]{36}' is not authorized/);
});
