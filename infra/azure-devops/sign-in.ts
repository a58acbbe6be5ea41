import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { NodeAuthOptions } from "@azure/msal-node";
import { z } from "zod";
import { type Network, type NetworkRequest, Unanswered } from "../network.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

/** Who signs in, and through what. */
export interface SignIn {
  /** The tenant of the stack's file, which goes before ARM_TENANT_ID, as it does for the provider. */
  readonly tenantId: string | undefined;
  readonly environment: Variables;
  readonly network: Network;
}

/** https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/service-principal-managed-identity */
const azureDevOps = "499b84ac-1321-427f-aa17-267ca6975798";

/** What a federated token is made for: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust */
const exchangeAudience = "api://AzureADTokenExchange";

/**
 * Signs in to Azure DevOps by the same variables, and in the same order, as the azuredevops provider: a personal access
 * token, an OIDC token, its file, the one that GitHub gives a job, a client secret, a client certificate, a managed
 * identity, the Azure CLI. The first one that is there counts.
 * https://registry.terraform.io/providers/microsoft/azuredevops/latest/docs#authentication
 * @returns the value of the Authorization header; undefined where nobody has signed in
 * @throws Unanswered that says who refuses, in the words of the refusal
 */
export async function signInToAzureDevOps(who: SignIn): Promise<string | undefined> {
  const { environment } = who;
  const { AZDO_PERSONAL_ACCESS_TOKEN } = environment;
  if (AZDO_PERSONAL_ACCESS_TOKEN) {
    return `Basic ${Buffer.from(`:${AZDO_PERSONAL_ACCESS_TOKEN}`).toString("base64")}`;
  }
  return signInTo(azureDevOps, who);
}

/**
 * The same for anything that Entra gives tokens for: a personal access token is for Azure DevOps alone.
 * @param resource its id, or its address
 */
export async function signInTo(resource: string, who: SignIn): Promise<string | undefined> {
  const token =
    (await clientToken(resource, who)) ??
    (await managedIdentityToken(resource, who.environment)) ??
    (await azureCliToken(resource, who));
  return token === undefined ? undefined : `Bearer ${token}`;
}

/** The token of the application that the environment names, when it also has something to prove it with. */
async function clientToken(resource: string, { tenantId, environment, network }: SignIn): Promise<string | undefined> {
  const tenant = tenantId || environment.ARM_TENANT_ID;
  const clientId = await clientIdOf(environment);
  if (!tenant || !clientId) return undefined;
  const proof = await proofOf(environment, network);
  if (proof === undefined) return undefined;

  const { ConfidentialClientApplication } = await import("@azure/msal-node");
  const { networkClient, failure } = msalNetwork(network);
  const auth = { clientId, authority: `https://login.microsoftonline.com/${encodeURIComponent(tenant)}`, ...proof };
  const application = new ConfidentialClientApplication({ auth, system: { networkClient } });
  return asked("Entra refuses the sign-in of the client", failure, () =>
    application.acquireTokenByClientCredential({ scopes: [`${resource}/.default`] }),
  );
}

type Proof = Pick<NodeAuthOptions, "clientAssertion" | "clientSecret" | "clientCertificate">;

async function proofOf(environment: Variables, network: Network): Promise<Proof | undefined> {
  if (isTrue(environment.ARM_USE_OIDC)) {
    const token = await valueOrFile(
      environment.ARM_OIDC_TOKEN,
      environment.ARM_OIDC_TOKEN_FILE_PATH || environment.AZURE_FEDERATED_TOKEN_FILE,
    );
    if (token) return { clientAssertion: token };
    const url = environment.ARM_OIDC_REQUEST_URL || environment.ACTIONS_ID_TOKEN_REQUEST_URL;
    const bearer = environment.ARM_OIDC_REQUEST_TOKEN || environment.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    if (url && bearer) return { clientAssertion: await actionsToken(network, url, bearer) };
  }
  const { ARM_CLIENT_SECRET, ARM_CLIENT_SECRET_PATH, ARM_CLIENT_SECRET_FILE_PATH } = environment;
  const secret = await valueOrFile(ARM_CLIENT_SECRET, ARM_CLIENT_SECRET_PATH || ARM_CLIENT_SECRET_FILE_PATH);
  if (secret) return { clientSecret: secret };
  const certificate = await certificateOf(environment);
  return certificate && { clientCertificate: certificate };
}

/** The ID token of a job: https://docs.github.com/actions/reference/security/oidc */
async function actionsToken(network: Network, url: string, bearer: string): Promise<string> {
  const address = new URL(url);
  if (!address.searchParams.get("audience")) address.searchParams.set("audience", exchangeAudience);
  const { status, body } = await network(address.href, {
    headers: { accept: "application/json", authorization: `Bearer ${bearer}` },
  });
  const token = z.object({ value: z.string() }).safeParse(body).data?.value;
  if (status === 200 && token) return token;
  throw new Unanswered(`GitHub gives this job no ID token (${status}); the job needs permissions: id-token: write`);
}

