import { readFile } from "node:fs/promises";
import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";

type Registered = { readonly type: string; readonly name: string; readonly id: string | undefined; inputs: object };

const registered: Registered[] = [];
const called: { readonly token: string; readonly inputs: object; readonly provider: string | undefined }[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, id, inputs }) => {
        registered.push({ type, name, id, inputs });
        return { id: id || `${name}-id`, state: { ...inputs, descriptor: "aadsp.made", identityId: "identity" } };
      },
      call: ({ token, inputs, provider }) => {
        called.push({ token, inputs, provider });
        return { id: "found", ...inputs };
      },
    },
    "feedpass",
    "test",
    false,
  );
});

beforeEach(() => {
  registered.length = 0;
  called.length = 0;
});

afterEach(() => vi.unstubAllEnvs());

function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** A secret as it travels to the engine: https://www.pulumi.com/docs/iac/concepts/secrets/ */
function markedSecret(value: string): object {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

/** What the SDK hands to the engine beside the inputs. */
function versionOf(resource: pulumi.Resource): unknown {
  return (resource as { readonly __version?: string }).__version;
}

test("every resource is registered with its token, exactly its arguments and the provider's version", async () => {
  const feed = new azuredevops.Feed("python", { name: "python", features: [{ permanentDelete: true }] });
  const entitlement = new azuredevops.ServicePrincipalEntitlement("reader", {
    originId: "3d0c1f9e-0000-4000-8000-000000000001",
    accountLicenseType: "stakeholder",
  });
  const permission = new azuredevops.FeedPermission("reader", {
    feedId: feed.id,
    identityDescriptor: entitlement.descriptor,
    role: "reader",
  });
  const membership = new azuredevops.GroupMembership("reader", { group: "vssgp.x", members: [entitlement.descriptor] });

  const urns = await Promise.all([feed, entitlement, permission, membership].map(({ urn }) => known(urn)));

  expect(urns).toHaveLength(4);
  expect(registered.toSorted((one, other) => one.type.localeCompare(other.type))).toEqual([
    {
      type: "azuredevops:index/feed:Feed",
      name: "python",
      id: "",
      inputs: { name: "python", features: [{ permanentDelete: true }] },
    },
    {
      type: "azuredevops:index/feedPermission:FeedPermission",
      name: "reader",
      id: "",
      inputs: { feedId: "python-id", identityDescriptor: "aadsp.made", role: "reader" },
    },
    {
      type: "azuredevops:index/groupMembership:GroupMembership",
      name: "reader",
      id: "",
      inputs: { group: "vssgp.x", members: ["aadsp.made"] },
    },
    {
      type: "azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement",
      name: "reader",
      id: "",
      inputs: { originId: "3d0c1f9e-0000-4000-8000-000000000001", accountLicenseType: "stakeholder" },
    },
  ]);
  expect([feed, entitlement, permission, membership].map(versionOf)).toEqual(["3.15.0", "3.15.0", "3.15.0", "3.15.0"]);
  expect(await known(permission.identityId)).toBe("identity");
});

test("the version that the engine is asked for is the one that package.json declares for the plugin", async () => {
  const feed = new azuredevops.Feed("version", { name: "version" });

  const manifest = JSON.parse(await readFile("sdks/azuredevops/package.json", "utf8")) as {
    readonly version: string;
    readonly pulumi: object;
  };

  expect(manifest.pulumi).toEqual({ resource: true, name: "azuredevops", version: manifest.version });
  expect(versionOf(feed)).toBe(manifest.version);
});

test("a version in the options wins over the package's own", () => {
  const feed = new azuredevops.Feed("pinned", { name: "pinned" }, { version: "3.14.0" });

  expect(versionOf(feed)).toBe("3.14.0");
});

test.each([
  ["feedId", () => new azuredevops.FeedPermission("x", { identityDescriptor: "aadsp.x", role: "reader" } as never)],
  ["identityDescriptor", () => new azuredevops.FeedPermission("x", { feedId: "x", role: "reader" } as never)],
  ["role", () => new azuredevops.FeedPermission("x", { feedId: "x", identityDescriptor: "aadsp.x" } as never)],
  ["originId", () => new azuredevops.ServicePrincipalEntitlement("x", {} as never)],
  ["group", () => new azuredevops.GroupMembership("x", { members: [] } as never)],
  ["members", () => new azuredevops.GroupMembership("x", { group: "vssgp.x" } as never)],
])("a missing %s is refused when the resource is made", (property, make) => {
  expect(make).toThrow(`Missing required property '${property}'`);
});

test("get reads an existing resource by its id, with what is known of it", async () => {
  const permission = azuredevops.FeedPermission.get("seen", "fp-1", { feedId: "feed", identityId: "identity" });

  await known(permission.urn);

  expect(registered).toEqual([
    {
      type: "azuredevops:index/feedPermission:FeedPermission",
      name: "seen",
      id: "fp-1",
      inputs: { feedId: "feed", identityId: "identity" },
    },
  ]);
});

test("a resource is recognised by its type, also where another copy of the package made it", () => {
  const feed = new azuredevops.Feed("mine", { name: "mine" });

  expect(azuredevops.Feed.isInstance(feed)).toBe(true);
  expect(azuredevops.Feed.isInstance({ __pulumiType: "azuredevops:index/feed:Feed" })).toBe(true);
  expect(azuredevops.FeedPermission.isInstance(feed)).toBe(false);
  expect(azuredevops.Feed.isInstance(undefined)).toBe(false);
  expect(azuredevops.Provider.isInstance({ __pulumiType: "pulumi:providers:azuredevops" })).toBe(true);
});

test("a provider's secrets are secret, its flags and lists travel as JSON, and nothing else is sent", async () => {
  const provider = new azuredevops.Provider("contoso", {
    orgServiceUrl: "https://dev.azure.com/contoso",
    personalAccessToken: "token",
    clientSecret: "secret",
    oidcToken: "assertion",
    clientCertificate: "certificate",
    clientCertificatePassword: "password",
    auxiliaryTenantIds: ["a", "b"],
    useOidc: true,
    useCli: false,
  });

  await known(provider.urn);

  expect(registered).toHaveLength(1);
  expect(registered[0]?.type).toBe("pulumi:providers:azuredevops");
  const plain = {
    orgServiceUrl: "https://dev.azure.com/contoso",
    auxiliaryTenantIds: '["a","b"]',
    useOidc: "true",
    useCli: "false",
  };
  expect(registered[0]?.inputs).toEqual({
    ...plain,
    personalAccessToken: markedSecret("token"),
    clientSecret: markedSecret("secret"),
    oidcToken: markedSecret("assertion"),
    clientCertificate: markedSecret("certificate"),
    clientCertificatePassword: markedSecret("password"),
  });
  const secrets = [
    provider.personalAccessToken,
    provider.clientSecret,
    provider.oidcToken,
    provider.clientCertificate,
    provider.clientCertificatePassword,
  ];
  expect(await Promise.all(secrets.map(pulumi.isSecret))).toEqual([true, true, true, true, true]);
  expect(await pulumi.isSecret(provider.orgServiceUrl)).toBe(false);
});

test("the organization's address comes from the environment where the program gives none", async () => {
  vi.stubEnv("AZDO_ORG_SERVICE_URL", "https://dev.azure.com/from-environment");

  const taken = new azuredevops.Provider("taken");
  const given = new azuredevops.Provider("given", { orgServiceUrl: "https://dev.azure.com/given" });

  await Promise.all([known(taken.urn), known(given.urn)]);
  expect(registered.map(({ inputs }) => inputs)).toEqual([
    { orgServiceUrl: "https://dev.azure.com/from-environment" },
    { orgServiceUrl: "https://dev.azure.com/given" },
  ]);
});

test("every function is called by its token, with exactly its arguments, plain or as an output", async () => {
  await azuredevops.getFeed({ name: "python" });
  await azuredevops.getProject({ name: "data" });
  await azuredevops.getGroup({ name: "Readers", projectId: "project" });
  await azuredevops.getDescriptor({ storageKey: "key" });
  await azuredevops.getStorageKey({ descriptor: "aadsp.x" });
  await known(azuredevops.getFeedOutput({ feedId: pulumi.output("feed"), projectId: "project" }));
  await known(azuredevops.getProjectOutput({ projectId: pulumi.output("project") }));
  await known(azuredevops.getGroupOutput({ name: pulumi.output("Readers") }));
  await known(azuredevops.getDescriptorOutput({ storageKey: pulumi.output("key") }));
  const key = await known(azuredevops.getStorageKeyOutput({ descriptor: pulumi.output("aadsp.x") }));

  expect(called.map(({ token, inputs }) => [token, inputs])).toEqual([
    ["azuredevops:index/getFeed:getFeed", { name: "python" }],
    ["azuredevops:index/getProject:getProject", { name: "data" }],
    ["azuredevops:index/getGroup:getGroup", { name: "Readers", projectId: "project" }],
    ["azuredevops:index/getDescriptor:getDescriptor", { storageKey: "key" }],
    ["azuredevops:index/getStorageKey:getStorageKey", { descriptor: "aadsp.x" }],
    ["azuredevops:index/getFeed:getFeed", { feedId: "feed", projectId: "project" }],
    ["azuredevops:index/getProject:getProject", { projectId: "project" }],
    ["azuredevops:index/getGroup:getGroup", { name: "Readers" }],
    ["azuredevops:index/getDescriptor:getDescriptor", { storageKey: "key" }],
    ["azuredevops:index/getStorageKey:getStorageKey", { descriptor: "aadsp.x" }],
  ]);
  expect(key.descriptor).toBe("aadsp.x");
});
