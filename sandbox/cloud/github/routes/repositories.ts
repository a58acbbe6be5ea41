import { findRepository, findUser, fullName, ownerOf } from "../accounts.ts";
import { onRepository, type Requirement, roleOf } from "../access.ts";
import type { Api, Call } from "../api.ts";
import { optionalBoolean, optionalText, readBody } from "../bodies.ts";
import type { GitHubData } from "../data.ts";
import type { GitRef, Repository } from "../entities.ts";
import { GitHubError, notFound, unprocessable } from "../errors.ts";
import { timestamp } from "../identifiers.ts";
import { subjectAfterRename } from "../oidc/subject.ts";
import { paginate } from "../pagination.ts";
import { isProtected } from "../protection.ts";
import { grantedRole } from "../roles.ts";
import { teamView } from "../views/accounts.ts";
import {
  branchSummary,
  branchView,
  fileView,
  referenceView,
  refName,
  repositoryUrl,
  repositoryView,
  tagView,
} from "../views/repositories.ts";

const readMetadata: Requirement = { permission: "metadata", access: "read", role: "read", publicly: true };
const readContents: Requirement = { permission: "contents", access: "read", role: "read", publicly: true };
const checkCollaborator: Requirement = { permission: "metadata", access: "read", role: "write" };
const readAdministration: Requirement = { permission: "administration", access: "read", role: "admin" };
const administer: Requirement = { permission: "administration", access: "write", role: "admin" };

/** Repositories, their branches, tags and refs. */
export function repositoryRoutes(api: Api): void {
  onRepository(api, "GET", "", readMetadata, (call, repository) => {
    const { data, caller } = call.var;
    return call.json(repositoryView(data, repository, roleOf(data, caller, repository)));
  });

  onRepository(api, "PATCH", "", administer, async (call, repository) => {
    const { data, caller } = call.var;
    const changed = data.repositories.update(repository.id, await readChanges(call, repository));
    return call.json(repositoryView(data, changed, roleOf(data, caller, changed)));
  });

  onRepository(api, "GET", "/branches", readContents, (call, repository) => {
    const { data } = call.var;
    const wanted = call.req.query("protected");
    const branches = refsOf(data, repository, "branch")
      .map((branch) => ({ branch, isProtected: isProtected(data, branch) }))
      .filter(({ isProtected }) => wanted === undefined || String(isProtected) === wanted);
    return call.json(
      paginate(call, branches).map(({ branch, isProtected }) => branchSummary(data, repository, branch, isProtected)),
    );
  });

  onRepository(api, "GET", "/branches/:branch", readContents, (call, repository) => {
    const { data } = call.var;
    const branch = openBranch(call, repository);
    return call.json(branchView(data, repository, branch, isProtected(data, branch)));
  });

  onRepository(api, "GET", "/branches/:branch/protection", readAdministration, (call, repository) => {
    const { data } = call.var;
    const branch = openBranch(call, repository);
    if (!isProtected(data, branch)) throw new GitHubError(404, "Branch not protected");
    const url = `${repositoryUrl(data, repository)}/branches/${encodeURIComponent(branch.name)}/protection`;
    return call.json({
      url,
      required_signatures: { url: `${url}/required_signatures`, enabled: false },
      enforce_admins: { url: `${url}/enforce_admins`, enabled: false },
      required_linear_history: { enabled: false },
      allow_force_pushes: { enabled: false },
      allow_deletions: { enabled: false },
      block_creations: { enabled: false },
      required_conversation_resolution: { enabled: false },
      lock_branch: { enabled: false },
      allow_fork_syncing: { enabled: false },
    });
  });

  // Whether a team is listed that has its role from one above it is not documented: here it is not.
  onRepository(api, "GET", "/teams", readAdministration, (call, repository) => {
    const { data } = call.var;
    const teams = data.teams.filter((team) => team.repositories.some((grant) => grant.repositoryId === repository.id));
    return call.json(paginate(call, teams).map((team) => teamView(data, team)));
  });

  onRepository(api, "GET", "/collaborators/:username", checkCollaborator, (call, repository) => {
    const { data } = call.var;
    const user = findUser(data, call.req.param("username") ?? "");
    if (!user || grantedRole(data, user.id, repository) === "none") throw notFound();
    return call.body(null, 204);
  });

  onRepository(api, "GET", "/contents/:path{.+}", readContents, (call, repository) => {
    const { data } = call.var;
    const path = call.req.param("path") ?? "";
    const ref = call.req.query("ref") ?? repository.defaultBranch;
    // Commits are not kept: any that could be one is there.
    const isCommit = /^[0-9a-f]{40}$/.test(ref);
    const isThere = isCommit || allRefs(data, repository).some((known) => [refName(known), known.name].includes(ref));
    if (!isThere) throw new GitHubError(404, `No commit found for the ref ${ref}`);
    const file = data.files.find((found) => found.repositoryId === repository.id && found.path === path);
    if (!file) throw notFound();
    return call.json(fileView(data, repository, file, ref));
  });

  onRepository(api, "GET", "/tags", readMetadata, (call, repository) => {
    const { data } = call.var;
    const tags = refsOf(data, repository, "tag").toReversed();
    return call.json(paginate(call, tags).map((tag) => tagView(data, repository, tag)));
  });

  onRepository(api, "GET", "/git/ref/:ref{.+}", readContents, (call, repository) => {
    const { data } = call.var;
    const wanted = `refs/${call.req.param("ref")}`;
    const found = allRefs(data, repository).find((ref) => refName(ref) === wanted);
    if (!found) throw notFound();
    return call.json(referenceView(data, repository, found));
  });

  onRepository(api, "GET", "/git/matching-refs/:ref{.+}", readContents, (call, repository) => {
    const { data } = call.var;
    const prefix = `refs/${call.req.param("ref")}`;
    const found = allRefs(data, repository).filter((ref) => refName(ref).startsWith(prefix));
    return call.json(paginate(call, found).map((ref) => referenceView(data, repository, ref)));
  });
}

