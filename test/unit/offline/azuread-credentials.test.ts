import { beforeEach, describe, expect, test } from "vitest";
import { checkResourceInputs } from "../../../sandbox/offline/providers/inputs.ts";
import { type SignedInProvider, signedInProvider } from "../../support/azuread-provider.ts";

const issuer = "https://token.actions.githubusercontent.com";
const audiences = ["api://AzureADTokenExchange"];

let directory: SignedInProvider;

beforeEach(async () => {
  directory = await signedInProvider();
});

const credential = (applicationId: string) => ({
  applicationId,
  audiences,
  displayName: "main",
  issuer,
  subject: "repo:contoso/widgets:ref:refs/heads/main",
});

describe("a federated credential", () => {
  test("is created in the official provider's steps, and seen five times in a row", async () => {
    const { id, objectId } = await directory.registration();

    const made = await directory.create("ApplicationFederatedIdentityCredential", credential(id));

    const { credentialId, ...outputs } = made.outputs;
    expect(made.id).toBe(`${objectId}/federatedIdentityCredential/${credentialId}`);
    expect(outputs).toEqual({ ...credential(id), description: "" });
    expect(directory.requests({ [objectId]: "APP", [String(credentialId)]: "CREDENTIAL" })).toEqual([
      "GET /v1.0/applications/APP",
      "POST /v1.0/applications/APP/federatedIdentityCredentials",
      ...Array(6).fill("GET /v1.0/applications/APP/federatedIdentityCredentials/CREDENTIAL"),
    ]);
  });

  test("waits while the directory does not show it yet", async () => {
    const { id } = await directory.registration();
    directory.cloud.faults.add({ effect: { kind: "lag", reads: 2 }, method: "POST" });

    const made = await directory.create("ApplicationFederatedIdentityCredential", credential(id));

    expect(made.outputs.subject).toBe("repo:contoso/widgets:ref:refs/heads/main");
    expect(directory.requests()).toHaveLength(2 + 2 + 6);
  });

  test("is updated, and shows a subject that was changed by hand", async () => {
    const { id, objectId } = await directory.registration();
    const resource = directory.resource("ApplicationFederatedIdentityCredential");
    const made = await directory.create("ApplicationFederatedIdentityCredential", credential(id));
    directory.requests();
    const inputs = { ...credential(id), subject: "repo:contoso/widgets:pull_request" };

    const updated = await resource.update?.(made.id, inputs, made.outputs);

    const credentialId = String(made.outputs.credentialId);
    const path = `/v1.0/applications/${objectId}/federatedIdentityCredentials/${credentialId}`;
    expect(updated?.outputs.subject).toBe("repo:contoso/widgets:pull_request");
    expect(directory.requests()).toEqual([`PATCH ${path}`, `GET ${path}`]);
    expect(await directory.refresh(resource, made)).toEqual(["subject"]);
  });

  test("is deleted, and asked for until it is gone five times in a row", async () => {
    const { id, objectId } = await directory.registration();
    const made = await directory.create("ApplicationFederatedIdentityCredential", credential(id));
    directory.requests();

    await directory.resource("ApplicationFederatedIdentityCredential").delete(made.id, made.outputs);

    const path = `/v1.0/applications/${objectId}/federatedIdentityCredentials/${made.outputs.credentialId}`;
    expect(directory.requests()).toEqual([`DELETE ${path}`, ...Array(5).fill(`GET ${path}`)]);
  });

  test("that the directory refuses is an error with the directory's words", async () => {
    const { id } = await directory.registration();
    await directory.create("ApplicationFederatedIdentityCredential", credential(id));

    await expect(directory.create("ApplicationFederatedIdentityCredential", credential(id))).rejects.toThrow(
      `adding federated identity credential for ${id}: unexpected status 409 (Conflict) with error: Request_MultipleObjectsWithSameKeyValue: FederatedIdentityCredential with name main already exists.`,
    );
  });

  test("is read by its id alone, as an import does", async () => {
    const { id } = await directory.registration();
    const made = await directory.create("ApplicationFederatedIdentityCredential", credential(id));

    const read = await directory.resource("ApplicationFederatedIdentityCredential").read(made.id, {});

    expect(read).toEqual({ id: made.id, outputs: made.outputs });
    await expect(directory.resource("ApplicationFederatedIdentityCredential").read("a/b", {})).rejects.toThrow(
      "parsing the ID a/b: expected APPLICATION_OBJECT_ID/federatedIdentityCredential/ID",
    );
  });
});

