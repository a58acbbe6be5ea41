import { findRenamed, findRepository, ownerOf } from "./accounts.ts";
import { repositoryAddresses } from "./addresses.ts";
import type { Api, Call } from "./api.ts";
import type { Caller } from "./authentication.ts";
import type { GitHubData } from "./data.ts";
import type {
  Access,
  Enterprise,
  GrantedToken,
  Organization,
  Permission,
  Permissions,
  Repository,
  Role,
} from "./entities.ts";
import { forbidden, MovedError, notFound, requiresAuthentication } from "./errors.ts";
import { includesRole, roleOfUser } from "./roles.ts";

/** What an operation on a repository asks of its caller. */
export interface Requirement {
  /** What a token that is not classic must have been granted. */
  readonly permission: Permission;
  /** Another one that does as well. Default: none does. */
  readonly alternative?: Permission;
  readonly access: Access;
  /** What the caller must be allowed to do with the repository. */
  readonly role: Role;
  /** Anybody may do it with a public repository. Default: false. */
  readonly publicly?: boolean;
}

type SignedIn = Exclude<Caller, { kind: "anonymous" }>;
type RepositoryHandler = (call: Call, repository: Repository) => Response | Promise<Response>;

/** Registers an operation on a repository at both of the repository's addresses. */
export function onRepository(
  api: Api,
  method: "GET" | "PUT" | "POST" | "PATCH" | "DELETE",
  path: string,
  requirement: Requirement,
  handler: RepositoryHandler,
): void {
  const paths = repositoryAddresses.map((address) => address + path);
  api.on(method, paths, (call) => handler(call, openRepository(call, requirement)));
}

/**
 * The repository of the call's path, when the caller may do what the operation does.
 * @throws MovedError for a repository's former name
 * @throws GitHubError 404 for one that is not there or that the caller must not know of, 401 and 403 for one that the
 * caller sees and may not use so
 */
function openRepository(call: Call, requirement: Requirement): Repository {
  const { data, caller } = call.var;
  const accepted = permissionsOf(requirement).map((permission) => `${permission}=${requirement.access}`);
  call.header("X-Accepted-GitHub-Permissions", accepted.join("; "));
  call.header("X-Accepted-OAuth-Scopes", "repo");
  const repository = locate(call, data);
  if (!repository || !isVisible(data, caller, repository)) throw notFound();
  const isPublic = repository.visibility === "public";
  if (requirement.publicly && isPublic) return repository;
  if (caller.kind === "anonymous") throw requiresAuthentication();
  if (!includesRole(roleOf(data, caller, repository), requirement.role)) {
    throw forbidden("Must have admin rights to Repository.");
  }
  if (!isGranted(data, caller, repository, requirement)) throw notGranted(caller);
  if (requirement.access === "write" && repository.archived) {
    throw forbidden("Repository was archived so is read-only.");
  }
  return repository;
}

/**
 * Asks for more than the operation does by itself.
 * @throws GitHubError 403 where the caller's token was not granted it
 */
export function requireGranted(call: Call, repository: Repository, requirement: Requirement): void {
  const { data, caller } = call.var;
  if (requirement.publicly && repository.visibility === "public") return;
  if (caller.kind === "anonymous") throw requiresAuthentication();
  if (!isGranted(data, caller, repository, requirement)) throw notGranted(caller);
}

function permissionsOf({ permission, alternative }: Requirement): Permission[] {
  return alternative === undefined ? [permission] : [permission, alternative];
}

/** What the caller may do with a repository by its role, whatever its token was granted. */
export function roleOf(data: GitHubData, caller: Caller, repository: Repository): Role {
  if (caller.kind === "user") return roleOfUser(data, caller.user.id, repository);
  if (caller.kind === "installation" && reaches(data, caller.token, repository)) return "admin";
  return repository.visibility === "public" ? "read" : "none";
}

/** Whether the caller may know that the repository is there. */
function isVisible(data: GitHubData, caller: Caller, repository: Repository): boolean {
  if (repository.visibility === "public") return true;
  if (caller.kind === "anonymous" || roleOf(data, caller, repository) === "none") return false;
  if (caller.token.kind === "classic") return caller.token.scopes.includes("repo");
  return reaches(data, caller.token, repository);
}

/**
 * The permission that the caller has in an organization by its token.
 * @throws GitHubError 401, 403 or 404 where it has none
 */
