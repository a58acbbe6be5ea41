import { readFile } from "node:fs/promises";
import { HttpError, type HttpResponse, type RetryPolicy, sendRequest } from "./http.ts";
import { type Properties, ProviderError, type ProviderHost } from "./providers/definition.ts";

/** How a provider proves who it is to Entra: by a client secret, or by a token of another issuer that Entra trusts. */
export interface EntraCredentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly proof: { readonly secret: string } | { readonly assertion: () => Promise<string> };
}

/** Gives an access token for one scope: the one in hand, or a new one when that is about to end. */
export type TokenSource = () => Promise<string>;

/** What a federated token must be made for: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust */
const exchangeAudience = "api://AzureADTokenExchange";

/**
 * Reads the credentials as the official azuread and azuredevops providers do: the provider's own arguments, then the
 * environment; of OIDC tokens a given one, before one in a file, before one that GitHub Actions gives.
 * @param config the provider resource's inputs
 * @param preferred what counts where there is a client secret and an OIDC token: the secret for azuread, OIDC for azuredevops
 * @throws ProviderError that says what is missing
 */
export async function readEntraCredentials(
  config: Properties,
  host: ProviderHost,
  preferred: "secret" | "oidc" = "secret",
): Promise<EntraCredentials> {
  const setting = settingsOf(config, host);
  const tenantId = setting("tenantId", "ARM_TENANT_ID");
  const clientId = await valueOrFile(
    setting("clientId", "ARM_CLIENT_ID"),
    setting("clientIdFilePath", "ARM_CLIENT_ID_FILE_PATH"),
  );
  if (!tenantId) throw new ProviderError("no Entra tenant: set ARM_TENANT_ID, or tenantId of the provider");
  if (!clientId) throw new ProviderError("no Entra client: set ARM_CLIENT_ID, or clientId of the provider");

  const ways = preferred === "secret" ? [secretProof, oidcProof] : [oidcProof, secretProof];
  for (const way of ways) {
    const proof = await way(config, host);
    if (proof !== undefined) return { tenantId, clientId, proof };
  }
  throw new ProviderError(
    "no way to sign in to Entra: set ARM_CLIENT_SECRET, or ARM_USE_OIDC=true with ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH or the ACTIONS_ID_TOKEN_REQUEST variables of a GitHub workflow",
  );
}

type Proof = EntraCredentials["proof"];

async function secretProof(config: Properties, host: ProviderHost): Promise<Proof | undefined> {
  const setting = settingsOf(config, host);
  const secret = await valueOrFile(
    setting("clientSecret", "ARM_CLIENT_SECRET"),
    setting("clientSecretFilePath", "ARM_CLIENT_SECRET_FILE_PATH") ??
      setting("clientSecretPath", "ARM_CLIENT_SECRET_PATH"),
  );
  return secret ? { secret } : undefined;
}

