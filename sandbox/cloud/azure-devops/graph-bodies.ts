import { findServicePrincipal } from "../entra/directory.ts";
import type { Store } from "../store.ts";
import { azureDevOpsData, type Organization, type Subject } from "./entities.ts";

/** Where the graph has each kind of subject. */
const resourceOf = {
  servicePrincipal: "ServicePrincipals",
  user: "Users",
  buildService: "Users",
  group: "Groups",
} as const satisfies Record<Subject["kind"], string>;

const graphUrl = (organization: Organization): string => `https://vssps.dev.azure.com/${organization.name}/_apis/Graph`;

/** The address of a subject in the graph. */
export const subjectUrl = (organization: Organization, { kind, descriptor }: Subject): string =>
  `${graphUrl(organization)}/${resourceOf[kind]}/${descriptor}`;

/**
 * A subject as the graph shows it: GraphServicePrincipal, GraphUser or GraphGroup
 * (https://github.com/MicrosoftDocs/vsts-rest-api-specs/tree/master/specification/graph/7.1/httpExamples).
 */
export function graphSubject(store: Store, organization: Organization, subject: Subject): object {
  const url = subjectUrl(organization, subject);
  const at = (resource: string): object => ({ href: `${graphUrl(organization)}/${resource}/${subject.descriptor}` });
  return {
    ...ownProperties(store, organization, subject),
    displayName: subject.displayName,
    _links: {
      self: { href: url },
      memberships: at("Memberships"),
      membershipState: at("MembershipStates"),
      storageKey: at("StorageKeys"),
      ...(subject.kind !== "group" && {
        avatar: {
          href: `https://dev.azure.com/${organization.name}/_apis/GraphProfile/MemberAvatars/${subject.descriptor}`,
        },
      }),
    },
    url,
    descriptor: subject.descriptor,
  };
}

/** Whose group it is, as the graph and the identities say: `vstfs:///…`. */
export const groupDomain = (organizationId: string, projectId: string | null): string =>
  projectId === null
    ? `vstfs:///Framework/IdentityDomain/${organizationId}`
    : `vstfs:///Classification/TeamProject/${projectId}`;

/** The name with its scope: `[contoso]\Project Collection Administrators`, `[data]\Readers`. */
export function qualifiedName(store: Store, organization: Organization, subject: Subject): string {
  if (subject.kind !== "group") return subject.displayName;
  const project = subject.projectId === null ? undefined : azureDevOpsData(store).projects.get(subject.projectId);
  return `[${project?.name ?? organization.name}]\\${subject.displayName}`;
}

function ownProperties(store: Store, organization: Organization, subject: Subject): object {
  switch (subject.kind) {
    case "servicePrincipal":
      return {
        subjectKind: "servicePrincipal",
        applicationId: subject.applicationId,
        metaType: "application",
        directoryAlias: subject.originId,
        ...(!findServicePrincipal(store, subject.originId) && { isDeletedInOrigin: true }),
        domain: subject.tenantId,
        principalName: subject.originId,
        mailAddress: null,
        origin: "aad",
        originId: subject.originId,
      };
    case "user":
      return {
        subjectKind: "user",
        metaType: "member",
        directoryAlias: subject.principalName.replace(/@.*$/, ""),
        domain: subject.tenantId,
        principalName: subject.principalName,
        mailAddress: subject.principalName,
        origin: "aad",
        originId: subject.originId,
      };
    case "buildService":
      return {
        subjectKind: "user",
        domain: "Build",
        principalName: subject.projectId ?? organization.id,
        mailAddress: null,
        origin: "vsts",
        originId: subject.id,
      };
    case "group":
      return {
        subjectKind: "group",
        description: subject.description,
        domain: groupDomain(organization.id, subject.projectId),
        principalName: qualifiedName(store, organization, subject),
        mailAddress: null,
        origin: "vsts",
        originId: subject.id,
      };
  }
}
