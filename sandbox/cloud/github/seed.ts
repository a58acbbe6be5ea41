import type { Store } from "../store.ts";
import { findAccount, findEnterprise, findRepository, findUser, fullName } from "./accounts.ts";
import { type GitHubData, gitHubData, tenants } from "./data.ts";
import type { Repository, Token } from "./entities.ts";
import { commitId, seedId, sha256, timestamp } from "./identifiers.ts";
import { ghost, openIssueIn } from "./issues.ts";
import { signingKeyOf } from "./oidc/signing-keys.ts";
import { defaultClaimKeys, formAtBirth } from "./oidc/subject.ts";
import { repositorySecretScope, secretKeyOf } from "./secrets.ts";
import type {
  EnterpriseSeed,
  GitHubIds,
  GitHubSeed,
  OrganizationSeed,
  RepositorySeed,
  TeamSeed,
  TokenSeed,
  UserSeed,
} from "./seed-shape.ts";
import { gitHubDotCom } from "./site.ts";

const longAgo = "2024-01-01T00:00:00Z";

/**
 * Puts the seed into the store, with the keys that everything needs.
 * @param site whose it is; one of ghe.com is there from its first seed on. Default: github.com
 * @throws Error for a name that the seed does not define, or that is there already
 */
export function seedGitHub(store: Store, seed: GitHubSeed, site = gitHubDotCom): GitHubIds {
  const { subdomain } = site;
  if (subdomain !== undefined && !tenants(store).get(subdomain)) tenants(store).insert({ id: subdomain });
  const data = gitHubData(store, site);
  for (const user of seed.users ?? []) seedUser(data, user);
  for (const enterprise of seed.enterprises ?? []) seedEnterprise(data, enterprise);
  for (const organization of seed.organizations ?? []) seedOrganization(data, organization);
  for (const repository of seed.repositories ?? []) seedRepository(data, repository);
  for (const organization of seed.organizations ?? []) grantTeams(data, organization);
  for (const token of seed.tokens ?? []) data.tokens.insert(createToken(data, token));
  signingKeyOf(data);
  return idsOf(data);
}

function seedUser(data: GitHubData, { login, id, name, email }: UserSeed): void {
  requireFree(data, login);
  data.users.insert({
    id: String(id ?? seedId("account", login)),
    login,
    name: name ?? null,
    email: email ?? null,
    createdAt: longAgo,
  });
}

function seedEnterprise(data: GitHubData, seed: EnterpriseSeed): void {
  const { slug } = seed;
  const { host, subdomain = slug } = data.site;
  if (slug !== subdomain) throw new Error(`the site ${host} is that of the enterprise ${subdomain} alone`);
  if (findEnterprise(data, slug)) throw new Error(`the seed has the enterprise ${slug} twice`);
  data.enterprises.insert({
    id: String(seed.id ?? seedId("enterprise", slug)),
    slug,
    ownerIds: (seed.owners ?? []).map((login) => userId(data, login)),
    includesSlugInIssuer: seed.includesSlugInIssuer ?? false,
    createdAt: longAgo,
  });
}

function seedOrganization(data: GitHubData, seed: OrganizationSeed): void {
  requireFree(data, seed.login);
  const enterprise = seed.enterprise ?? data.site.subdomain;
  const id = String(seed.id ?? seedId("account", seed.login));
  const owners = new Set(seed.owners ?? []);
  const others = new Set([...(seed.members ?? []), ...(seed.teams ?? []).flatMap((team) => team.members ?? [])]);
  data.organizations.insert({
    id,
    login: seed.login,
    name: seed.name ?? seed.login,
    plan: seed.plan ?? "enterprise",
    basePermission: seed.basePermission ?? "read",
    members: [
      ...[...owners].map((login) => ({ userId: userId(data, login), role: "admin" as const })),
      ...[...others]
        .filter((login) => !owners.has(login))
        .map((login) => ({ userId: userId(data, login), role: "member" as const })),
    ],
    subject: { includeClaimKeys: defaultClaimKeys, useImmutableSubject: false },
    enterpriseId: enterprise === undefined ? null : enterpriseId(data, enterprise),
    createdAt: longAgo,
  });
  for (const team of seed.teams ?? []) seedTeam(data, id, seed.login, team);
}

function seedTeam(data: GitHubData, organizationId: string, login: string, seed: TeamSeed): void {
  const slug = slugOf(seed);
  const parent = data.teams.find((team) => team.organizationId === organizationId && team.slug === seed.parent);
  if (seed.parent !== undefined && !parent)
    throw new Error(`the seed has no team ${login}/${seed.parent} before ${slug}`);
  data.teams.insert({
    id: String(seed.id ?? seedId("team", `${login}/${slug}`)),
    organizationId,
    slug,
    name: seed.name,
    description: seed.description ?? null,
    privacy: seed.privacy ?? "closed",
    parentId: parent?.id ?? null,
    memberIds: (seed.members ?? []).map((member) => userId(data, member)),
    repositories: [],
    createdAt: longAgo,
  });
}

