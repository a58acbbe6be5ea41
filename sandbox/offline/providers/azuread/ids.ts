import { ImportError } from "../definition.ts";
import type { InputRule } from "../properties.ts";

/** `/applications/{object id}`: how the official provider names an application. */
export const applicationId = (objectId: unknown): string => `/applications/${String(objectId)}`;

/** `/servicePrincipals/{object id}`: how the official provider names a service principal. */
export const servicePrincipalId = (objectId: unknown): string => `/servicePrincipals/${String(objectId)}`;

/** Both are found by the id: `application` is the application's object id, `part` that of what belongs to it. */
export interface PartId {
  readonly application: string;
  readonly part: string;
}

/**
 * The object id in `/applications/{object id}`.
 * @throws ImportError, as the others here: only an id that somebody typed can be of another form
 */
export function parseApplicationId(id: string): string {
  return match(id, /^\/applications\/([^/]+)$/, "/applications/OBJECT_ID")[0];
}

/** The object id in `/servicePrincipals/{object id}`. */
export function parseServicePrincipalId(id: string): string {
  return match(id, /^\/servicePrincipals\/([^/]+)$/, "/servicePrincipals/OBJECT_ID")[0];
}

/** `{application}/{kind}/{id}`, as credentials and passwords are named. */
export function parseCredentialId(id: string, kind: "federatedIdentityCredential" | "password"): PartId {
  return partOf(match(id, new RegExp(`^([^/]+)/${kind}/([^/]+)$`), `APPLICATION_OBJECT_ID/${kind}/ID`));
}

/** `/applications/{application}/{kind}/{id}`, as flexible credentials and owners are named. */
export function parseApplicationPartId(id: string, kind: "federatedIdentityCredentials" | "owners"): PartId {
  const pattern = new RegExp(`^/applications/([^/]+)/${kind}/([^/]+)$`);
  return partOf(match(id, pattern, `/applications/OBJECT_ID/${kind}/ID`));
}

/** An input that must be an application's resource id, not its object id or client id. */
export const isApplicationId: InputRule = (value, property) =>
  /^\/applications\/[^/]+$/.test(String(value))
    ? undefined
    : `expected ${property} to be the resource ID of an application, /applications/OBJECT_ID, got ${String(value)}`;

function match(id: string, pattern: RegExp, form: string): [string, string] {
  const [, first, second = ""] = pattern.exec(id) ?? [];
  if (first === undefined) throw new ImportError(`parsing the ID ${id}: expected ${form}`);
  return [first, second];
}

function partOf([application, part]: readonly [string, string]): PartId {
  return { application, part };
}
