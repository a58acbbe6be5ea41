import type { Store } from "../store.ts";
import type { GroupSubject, Organization, Subject } from "./entities.ts";
import { groupDomain, qualifiedName } from "./graph-bodies.ts";

const text = (value: string): object => ({ $type: "System.String", $value: value });
const guid = (value: string): object => ({ $type: "System.Guid", $value: value });

/** Who belongs to whom, by legacy descriptors. */
export interface IdentityMembers {
  readonly members: readonly string[];
  readonly memberOf: readonly string[];
}

/**
 * A subject as the identity service shows it
 * (https://github.com/MicrosoftDocs/vsts-rest-api-specs/tree/master/specification/ims/7.1/httpExamples).
 */
export function identityBody(
  store: Store,
  organization: Organization,
  subject: Subject,
  { members, memberOf }: IdentityMembers = { members: [], memberOf: [] },
): object {
  return {
    id: subject.id,
    descriptor: subject.legacyDescriptor,
    subjectDescriptor: subject.descriptor,
    providerDisplayName: qualifiedName(store, organization, subject),
    isActive: true,
    ...(subject.kind === "group" && { isContainer: true }),
    members,
    memberOf,
    memberIds: [],
    properties: subject.kind === "group" ? groupProperties(store, organization, subject) : memberProperties(subject),
    resourceVersion: 2,
    metaTypeId: subject.kind === "group" || subject.kind === "buildService" ? 255 : 0,
  };
}

function memberProperties(subject: Exclude<Subject, GroupSubject>): object {
  const account = accountOf(subject);
  return {
    SchemaClassName: text("User"),
    Description: text(""),
    Domain: text(subject.kind === "buildService" ? "Build" : subject.tenantId),
    Account: text(account),
    DN: text(""),
    Mail: text(subject.kind === "user" ? subject.principalName : ""),
    SpecialType: text("Generic"),
    ...(subject.kind !== "buildService" && {
      "http://schemas.microsoft.com/identity/claims/objectidentifier": text(subject.originId),
    }),
    ...(subject.kind === "servicePrincipal" && { ApplicationId: guid(subject.applicationId) }),
  };
}

/** The name that a search for an account finds. */
export function accountOf(subject: Subject): string {
  switch (subject.kind) {
    case "servicePrincipal":
      return subject.originId;
    case "user":
      return subject.principalName;
    case "buildService":
      return subject.projectId ?? subject.displayName;
    case "group":
      return subject.displayName;
  }
}

function groupProperties(store: Store, organization: Organization, group: GroupSubject): object {
  const scopeId = group.projectId ?? organization.id;
  const special = { administrators: "AdministrativeApplicationGroup", validUsers: "EveryoneApplicationGroup" } as const;
  return {
    SchemaClassName: text("Group"),
    Description: text(group.description),
    Domain: text(groupDomain(organization.id, group.projectId)),
    Account: text(group.displayName),
    SecurityGroup: text("SecurityGroup"),
    SpecialType: text(group.wellKnown ? special[group.wellKnown] : "Generic"),
    ScopeId: guid(scopeId),
    ScopeType: text(group.projectId === null ? "ServiceHost" : "TeamProject"),
    LocalScopeId: guid(scopeId),
    SecuringHostId: guid(organization.id),
    ScopeName: text(qualifiedName(store, organization, group).replace(/^\[(.*)\].*$/, "$1")),
    GlobalScope: text("GlobalScope"),
    VirtualPlugin: text(""),
  };
}
