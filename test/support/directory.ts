import { type Cloud, createCloud } from "../../sandbox/cloud/cloud.ts";
import { type ApplicationSeed, type SeededApplication, seedDirectory } from "../../sandbox/cloud/entra/seed.ts";
import { entra } from "../../sandbox/cloud/entra/service.ts";
import { graph } from "../../sandbox/cloud/graph/service.ts";
import type { CloudContext, CloudService } from "../../sandbox/cloud/service.ts";

export const tenant = { id: "11111111-2222-4333-8444-555555555555", domain: "contoso.onmicrosoft.com" };
export const otherTenant = { id: "99999999-2222-4333-8444-555555555555", domain: "fabrikam.onmicrosoft.com" };

/** An application that signs in with a secret. */
export interface Client extends SeededApplication {
  readonly secret: string;
}

/** The Microsoft part of the cloud, with a clock that the test moves. */
export interface MicrosoftCloud {
  readonly cloud: Cloud;
  /** Milliseconds; the present of every service. */
  readonly clock: { now: number };
  /** Adds an application with a secret and a service principal to the first tenant, or to the one it names. */
  addClient(seed?: Partial<ApplicationSeed>): Client;
  /** Signs the client in with its secret and gives the access token. Default scope: Microsoft Graph. */
  token(client: Client, scope?: string, tenantId?: string): Promise<string>;
}

/** Entra and Microsoft Graph with two tenants, and whatever other services the test brings. */
export function createMicrosoftCloud(...others: readonly ((context: CloudContext) => CloudService)[]): MicrosoftCloud {
  const clock = { now: Date.parse("2026-05-04T10:00:00Z") };
  const cloud = createCloud({
    services: [entra, graph, ...others],
    now: () => clock.now,
    onUncovered: (request) => {
      throw new Error(`not emulated: ${request}`);
    },
  });
  seedDirectory(cloud.store, { tenants: [tenant, otherTenant] }, clock.now);

  return {
    cloud,
    clock,
    addClient(seed = {}) {
      const secret = `secret-${crypto.randomUUID()}`;
      const application: ApplicationSeed = { tenantId: tenant.id, displayName: "client", password: secret, ...seed };
      const { applications } = seedDirectory(cloud.store, { tenants: [], applications: [application] }, clock.now);
      const [added] = applications;
      if (!added) throw new Error("nothing was seeded");
      return { ...added, secret };
    },
    async token(client, scope = "https://graph.microsoft.com/.default", tenantId = tenant.id) {
      const { body } = await requestToken(
        cloud,
        { client_id: client.appId, client_secret: client.secret, grant_type: "client_credentials", scope },
        tenantId,
      );
      if (typeof body.access_token !== "string") throw new Error(`no token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
  };
}

/** An answer with its JSON body; an empty body is `{}`. The members of `T` are those that tests look into. */
export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** Entra's bodies: tokens, configurations and refusals. */
export interface EntraBody {
  readonly access_token: string;
  readonly error_description: string;
  readonly keys: readonly Readonly<Record<string, unknown>>[];
  readonly [member: string]: unknown;
}

/** Microsoft Graph's bodies: entities, lists and refusals. */
export interface GraphBody {
  readonly id: string;
  readonly appId: string;
  readonly keyId: string;
  readonly secretText: string;
  readonly value: readonly GraphBody[];
  readonly passwordCredentials: readonly GraphBody[];
  readonly "@odata.nextLink": string;
  readonly error: { readonly code: string; readonly message: string; readonly innerError: unknown };
  readonly [member: string]: unknown;
}

/** Asks the token endpoint. */
export function requestToken(
  cloud: Cloud,
  form: Readonly<Record<string, string>>,
  tenantName: string = tenant.id,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<EntraBody>> {
  const url = `https://login.microsoftonline.com/${tenantName}/oauth2/v2.0/token`;
  return ask<EntraBody>(cloud, new Request(url, { method: "POST", body: new URLSearchParams(form), headers }));
}

/** Asks Microsoft Graph: `graph("GET", "/v1.0/applications")`. */
export type GraphClient = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer<GraphBody>>;

export function graphClient(cloud: Cloud, token: string): GraphClient {
  return (method, path, body, headers = {}) =>
    ask(
      cloud,
      new Request(`https://graph.microsoft.com${path}`, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
}

/** Asks any service. */
export async function ask<T>(cloud: Cloud, request: Request): Promise<Answer<T>> {
  const response = await cloud.fetch(request);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text || "{}") as T };
}
