import "reflect-metadata";
import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { X509CertificateGenerator } from "@peculiar/x509";
import { compactVerify, decodeJwt, importX509 } from "jose";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { signInToAzureDevOps, type Variables } from "../../../infra/azure-devops/sign-in.ts";
import { machineNetwork, type Network, Unanswered } from "../../../infra/network.ts";
import { createCloud } from "../../../sandbox/cloud/cloud.ts";
import { seedDirectory } from "../../../sandbox/cloud/entra/seed.ts";
import { startJob } from "../../../sandbox/cloud/github/oidc/start-job.ts";
import { allServices } from "../../../sandbox/cloud/services.ts";
import { seedContoso } from "../../../sandbox/contoso.ts";
import { networkOf } from "../../support/network.ts";

const cloud = createCloud({ services: allServices });
const network = networkOf(cloud);
const credentials = await seedContoso(cloud.store);
const { tenantId, clientId, clientSecret } = credentials;
const [pipeline] = seedDirectory(cloud.store, {
  tenants: [],
  applications: [
    {
      tenantId,
      displayName: "pipeline",
      federatedCredentials: [
        {
          name: "main",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:contoso/widgets:ref:refs/heads/main",
        },
      ],
    },
  ],
}).applications;
const federated = { ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: pipeline?.appId, ARM_USE_OIDC: "true" };
const secret = { ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId, ARM_CLIENT_SECRET: clientSecret };
const nobody = { ARM_USE_CLI: "false" };

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sign-in-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  cloud.faults.clear();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Who the token is of, for whom it is, or what the header says where it is none. */
async function signIn(environment: Variables, tenant?: string) {
  const header = await signInToAzureDevOps({ tenantId: tenant, environment: { ...nobody, ...environment }, network });
  if (header === undefined || !header.startsWith("Bearer ey")) return header;
  const { appid, aud, tid } = decodeJwt(header.slice("Bearer ".length));
  return { appid, aud, tid };
}

const tokenOf = (appid: string | undefined) => ({
  appid,
  aud: "499b84ac-1321-427f-aa17-267ca6975798",
  tid: tenantId,
});

function job() {
  const context = { store: cloud.store, now: () => Date.now(), fetch: (request: Request) => cloud.fetch(request) };
  const { requestUrl = "", requestToken = "" } = startJob(context, {
    repository: "contoso/widgets",
    event: "push",
    ref: "refs/heads/main",
    workflow: ".github/workflows/deploy.yml",
    permissions: { "id-token": "write" },
    actor: "ada",
  });
  return { requestUrl, requestToken };
}

async function idToken(): Promise<string> {
  const { requestUrl, requestToken } = job();
  const { body } = await network(`${requestUrl}&audience=api://AzureADTokenExchange`, {
    headers: { authorization: `Bearer ${requestToken}` },
  });
  return (body as { value: string }).value;
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("a personal access token goes before everything else", async () => {
  expect(await signIn({ ...secret, AZDO_PERSONAL_ACCESS_TOKEN: "pat" })).toBe(
    `Basic ${Buffer.from(":pat").toString("base64")}`,
  );
});

test("a client secret signs in its application", async () => {
  expect(await signIn(secret)).toEqual(tokenOf(clientId));
});

test("client id and secret may be in files", async () => {
  const environment = {
    ARM_TENANT_ID: tenantId,
    ARM_CLIENT_ID_FILE_PATH: file("id", `${clientId}\n`),
    ARM_CLIENT_SECRET_FILE_PATH: file("secret", `${clientSecret}\n`),
  };

  expect(await signIn(environment)).toEqual(tokenOf(clientId));
});

test("the tenant of the stack's file goes before the environment's", async () => {
  expect(await signIn({ ...secret, ARM_TENANT_ID: "00000000-0000-4000-8000-000000000000" }, tenantId)).toEqual(
    tokenOf(clientId),
  );
});

test("an OIDC token goes before a client secret, as it does for the provider", async () => {
  expect(await signIn({ ...federated, ARM_OIDC_TOKEN: await idToken(), ARM_CLIENT_SECRET: "not asked" })).toEqual(
    tokenOf(pipeline?.appId),
  );
});

test("an OIDC token may be in a file", async () => {
  expect(await signIn({ ...federated, ARM_OIDC_TOKEN_FILE_PATH: file("token", await idToken()) })).toEqual(
    tokenOf(pipeline?.appId),
  );
});

test.each([
  ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
  ["ARM_OIDC_REQUEST_URL", "ARM_OIDC_REQUEST_TOKEN"],
])("a job of GitHub Actions gets its own OIDC token by %s", async (url, token) => {
  const { requestUrl, requestToken } = job();

  expect(await signIn({ ...federated, [url]: requestUrl, [token]: requestToken })).toEqual(tokenOf(pipeline?.appId));
});

test("OIDC tokens are for those who ask for them", async () => {
  expect(await signIn({ ...federated, ARM_OIDC_TOKEN: await idToken(), ARM_USE_OIDC: "false" })).toBe(undefined);
});

test("a client certificate signs what is sent in place of a secret", async () => {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048 };
  const keys = await crypto.subtle.generateKey({ ...algorithm, publicExponent: new Uint8Array([1, 0, 1]) }, true, [
    "sign",
    "verify",
  ]);
  const certificate = (await X509CertificateGenerator.createSelfSigned({ name: "CN=feedpass", keys })).toString("pem");
  const key = createPrivateKey({
    key: Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey)),
    format: "der",
    type: "pkcs8",
  }).export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "words" });
  const pem = `${key}${certificate}\n`;
  const sent: URLSearchParams[] = [];
  const recorded: Network = (url, request) => {
    if (request?.body !== undefined) sent.push(new URLSearchParams(request.body));
    return network(url, request);
  };
  const { ARM_CLIENT_SECRET, ...client } = secret;
  const environment = {
    ...client,
    ARM_CLIENT_CERTIFICATE: Buffer.from(pem).toString("base64"),
    ARM_CLIENT_CERTIFICATE_PASSWORD: "words",
  };

  // The sandbox's applications have no certificates.
  await expect(signInToAzureDevOps({ tenantId: undefined, environment, network: recorded })).rejects.toThrow(
    /^Entra refuses the sign-in of the client: AADSTS/,
  );
  const publicKey = await importX509(certificate, "PS256");
  const { payload } = await compactVerify(sent[0]?.get("client_assertion") ?? "", publicKey);
  expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({ iss: clientId, sub: clientId });
  await expect(
    signInToAzureDevOps({
      tenantId: undefined,
      environment: { ...environment, ARM_CLIENT_CERTIFICATE_PASSWORD: "no" },
      network,
    }),
  ).rejects.toThrow(
    new Unanswered("the client certificate is no PEM of a certificate and its private key; convert it to one"),
  );
});

