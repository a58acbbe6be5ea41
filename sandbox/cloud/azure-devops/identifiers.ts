import { createHash } from "node:crypto";

/**
 * The same GUID for the same parts, so that what a seed makes has the same ids in every run.
 * @param version the GUID's version digit: storage keys of directory identities have 6 and their descriptors 7
 * (https://learn.microsoft.com/rest/api/azure/devops/graph/service-principals/get), everything else 4
 */
export function derivedGuid(version: 4 | 6 | 7, ...parts: readonly string[]): string {
  const hex = createHash("sha256").update(parts.join("\0")).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `${version}${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** The storage key of a directory identity in an organization: the same whenever it is added again. */
export const storageKeyOf = (organizationId: string, objectId: string): string =>
  derivedGuid(6, "storage key", organizationId, objectId.toLowerCase());

export const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** A GUID in the form with dashes; Azure DevOps takes it without them, too. */
export function dashedGuid(text: string): string {
  const hex = text.replaceAll("-", "").toLowerCase();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** A subject descriptor: the kind, and the identifier in base64url. */
export const subjectDescriptor = (kind: string, identifier: string): string =>
  `${kind}.${Buffer.from(identifier).toString("base64url")}`;

/** The descriptor of a project as a scope of groups. */
export const scopeDescriptor = (projectId: string): string => subjectDescriptor("scp", projectId);

/** The project that a scope descriptor names; undefined where the text is no scope descriptor. */
export function scopeOf(descriptor: string): string | undefined {
  const [kind, identifier] = descriptor.split(".");
  return kind === "scp" && identifier ? Buffer.from(identifier, "base64url").toString() : undefined;
}

const sidPrefix = "S-1-9-1551374245";
const anyDomain = "1204400969-2402986413-2179408616";

/** The well-known groups' last number in their security identifiers. */
export const wellKnownGroups = { administrators: 1, validUsers: 3 } as const;

/** The security identifier of a group with a fixed meaning in the organization or project. */
export const wellKnownSid = (scopeId: string, number: number): string =>
  `${sidPrefix}-${numbersOf(scopeId)}-0-0-0-0-${number}`;

/** The security identifier of any other group. */
export const groupSid = (scopeId: string, groupId: string): string =>
  `${sidPrefix}-${numbersOf(scopeId)}-1-${numbersOf(groupId)}`;

/**
 * Spells out a descriptor of "this group, in whatever organization": the documented name of everyone is
 * `Microsoft.TeamFoundation.Identity;S-1-9-1551374245-1204400969-2402986413-2179408616-0-0-0-0-3`.
 * https://learn.microsoft.com/previous-versions/azure/devops/integrate/previous-apis/packaging/permissions
 */
export const ofOrganization = (legacyDescriptor: string, organizationId: string): string =>
  legacyDescriptor.replace(`${sidPrefix}-${anyDomain}-`, `${sidPrefix}-${numbersOf(organizationId)}-`);

/** A GUID as the four numbers that security identifiers are made of. */
function numbersOf(guid: string): string {
  const hex = guid.replaceAll("-", "");
  return [0, 8, 16, 24].map((start) => Number.parseInt(hex.slice(start, start + 8), 16)).join("-");
}
