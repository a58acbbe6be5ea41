import { type Application, directory } from "../../entra/directory.ts";
import { addApplication, addOwner, applicationDefaults, timestamp } from "../../entra/directory-objects.ts";
import type { CloudContext } from "../../service.ts";
import { refusals } from "../errors.ts";
import { namesWanted, page, refuseOtherOptions, type Shape, select } from "../odata.ts";
import { makePassword } from "../passwords.ts";
import { mayCreate } from "../permissions.ts";
import { changeProperties, type WritableProperties } from "../properties.ts";
import { entity, type GraphRequest, list, noContent, type Register } from "../register.ts";
import { applicationShape, betaProperties, passwordShape, type Version } from "../shapes.ts";
import { readOwnerBindings } from "./owners.ts";

/** https://learn.microsoft.com/graph/api/resources/application#properties */
const longestDisplayName = 256;

const readOnly = new Set([
  "id",
  "appId",
  "applicationTemplateId",
  "certification",
  "createdDateTime",
  "deletedDateTime",
  "disabledByMicrosoftStatus",
  "passwordCredentials",
  "publisherDomain",
  "uniqueName",
  "verifiedPublisher",
]);

function writable(version: Version): WritableProperties {
  const defaults = { ...applicationDefaults, displayName: "", oauth2RequirePostResponse: false };
  const known = Object.entries(defaults).filter(([name]) => version === "beta" || !betaProperties.has(name));
  return { type: "Application", defaults: Object.fromEntries(known), readOnly };
}

/** Application registrations and their secrets. */
export function applicationRoutes(register: Register, context: CloudContext): void {
  const { store } = context;
  const { applications, servicePrincipals, tenants } = directory(store);

  register("GET", "/applications", ({ caller, lookup, version, url }) => {
    lookup.checkRead();
    const isWanted = namesWanted(url);
    const found = applications.filter(
      (each) => each.tenantId === caller.tenantId && each.deletedDateTime === null && isWanted(each),
    );
    const shapes = found.map((each) => applicationShape(each, version));
    return list(version, "applications", page(url, shapes, "application"));
  });

  register("POST", "/applications", async (request) => {
    const { caller, version } = request;
    if (!mayCreate(caller.roles)) throw refusals.denied();
    const { passwordCredentials, ...body } = await request.body();
    const owners = readOwnerBindings(store, caller, body);
    const { displayName, ...properties } = changeProperties(writable(version), applicationDefaults, body);
    const made = readPasswords(passwordCredentials).map((password) => makePassword(password, context.now()));
    const application = addApplication(store, {
      tenantId: caller.tenantId,
      displayName: checkDisplayName(displayName),
      now: context.now(),
      passwordCredentials: made.map(({ stored }) => stored),
      properties: { ...properties, publisherDomain: tenants.get(caller.tenantId)?.domain ?? null },
    });
    for (const owner of [caller.objectId, ...owners]) addOwner(store, application.id, owner);
    const shown = made.map(({ stored, secretText }) => passwordShape(stored, secretText));
    const shape = { ...applicationShape(application, version), passwordCredentials: shown };
    return entity(version, "applications/$entity", shape, 201);
  });

  register("GET", "/applications/:id", ({ lookup, version, url, param }) => {
    refuseOtherOptions(url, ["$select"]);
    const shape = applicationShape(lookup.application(param("id"), "read"), version);
    const selected = select(shape, url.searchParams.get("$select") ?? undefined, "application");
    return entity(version, "applications/$entity", selected);
  });

  register("PATCH", "/applications/:id", async (request) => {
    const application = request.lookup.application(request.param("id"), "write");
    const { id, ...body } = await request.body();
    if (id !== undefined && id !== application.id) throw refusals.readOnlyProperty("id");
    const before = { ...application.properties, displayName: application.displayName };
    const { displayName, ...properties } = changeProperties(writable(request.version), before, body);
    const renamed = checkDisplayName(displayName);
    applications.update(application.id, { displayName: renamed, properties });
    for (const each of servicePrincipals.where("appId", application.appId)) {
      servicePrincipals.update(each.id, { displayName: renamed });
    }
    return noContent();
  });

  register("DELETE", "/applications/:id", ({ lookup, param }) => {
    const application = lookup.application(param("id"), "write");
    const deletedDateTime = timestamp(context.now());
    applications.update(application.id, { deletedDateTime });
    for (const each of servicePrincipals.filter((principal) => isOf(principal, application))) {
      servicePrincipals.update(each.id, { deletedDateTime });
    }
    return noContent();
  });

  register("POST", "/applications/:id/addPassword", async (request) => {
    const application = request.lookup.application(request.param("id"), "write");
    const { passwordCredential } = await request.body();
    const [password = {}] = readPasswords(passwordCredential ? [passwordCredential] : []);
    const { stored, secretText } = makePassword(password, context.now());
    applications.update(application.id, { passwordCredentials: [...application.passwordCredentials, stored] });
    return entity(request.version, "microsoft.graph.passwordCredential", passwordShape(stored, secretText));
  });

  register("POST", "/applications/:id/removePassword", async (request) => {
    const application = request.lookup.application(request.param("id"), "write");
    const keyId = await readKeyId(request);
    const left = application.passwordCredentials.filter((password) => password.keyId !== keyId);
    if (left.length === application.passwordCredentials.length) {
      throw refusals.badRequest("No password credential found with keyId.");
    }
    applications.update(application.id, { passwordCredentials: left });
    return noContent();
  });
}

const isOf = (principal: { readonly appId: string; readonly tenantId: string }, application: Application): boolean =>
  principal.appId === application.appId && principal.tenantId === application.tenantId;

function checkDisplayName(displayName: unknown): string {
  if (displayName === undefined || displayName === "") {
    throw refusals.badRequest("A value is required for property 'displayName' of resource 'Application'.");
  }
  if (typeof displayName !== "string" || displayName.length > longestDisplayName) {
    throw refusals.invalidValue("displayName", "Application");
  }
  return displayName;
}

function readPasswords(value: unknown): readonly Shape[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((each) => typeof each !== "object" || each === null)) {
    throw refusals.invalidValue("passwordCredentials", "Application");
  }
  return value as readonly Shape[];
}

async function readKeyId(request: GraphRequest): Promise<string> {
  const { keyId } = await request.body();
  if (typeof keyId !== "string") throw refusals.invalidValue("keyId", "PasswordCredential");
  return keyId.toLowerCase();
}