function slugOf(team: TeamSeed): string {
  return team.slug ?? team.name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function seedRepository(data: GitHubData, seed: RepositorySeed): void {
  const { owner, name } = seed;
  if (findRepository(data, owner, name)) throw new Error(`the seed has the repository ${owner}/${name} twice`);
  const { type, account } = requireAccount(data, owner);
  if (!seed.private && data.site.subdomain !== undefined) {
    throw new Error(`the seed has the public repository ${owner}/${name} at ${data.site.host}, which has none`);
  }
  const defaultBranch = seed.defaultBranch ?? "main";
  const createdAt = seed.createdAt ?? longAgo;
  const repository: Repository = {
    id: String(seed.id ?? seedId("repository", `${owner}/${name}`)),
    owner: { type, id: account.id },
    name,
    description: seed.description ?? null,
    visibility: seed.private ? "private" : "public",
    archived: seed.archived ?? false,
    defaultBranch,
    formerNames: [],
    collaborators: Object.entries(seed.collaborators ?? {}).map(([login, role]) => ({
      userId: userId(data, login),
      role,
    })),
    subject: {
      defaultForm: seed.subjectForm ?? formAtBirth(Date.parse(createdAt)),
      optedIn: false,
      useDefault: seed.template === undefined,
      includeClaimKeys: seed.template?.includeClaimKeys ?? null,
    },
    createdAt: timestamp(Date.parse(createdAt)),
    updatedAt: timestamp(Date.parse(createdAt)),
  };
  data.repositories.insert(repository);
  for (const branch of new Set([defaultBranch, ...(seed.branches ?? [])])) seedRef(data, repository, "branch", branch);
  for (const tag of seed.tags ?? []) seedRef(data, repository, "tag", tag);
  for (const path of seed.files ?? [])
    data.files.insert({ id: `${repository.id} ${path}`, repositoryId: repository.id, path });
  for (const pattern of seed.protectedBranches ?? []) {
    data.protections.insert({ id: `${repository.id} ${pattern}`, repositoryId: repository.id, pattern });
  }
  for (const title of seed.pullRequests ?? []) {
    openIssueIn(data, repository, { title, isPullRequest: true, author: ghost, createdAt: repository.createdAt });
  }
  secretKeyOf(data, repositorySecretScope(repository, "actions"));
  secretKeyOf(data, repositorySecretScope(repository, "dependabot"));
}

function seedRef(data: GitHubData, { id }: Repository, kind: "branch" | "tag", name: string): void {
  const ref = `refs/${kind === "branch" ? "heads" : "tags"}/${name}`;
  data.refs.insert({ id: `${id} ${ref}`, repositoryId: id, kind, name, sha: commitId(id, ref) });
}

function grantTeams(data: GitHubData, organization: OrganizationSeed): void {
  for (const seed of organization.teams ?? []) {
    const team = data.teams.find(
      (found) => found.id === String(seed.id ?? seedId("team", `${organization.login}/${slugOf(seed)}`)),
    );
    const grants = Object.entries(seed.repositories ?? {}).map(([name, role]) => ({
      repositoryId: repositoryId(data, organization.login, name),
      role,
    }));
    if (team) data.teams.update(team.id, { repositories: grants });
  }
}

function createToken(data: GitHubData, seed: TokenSeed): Token {
  const base = { id: sha256(seed.token), expiresAt: seed.expiresAt ?? null };
  if (seed.kind === "classic") {
    return { ...base, kind: seed.kind, userId: userId(data, seed.user), scopes: seed.scopes };
  }
  if (seed.kind === "app-user") {
    const accountIds = seed.accounts.map((login) => requireAccount(data, login).account.id);
    return { ...base, kind: seed.kind, userId: userId(data, seed.user), accountIds, permissions: seed.permissions };
  }
  if ("enterprise" in seed) {
    const accountId = enterpriseId(data, seed.enterprise);
    return { ...base, kind: seed.kind, accountId, permissions: seed.permissions, repositoryIds: [] };
  }
  const owner = seed.kind === "installation" ? seed.account : seed.resourceOwner;
  const { permissions, repositories = "all" } = seed;
  const repositoryIds =
    repositories === "all" ? repositories : repositories.map((name) => repositoryId(data, owner, name));
  const accountId = requireAccount(data, owner).account.id;
  return seed.kind === "installation"
    ? { ...base, kind: seed.kind, accountId, permissions, repositoryIds }
    : {
        ...base,
        kind: seed.kind,
        userId: userId(data, seed.user),
        resourceOwnerId: accountId,
        permissions,
        repositoryIds,
      };
}

function requireFree(data: GitHubData, login: string): void {
  if (findAccount(data, login)) throw new Error(`the seed has the account ${login} twice`);
}

function requireAccount(data: GitHubData, login: string) {
  const found = findAccount(data, login);
  if (!found) throw new Error(`the seed has no account ${login}`);
  return found;
}

function userId(data: GitHubData, login: string): string {
  const found = findUser(data, login);
  if (!found) throw new Error(`the seed has no user ${login}`);
  return found.id;
}

function enterpriseId(data: GitHubData, slug: string): string {
  const found = findEnterprise(data, slug);
  if (!found) throw new Error(`the seed has no enterprise ${slug}`);
  return found.id;
}

function repositoryId(data: GitHubData, owner: string, name: string): string {
  const found = findRepository(data, owner, name);
  if (!found) throw new Error(`the seed has no repository ${owner}/${name}`);
  return found.id;
}

function idsOf(data: GitHubData): GitHubIds {
  const byName = <T extends { readonly id: string }>(all: readonly T[], name: (entity: T) => string) =>
    Object.fromEntries(all.map((entity) => [name(entity), Number(entity.id)]));
  return {
    users: byName(data.users.all(), (user) => user.login),
    organizations: byName(data.organizations.all(), (organization) => organization.login),
    teams: byName(
      data.teams.all(),
      (team) => `${data.organizations.get(team.organizationId)?.login ?? ""}/${team.slug}`,
    ),
    repositories: byName(data.repositories.all(), (repository) => fullName(data, repository)),
  };
}
