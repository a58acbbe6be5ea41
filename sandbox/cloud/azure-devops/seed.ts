import type { Store } from "../store.ts";
import { hashOfToken } from "./authentication.ts";
import {
  azureDevOpsData,
  type Organization,
  type Project,
  type ProjectVisibility,
  type UserSubject,
} from "./entities.ts";
import type { ViewVisibilities } from "./feed-views.ts";
import { createFeed, pypiUpstream } from "./feeds.ts";
import { derivedGuid, subjectDescriptor } from "./identifiers.ts";
import { addMembership } from "./memberships.ts";
import { defaultProcessId } from "./projects.ts";
import { createOrganization, createProject, entitle, groupNamed } from "./provision.ts";

/** What Azure DevOps knows at the start. The service principals have to be in the directory by then. */
export interface AzureDevOpsSeed {
  readonly organizations: readonly OrganizationSeed[];
}

interface OrganizationSeed {
  readonly name: string;
  /** The tenant whose identities it trusts. */
  readonly tenantId: string;
  readonly projects?: readonly ProjectSeed[];
  readonly feeds?: readonly FeedSeed[];
  /** Object ids of service principals: Project Collection Administrators with a Basic licence. At least one. */
  readonly administrators: readonly [string, ...string[]];
  /** Object ids of service principals that are members with a Stakeholder licence. Default: none. */
  readonly members?: readonly string[];
  /** People, who can have personal access tokens. Default: none. */
  readonly users?: readonly UserSeed[];
  /** How many Basic licences there are. Default: 5, those that every organization has for free. */
  readonly expressLicences?: number;
}

interface ProjectSeed {
  readonly name: string;
  /** Default: made from the organization's and the project's name. */
  readonly id?: string;
  /** Default: `private`. */
  readonly visibility?: ProjectVisibility;
}

interface FeedSeed {
  readonly name: string;
  /** Default: made from the scope's and the feed's name. */
  readonly id?: string;
  /** The name of a project. Default: the feed is the organization's. */
  readonly project?: string;
  /** Public registries to take packages from. Default: none. */
  readonly upstreamSources?: ReadonlyArray<"pypi">;
  /** Who may read through its views without a role on the feed, by the view's name. Default: `private` for each. */
  readonly views?: ViewVisibilities;
}

interface UserSeed {
  /** e.g. `ada@contoso.com` */
  readonly principalName: string;
  readonly displayName: string;
  /** Default: none. */
  readonly personalAccessTokens?: readonly string[];
}

/** What was made, by the names in the seed. */
export interface SeededOrganization {
  readonly id: string;
  readonly projects: Readonly<Record<string, string>>;
  /** A feed of a project is named `project/feed`. */
  readonly feeds: Readonly<Record<string, string>>;
  /** Service principals by object id. */
  readonly members: Readonly<Record<string, { readonly id: string; readonly descriptor: string }>>;
}

/**
 * Makes organizations with their standard groups, projects, feeds and members. The first administrator creates the feeds.
 * @throws Error where a service principal is not in the organization's tenant, or a feed's project is not in the seed
 */
export function seedAzureDevOps(store: Store, seed: AzureDevOpsSeed): Readonly<Record<string, SeededOrganization>> {
  return Object.fromEntries(seed.organizations.map((each) => [each.name, seedOrganization(store, each)]));
}

/** Seeded things are as old as the service's own example dates; the clock of a test does not touch them. */
const seedDate = "2023-02-08T12:30:21.569Z";

function seedOrganization(store: Store, seed: OrganizationSeed): SeededOrganization {
  const { name, tenantId, expressLicences = 5 } = seed;
  const organization: Organization = { id: derivedGuid(4, "organization", name), name, tenantId, expressLicences };
  createOrganization(store, organization);

  const administrators = groupNamed(store, organization.id, null, "Project Collection Administrators");
  const members: Record<string, { id: string; descriptor: string }> = {};
  const addMember = (objectId: string, accountLicenseType: "express" | "stakeholder") => {
    const licence = { accountLicenseType, licensingSource: "account", dateCreated: seedDate } as const;
    const entitlement = entitle(store, organization, objectId, licence);
    const subject = entitlement && azureDevOpsData(store).subjects.get(entitlement.id);
    if (!subject) throw new Error(`organization ${name}: tenant ${tenantId} has no service principal ${objectId}`);
    members[objectId] = { id: subject.id, descriptor: subject.descriptor };
    return subject;
  };
  const [owner, ...others] = seed.administrators;
  const creator = addMember(owner, "express");
  addMembership(store, creator, administrators);
  for (const objectId of others) addMembership(store, addMember(objectId, "express"), administrators);
  for (const objectId of seed.members ?? []) addMember(objectId, "stakeholder");
  for (const user of seed.users ?? []) seedUser(store, organization, user);

  const projects = new Map((seed.projects ?? []).map((each) => [each.name, seedProject(store, organization, each)]));
  const feeds = (seed.feeds ?? []).map((each): readonly [string, string] => {
    const project = each.project === undefined ? undefined : projects.get(each.project);
    if (each.project !== undefined && !project)
      throw new Error(`feed ${each.name}: there is no project ${each.project}`);
    const id = each.id ?? derivedGuid(4, "feed", organization.id, each.project ?? "", each.name);
    const upstreamSources = (each.upstreamSources ?? []).map(() => pypiUpstream(id));
    createFeed(store, { organization, project }, id, { name: each.name, upstreamSources }, creator, each.views);
    return [each.project === undefined ? each.name : `${each.project}/${each.name}`, id];
  });

  return {
    id: organization.id,
    projects: Object.fromEntries([...projects].map(([projectName, { id }]) => [projectName, id])),
    feeds: Object.fromEntries(feeds),
    members,
  };
}

function seedProject(store: Store, organization: Organization, seed: ProjectSeed): Project {
  const project: Project = {
    id: seed.id ?? derivedGuid(4, "project", organization.id, seed.name),
    organizationId: organization.id,
    name: seed.name,
    description: "",
    visibility: seed.visibility ?? "private",
    templateTypeId: defaultProcessId,
    lastUpdateTime: seedDate,
  };
  createProject(store, organization, project);
  return project;
}

function seedUser(store: Store, organization: Organization, seed: UserSeed): void {
  const { subjects, entitlements, personalAccessTokens } = azureDevOpsData(store);
  const { principalName, displayName } = seed;
  const user: UserSubject = {
    id: derivedGuid(6, "user", organization.id, principalName),
    kind: "user",
    organizationId: organization.id,
    tenantId: organization.tenantId,
    originId: derivedGuid(4, "directory user", organization.tenantId, principalName),
    principalName,
    displayName,
    descriptor: subjectDescriptor("aad", derivedGuid(7, "cuid", organization.tenantId, principalName)),
    legacyDescriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${organization.tenantId}\\${principalName}`,
  };
  subjects.insert(user);
  entitlements.insert({
    id: user.id,
    organizationId: organization.id,
    accountLicenseType: "stakeholder",
    licensingSource: "account",
    dateCreated: seedDate,
  });
  for (const token of seed.personalAccessTokens ?? []) {
    personalAccessTokens.insert({ id: hashOfToken(token), organizationId: organization.id, subjectId: user.id });
  }
}
