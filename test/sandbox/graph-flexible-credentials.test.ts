import { expect, test } from "vitest";
import { createMicrosoftCloud, type GraphBody, graphClient } from "../support/directory.ts";

const microsoft = createMicrosoftCloud();
const { cloud } = microsoft;
const administrator = microsoft.addClient({ graphRoles: ["Application.ReadWrite.All"] });
const graph = graphClient(cloud, await microsoft.token(administrator));
const issuer = "https://token.actions.githubusercontent.com";
const audiences = ["api://AzureADTokenExchange"];
const classic = { name: "main", issuer, subject: "repo:a/b:ref:refs/heads/main", audiences };
const expression = "claims['sub'] matches 'repo:*:ref:refs/tags/v*' and claims['repository_id'] eq '42'";
const flexible = {
  name: "tags",
  issuer,
  audiences,
  claimsMatchingExpression: { value: expression, languageVersion: 1 },
};

const object = "objectType: Microsoft.Online.DirectoryServices.Application";

interface Trusting extends GraphBody {
  /** The path of its credentials, after the version. */
  readonly path: string;
}

async function createApplication(): Promise<Trusting> {
  const { body } = await graph("POST", "/v1.0/applications", { displayName: "widgets" });
  return { ...body, path: `/applications/${body.id}/federatedIdentityCredentials` };
}

test("a flexible credential is created and read on beta", async () => {
  const { path } = await createApplication();

  const { status, body } = await graph("POST", `/beta${path}`, flexible);

  expect(status).toBe(201);
  expect(body).toMatchObject({ ...flexible, subject: null, description: null });
  expect((await graph("GET", `/beta${path}/${body.id}`)).body).toEqual(body);
});

test.each([
  ["no id", "claims['sub'] matches 'repo:a/b:*'", "lacks all required claims or contains unallowed claims."],
  ["no subject", "claims['repository_id'] eq '42'", "lacks all required claims or contains unallowed claims."],
  [
    "a pattern for the id",
    "claims['sub'] matches 'x*' and claims['repository_id'] matches '4*'",
    "contains unallowed claims.",
  ],
  ["another claim", `${expression} and claims['event_name'] eq 'push'`, "contains unallowed claims."],
  [
    "a claim named like an object's method",
    `${expression} and claims['constructor'] eq 'x'`,
    "contains unallowed claims.",
  ],
  ["an or", `${expression} or claims['sub'] eq 'x'`, "expected ' and ' or the end at"],
])("an expression with %s is refused", async (_what, value, words) => {
  const { path } = await createApplication();

  const { status, body } = await graph("POST", `/beta${path}`, {
    ...flexible,
    claimsMatchingExpression: { value, languageVersion: 1 },
  });

  expect([status, body.error.code]).toEqual([400, "InvalidFederatedIdentityCredentialValue"]);
  expect(body.error.message).toContain(words);
  expect(body.error.message).toContain(
    `paramName: FederatedIdentityCredential.ClaimsMatchingExpression.Value, paramValue: ${value}, ${object}`,
  );
});

test.each([
  ["an owner's id instead of a repository's", "claims['sub'] eq 'x' and claims['repository_owner_id'] eq '7'"],
  ["a workflow too", `${expression} and claims['job_workflow_ref'] matches 'a/b/.github/workflows/*'`],
])("an expression with %s is accepted", async (_what, value) => {
  const { path } = await createApplication();

  const { status } = await graph("POST", `/beta${path}`, {
    ...flexible,
    claimsMatchingExpression: { value, languageVersion: 1 },
  });

  expect(status).toBe(201);
});

test.each<[string, Record<string, unknown>, string]>([
  ["a subject as well", { subject: "x" }, "Only one of FederatedIdentityCredential.Subject"],
  ["another issuer", { issuer: "https://x.example" }, "Expressions are not supported for issuer 'https://x.example'."],
  [
    "another language",
    { claimsMatchingExpression: { value: expression, languageVersion: 2 } },
    "Language version 2 is not supported.",
  ],
  [
    "an expression that is a string",
    { claimsMatchingExpression: expression },
    "Invalid value specified for property 'claimsMatchingExpression'",
  ],
])("a flexible credential with %s is refused", async (_what, changes, words) => {
  const { path } = await createApplication();

  const { status, body } = await graph("POST", `/beta${path}`, { ...flexible, ...changes });

  expect(status).toBe(400);
  expect(body.error.message).toContain(words);
});

test("a credential becomes flexible by one PATCH on beta, and classic by another", async () => {
  const { path } = await createApplication();
  await graph("POST", `/v1.0${path}`, classic);

  const { claimsMatchingExpression } = flexible;
  const there = await graph("PATCH", `/beta${path}/main`, { subject: null, claimsMatchingExpression });
  const shown = await graph("GET", `/beta${path}/main`);
  const back = await graph("PATCH", `/beta${path}/main`, { subject: "x", claimsMatchingExpression: null });

  expect([there.status, back.status]).toEqual([204, 204]);
  expect(shown.body).toMatchObject({ subject: null, claimsMatchingExpression });
  expect((await graph("GET", `/v1.0${path}/main`)).body.subject).toBe("x");
});

test("v1.0 breaks off in the middle of a list that has a flexible credential, as the real one does", async () => {
  const { id, path } = await createApplication();
  const { body: first } = await graph("POST", `/v1.0${path}`, classic);
  const { body: second } = await graph("POST", `/beta${path}`, flexible);
  const authorization = { Authorization: `Bearer ${await microsoft.token(administrator)}` };
  const read = (tail: string) =>
    cloud.fetch(new Request(`https://graph.microsoft.com/v1.0${path}${tail}`, { headers: authorization }));

  const [list, one] = await Promise.all([read(""), read(`/${second.id}`)]);
  const texts = await Promise.all([list.text(), one.text()]);

  const torn = `"id":"${second.id}","name":"tags","issuer":"${issuer}"{"error":{"code":"InternalServerError","message":"The property 'subject[Nullable=False]' of type 'Edm.String' has a null value, which is not allowed.","innerError":{`;
  const { "@odata.context": _context, ...whole } = first;
  const context = `https://graph.microsoft.com/v1.0/$metadata#applications('${id}')/federatedIdentityCredentials`;
  expect([list.status, one.status]).toEqual([200, 200]);
  expect(texts[0]).toContain(
    `{"@odata.context":"${context}","value":[${JSON.stringify({ ...whole, description: null })},{${torn}`,
  );
  expect(texts[1]).toContain(`{"@odata.context":"${context}/$entity",${torn}`);
});
