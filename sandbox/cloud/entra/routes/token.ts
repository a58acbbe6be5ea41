import type { Hono } from "hono";
import type { CloudContext } from "../../service.ts";
import { acceptAssertion } from "../assertion.ts";
import { type Application, directory, type ServicePrincipal, type Tenant } from "../directory.ts";
import { hashSecret } from "../directory-objects.ts";
import { refusals } from "../errors.ts";
import { issueToken, tokenLifetimeSeconds } from "../issue-token.ts";
import { audienceOfScope, findResource } from "../resources.ts";
import { requireTenant } from "./discovery.ts";

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * The client credentials grant, with a secret or with a federated token
 * (https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow).
 */
export function tokenRoutes(app: Hono, context: CloudContext): void {
  app.post("/:tenant/oauth2/v2.0/token", async (c) => {
    const named = c.req.param("tenant");
    if (named === "common" || named === "organizations" || named === "consumers") throw refusals.tenantMissing();
    const tenant = requireTenant(context, named);
    const form = new URLSearchParams(await c.req.text());
    const basic = basicCredentials(c.req.header("Authorization"));

    const grant = required(form, "grant_type");
    if (grant !== "client_credentials") throw refusals.grantUnsupported(grant);
    const clientId = basic?.id ?? required(form, "client_id");
    const audience = audienceOfScope(required(form, "scope"));
    const { application, servicePrincipal } = findClient(context, tenant, clientId);

    const secret = basic?.secret ?? form.get("client_secret");
    const assertion = form.get("client_assertion_type") === jwtBearer ? form.get("client_assertion") : null;
    if (assertion) await acceptAssertion(context, application, assertion);
    else if (secret) acceptSecret(context, application, secret);
    else throw refusals.credentialMissing();

    const resource = findResource(audience);
    if (!resource) throw refusals.resourceNotFound(audience, tenant);
    const proof = assertion ? "assertion" : "secret";
    const token = await issueToken(context, { servicePrincipal, resource, audience, proof });
    const expires = tokenLifetimeSeconds - 1;
    c.header("Cache-Control", "no-store, no-cache");
    return c.json({ token_type: "Bearer", expires_in: expires, ext_expires_in: expires, access_token: token });
  });
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (!value) throw refusals.parameterMissing(name);
  return value;
}

function basicCredentials(header: string | undefined): { readonly id: string; readonly secret: string } | undefined {
  const encoded = /^Basic (\S+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  // Both parts are form-encoded first: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
  const decode = (text: string): string => new URLSearchParams(`x=${text}`).get("x") ?? "";
  return { id: decode(id), secret: decode(secret.join(":")) };
}

interface Client {
  readonly application: Application;
  readonly servicePrincipal: ServicePrincipal;
}

function findClient(context: CloudContext, tenant: Tenant, clientId: string): Client {
  const { applications, servicePrincipals } = directory(context.store);
  const appId = clientId.toLowerCase();
  const application = applications.where("appId", appId).find((each) => each.deletedDateTime === null);
  if (!application) throw refusals.applicationNotFound(clientId, tenant);
  const servicePrincipal = servicePrincipals
    .where("appId", appId)
    .find((each) => each.tenantId === tenant.id && each.deletedDateTime === null);
  if (!servicePrincipal) {
    if (application.tenantId === tenant.id) throw refusals.servicePrincipalMissing(appId, tenant);
    throw refusals.applicationNotFound(clientId, tenant);
  }
  if (!servicePrincipal.accountEnabled) throw refusals.applicationDisabled(appId, servicePrincipal.displayName);
  return { application, servicePrincipal };
}

function acceptSecret(context: CloudContext, application: Application, secret: string): void {
  const sha256 = hashSecret(secret);
  const password = application.passwordCredentials.find((each) => each.sha256 === sha256);
  if (!password || Date.parse(password.startDateTime) > context.now()) throw refusals.secretInvalid(application.appId);
  if (Date.parse(password.endDateTime) <= context.now()) throw refusals.secretExpired(application.appId);
}
