import { decodeJwt } from "jose";
import { afterAll, expect, test } from "vitest";
import { expectRoutesExercised } from "../support/coverage.ts";
import { createMicrosoftCloud, type GraphBody, graphClient, requestToken } from "../support/directory.ts";
import { createTokenIssuer } from "../support/token-issuer.ts";

const github = await createTokenIssuer("token.actions.githubusercontent.com");
const microsoft = createMicrosoftCloud(github.service);
const { cloud, clock } = microsoft;
const administrator = microsoft.addClient({ graphRoles: ["Application.ReadWrite.All"] });
const graph = graphClient(cloud, await microsoft.token(administrator));
const { issuer } = github;
const audiences = ["api://AzureADTokenExchange"];
const classic = { name: "main", issuer, subject: "repo:a/b:ref:refs/heads/main", audiences };
interface Trusting extends GraphBody {
  /** The path of its credentials, after the version. */
  readonly path: string;
}

async function createApplication(): Promise<Trusting> {
  const { body } = await graph("POST", "/v1.0/applications", { displayName: "widgets" });
  return { ...body, path: `/applications/${body.id}/federatedIdentityCredentials` };
}

afterAll(() => expectRoutesExercised(cloud, "test/sandbox/graph-federated-credentials.test.ts"));

test("a credential is created, read by id and by name, listed, and deleted", async () => {
  const { id, appId, path } = await createApplication();

  const { status, body } = await graph("POST", `/v1.0${path}`, { ...classic, description: "" });

  expect(status).toBe(201);
  expect(body).toEqual({
    "@odata.context": `https://graph.microsoft.com/v1.0/$metadata#applications('${id}')/federatedIdentityCredentials/$entity`,
    id: body.id,
    ...classic,
    description: "",
  });
  const keys = [`/${body.id}`, "/main", "(name='main')"];
  const reads = await Promise.all(keys.map((key) => graph("GET", `/v1.0${path}${key}`)));
  expect(reads.map((read) => read.body)).toEqual([body, body, body]);
  const { "@odata.context": _context, ...shown } = body;
  const list = await graph(
    "GET",
    `/v1.0/applications(appId='${appId}')/federatedIdentityCredentials?$filter=name eq 'main'`,
  );
  expect(list.body.value).toEqual([shown]);

  const deleted = await graph("DELETE", `/v1.0${path}/${body.id}`);

  expect(deleted.status).toBe(204);
  const after = [graph("GET", `/v1.0${path}/${body.id}`), graph("DELETE", `/v1.0${path}/${body.id}`)];
  expect((await Promise.all(after)).map((each) => each.status)).toEqual([404, 404]);
  expect((await graph("GET", `/v1.0${path}`)).body.value).toEqual([]);
});

test("a PATCH changes what it names, and the id and name may be repeated", async () => {
  const { path } = await createApplication();
  const { body: created } = await graph("POST", `/v1.0${path}`, classic);

  const patched = await graph("PATCH", `/v1.0${path}/${created.id}`, {
    id: created.id,
    name: "main",
    subject: "repo:a/b:environment:release",
    description: "for releases",
  });

  expect([patched.status, patched.body]).toEqual([204, {}]);
  expect((await graph("GET", `/v1.0${path}/main`)).body).toEqual({
    ...created,
    subject: "repo:a/b:environment:release",
    description: "for releases",
  });
});

test("a name cannot be changed", async () => {
  const { path } = await createApplication();
  await graph("POST", `/v1.0${path}`, classic);

  const { status, body } = await graph("PATCH", `/v1.0${path}/main`, { name: "other" });

  expect([status, body.error.message]).toEqual([400, "Property 'name' is read-only and cannot be set."]);
});

test.each(["(name='main')", "/main"])("%s is created or updated by an upsert", async (key) => {
  const { path } = await createApplication();
  const { name: _name, ...body } = classic;
  const prefer = { Prefer: "create-if-missing" };

  const missing = await graph("PATCH", `/v1.0${path}${key}`, body);
  const created = await graph("PATCH", `/v1.0${path}${key}`, body, prefer);
  const updated = await graph("PATCH", `/v1.0${path}${key}`, { ...body, subject: "x" }, prefer);

  expect([missing.status, created.status, updated.status]).toEqual([404, 201, 204]);
  expect(created.body).toMatchObject(classic);
  expect((await graph("GET", `/v1.0${path}/main`)).body).toEqual({ ...created.body, subject: "x" });
});