test("a managed identity is asked of the machine", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url, String(request.headers["x-identity-header"]));
    const expires_on = String(Math.floor(Date.now() / 1000) + 3600);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ access_token: "of-the-machine", expires_on, resource: "r", token_type: "Bearer" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("IDENTITY_ENDPOINT", `http://127.0.0.1:${port}/msi/token`);
  vi.stubEnv("IDENTITY_HEADER", "header");

  const header = await signIn({ ARM_USE_MSI: "true", ARM_CLIENT_ID: clientId });
  server.close();

  expect(header).toBe("Bearer of-the-machine");
  expect(asked).toEqual([
    `/msi/token?api-version=2019-08-01&resource=499b84ac-1321-427f-aa17-267ca6975798&client_id=${clientId}`,
    "header",
  ]);
});

test.skipIf(process.platform === "win32")("the Azure CLI comes last, for the tenant of the file", async () => {
  writeFileSync(join(folder, "az"), '#!/bin/sh\necho "$@"\n');
  chmodSync(join(folder, "az"), 0o755);
  vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);

  expect(await signIn({ ARM_USE_CLI: "true" }, tenantId)).toBe(
    `Bearer account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 --query accessToken -o tsv --tenant ${tenantId}`,
  );
  expect(await signIn({ ARM_USE_CLI: "false" }, tenantId)).toBe(undefined);
});

test.each([
  ["nothing at all", {}],
  ["a client without a proof", { ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId }],
  ["a proof without a client", { ARM_TENANT_ID: tenantId, ARM_CLIENT_SECRET: clientSecret }],
])("nobody has signed in with %s", async (_what, environment) => {
  expect(await signIn(environment)).toBe(undefined);
});

test("a refusal is told in Entra's words, without the secret", async () => {
  const refusal = await signIn({ ...secret, ARM_CLIENT_SECRET: "hunter2" }).catch((error: unknown) => error);

  expect(refusal).toEqual(
    new Unanswered(
      `Entra refuses the sign-in of the client: AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    ),
  );
});

test("a job that may not have an OIDC token is told its permission", async () => {
  const { requestUrl } = job();

  await expect(
    signIn({ ...federated, ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl, ACTIONS_ID_TOKEN_REQUEST_TOKEN: "hunter2" }),
  ).rejects.toThrow(
    new Unanswered("GitHub gives this job no ID token (401); the job needs permissions: id-token: write"),
  );
});

test("a file that is not there is named", async () => {
  const path = join(folder, "none");

  await expect(signIn({ ...federated, ARM_OIDC_TOKEN_FILE_PATH: path })).rejects.toThrow(
    new Unanswered(`the sign-in's file ${path} cannot be read: ENOENT`),
  );
});

test("Entra out of reach is told with the reason", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  for (const name of ["HTTPS_PROXY", "https_proxy"]) vi.stubEnv(name, `http://127.0.0.1:${port}`);
  const network = machineNetwork();

  await expect(signInToAzureDevOps({ tenantId, environment: secret, network })).rejects.toThrow(
    new Unanswered(`login.microsoftonline.com cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}; run it again`),
  );
});
