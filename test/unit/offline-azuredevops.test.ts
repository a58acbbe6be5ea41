import { beforeAll, expect, test } from "vitest";
import { azureDevOpsData } from "../../sandbox/cloud/azure-devops/entities.ts";
import { azuredevops } from "../../sandbox/offline/providers/azuredevops/definition.ts";
import { createDevOps, personalAccessToken } from "../support/azure-devops.ts";
import {
  callsOf,
  entitlementType,
  feedType,
  membershipType,
  organization,
  outcomeOf,
  permissionType,
  type SignedIn,
  signIn,
} from "../support/azuredevops-provider.ts";
import { tenant } from "../support/directory.ts";
import { create, definitionOf, hostOf, refusalOf, requestsTo, sentBy, update } from "../support/offline-provider.ts";

test("configure signs in to Entra as MSAL does, and asks what the organization has and where", async () => {
  const { host } = await signIn();

  expect(sentBy(host)).toEqual([
    "GET login.microsoftonline.com/common/discovery/instance",
    `GET login.microsoftonline.com/${tenant.id}/v2.0/.well-known/openid-configuration`,
    `POST login.microsoftonline.com/${tenant.id}/oauth2/v2.0/token`,
    "OPTIONS dev.azure.com/contoso/_apis",
    "GET dev.azure.com/contoso/_apis/ResourceAreas",
  ]);
  expect(new URLSearchParams(String(host.sent[2]?.body)).get("scope")).toBe(
    "499b84ac-1321-427f-aa17-267ca6975798/.default openid offline_access profile",
  );
  expect(host.sent[4]?.headers.get("Authorization")).toMatch(/^Bearer /);
  expect(host.sent[4]?.headers.get("Accept")).toBe("application/json;api-version=5.1-preview.1");
});

test("a personal access token wins over everything else, and an argument over the environment", async () => {
  const { cloud } = createDevOps();
  const host = hostOf(cloud, { AZDO_ORG_SERVICE_URL: "https://dev.azure.com/elsewhere", ARM_CLIENT_SECRET: "x" });

  await azuredevops.configure({ orgServiceUrl: `${organization}/`, personalAccessToken }, host);

  expect(requestsTo(cloud)).toEqual([
    "OPTIONS dev.azure.com/contoso/_apis",
    "GET dev.azure.com/contoso/_apis/ResourceAreas",
  ]);
  expect(host.sent.map(({ headers }) => headers.get("Authorization"))).toEqual(
    Array(2).fill(`Basic ${Buffer.from(`_:${personalAccessToken}`).toString("base64")}`),
  );
});

test.each([
  [{}, "the url of the Azure DevOps is required"],
  [
    { orgServiceUrl: "https://dev.azure.com/nobody", personalAccessToken },
    "Azure DevOps Organization: https://dev.azure.com/nobody doesn't exist or can't be found. Make sure the URL is correct.",
  ],
  [
    { orgServiceUrl: organization, personalAccessToken: "wrong" },
    "You are not authorized to access Azure DevOps Organization https://dev.azure.com/contoso",
  ],
])("configure with %o says what is wrong", async (config, message) => {
  const { cloud } = createDevOps();

  await expect(azuredevops.configure(config, hostOf(cloud))).rejects.toThrow(message);
});

