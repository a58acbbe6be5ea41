import type { Entity, Store } from "../store.ts";

/** An organization, `https://dev.azure.com/{name}`. It trusts one tenant. */
export interface Organization extends Entity {
  readonly name: string;
  readonly tenantId: string;
  /** How many Basic licences (`express`) may be assigned. */
  readonly expressLicences: number;
}

/** In the order of their numbers. */
export const projectVisibilities = ["private", "organization", "public"] as const;
export type ProjectVisibility = (typeof projectVisibilities)[number];

export interface Project extends Entity {
  readonly organizationId: string;
  readonly name: string;
  readonly description: string;
  readonly visibility: ProjectVisibility;
  readonly templateTypeId: string;
  /** ISO 8601. */
  readonly lastUpdateTime: string;
}

interface SubjectEntity extends Entity {
  readonly organizationId: string;
  /** The graph's name of it, e.g. `aadsp.…`, `vssgp.…`. */
  readonly descriptor: string;
  /** The name that access control lists use, e.g. `Microsoft.TeamFoundation.Identity;S-1-9-…`. */
  readonly legacyDescriptor: string;
  readonly displayName: string;
}

/** An Entra service principal that was added to the organization. */
export interface ServicePrincipalSubject extends SubjectEntity {
  readonly kind: "servicePrincipal";
  readonly tenantId: string;
  /** The object id in Entra. */
  readonly originId: string;
  readonly applicationId: string;
}

/** A person of the organization's tenant. */
export interface UserSubject extends SubjectEntity {
  readonly kind: "user";
  readonly tenantId: string;
  readonly originId: string;
  /** e.g. `ada@contoso.com` */
  readonly principalName: string;
}

/** A group of the organization, or of one project. */
export interface GroupSubject extends SubjectEntity {
  readonly kind: "group";
  /** Null for a group of the organization. */
  readonly projectId: string | null;
  readonly description: string;
  /** The groups with rules of their own; null for all others. */
  readonly wellKnown: "administrators" | "validUsers" | null;
}

/** What pipelines run as: the collection's or one project's build service. */
export interface BuildServiceSubject extends SubjectEntity {
  readonly kind: "buildService";
  /** Null for the collection's build service. */
  readonly projectId: string | null;
}

/** Whoever can be a member of a group or be given a role. Its id is the storage key, which differs in each organization. */
export type Subject = ServicePrincipalSubject | UserSubject | GroupSubject | BuildServiceSubject;

/** That a subject is directly in a group. Its id is `{memberId}/{containerId}`. */
export interface Membership extends Entity {
  readonly memberId: string;
  readonly containerId: string;
}

/** In the order of their numbers. */
export const accountLicenceTypes = [
  "none",
  "earlyAdopter",
  "express",
  "professional",
  "advanced",
  "stakeholder",
] as const;
export type AccountLicenceType = (typeof accountLicenceTypes)[number];

/** In the order of their numbers. */
export const licensingSources = ["none", "account", "msdn", "profile", "auto", "trial"] as const;
type LicensingSource = (typeof licensingSources)[number];

/** The licence that makes a subject a member of the organization. Its id is the subject's. */
export interface Entitlement extends Entity {
  readonly organizationId: string;
  readonly accountLicenseType: AccountLicenceType;
  readonly licensingSource: LicensingSource;
  /** ISO 8601. */
  readonly dateCreated: string;
}

/** The roles of a feed, from the least to the most. */
export const feedRoles = ["reader", "collaborator", "contributor", "administrator"] as const;
export type FeedRole = (typeof feedRoles)[number];

/** Where a feed takes packages from that it does not have. */
export interface UpstreamSource {
  readonly id: string;
  readonly name: string;
  readonly protocol: string;
  readonly location: string;
  readonly displayLocation: string;
  readonly upstreamSourceType: string;
  readonly status: string;
}

export interface Feed extends Entity {
  readonly organizationId: string;
  /** Null for a feed of the organization. */
  readonly projectId: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly upstreamEnabled: boolean;
  readonly upstreamSources: readonly UpstreamSource[];
  readonly hideDeletedPackageVersions: boolean;
  readonly badgesEnabled: boolean;
  /** When it went into the recycle bin, ISO 8601; null while it is in use. */
  readonly deletedDate: string | null;
  /** Counts the changes of all feeds of the organization. */
  readonly change: number;
}

/**
 * Who may read through a view, whatever their role on the feed, from the fewest to the most: nobody; the members of the
 * organization; those of the enterprise that it belongs to; those of the tenant. In the order of their numbers.
 * https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management/get-feed-view#feedvisibility
 */
export const feedVisibilities = ["private", "collection", "organization", "aadTenant"] as const;
export type FeedVisibility = (typeof feedVisibilities)[number];

/** A part of a feed's packages under a name of its own: `feed@view`. */
export interface FeedView extends Entity {
  readonly feedId: string;
  readonly name: string;
  /** `implicit` for the one that the service made and that holds all packages; `release` for what packages are promoted to. */
  readonly type: "implicit" | "release";
  readonly visibility: FeedVisibility;
}

/** A role that was set on a feed for one subject. Its id is `{feedId}/{subjectId}`. */
export interface FeedRoleAssignment extends Entity {
  readonly feedId: string;
  readonly subjectId: string;
  readonly role: FeedRole;
}

/** A long-running request, e.g. the creation of a project. */
export interface Operation extends Entity {
  readonly organizationId: string;
  readonly status: "succeeded";
}

/** A user's token. Its id is the token's SHA-256 in hexadecimal digits; the token itself is not kept. */
export interface PersonalAccessToken extends Entity {
  readonly organizationId: string;
  readonly subjectId: string;
}

/** Everything that this service keeps. */
export function azureDevOpsData(store: Store) {
  return {
    organizations: store.collection<Organization>("azureDevOps.organizations"),
    projects: store.collection<Project>("azureDevOps.projects"),
    subjects: store.collection<Subject>("azureDevOps.subjects"),
    memberships: store.collection<Membership>("azureDevOps.memberships"),
    entitlements: store.collection<Entitlement>("azureDevOps.entitlements"),
    feeds: store.collection<Feed>("azureDevOps.feeds"),
    feedViews: store.collection<FeedView>("azureDevOps.feedViews"),
    feedRoles: store.collection<FeedRoleAssignment>("azureDevOps.feedRoles"),
    operations: store.collection<Operation>("azureDevOps.operations"),
    personalAccessTokens: store.collection<PersonalAccessToken>("azureDevOps.personalAccessTokens"),
  };
}