export function requireOrganization(
  call: Call,
  organization: Organization,
  permission: "members" | "organization_administration",
  access: Access,
): void {
  const { caller } = call.var;
  call.header("X-Accepted-GitHub-Permissions", `${permission}=${access}`);
  if (caller.kind === "anonymous") throw requiresAuthentication();
  if (caller.kind === "user") {
    const member = organization.members.find((found) => found.userId === caller.user.id);
    if (!member) throw notFound();
    if (permission === "organization_administration" && member.role !== "admin") {
      throw forbidden("Must have admin rights to Organization.");
    }
  }
  const { token } = caller;
  if (token.kind === "classic") {
    const sufficient = access === "read" ? ["read:org", "write:org", "admin:org"] : ["write:org", "admin:org"];
    call.header("X-Accepted-OAuth-Scopes", sufficient.toReversed().join(", "));
    if (!token.scopes.some((scope) => sufficient.includes(scope))) throw notFound();
    return;
  }
  if (!accountsOf(token).includes(organization.id)) throw notFound();
  if (!covers(token.permissions, permission, access)) throw notGranted(caller);
}

/**
 * Asks for what only owners of an enterprise may do. To others it is not there.
 * @throws GitHubError 401, 403 or 404 for callers that may not
 */
export function requireEnterpriseOwner(call: Call, enterprise: Enterprise | undefined): asserts enterprise {
  const { caller } = call.var;
  call.header("X-Accepted-GitHub-Permissions", "enterprise_administration=write");
  call.header("X-Accepted-OAuth-Scopes", "admin:enterprise");
  if (caller.kind === "anonymous") throw requiresAuthentication();
  if (!enterprise) throw notFound();
  if (caller.kind === "user" && !enterprise.ownerIds.includes(caller.user.id)) throw notFound();
  const { token } = caller;
  if (token.kind === "classic") {
    if (!token.scopes.includes("admin:enterprise")) throw notFound();
    return;
  }
  if (!accountsOf(token).includes(enterprise.id)) throw notFound();
  if (!covers(token.permissions, "enterprise_administration", "write")) throw notGranted(caller);
}

function locate(call: Call, data: GitHubData): Repository | undefined {
  const id = call.req.param("repository_id");
  if (id !== undefined) return data.repositories.get(id);
  const owner = call.req.param("owner") ?? "";
  const name = call.req.param("repo") ?? "";
  const found = findRepository(data, owner, name);
  if (found) return found;
  const renamed = findRenamed(data, owner, name);
  if (!renamed || !isVisible(data, call.var.caller, renamed)) return undefined;
  const url = new URL(call.req.url);
  const rest = url.pathname.split("/").slice(4);
  const path = ["", "repositories", renamed.id, ...rest].join("/");
  throw new MovedError(call.req.method === "GET" ? 301 : 307, `${url.origin}${path}${url.search}`);
}

function isGranted(data: GitHubData, caller: SignedIn, repository: Repository, requirement: Requirement): boolean {
  const { token } = caller;
  if (token.kind === "classic") {
    return (
      token.scopes.includes("repo") || (repository.visibility === "public" && token.scopes.includes("public_repo"))
    );
  }
  return (
    reaches(data, token, repository) &&
    permissionsOf(requirement).some((permission) => covers(token.permissions, permission, requirement.access))
  );
}

/** Whether a token that was made for some repositories was made for this one. */
function reaches(data: GitHubData, token: GrantedToken, repository: Repository): boolean {
  if (!accountsOf(token).includes(ownerOf(data, repository).account.id)) return false;
  return token.kind === "app-user" || token.repositoryIds === "all" || token.repositoryIds.includes(repository.id);
}

/** The accounts, or the enterprise, that a token was made for. */
function accountsOf(token: GrantedToken): readonly string[] {
  switch (token.kind) {
    case "fine-grained":
      return [token.resourceOwnerId];
    case "installation":
      return [token.accountId];
    case "app-user":
      return token.accountIds;
  }
}

/** Every such token may read metadata. */
function covers(permissions: Permissions, permission: Permission, access: Access): boolean {
  const granted = permissions[permission] ?? (permission === "metadata" ? "read" : undefined);
  return granted === "write" || (granted === "read" && access === "read");
}

function notGranted({ token }: SignedIn) {
  if (token.kind === "classic") return forbidden("Must have admin rights to Repository.");
  const whose = token.kind === "fine-grained" ? "personal access token" : "integration";
  return forbidden(`Resource not accessible by ${whose}`);
}
