import { expect, test } from "vitest";
import { ask, createMicrosoftCloud, type GraphBody, graphClient, otherTenant } from "../support/directory.ts";

const microsoft = createMicrosoftCloud();
const { cloud, clock } = microsoft;
const administrator = microsoft.addClient({ displayName: "administrator", graphRoles: ["Application.ReadWrite.All"] });
const graph = graphClient(cloud, await microsoft.token(administrator));

async function create(): Promise<GraphBody> {
  return (await graph("POST", "/v1.0/applications", { displayName: "widgets" })).body;
}

test.each<[string, () => Promise<string | undefined>, string, string]>([
  ["no token", async () => undefined, "InvalidAuthenticationToken", "Access token is empty."],
  ["what is no token", async () => "x", "InvalidAuthenticationToken", "IDX14100: JWT is not well formed"],
  [
    "a token for Azure DevOps",
    () => microsoft.token(administrator, "499b84ac-1321-427f-aa17-267ca6975798/.default"),
    "InvalidAuthenticationToken",
    "Access token validation failure. Invalid audience.",
  ],
  [
    "a token that another directory signed",
    async () => {
      const impostor = createMicrosoftCloud();
      return await impostor.token(impostor.addClient({ graphRoles: ["Application.ReadWrite.All"] }));
    },
    "InvalidAuthenticationToken",
    "Signing key is invalid.",
  ],
  [
    "a token of a service principal that was deleted",
    async () => {
      const client = microsoft.addClient({ graphRoles: ["Application.ReadWrite.All"] });
      const token = await microsoft.token(client);
      await graph("DELETE", `/v1.0/servicePrincipals/${client.servicePrincipalId}`);
      return token;
    },
    "Authorization_IdentityNotFound",
    "The identity of the calling application could not be established.",
  ],
])("%s is refused with a challenge", async (_what, get, code, words) => {
  const token = await get();
  const headers = new Headers(token === undefined ? {} : { Authorization: `Bearer ${token}` });

  const answer = await ask<GraphBody>(cloud, new Request("https://graph.microsoft.com/v1.0/applications", { headers }));

  expect([answer.status, answer.body.error.code]).toEqual([401, code]);
  expect(answer.body.error.message).toContain(words);
  expect(answer.headers.get("WWW-Authenticate")).toContain("Bearer ");
});

test("a token is refused after its end", async () => {
  const token = await microsoft.token(administrator);

  clock.now += 3600_000;
  const { status, body } = await graphClient(cloud, token)("GET", "/v1.0/applications");
  clock.now -= 3600_000;

  expect([status, body.error.message]).toEqual([401, "Lifetime validation failed, the token is expired."]);
});

const denied = { code: "Authorization_RequestDenied", message: "Insufficient privileges to complete the operation." };

test("a caller without a permission may do nothing", async () => {
  const nobody = graphClient(cloud, await microsoft.token(microsoft.addClient()));
  const { id } = await create();

  const answers = await Promise.all([
    nobody("GET", "/v1.0/applications"),
    nobody("GET", `/v1.0/applications/${id}`),
    nobody("POST", "/v1.0/applications", { displayName: "x" }),
    nobody("DELETE", `/v1.0/applications/${id}`),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  expect(answers[0]?.body.error).toMatchObject(denied);
});

test.each(["Application.Read.All", "Directory.Read.All"] as const)("%s reads and writes nothing", async (role) => {
  const reader = graphClient(cloud, await microsoft.token(microsoft.addClient({ graphRoles: [role] })));
  const { id } = await create();

  const answers = await Promise.all([
    reader("GET", "/v1.0/applications"),
    reader("GET", `/v1.0/applications/${id}`),
    reader("POST", "/v1.0/applications", { displayName: "x" }),
    reader("PATCH", `/v1.0/applications/${id}`, { notes: "x" }),
    reader("POST", `/v1.0/applications/${id}/addPassword`, {}),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403, 403]);
});

test("Application.ReadWrite.OwnedBy creates, changes its own, and only reads what others own", async () => {
  const owner = microsoft.addClient({ graphRoles: ["Application.ReadWrite.OwnedBy"] });
  const own = graphClient(cloud, await microsoft.token(owner));
  const { id: foreign } = await create();

  const created = await own("POST", "/v1.0/applications", { displayName: "mine" });
  const answers = await Promise.all([
    own("GET", `/v1.0/applications/${created.body.id}/owners`),
    own("PATCH", `/v1.0/applications/${created.body.id}`, { notes: "x" }),
    own("POST", `/v1.0/applications/${created.body.id}/addPassword`, {}),
    own("GET", `/v1.0/applications/${foreign}`),
    own("PATCH", `/v1.0/applications/${foreign}`, { notes: "x" }),
    own("DELETE", `/v1.0/applications/${foreign}`),
  ]);

  expect(created.status).toBe(201);
  expect(answers.map(({ status }) => status)).toEqual([200, 204, 200, 200, 403, 403]);
  expect(answers[0]?.body.value.map(({ id }) => id)).toEqual([owner.servicePrincipalId]);
});

test("another tenant's applications are not there", async () => {
  const foreigner = microsoft.addClient({ tenantId: otherTenant.id, graphRoles: ["Application.ReadWrite.All"] });
  const elsewhere = graphClient(cloud, await microsoft.token(foreigner, undefined, otherTenant.id));
  const { id } = await create();

  const [one, all] = await Promise.all([
    elsewhere("GET", `/v1.0/applications/${id}`),
    elsewhere("GET", "/v1.0/applications"),
  ]);

  expect(one.status).toBe(404);
  expect(all.body.value.map((each) => each.id)).toEqual([foreigner.id]);
});