/** A certificate and its key in PEM; the provider also takes PKCS #12, which Node cannot open. */
async function certificateOf(environment: Variables): Promise<Proof["clientCertificate"]> {
  const { ARM_CLIENT_CERTIFICATE, ARM_CLIENT_CERTIFICATE_PATH, ARM_CLIENT_CERTIFICATE_PASSWORD } = environment;
  if (!ARM_CLIENT_CERTIFICATE && !ARM_CLIENT_CERTIFICATE_PATH) return undefined;
  const pem = ARM_CLIENT_CERTIFICATE
    ? Buffer.from(ARM_CLIENT_CERTIFICATE, "base64").toString()
    : await fileText(ARM_CLIENT_CERTIFICATE_PATH ?? "");
  try {
    const { X509Certificate, createPrivateKey } = await import("node:crypto");
    const key = createPrivateKey({
      key: pem,
      ...(ARM_CLIENT_CERTIFICATE_PASSWORD ? { passphrase: ARM_CLIENT_CERTIFICATE_PASSWORD } : {}),
    });
    return {
      thumbprintSha256: new X509Certificate(pem).fingerprint256.replaceAll(":", ""),
      privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
    };
  } catch {
    // What OpenSSL says could quote the file.
    throw new Unanswered("the client certificate is no PEM of a certificate and its private key; convert it to one");
  }
}

async function managedIdentityToken(resource: string, environment: Variables): Promise<string | undefined> {
  if (!isTrue(environment.ARM_USE_MSI)) return undefined;
  const userAssignedClientId = await clientIdOf(environment);
  const { ManagedIdentityApplication } = await import("@azure/msal-node");
  // The endpoint of the machine itself: it is not asked through a proxy.
  const application = new ManagedIdentityApplication(
    userAssignedClientId ? { managedIdentityIdParams: { userAssignedClientId } } : {},
  );
  return asked(
    "the managed identity gives no token",
    () => undefined,
    () => application.acquireToken({ resource }),
  );
}

async function azureCliToken(resource: string, { tenantId, environment }: SignIn): Promise<string | undefined> {
  if (environment.ARM_USE_CLI && !isTrue(environment.ARM_USE_CLI)) return undefined;
  const tenant = tenantId || environment.ARM_TENANT_ID;
  const parameters = ["account", "get-access-token", "--resource", resource, "--query", "accessToken", "-o", "tsv"];
  // Windows starts `az`, a script, by a shell: nothing but a plain name may get there.
  if (tenant && /^[\w.-]+$/.test(tenant)) parameters.push("--tenant", tenant);
  try {
    const { stdout } = await promisify(execFile)("az", parameters, { shell: process.platform === "win32" });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Lets MSAL ask through the machine's network, and keeps why that failed: MSAL's own error does not tell. */
function msalNetwork(network: Network) {
  let failed: unknown;
  async function send<T>(method: "GET" | "POST", url: string, { headers = {}, body }: Omit<NetworkRequest, "method">) {
    try {
      const answer = await network(url, {
        ...{ method, headers, ...(body === undefined ? {} : { body }) },
        // Each makes a token of its own, and takes nothing from another.
        isRepeatable: true,
      });
      return { ...answer, headers: { ...answer.headers }, body: answer.body as T };
    } catch (error) {
      failed = error;
      throw error;
    }
  }
  const networkClient = {
    sendGetRequestAsync: <T>(url: string, options?: NetworkRequest) => send<T>("GET", url, options ?? {}),
    sendPostRequestAsync: <T>(url: string, options?: NetworkRequest) => send<T>("POST", url, options ?? {}),
  };
  return { networkClient, failure: () => failed };
}

/** The token that MSAL gets, or a sentence of the refusal's own words. */
async function asked(
  what: string,
  failure: () => unknown,
  acquire: () => Promise<{ readonly accessToken: string } | null>,
): Promise<string> {
  try {
    const result = await acquire();
    if (result === null) throw new Error("no token");
    return result.accessToken;
  } catch (error) {
    if (failure() !== undefined) throw failure();
    const words = error instanceof Error ? error.message : String(error);
    // From Entra's number on, and without the identifiers that only its support can read.
    const plain = words.replace(/^.*?(?=AADSTS\d)/s, "").replace(/\s*Trace ID:.*$/s, "");
    throw new Unanswered(`${what}: ${plain.replaceAll(/\s+/g, " ").trim()}`);
  }
}

async function clientIdOf(environment: Variables): Promise<string | undefined> {
  const { ARM_CLIENT_ID, AZURE_CLIENT_ID, ARM_CLIENT_ID_FILE_PATH } = environment;
  return valueOrFile(ARM_CLIENT_ID || AZURE_CLIENT_ID, ARM_CLIENT_ID_FILE_PATH);
}

async function valueOrFile(value: string | undefined, path: string | undefined): Promise<string | undefined> {
  return value || (path ? fileText(path) : undefined);
}

async function fileText(path: string): Promise<string> {
  try {
    return (await readFile(path, "utf8")).trim();
  } catch (error) {
    throw new Unanswered(`the sign-in's file ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** As the providers read a variable that is on or off. */
function isTrue(value: string | undefined): boolean {
  return /^(1|t|true)$/i.test(value ?? "");
}
