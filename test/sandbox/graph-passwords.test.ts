import { createHash } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { directory } from "../../sandbox/cloud/entra/directory.ts";
import { expectRoutesExercised } from "../support/coverage.ts";
import { createMicrosoftCloud, type GraphBody, graphClient } from "../support/directory.ts";

const microsoft = createMicrosoftCloud();
const { cloud } = microsoft;
const administrator = microsoft.addClient({ displayName: "administrator", graphRoles: ["Application.ReadWrite.All"] });
const graph = graphClient(cloud, await microsoft.token(administrator));

async function create(body: Readonly<Record<string, unknown>> = {}): Promise<GraphBody> {
  return (await graph("POST", "/v1.0/applications", { displayName: "widgets", ...body })).body;
}

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/graph-passwords.test.ts"));

test("a secret is shown once, signs in, and is gone when it is removed", async () => {
  const application = await create();
  await graph("POST", "/v1.0/servicePrincipals", { appId: application.appId });
  const path = `/v1.0/applications/${application.id}`;

  const { status, body: password } = await graph("POST", `${path}/addPassword`, {
    passwordCredential: { displayName: "ci", endDateTime: "2026-08-01T02:00:00+02:00" },
  });

  expect(status).toBe(200);
  expect(password.secretText).toMatch(/^[A-Za-z0-9]{3}8Q~[A-Za-z0-9._~-]{34}$/);
  const { "@odata.context": _context, ...shown } = password;
  const kept = { ...shown, secretText: null };
  expect(kept).toEqual({
    customKeyIdentifier: null,
    displayName: "ci",
    startDateTime: "2026-05-04T10:00:00Z",
    endDateTime: "2026-08-01T00:00:00Z",
    hint: password.secretText.slice(0, 3),
    keyId: password.keyId,
    secretText: null,
  });
  expect((await graph("GET", path)).body.passwordCredentials).toEqual([kept]);
  const signIn = () => microsoft.token({ ...administrator, appId: application.appId, secret: password.secretText });
  expect(await signIn()).toMatch(/^ey/);

  const removed = await graph("POST", `${path}/removePassword`, { keyId: password.keyId });

  expect(removed.status).toBe(204);
  expect((await graph("GET", path)).body.passwordCredentials).toEqual([]);
  await expect(signIn()).rejects.toThrow("AADSTS7000215");
});

test("the directory keeps a secret's hash and not the secret", async () => {
  const { id } = await create();

  const { body } = await graph("POST", `/v1.0/applications/${id}/addPassword`, {});

  const [kept] = directory(cloud.store).applications.get(id)?.passwordCredentials ?? [];
  expect(kept?.sha256).toBe(createHash("sha256").update(body.secretText).digest("hex"));
  expect(JSON.stringify(cloud.store.snapshot())).not.toContain(body.secretText);
});

test("a secret lasts two years where nothing else is said", async () => {
  const { id } = await create();

  const { body } = await graph("POST", `/v1.0/applications/${id}/addPassword`, { passwordCredential: null });

  expect([body.startDateTime, body.endDateTime]).toEqual(["2026-05-04T10:00:00Z", "2028-05-04T10:00:00Z"]);
});

test.each([
  ["ends before it starts", { startDateTime: "2027-01-01T00:00:00Z", endDateTime: "2026-12-31T00:00:00Z" }],
  ["has ended", { startDateTime: "2025-01-01T00:00:00Z", endDateTime: "2026-01-01T00:00:00Z" }],
  ["ends at no time", { endDateTime: "soon" }],
])("a secret that %s is refused", async (_what, passwordCredential) => {
  const { id } = await create();

  const { status, body } = await graph("POST", `/v1.0/applications/${id}/addPassword`, { passwordCredential });

  expect([status, body.error.code]).toEqual([400, "Request_BadRequest"]);
});

test("removing a secret that is not there is refused", async () => {
  const { id } = await create();

  const { status, body } = await graph("POST", `/v1.0/applications/${id}/removePassword`, {
    keyId: crypto.randomUUID(),
  });

  expect([status, body.error.message]).toEqual([400, "No password credential found with keyId."]);
});

test("a secret that a new application asks for is shown in the answer alone", async () => {
  const { id, passwordCredentials } = await create({ passwordCredentials: [{ displayName: "first" }] });

  const { body } = await graph("GET", `/v1.0/applications/${id}`);

  expect(passwordCredentials.map(({ secretText }) => secretText.length)).toEqual([40]);
  expect(body.passwordCredentials.map(({ secretText }) => secretText)).toEqual([null]);
});
