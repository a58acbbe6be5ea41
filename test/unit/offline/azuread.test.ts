import { beforeEach, describe, expect, test } from "vitest";
import { checkResourceInputs } from "../../../sandbox/offline/providers/inputs.ts";
import { type SignedInProvider, signedInProvider } from "../../support/azuread-provider.ts";
import { tenant } from "../../support/directory.ts";

let directory: SignedInProvider;

beforeEach(async () => {
  directory = await signedInProvider();
});

describe("a function", () => {
  test("tells who is signed in, without a request", async () => {
    const { caller } = directory;

    const config = await directory.invoke("getClientConfig", {});

    expect(config).toEqual({
      id: `${tenant.id}-${caller.appId}-${caller.servicePrincipalId}`,
      clientId: caller.appId,
      objectId: caller.servicePrincipalId,
      tenantId: tenant.id,
    });
    expect(directory.requests()).toEqual([]);
  });

  test.each([
    ["clientId", ({ appId }: { readonly appId: string }) => ({ clientId: appId })],
    [
      "objectId",
      ({ servicePrincipalId }: { readonly servicePrincipalId: string }) => ({ objectId: servicePrincipalId }),
    ],
    ["displayName", () => ({ displayName: "caller" })],
  ])("finds a service principal by its %s", async (_property, args) => {
    const found = await directory.invoke("getServicePrincipal", args(directory.caller));

    expect(found).toMatchObject({ clientId: directory.caller.appId, displayName: "caller", type: "Application" });
    expect(directory.requests()).toHaveLength(2);
  });

  test("does not find what is not there, or is there twice", async () => {
    directory.addClient({ displayName: "twin" });
    directory.addClient({ displayName: "twin" });

    await expect(directory.invoke("getServicePrincipal", { displayName: "nobody" })).rejects.toThrow(
      `no service principal found matching filter: "displayName eq 'nobody'"`,
    );
    await expect(directory.invoke("getServicePrincipal", { displayName: "twin" })).rejects.toThrow(
      `found multiple service principals matching filter: "displayName eq 'twin'"`,
    );
  });

  test("finds several service principals, and leaves out what is missing where that is wanted", async () => {
    const clientIds = [directory.caller.appId, "00000000-0000-0000-0000-000000000000"];

    const found = await directory.invoke("getServicePrincipals", { clientIds, ignoreMissing: true });

    expect(found).toMatchObject({
      clientIds: [directory.caller.appId],
      objectIds: [directory.caller.servicePrincipalId],
    });
    await expect(directory.invoke("getServicePrincipals", { clientIds })).rejects.toThrow(
      'no service principal has the application ID "00000000-0000-0000-0000-000000000000"',
    );
  });

  test("finds an application", async () => {
    const { clientId, objectId } = await directory.registration();

    const found = await directory.invoke("getApplication", { clientId });

    expect(found).toMatchObject({
      id: `/applications/${objectId}`,
      displayName: "widgets",
      owners: [directory.caller.servicePrincipalId],
    });
  });
});

describe("Microsoft Graph's refusals", () => {
  test("for now are asked again, when Retry-After says", async () => {
    directory.cloud.faults.add({
      effect: { kind: "status", status: 429, retryAfterSeconds: 0 },
      service: "graph",
      times: 3,
    });

    await directory.create("ApplicationRegistration", { displayName: "widgets" });

    expect(directory.requests().filter((request) => request === "POST /v1.0/applications")).toHaveLength(4);
  });

  test("for good are told, with the directory's words", async () => {
    const theirs = directory.addClient({ displayName: "not the caller's" });
    const applicationId = `/applications/${theirs.id}`;

    await expect(directory.create("ApplicationPassword", { applicationId })).rejects.toThrow(
      `adding password for ${applicationId}: unexpected status 403 (Forbidden) with error: Authorization_RequestDenied: Insufficient privileges to complete the operation.`,
    );
  });
});

test.each([
  ["ApplicationRegistration", { displayName: "", homepageUrl: "widgets", signInAudience: "Everyone" }, 3],
  ["Application", { displayName: "a", templateId: "x", logoImage: "x", password: { displayName: "x" } }, 3],
  ["ServicePrincipal", { clientId: "widgets" }, 1],
  [
    "ApplicationFederatedIdentityCredential",
    { applicationId: "widgets", audiences: ["a", "b"], displayName: "x".repeat(121), issuer: "i", subject: "s" },
    3,
  ],
  ["ApplicationOwner", { applicationId: "/applications/x", ownerObjectId: "x" }, 1],
])("an input of %s that cannot be right is refused before anything is asked", (type, given, count) => {
  expect(checkResourceInputs(directory.resource(type), given, "it").failures).toHaveLength(count);
  expect(directory.requests()).toEqual([]);
});