test("a server that names no areas is asked once for each client, and then for everything", async () => {
  const route = {
    id: "e81700f7-3be2-46de-8624-2eb35882fcaa",
    area: "Location",
    resourceName: "ResourceAreas",
    routeTemplate: "_apis/{resource}/{areaId}",
    resourceVersion: 1,
    minVersion: "1.0",
    maxVersion: "7.2",
    releasedVersion: "0.0",
  };
  const feeds = {
    ...route,
    id: "c65009a7-474a-4ad1-8b42-7d852107ef8c",
    area: "Packaging",
    resourceName: "Feeds",
    routeTemplate: "{project}/_apis/{area}/{resource}/{feedId}",
    maxVersion: "6.0",
  };
  const host = hostOf({
    async fetch({ method, url }) {
      if (method === "OPTIONS") return Response.json({ count: 2, value: [route, feeds] });
      if (url.endsWith("ResourceAreas")) return Response.json({ count: 0, value: [] });
      return Response.json({ id: "1", name: "python" });
    },
  });

  const provider = await azuredevops.configure({ orgServiceUrl: "https://server/Team", personalAccessToken }, host);
  await provider.functions["azuredevops:index/getFeed:getFeed"]?.({ name: "a b" });

  expect(host.sent.filter(({ url }) => url === "https://server/team/_apis/ResourceAreas")).toHaveLength(20);
  expect(host.sent.at(-1)?.url).toBe("https://server/team/_apis/Packaging/Feeds/a%20b");
  expect(host.sent.at(-1)?.headers.get("Accept")).toBe("application/json;api-version=6.0-preview");
});

test("a feed is made, read by its id, changed and deleted by its name, each host's routes being asked once", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, feedType);
  const feeds = `feeds.dev.azure.com/contoso/${world.data}/_apis/Packaging/Feeds`;

  world.cloud.requests.clear();
  const made = await create(definition, { name: "wheels", projectId: world.data });
  const kept = await update(definition, made, {
    name: "wheels",
    projectId: world.data,
    features: [{ permanentDelete: true }],
  });
  await definition.delete(kept.id, kept.outputs);

  expect(made).toEqual({ id: made.id, outputs: { name: "wheels", projectId: world.data } });
  expect(kept.outputs).toEqual({ ...made.outputs, features: [{ permanentDelete: true }] });
  expect(requestsTo(world.cloud)).toEqual([
    "OPTIONS feeds.dev.azure.com/contoso/_apis",
    `POST ${feeds}`,
    `GET ${feeds}/${made.id}`,
    `PATCH ${feeds}/wheels`,
    `GET ${feeds}/${made.id}`,
    `DELETE ${feeds}/wheels`,
    `DELETE feeds.dev.azure.com/contoso/${world.data}/_apis/Packaging/FeedRecycleBin/wheels`,
  ]);
  expect(azureDevOpsData(world.cloud.store).feeds.get(made.id)).toBe(undefined);
  expect(await definition.read(made.id, kept.outputs)).toBe(undefined);
});

test("a feed without permanentDelete stays in the recycle bin", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, feedType);
  const made = await create(definition, { name: "wheels" });

  const calls = await callsOf(world, () => definition.delete(made.id, made.outputs));

  expect(calls).toEqual(["DELETE feeds.dev.azure.com/contoso/_apis/Packaging/Feeds/wheels"]);
  expect(azureDevOpsData(world.cloud.store).feeds.get(made.id)?.deletedDate).not.toBe(null);
  await expect(create(definition, { name: "wheels" })).rejects.toThrow(
    "creating new feed. Name: wheels, Error: The feed name 'wheels' is still reserved by a deleted feed.",
  );
});

test("a feed is imported by its project, named by name or by id, and its own id", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, feedType);

  const byName = await definition.read(`data/${world.python}`, {});
  const byId = await definition.read(`${world.data}/${world.python}`, {});
  const ofOrganization = await definition.read(world.shared, {});

  expect(byName).toEqual({ id: world.python, outputs: { name: "python", projectId: world.data } });
  expect(byId).toEqual(byName);
  expect(ofOrganization).toEqual({ id: world.shared, outputs: { name: "shared" } });
});

