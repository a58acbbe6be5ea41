import { beforeAll, beforeEach, expect, test } from "vitest";
import { azuredevops } from "../../sandbox/offline/providers/azuredevops/definition.ts";
import { callsOf, outcomeOf, type SignedIn, signIn } from "../support/azuredevops-provider.ts";
import { tenant } from "../support/directory.ts";
import { call, hostOf, refusalOf, sentBy } from "../support/offline-provider.ts";

const token = (name: string) => `azuredevops:index/${name}:${name}`;
const nowhere = "00000000-0000-4000-8000-00000000dead";
const graph = "GET vssps.dev.azure.com/contoso/_apis/Graph";

let world: SignedIn;

beforeAll(async () => {
  world = await signIn();
});

beforeEach(() => world.cloud.faults.clear());

test("getFeed finds a feed by name or id in its scope, with one request", async () => {
  const feeds = "GET feeds.dev.azure.com/contoso";

  const [calls, byName] = await outcomeOf(world, () =>
    call(world.provider, token("getFeed"), { name: "python", projectId: world.data }),
  );
  const byId = await call(world.provider, token("getFeed"), { feedId: world.shared });

  expect(calls).toEqual([`${feeds}/${world.data}/_apis/Packaging/Feeds/python`]);
  expect(byName).toEqual({ id: world.python, feedId: world.python, name: "python", projectId: world.data });
  expect(byId).toEqual({ id: world.shared, feedId: world.shared, name: "shared" });
});

test("getFeed gives nothing where there is no such feed, also in another scope, and fails for any other reason", async () => {
  const missing = await call(world.provider, token("getFeed"), { name: "nothing" });
  const elsewhere = await call(world.provider, token("getFeed"), { name: "python" });
  world.cloud.faults.add({ effect: { kind: "status", status: 503 }, path: /Feeds/i });
  const broken = await refusalOf(call(world.provider, token("getFeed"), { name: "python" }));

  expect([missing, elsewhere]).toEqual([{}, {}]);
  expect(broken).toContain("reading feed during read: ");
});

test("getProject reads the project and the name of its process", async () => {
  const [calls, project] = await outcomeOf(world, () => call(world.provider, token("getProject"), { name: "data" }));

  expect(calls).toEqual([
    "GET dev.azure.com/contoso/_apis/projects/data",
    `GET dev.azure.com/contoso/_apis/process/processes/${project.processTemplateId}`,
  ]);
  expect(project).toEqual({
    id: world.data,
    projectId: world.data,
    name: "data",
    description: "",
    visibility: "private",
    versionControl: "Git",
    processTemplateId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    workItemTemplate: "Basic",
    features: {},
  });
});

