import type { GitHubData } from "./data.ts";
import type { GitRef, Repository } from "./entities.ts";
import { matchesPattern } from "./fnmatch.ts";

/** Whether a branch protection rule of its repository matches the ref. Tags are not protected by those. */
export function isProtected(data: GitHubData, ref: Pick<GitRef, "repositoryId" | "kind" | "name">): boolean {
  if (ref.kind !== "branch") return false;
  return rulesOf(data, ref.repositoryId).some((rule) => matchesPattern(rule.pattern, ref.name));
}

/** Whether the repository has any protected branch. */
export function hasProtectedBranch(data: GitHubData, repository: Repository): boolean {
  return data.refs.filter((ref) => ref.repositoryId === repository.id).some((ref) => isProtected(data, ref));
}

function rulesOf(data: GitHubData, repositoryId: string) {
  return data.protections.filter((rule) => rule.repositoryId === repositoryId);
}
