import type { GitHubData } from "./data.ts";
import type { Enterprise, Organization, Repository, Team, User } from "./entities.ts";

/** An account that can own repositories. */
export type Account =
  | { readonly type: "User"; readonly account: User }
  | { readonly type: "Organization"; readonly account: Organization };

const same = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

/** Logins are unique over users and organizations, whatever their case. */
export function findAccount(data: GitHubData, login: string): Account | undefined {
  const user = data.users.find((found) => same(found.login, login));
  if (user) return { type: "User", account: user };
  const organization = findOrganization(data, login);
  return organization && { type: "Organization", account: organization };
}

export function findUser(data: GitHubData, login: string): User | undefined {
  return data.users.find((user) => same(user.login, login));
}

export function findOrganization(data: GitHubData, login: string): Organization | undefined {
  return data.organizations.find((organization) => same(organization.login, login));
}

/** @param name the slug, or the id in its place */
export function findEnterprise(data: GitHubData, name: string): Enterprise | undefined {
  return data.enterprises.find(({ id, slug }) => id === name || same(slug, name));
}

/** The enterprise that the account belongs to. A personal account has one only on a site that is an enterprise's own. */
export function enterpriseOf(data: GitHubData, { type, account }: Account): Enterprise | undefined {
  if (data.site.subdomain !== undefined) return findEnterprise(data, data.site.subdomain);
  if (type === "User" || account.enterpriseId === null) return undefined;
  return data.enterprises.get(account.enterpriseId);
}

export function findTeam(data: GitHubData, organization: Organization, slug: string): Team | undefined {
  return data.teams.find((team) => team.organizationId === organization.id && same(team.slug, slug));
}

/** The account that owns the repository. */
export function ownerOf(data: GitHubData, repository: Repository): Account {
  const { type, id } = repository.owner;
  if (type === "User") {
    const account = data.users.get(id);
    if (account) return { type, account };
  } else {
    const account = data.organizations.get(id);
    if (account) return { type, account };
  }
  throw new Error(`repository ${repository.name} has no owner ${id}`);
}

/** `owner/name`, in the spelling that was given to them: what tokens and URLs carry. */
export function fullName(data: GitHubData, repository: Repository): string {
  return `${ownerOf(data, repository).account.login}/${repository.name}`;
}

/** The repository that has the name now. Case does not matter. */
export function findRepository(data: GitHubData, owner: string, name: string): Repository | undefined {
  const account = findAccount(data, owner)?.account;
  return account && data.repositories.find((found) => found.owner.id === account.id && same(found.name, name));
}

/** The repository that had the name before it was renamed. */
export function findRenamed(data: GitHubData, owner: string, name: string): Repository | undefined {
  const former = `${owner}/${name}`.toLowerCase();
  return data.repositories.find((found) => found.formerNames.includes(former));
}

/** The teams that have the team's members too: itself, then its ancestors. */
export function lineOf(data: GitHubData, team: Team): Team[] {
  const parent = team.parentId === null ? undefined : data.teams.get(team.parentId);
  return parent ? [team, ...lineOf(data, parent)] : [team];
}
