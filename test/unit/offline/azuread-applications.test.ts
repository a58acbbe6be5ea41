import { beforeEach, describe, expect, test } from "vitest";
import { IncompleteError } from "../../../sandbox/offline/providers/definition.ts";
import { type SignedInProvider, signedInProvider } from "../../support/azuread-provider.ts";
import { tenant } from "../../support/directory.ts";

let directory: SignedInProvider;

beforeEach(async () => {
  directory = await signedInProvider();
});

describe("an application registration", () => {
  test("is created and read in two requests", async () => {
    const made = await directory.create("ApplicationRegistration", { displayName: "widgets", notes: "for pip" });

    const { objectId, clientId, ...outputs } = made.outputs;
    expect(made.id).toBe(`/applications/${objectId}`);
    expect(clientId).toMatch(/^[0-9a-f-]{36}$/);
    expect(outputs).toEqual({
      description: "",
      disabledByMicrosoft: "",
      displayName: "widgets",
      groupMembershipClaims: [],
      homepageUrl: "",
      implicitAccessTokenIssuanceEnabled: false,
      implicitIdTokenIssuanceEnabled: false,
      logoutUrl: "",
      marketingUrl: "",
      notes: "for pip",
      privacyStatementUrl: "",
      publisherDomain: tenant.domain,
      requestedAccessTokenVersion: 2,
      serviceManagementReference: "",
      signInAudience: "AzureADMyOrg",
      supportUrl: "",
      termsOfServiceUrl: "",
    });
    expect(directory.requests({ [String(objectId)]: "APP" })).toEqual([
      "POST /v1.0/applications",
      "GET /v1.0/applications/APP",
    ]);
  });

  test("is updated by what changed, and read again", async () => {
    const made = await directory.registration();
    const resource = directory.resource("ApplicationRegistration");

    const inputs = { displayName: "gadgets", requestedAccessTokenVersion: 2, signInAudience: "AzureADMyOrg" };
    const { outputs } = (await resource.update?.(made.id, inputs, made.outputs)) ?? { outputs: {} };

    expect(outputs).toEqual({ ...made.outputs, displayName: "gadgets" });
    expect(directory.requests({ [made.objectId]: "APP" })).toEqual([
      "PATCH /v1.0/applications/APP",
      "GET /v1.0/applications/APP",
    ]);
  });

  test("is deleted, and asked for until it is gone five times in a row", async () => {
    const made = await directory.registration();

    await directory.resource("ApplicationRegistration").delete(made.id, made.outputs);

    expect(directory.requests({ [made.objectId]: "APP" })).toEqual([
      "DELETE /v1.0/applications/APP",
      ...Array(5).fill("GET /v1.0/applications/APP"),
    ]);
  });

  test("shows in a refresh what was changed by hand, and nothing else", async () => {
    const made = await directory.registration();
    const resource = directory.resource("ApplicationRegistration");
    expect(await directory.refresh(resource, made)).toEqual([]);

    await directory.admin("PATCH", `/v1.0/applications/${made.objectId}`, { notes: "by hand", displayName: "other" });

    expect(await directory.refresh(resource, made)).toEqual(["displayName", "notes"]);
  });

  test("is gone from a refresh when it was deleted by hand", async () => {
    const made = await directory.registration();

    await directory.admin("DELETE", `/v1.0/applications/${made.objectId}`);

    expect(await directory.refresh(directory.resource("ApplicationRegistration"), made)).toBe("gone");
  });
});