describe("a flexible federated credential", () => {
  const claimsMatchingExpression =
    "claims['sub'] matches 'repo:contoso/widgets:ref:refs/tags/v*' and claims['repository_id'] eq '42'";
  const flexible = (applicationId: string) => ({
    applicationId,
    audience: audiences[0],
    claimsMatchingExpression,
    displayName: "tags",
    issuer,
  });

  test("lives on the beta API", async () => {
    const { id, objectId } = await directory.registration();
    const resource = directory.resource("ApplicationFlexibleFederatedIdentityCredential");

    const made = await directory.create("ApplicationFlexibleFederatedIdentityCredential", flexible(id));
    const description = "tags of releases";
    const updated = await resource.update?.(made.id, { ...flexible(id), description }, made.outputs);
    await resource.delete(made.id, made.outputs);

    const { credentialId, ...outputs } = made.outputs;
    expect(made.id).toBe(`${id}/federatedIdentityCredentials/${credentialId}`);
    expect(outputs).toEqual({ ...flexible(id), description: "" });
    expect(updated?.outputs).toEqual({ ...made.outputs, description });
    const path = "/beta/applications/APP/federatedIdentityCredentials";
    expect(directory.requests({ [objectId]: "APP", [String(credentialId)]: "CREDENTIAL" })).toEqual([
      "GET /beta/applications/APP",
      `POST ${path}`,
      `GET ${path}/CREDENTIAL`,
      `GET ${path}/CREDENTIAL`,
      `PATCH ${path}/CREDENTIAL`,
      `GET ${path}/CREDENTIAL`,
      `DELETE ${path}/CREDENTIAL`,
      ...Array(5).fill(`GET ${path}/CREDENTIAL`),
    ]);
  });
});

describe("a password", () => {
  test("is added in the official provider's steps, and its value comes once", async () => {
    const { id, objectId } = await directory.registration();
    const endDate = "2027-01-31T00:00:00Z";

    const made = await directory.create("ApplicationPassword", { applicationId: id, displayName: "ci", endDate });
    const read = await directory
      .resource("ApplicationPassword")
      .read(made.id, { value: "kept", rotateWhenChanged: { a: "b" } });

    expect(made.id).toBe(`${objectId}/password/${made.outputs.keyId}`);
    expect(made.outputs).toMatchObject({ applicationId: id, displayName: "ci", endDate });
    expect(made.outputs.value).toMatch(/^.{30,}$/);
    expect(read?.outputs).toEqual({ ...made.outputs, value: "kept", rotateWhenChanged: { a: "b" } });
    expect(directory.requests({ [objectId]: "APP" })).toEqual([
      "GET /v1.0/applications/APP",
      "POST /v1.0/applications/APP/addPassword",
      ...Array(7).fill("GET /v1.0/applications/APP"),
    ]);
  });

  test("ends so long after its start", async () => {
    const { id } = await directory.registration();
    const startDate = "2026-06-01T00:00:00Z";

    const made = await directory.create("ApplicationPassword", {
      applicationId: id,
      startDate,
      endDateRelative: "48h30m",
    });

    expect(made.outputs.endDate).toBe("2026-06-03T00:30:00Z");
    expect(await directory.refresh(directory.resource("ApplicationPassword"), made)).toEqual([]);
  });

  test("is removed, and is gone from a refresh when that was done by hand", async () => {
    const { id, objectId } = await directory.registration();
    const resource = directory.resource("ApplicationPassword");
    const first = await directory.create("ApplicationPassword", { applicationId: id, displayName: "first" });
    const second = await directory.create("ApplicationPassword", { applicationId: id, displayName: "second" });
    directory.requests();

    await resource.delete(first.id, first.outputs);
    const requests = directory.requests({ [objectId]: "APP" });
    await directory.admin("POST", `/v1.0/applications/${objectId}/removePassword`, { keyId: second.outputs.keyId });

    expect(requests).toEqual([
      "POST /v1.0/applications/APP/removePassword",
      ...Array(5).fill("GET /v1.0/applications/APP"),
    ]);
    expect(await directory.refresh(resource, second)).toBe("gone");
  });

  test("has one end only", () => {
    const resource = directory.resource("ApplicationPassword");
    const given = { applicationId: "/applications/x", endDate: "tomorrow", endDateRelative: "1h" };

    expect(checkResourceInputs(resource, given, "it").failures).toEqual([
      `expected "endDate" to be a valid RFC3339 date, got tomorrow. Examine values at 'it.endDate'.`,
      `"endDate": conflicts with endDateRelative. Examine values at 'it.endDate'.`,
    ]);
  });
});

test("an owner is added unless it is one already, and removed", async () => {
  const { id, objectId } = await directory.registration();
  const ownerObjectId = directory.addClient().servicePrincipalId;
  const given = { applicationId: id, ownerObjectId };

  const made = await directory.create("ApplicationOwner", given);
  const requests = directory.requests({ [objectId]: "APP", [ownerObjectId]: "OWNER" });
  await expect(directory.create("ApplicationOwner", given)).rejects.toThrow(
    `a resource with the ID "${made.id}" already exists`,
  );
  await directory.resource("ApplicationOwner").delete(made.id, made.outputs);

  expect(made.id).toBe(`${id}/owners/${ownerObjectId}`);
  expect(requests).toEqual([
    "GET /v1.0/applications/APP/owners",
    "POST /v1.0/applications/APP/owners/$ref",
    "GET /v1.0/applications/APP/owners",
  ]);
  expect(await directory.resource("ApplicationOwner").read(made.id, made.outputs)).toBe(undefined);
});