async function readChanges(call: Call, repository: Repository): Promise<Partial<Omit<Repository, "id">>> {
  const { data, now } = call.var;
  const body = await readBody(call);
  const name = optionalText(body, "name");
  const description = optionalText(body, "description");
  const defaultBranch = optionalText(body, "default_branch");
  const archived = optionalBoolean(body, "archived");
  const isPrivate = optionalBoolean(body, "private");
  // Enterprises with data residency have no public repositories. How GitHub says so is not documented:
  // https://docs.github.com/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency#repository-visibility
  if (isPrivate === false && data.site.subdomain !== undefined) {
    throw unprocessable("Validation Failed: public repositories are not available here");
  }
  if (defaultBranch !== undefined && !findBranch(data, repository, defaultBranch)) {
    throw unprocessable(`Validation Failed: the branch ${defaultBranch} was not found`);
  }
  return {
    updatedAt: timestamp(now),
    ...(name !== undefined && name !== repository.name ? rename(call, repository, name) : {}),
    ...(description !== undefined ? { description } : {}),
    ...(defaultBranch !== undefined ? { defaultBranch } : {}),
    ...(archived !== undefined ? { archived } : {}),
    ...(isPrivate !== undefined ? { visibility: isPrivate ? ("private" as const) : ("public" as const) } : {}),
  };
}

function rename(call: Call, repository: Repository, name: string) {
  const { data, now } = call.var;
  const taken = findRepository(data, ownerOf(data, repository).account.login, name);
  if (taken && taken.id !== repository.id) {
    throw unprocessable("Repository creation failed: name already exists on this account");
  }
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(name)) throw unprocessable("Validation Failed: name is invalid");
  return {
    name,
    formerNames: [...repository.formerNames, fullName(data, repository).toLowerCase()],
    subject: subjectAfterRename(repository.subject, now),
  };
}

function openBranch(call: Call, repository: Repository): GitRef {
  const branch = findBranch(call.var.data, repository, call.req.param("branch") ?? "");
  if (!branch) throw new GitHubError(404, "Branch not found");
  return branch;
}

function findBranch(data: GitHubData, repository: Repository, name: string): GitRef | undefined {
  return refsOf(data, repository, "branch").find((branch) => branch.name === name);
}

function refsOf(data: GitHubData, repository: Repository, kind: GitRef["kind"]): GitRef[] {
  return allRefs(data, repository).filter((ref) => ref.kind === kind);
}

function allRefs(data: GitHubData, repository: Repository): GitRef[] {
  return data.refs
    .filter((ref) => ref.repositoryId === repository.id)
    .sort((left, right) => (refName(left) < refName(right) ? -1 : 1));
}
