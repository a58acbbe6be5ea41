import { lineOf, ownerOf } from "./accounts.ts";
import type { GitHubData } from "./data.ts";
import { type Repository, type Role, roles, type Team } from "./entities.ts";

/** Whether a role includes another. */
export function includesRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

function highest(found: readonly Role[]): Role {
  return roles[Math.max(0, ...found.map((role) => roles.indexOf(role)))] ?? "none";
}

/**
 * What a user may do with a repository: the most that ownership, the organization's base permission, collaboration or a
 * team gives, and reading where everybody may read.
 */
export function roleOfUser(data: GitHubData, userId: string, repository: Repository): Role {
  const publicRole: Role = repository.visibility === "public" ? "read" : "none";
  return highest([publicRole, grantedRole(data, userId, repository)]);
}

/** The same without what a public repository gives to everybody. */
export function grantedRole(data: GitHubData, userId: string, repository: Repository): Role {
  const collaboration = repository.collaborators
    .filter((collaborator) => collaborator.userId === userId)
    .map((collaborator) => collaborator.role);
  const owner = ownerOf(data, repository);
  if (owner.type === "User") return highest([owner.account.id === userId ? "admin" : "none", ...collaboration]);
  const member = owner.account.members.find((found) => found.userId === userId);
  if (member?.role === "admin") return "admin";
  const base: Role = member ? owner.account.basePermission : "none";
  const teams = data.teams
    .filter((team) => team.organizationId === owner.account.id && team.memberIds.includes(userId))
    .map((team) => roleOfTeam(data, team, repository));
  return highest([base, ...collaboration, ...teams]);
}

/** What a team was given with a repository, itself or through a team above it. */
export function roleOfTeam(data: GitHubData, team: Team, repository: Repository): Role {
  const grants = lineOf(data, team).flatMap((found) => found.repositories);
  return highest(grants.filter((grant) => grant.repositoryId === repository.id).map((grant) => grant.role));
}