test("a service principal is entitled by its object id, and its licence is changed in place", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, entitlementType);
  const entitlements = "vsaex.dev.azure.com/contoso/_apis/ServicePrincipalEntitlements";

  const [calls, made] = await outcomeOf(world, () =>
    create(definition, { originId: world.stranger.servicePrincipalId, accountLicenseType: "Stakeholder" }),
  );
  const patched = await callsOf(world, () =>
    update(definition, made, { originId: world.stranger.servicePrincipalId, accountLicenseType: "basic" }),
  );
  const again = await definition.read(made.id, { ...made.outputs, accountLicenseType: "basic" });
  const removed = await callsOf(world, () => definition.delete(made.id, made.outputs));

  expect(made.outputs).toEqual({
    accountLicenseType: "Stakeholder",
    licensingSource: "account",
    origin: "aad",
    originId: world.stranger.servicePrincipalId,
    displayName: "stranger",
    descriptor: expect.stringMatching(/^aadsp\./),
  });
  expect(calls).toEqual([`POST ${entitlements}`, `GET ${entitlements}/${made.id}`]);
  expect(patched).toEqual([`PATCH ${entitlements}/${made.id}`, `GET ${entitlements}/${made.id}`]);
  expect(again?.outputs.accountLicenseType).toBe("basic");
  expect(removed).toEqual([`DELETE ${entitlements}/${made.id}`]);
  const bodies = world.host.sent.filter(({ url }) => url.includes("ServicePrincipalEntitlements"));
  expect(bodies[0]?.body).toEqual({
    accessLevel: { accountLicenseType: "Stakeholder", licensingSource: "account" },
    servicePrincipal: {
      origin: "",
      originId: world.stranger.servicePrincipalId,
      displayName: "",
      descriptor: "",
      subjectKind: "servicePrincipal",
    },
  });
  expect(bodies[2]?.headers.get("Content-Type")).toBe("application/json-patch+json;charset=utf-8");
  expect(bodies[2]?.body).toEqual([
    {
      op: "replace",
      path: "/accessLevel",
      value: { accountLicenseType: "express", licensingSource: "account" },
    },
  ]);
});

test("an entitlement that the service refuses fails with its number and words, a wrong id among them", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, entitlementType);

  const refusal = await refusalOf(create(definition, { originId: world.stranger.id }));

  expect(refusal).toBe(
    `Creating service principal entitlement: Adding service principal entitlement: (5000) VS403283: Could not add user '${world.stranger.id}' at this time.`,
  );
});

test("an entitlement in the state is gone after any failed read, while an import of one fails", async () => {
  const world = await signIn();
  const definition = definitionOf(world.provider, entitlementType);
  const found = await definition.read(world.keys.member, {});
  world.cloud.faults.add({ effect: { kind: "status", status: 500 }, path: /ServicePrincipalEntitlements/i });

  const refreshed = await definition.read(world.keys.member, found?.outputs ?? {});
  const imported = await refusalOf(definition.read(world.keys.member, {}));

  expect(found?.outputs.originId).toBe(world.member.servicePrincipalId);
  expect(refreshed).toBe(undefined);
  expect(imported).toContain(`Getting the service principal entitlement with supplied id ${world.keys.member}: `);
});

let checked: SignedIn;

beforeAll(async () => {
  checked = await signIn();
});

test.each([
  [permissionType, { role: "owner" }, "role"],
  [permissionType, { feedId: "python" }, "feedId"],
  [permissionType, { identityDescriptor: " " }, "identityDescriptor"],
  [entitlementType, { accountLicenseType: "free" }, "accountLicenseType"],
  [entitlementType, { licensingSource: "gift" }, "licensingSource"],
  [membershipType, { mode: "replace" }, "mode"],
  [feedType, { projectId: "data" }, "projectId"],
  [feedType, { features: [{ restore: true }] }, "features"],
])("%s refuses %o", (type, inputs, property) => {
  const problems = definitionOf(checked.provider, type).check?.(inputs);

  expect(problems?.map((problem) => problem.property)).toEqual([property]);
});

test("inputs that keep the rules have no problems, upper and lower case alike where the service does not mind", () => {
  const { provider, python } = checked;

  const problems = [
    definitionOf(provider, permissionType).check?.({ feedId: python, role: "collaborator" }),
    definitionOf(provider, entitlementType).check?.({ originId: "x", accountLicenseType: "STAKEHOLDER" }),
    definitionOf(provider, membershipType).check?.({ mode: "Add" }),
    definitionOf(provider, feedType).check?.({ name: "python", features: [{ permanentDelete: true }] }),
  ];

  expect(problems).toEqual([[], [], [], []]);
});