describe("an application", () => {
  const requested = {
    displayName: "widgets",
    api: { requestedAccessTokenVersion: 2 },
    identifierUris: ["api://widgets"],
    web: { redirectUris: ["https://widgets.example/"], implicitGrant: { idTokenIssuanceEnabled: true } },
    groupMembershipClaims: ["SecurityGroup", "ApplicationGroup"],
    featureTags: [{ hide: true }],
    oauth2PostResponseRequired: true,
  };

  test("is created in the official provider's steps, and the caller does not stay its owner", async () => {
    const made = await directory.create("Application", requested);

    expect(made.outputs).toMatchObject({
      ...requested,
      api: { requestedAccessTokenVersion: 2 },
      owners: [],
      tags: ["HideApp"],
    });
    expect(directory.requests({ [String(made.outputs.objectId)]: "APP" })).toEqual([
      "POST /v1.0/applications",
      "PATCH /v1.0/applications/APP",
      "PATCH /v1.0/applications/APP",
      "PATCH /beta/applications/APP",
      "DELETE /v1.0/applications/APP/owners/CALLER/$ref",
      "GET /v1.0/applications/APP",
      "GET /beta/applications/APP",
      "GET /v1.0/applications/APP/owners",
    ]);
  });

  test("keeps the caller as an owner where the program says so", async () => {
    const owners = [directory.caller.servicePrincipalId];

    const made = await directory.create("Application", { displayName: "widgets", owners });

    expect(made.outputs.owners).toEqual(owners);
    expect(directory.requests({ [String(made.outputs.objectId)]: "APP" }).slice(0, 4)).toEqual([
      "POST /v1.0/applications",
      "PATCH /v1.0/applications/APP",
      "PATCH /v1.0/applications/APP",
      "GET /v1.0/applications/APP",
    ]);
  });

  test("shows no change right after it was made, with few inputs and with many", async () => {
    const owners = [directory.caller.servicePrincipalId];
    const resource = directory.resource("Application");

    expect(await directory.refresh(resource, await directory.create("Application", { displayName: "one" }))).toEqual(
      [],
    );
    expect(await directory.refresh(resource, await directory.create("Application", { ...requested, owners }))).toEqual(
      [],
    );
  });

  test("shows what was added by hand within a block that the program leaves out", async () => {
    const made = await directory.create("Application", { displayName: "one" });
    const web = { redirectUris: ["https://attacker.example/"] };

    await directory.admin("PATCH", `/v1.0/applications/${made.outputs.objectId}`, { web });

    expect(await directory.refresh(directory.resource("Application"), made)).toEqual(["web.redirectUris"]);
  });

  test("changes its owners one by one", async () => {
    const caller = directory.caller.servicePrincipalId;
    const other = directory.addClient().servicePrincipalId;
    const made = await directory.create("Application", { displayName: "one", owners: [caller] });
    directory.requests();
    const inputs = { displayName: "one", signInAudience: "AzureADMyOrg", owners: [caller, other] };

    const updated = await directory.resource("Application").update?.(made.id, inputs, made.outputs);

    expect(updated?.outputs.owners).toEqual([caller, other]);
    expect(directory.requests({ [String(made.outputs.objectId)]: "APP" })).toEqual([
      "PATCH /v1.0/applications/APP",
      "GET /v1.0/applications/APP/owners",
      "POST /v1.0/applications/APP/owners/$ref",
      "GET /v1.0/applications/APP",
      "GET /beta/applications/APP",
      "GET /v1.0/applications/APP/owners",
    ]);
  });

  test("is refused where its name is taken and that is not wanted", async () => {
    await directory.create("Application", { displayName: "it's taken" });

    await expect(
      directory.create("Application", { displayName: "it's taken", preventDuplicateNames: true }),
    ).rejects.toThrow(
      /^an existing application with the name "it's taken" \(ID: [0-9a-f-]{36}\) was found and preventDuplicateNames is set$/,
    );
  });

  test("that exists, but whose later steps failed, is not lost", async () => {
    directory.cloud.faults.add({ effect: { kind: "status", status: 400 }, method: "PATCH", times: 1 });

    const failure = await directory.create("Application", { displayName: "half" }).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(IncompleteError);
    const { state, message } = failure as IncompleteError;
    expect(state.outputs.displayName).toBe("half");
    expect(message).toBe(
      `patching ${state.id} after creating: unexpected status 400 (Bad Request) with error: Fault: a fault of the sandbox: 400`,
    );
  });
});

describe("a service principal", () => {
  test("is created in the official provider's steps", async () => {
    const { clientId } = await directory.registration();

    const made = await directory.create("ServicePrincipal", { clientId, notes: "for pip" });

    expect(made.id).toBe(`/servicePrincipals/${made.outputs.objectId}`);
    expect(made.outputs).toMatchObject({
      accountEnabled: true,
      applicationTenantId: tenant.id,
      clientId,
      description: "",
      displayName: "widgets",
      notes: "for pip",
      owners: [],
      type: "Application",
    });
    expect(directory.requests({ [String(made.outputs.objectId)]: "SP" })).toEqual([
      "GET /v1.0/servicePrincipals",
      "POST /v1.0/servicePrincipals",
      "PATCH /v1.0/servicePrincipals/SP",
      "DELETE /v1.0/servicePrincipals/SP/owners/CALLER/$ref",
      "GET /v1.0/servicePrincipals/SP",
      "GET /beta/servicePrincipals/SP",
      "GET /v1.0/servicePrincipals/SP/owners",
    ]);
    expect(await directory.refresh(directory.resource("ServicePrincipal"), made)).toEqual([]);
  });

  test("that exists already is refused, or taken where the program says so", async () => {
    const { clientId } = await directory.registration();
    const owners = [directory.caller.servicePrincipalId];
    const first = await directory.create("ServicePrincipal", { clientId, owners });

    await expect(directory.create("ServicePrincipal", { clientId, owners })).rejects.toThrow(
      `a resource with the ID "${first.id}" already exists: to manage it with this program, import it into the state`,
    );
    const second = await directory.create("ServicePrincipal", {
      clientId,
      owners,
      useExisting: true,
      description: "taken",
    });

    expect(second.id).toBe(first.id);
    expect(second.outputs.description).toBe("taken");
  });

  test("shows in a refresh that it was disabled and described by hand", async () => {
    const { clientId } = await directory.registration();
    const made = await directory.create("ServicePrincipal", { clientId });

    const change = { accountEnabled: false, description: "by hand" };
    await directory.admin("PATCH", `/v1.0/servicePrincipals/${made.outputs.objectId}`, change);

    expect(await directory.refresh(directory.resource("ServicePrincipal"), made)).toEqual([
      "accountEnabled",
      "description",
    ]);
  });
});