test("a credential's name may have dots, as HashiCorp's own tests have", async () => {
  const { body: application } = await graph("POST", "/v1.0/applications", { displayName: "dotted" });

  const { status, body } = await graph("POST", `/v1.0/applications/${application.id}/federatedIdentityCredentials`, {
    name: "hashitown.example.com-x",
    issuer: "https://token.example.com",
    subject: "x",
    audiences: ["api://AzureADTokenExchange"],
  });

  expect([status, body.name]).toEqual([201, "hashitown.example.com-x"]);
});

const object = "objectType: Microsoft.Online.DirectoryServices.Application";

test.each<[string, Record<string, unknown>, string, string]>([
  [
    "a name of two characters",
    { name: "ab" },
    "InvalidFederatedIdentityCredentialValue",
    `Federated Identity Credential name 'ab' is invalid. paramName: FederatedIdentityCredential.Name, paramValue: ab, ${object}`,
  ],
  [
    "a name with a slash",
    { name: "a/b" },
    "InvalidFederatedIdentityCredentialValue",
    "Federated Identity Credential name 'a/b' is invalid.",
  ],
  [
    "a name that starts with a dash",
    { name: "-ab" },
    "InvalidFederatedIdentityCredentialValue",
    "Federated Identity Credential name '-ab' is invalid.",
  ],
  ["a name of 121 characters", { name: "a".repeat(121) }, "InvalidFederatedIdentityCredentialValue", "is invalid."],
  [
    "no audience",
    { audiences: [] },
    "InvalidFederatedIdentityCredentialValue",
    "Federated identity credentials must have exactly one audience.",
  ],
  [
    "two audiences",
    { audiences: ["a", "b"] },
    "InvalidFederatedIdentityCredentialValue",
    "Federated identity credentials must have exactly one audience.",
  ],
  [
    "a subject of 601 characters",
    { subject: "x".repeat(601) },
    "InvalidFederatedIdentityCredentialValue",
    "FederatedIdentityCredential.Subject exceeds 600 characters",
  ],
  [
    "a description of 601 characters",
    { description: "x".repeat(601) },
    "InvalidFederatedIdentityCredentialValue",
    "FederatedIdentityCredential.Description exceeds 600 characters",
  ],
  ["no subject", { subject: undefined }, "Request_BadRequest", "Property 'subject' cannot be empty."],
  ["no issuer", { issuer: undefined }, "Request_BadRequest", "Property 'issuer' cannot be empty."],
  [
    "a number for a subject",
    { subject: 1 },
    "Request_BadRequest",
    "Invalid value specified for property 'subject' of resource 'FederatedIdentityCredential'.",
  ],
  [
    "a string for the audiences",
    { audiences: "a" },
    "Request_BadRequest",
    "Invalid value specified for property 'audiences' of resource 'FederatedIdentityCredential'.",
  ],
  ["a property that is none", { colour: "red" }, "Request_BadRequest", "Invalid property 'colour'."],
  [
    "an expression on v1.0",
    { subject: undefined, claimsMatchingExpression: { value: "claims['sub'] eq 'x'", languageVersion: 1 } },
    "Request_BadRequest",
    "Invalid property 'claimsMatchingExpression'.",
  ],
])("a credential with %s is refused", async (_what, changes, code, words) => {
  const { path } = await createApplication();

  const { status, body } = await graph("POST", `/v1.0${path}`, { ...classic, ...changes });

  expect([status, body.error.code]).toEqual([400, code]);
  expect(body.error.message).toContain(words);
});

