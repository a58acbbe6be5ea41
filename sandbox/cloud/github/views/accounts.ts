import type { RestEndpointMethodTypes } from "@octokit/rest";
import type { GitHubData } from "../data.ts";
import type { Organization, Team, User } from "../entities.ts";
import { nodeId } from "../identifiers.ts";
import type { Site } from "../site.ts";

/** The account as it stands inside other resources, e.g. as a repository's owner. */
type SimpleUser = RestEndpointMethodTypes["teams"]["listMembersInOrg"]["response"]["data"][number];
type PublicUser = RestEndpointMethodTypes["users"]["getByUsername"]["response"]["data"];
type FullOrganization = RestEndpointMethodTypes["orgs"]["get"]["response"]["data"];
type SimpleTeam = RestEndpointMethodTypes["teams"]["list"]["response"]["data"][number];
type FullTeam = RestEndpointMethodTypes["teams"]["getByName"]["response"]["data"];

export function accountView(
  site: Site,
  account: { readonly id: string; readonly login: string },
  type: "User" | "Organization",
) {
  const { login } = account;
  const url = `https://${site.apiHost}/users/${login}`;
  return {
    login,
    id: Number(account.id),
    node_id: nodeId(type === "User" ? "U" : "O", account.id),
    avatar_url: `https://${site.avatarHost}/u/${account.id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `https://${site.host}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  } satisfies SimpleUser;
}

/** What `/users/:username` says of an account: organizations are accounts too. */
export function publicAccountView(data: GitHubData, account: User | Organization, type: "User" | "Organization") {
  const repositories = data.repositories.filter((found) => found.owner.id === account.id);
  return {
    ...accountView(data.site, account, type),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: "email" in account ? account.email : null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: repositories.filter((repository) => repository.visibility === "public").length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  } satisfies PublicUser;
}

export function organizationView(data: GitHubData, organization: Organization) {
  const { login } = organization;
  const url = `https://${data.site.apiHost}/orgs/${login}`;
  const { public_repos } = publicAccountView(data, organization, "Organization");
  return {
    login,
    id: Number(organization.id),
    node_id: nodeId("O", organization.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://${data.site.avatarHost}/u/${organization.id}?v=4`,
    description: "",
    name: organization.name,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `https://${data.site.host}/${login}`,
    type: "Organization",
    created_at: organization.createdAt,
    updated_at: organization.createdAt,
    archived_at: null,
  } satisfies FullOrganization;
}

/** A team as it stands in lists, and as a reviewer. */
export function teamView(data: GitHubData, team: Team) {
  const parent = team.parentId === null ? undefined : data.teams.get(team.parentId);
  return {
    ...bareTeamView(data, team),
    parent: parent ? bareTeamView(data, parent) : null,
  } satisfies SimpleTeam;
}

export function fullTeamView(data: GitHubData, team: Team): FullTeam {
  const organization = data.organizations.get(team.organizationId);
  if (!organization) throw new Error(`team ${team.slug} has no organization`);
  return {
    ...teamView(data, team),
    members_count: team.memberIds.length,
    repos_count: team.repositories.length,
    created_at: team.createdAt,
    updated_at: team.createdAt,
    organization: organizationView(data, organization),
  };
}

function bareTeamView(data: GitHubData, team: Team) {
  const url = `https://${data.site.apiHost}/organizations/${team.organizationId}/team/${team.id}`;
  const login = data.organizations.get(team.organizationId)?.login ?? "";
  return {
    id: Number(team.id),
    node_id: nodeId("T", team.organizationId, team.id),
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    notification_setting: "notifications_enabled" as const,
    permission: "pull",
    type: "organization" as const,
    organization_id: Number(team.organizationId),
    url,
    html_url: `https://${data.site.host}/orgs/${login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
  };
}