test("getGroup looks among the project's groups, or the organization's, whatever the case of the name", async () => {
  const scope = await call(world.provider, token("getDescriptor"), { storageKey: world.data });

  const [calls, ofProject] = await outcomeOf(world, () =>
    call(world.provider, token("getGroup"), { name: "readers", projectId: world.data }),
  );
  const ofOrganization = await call(world.provider, token("getGroup"), { name: "Project Collection Valid Users" });

  const readers = await world.group("Readers", world.data);
  expect(scope.descriptor).toMatch(/^scp\./);
  expect(calls).toEqual([`${graph}/Descriptors/${world.data}`, `${graph}/Groups`, `${graph}/StorageKeys/${readers}`]);
  expect(ofProject).toEqual({
    id: readers,
    descriptor: readers,
    name: "readers",
    projectId: world.data,
    origin: "vsts",
    originId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    groupId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(ofOrganization.descriptor).toBe(await world.group("Project Collection Valid Users"));
});

test("getGroup reads every page", async () => {
  const pages = ["second", "third", ""];
  const provider = await azuredevops.configure(
    {},
    {
      ...world.host,
      async fetch(input, init) {
        const url = new URL(String(input));
        if (!url.pathname.endsWith("/Groups")) return world.host.fetch(input, init);
        const page = ["", "second", "third"].indexOf(url.searchParams.get("continuationToken") ?? "");
        const descriptor = await world.group("Project Collection Administrators");
        const group = { displayName: `Group ${page}`, domain: "vstfs:///Framework/IdentityDomain/1", descriptor };
        const headers = { "X-MS-ContinuationToken": pages[page] ?? "" };
        return Response.json({ count: 1, value: [{ ...group, origin: "vsts", originId: "1" }] }, { headers });
      },
    },
  );

  const found = await call(provider, token("getGroup"), { name: "Group 2" });

  expect(found.name).toBe("Group 2");
});

test("getServicePrincipal searches by display name, getStorageKey and getDescriptor translate", async () => {
  const { member } = world.descriptors;

  const [calls, principal] = await outcomeOf(world, () =>
    call(world.provider, token("getServicePrincipal"), { displayName: "Pipeline" }),
  );
  const key = await call(world.provider, token("getStorageKey"), { descriptor: member });
  const descriptor = await call(world.provider, token("getDescriptor"), { storageKey: world.keys.member });

  expect(calls).toEqual(["GET vssps.dev.azure.com/contoso/_apis/Identities", `${graph}/ServicePrincipals/${member}`]);
  expect(principal).toEqual({
    id: member,
    descriptor: member,
    displayName: "pipeline",
    origin: "aad",
    originId: world.member.servicePrincipalId,
  });
  expect(key).toEqual({ id: world.keys.member, descriptor: member, storageKey: world.keys.member });
  expect(descriptor).toEqual({ id: world.keys.member, storageKey: world.keys.member, descriptor: member });
});

test.each([
  ["getFeed", {}, "one of `feed_id,name` must be specified"],
  ["getFeed", { feedId: nowhere, name: "python" }, "feed_id conflicts with name"],
  ["getProject", {}, "one of `name,project_id` must be specified"],
  ["getProject", { name: "nothing" }, "Project with name nothing or ID  does not exist "],
  ["getProject", { projectId: nowhere }, `Project with name  or ID ${nowhere} does not exist `],
  ["getGroup", { name: "Nobody" }, "Could not find group with name Nobody"],
  ["getGroup", { name: "Readers", projectId: nowhere }, `Project with ID: ${nowhere} was not found. Error: `],
  ["getServicePrincipal", { displayName: "nobody" }, "Finding service principal with filter General. Error: <nil>"],
  ["getStorageKey", { descriptor: "aadsp.x" }, "The specified descriptor aadsp.x does not exist."],
  ["getDescriptor", { storageKey: nowhere }, `The specified storage key ${nowhere} does not exist.`],
])("%s with %o says what is wrong", async (name, args, message) => {
  const refusal = await refusalOf(call(world.provider, token(name), args));

  expect(refusal).toContain(message);
});

test("a group that the project does not have is told with the project", async () => {
  const refusal = await refusalOf(call(world.provider, token("getGroup"), { name: "Nobody", projectId: world.data }));

  expect(refusal).toBe(`Could not find Group with Name: Nobody in project with ID: ${world.data}`);
});

test("no function writes anything", async () => {
  const before = JSON.stringify(world.cloud.store.snapshot());

  const calls = await callsOf(world, async () => {
    await call(world.provider, token("getFeed"), { name: "shared" });
    await call(world.provider, token("getProject"), { name: "data" });
    await call(world.provider, token("getGroup"), { name: "Readers", projectId: world.data });
  });

  expect(calls.every((request) => request.startsWith("GET "))).toBe(true);
  expect(JSON.stringify(world.cloud.store.snapshot())).toBe(before);
});

test("a sign-in that Entra refuses stops configure with Entra's words, and no secret in them", async () => {
  const host = hostOf(world.cloud, {
    AZDO_ORG_SERVICE_URL: "https://dev.azure.com/contoso",
    ARM_TENANT_ID: tenant.id,
    ARM_CLIENT_ID: world.admin.appId,
    ARM_CLIENT_SECRET: "not-the-secret",
  });

  const refusal = await refusalOf(azuredevops.configure({}, host));

  expect(refusal).toContain("failed to get AAD token: Entra refused the sign-in: AADSTS7000215");
  expect(refusal).not.toContain("not-the-secret");
  expect(sentBy(host)).toHaveLength(3);
});