test("names of 3 and of 120 characters, and values of 600, are accepted", async () => {
  const { path } = await createApplication();

  const answers = await Promise.all([
    graph("POST", `/v1.0${path}`, { ...classic, name: "a-1" }),
    graph("POST", `/v1.0${path}`, { ...classic, name: "a".repeat(120), subject: "x".repeat(600) }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
});

test("a name is taken once", async () => {
  const { path } = await createApplication();
  await graph("POST", `/v1.0${path}`, classic);

  const { status, body } = await graph("POST", `/v1.0${path}`, { ...classic, subject: "other" });

  expect([status, body.error.code, body.error.message]).toEqual([
    409,
    "Request_MultipleObjectsWithSameKeyValue",
    "FederatedIdentityCredential with name main already exists.",
  ]);
});

test("issuer and subject together are there once per application, on POST and on PATCH", async () => {
  const { path } = await createApplication();
  const other = await createApplication();
  await graph("POST", `/v1.0${path}`, classic);
  await graph("POST", `/v1.0${path}`, { ...classic, name: "second", subject: "other" });

  const posted = await graph("POST", `/v1.0${path}`, { ...classic, name: "third" });
  const patched = await graph("PATCH", `/v1.0${path}/second`, { subject: classic.subject });
  const elsewhere = await graph("POST", `/v1.0${other.path}`, classic);

  const message = `The combination of issuer and subject must be unique for the application. Issuer ${issuer} and Subject: ${classic.subject} already exist. paramName: FederatedIdentityCredential.Subject, paramValue: ${classic.subject}, ${object}`;
  expect([posted.status, posted.body.error.code, posted.body.error.message]).toEqual([
    400,
    "InvalidFederatedIdentityCredentialValue",
    message,
  ]);
  expect([patched.status, patched.body.error.message]).toEqual([400, message]);
  expect(elsewhere.status).toBe(201);
});

test("an application has twenty credentials at most", async () => {
  const { path } = await createApplication();
  const post = (n: number) => graph("POST", `/v1.0${path}`, { ...classic, name: `credential-${n}`, subject: `${n}` });
  const first = await Promise.all(Array.from({ length: 20 }, (_, n) => post(n)));

  const oneMore = await post(20);
  const patched = await graph("PATCH", `/v1.0${path}/credential-0`, { description: "still changeable" });

  expect(first.map(({ status }) => status)).toEqual(Array(20).fill(201));
  expect([oneMore.status, oneMore.body.error.code]).toEqual([400, "InvalidFederatedIdentityCredentialValue"]);
  expect(patched.status).toBe(204);
});

test("a credential that is created signs in, changed it does not, and deleted neither", async () => {
  const { appId, path } = await createApplication();
  await graph("POST", "/v1.0/servicePrincipals", { appId });
  const now = clock.now / 1000;
  const token = { iss: issuer, aud: audiences[0] ?? "", sub: classic.subject, iat: now, exp: now + 300 };
  const signIn = async () =>
    requestToken(cloud, {
      client_id: appId,
      client_assertion: await github.sign(token),
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      grant_type: "client_credentials",
      scope: "499b84ac-1321-427f-aa17-267ca6975798/.default",
    });
  await graph("POST", `/v1.0${path}`, classic);

  const created = await signIn();
  await graph("PATCH", `/v1.0${path}/main`, { subject: classic.subject.toUpperCase() });
  const changed = await signIn();
  await graph("DELETE", `/v1.0${path}/main`);
  const deleted = await signIn();

  expect(decodeJwt(created.body.access_token).appid).toBe(appId);
  expect([changed.body.error_codes, deleted.body.error_codes]).toEqual([[7002138], [70025]]);
});

test("credentials are changed by an owner only, where the permission is for what is owned", async () => {
  const owner = microsoft.addClient({ graphRoles: ["Application.ReadWrite.OwnedBy"] });
  const own = graphClient(cloud, await microsoft.token(owner));
  const foreign = await createApplication();
  const { body: mine } = await own("POST", "/v1.0/applications", { displayName: "mine" });

  const answers = await Promise.all([
    own("POST", `/v1.0/applications/${mine.id}/federatedIdentityCredentials`, classic),
    own("GET", `/v1.0${foreign.path}`),
    own("POST", `/v1.0${foreign.path}`, classic),
    own("PATCH", `/v1.0${foreign.path}/main`, classic, { Prefer: "create-if-missing" }),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([201, 200, 403, 403]);
});
