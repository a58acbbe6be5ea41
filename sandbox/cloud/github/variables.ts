import type { GitHubData } from "./data.ts";
import type { Repository, Variable } from "./entities.ts";

/** Where a repository's own variables are kept. */
export function repositoryVariableScope(repository: Repository): string {
  return `repository ${repository.id}`;
}

/** The variables of one place, by name. */
export function variablesIn(data: GitHubData, scope: string): Variable[] {
  return data.variables
    .filter((variable) => variable.scope === scope)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}