async function oidcProof(config: Properties, host: ProviderHost): Promise<Proof | undefined> {
  const useOidc = config.useOidc ?? host.environment.ARM_USE_OIDC;
  if (useOidc !== true && useOidc !== "true" && useOidc !== "1") return undefined;
  const setting = settingsOf(config, host);
  const token = await valueOrFile(
    setting("oidcToken", "ARM_OIDC_TOKEN"),
    setting("oidcTokenFilePath", "ARM_OIDC_TOKEN_FILE_PATH"),
  );
  if (token) return { assertion: async () => token };
  const url = setting("oidcRequestUrl", "ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL");
  const bearer = setting("oidcRequestToken", "ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  return url && bearer ? { assertion: () => actionsToken(host, url, bearer) } : undefined;
}

/** A provider's argument, or the first of these variables; undefined where all are empty. */
function settingsOf(config: Properties, { environment }: ProviderHost) {
  return (argument: string, ...variables: readonly string[]): string | undefined => {
    const values = [config[argument], ...variables.map((name) => environment[name])];
    return values.find((value): value is string => typeof value === "string" && value !== "");
  };
}

async function valueOrFile(value: string | undefined, path: string | undefined): Promise<string | undefined> {
  return value ?? (path === undefined ? undefined : (await readFile(path, "utf8")).trim());
}

/** The token that GitHub gives a job: https://docs.github.com/actions/reference/security/oidc */
async function actionsToken(host: ProviderHost, url: string, bearer: string): Promise<string> {
  const address = new URL(url);
  address.searchParams.set("audience", exchangeAudience);
  const response = await sendRequest(host, {
    method: "GET",
    url: address.href,
    headers: { Accept: "application/json", Authorization: `Bearer ${bearer}` },
  });
  const body = response.body as { readonly value?: string } | undefined;
  if (response.status !== 200 || !body?.value) {
    throw new HttpError(`GitHub gave no OIDC token: status ${response.status}`, response);
  }
  return body.value;
}

/** What a token source does beyond the token request itself. */
export interface EntraTokenOptions {
  /**
   * Signs in as MSAL does: `common/discovery/instance` and the tenant's OpenID configuration are asked before the first
   * token, and the scopes of OpenID Connect are asked for with it. Default: false.
   */
  readonly msal?: boolean;
  readonly retry?: RetryPolicy;
}

/**
 * Makes a source of access tokens by the client credentials grant.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 * @param scope e.g. `https://graph.microsoft.com/.default`
 */
export function createEntraToken(
  host: ProviderHost,
  credentials: EntraCredentials,
  scope: string,
  options: EntraTokenOptions = {},
): TokenSource {
  let current: { readonly token: Promise<string>; renewAt: number } | undefined;
  let discovered = false;

  async function request(): Promise<{ readonly token: string; readonly renewAt: number }> {
    if (options.msal && !discovered) {
      await discover(host, credentials.tenantId, options.retry);
      discovered = true;
    }
    const asked = Date.now();
    const response = await sendRequest(
      host,
      {
        method: "POST",
        url: `https://login.microsoftonline.com/${credentials.tenantId}/oauth2/v2.0/token`,
        headers: { Accept: "application/json" },
        form: {
          client_id: credentials.clientId,
          grant_type: "client_credentials",
          scope: options.msal ? `${scope} openid offline_access profile` : scope,
          ...(await proof(credentials)),
        },
      },
      options.retry,
    );
    const body = response.body as { readonly access_token?: string; readonly expires_in?: number } | undefined;
    if (response.status !== 200 || !body?.access_token) throw signInError(response);
    return { token: body.access_token, renewAt: asked + ((body.expires_in ?? 0) / 2) * 1000 };
  }

  // Those who ask while a token is on its way wait for that one.
  function renew(): Promise<string> {
    const renewal = { token: request().then(settled, failed), renewAt: Number.POSITIVE_INFINITY };
    function settled({ token, renewAt }: { readonly token: string; readonly renewAt: number }): string {
      renewal.renewAt = renewAt;
      return token;
    }
    function failed(error: unknown): never {
      renewal.renewAt = 0;
      throw error;
    }
    current = renewal;
    return renewal.token;
  }

  return () => (current && Date.now() < current.renewAt ? current.token : renew());
}

async function proof(credentials: EntraCredentials): Promise<Record<string, string>> {
  if ("secret" in credentials.proof) return { client_secret: credentials.proof.secret };
  return {
    client_assertion: await credentials.proof.assertion(),
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  };
}

async function discover(host: ProviderHost, tenantId: string, retry: RetryPolicy | undefined): Promise<void> {
  const authority = `https://login.microsoftonline.com/${tenantId}`;
  const discovery = new URL("https://login.microsoftonline.com/common/discovery/instance");
  discovery.searchParams.set("api-version", "1.1");
  discovery.searchParams.set("authorization_endpoint", `${authority}/oauth2/v2.0/authorize`);
  for (const url of [discovery.href, `${authority}/v2.0/.well-known/openid-configuration`]) {
    const response = await sendRequest(host, { method: "GET", url }, retry);
    if (response.status !== 200) throw signInError(response);
  }
}

function signInError(response: HttpResponse): HttpError {
  const body = response.body as { readonly error_description?: string; readonly error?: string } | undefined;
  const reason = body?.error_description ?? body?.error ?? `status ${response.status}`;
  return new HttpError(`Entra refused the sign-in: ${reason}`, response);
}
