import type { RepositoryClaims } from "../../src/jobs/repository-subjects.ts";
import type { Repository } from "../../src/repository.ts";
import type { Problem } from "../../src/settings/problem.ts";
import { type Ask, found } from "./connect.ts";

/** What GitHub says of a repository itself. */
export interface RepositoryAnswer {
  readonly claims: RepositoryClaims;
  /** Undefined where there is a problem. */
  readonly defaultBranch: string | undefined;
  readonly problems: readonly Problem[];
}

/** https://docs.github.com/rest/repos/repos#get-a-repository */
export async function askRepository(ask: Ask, { owner, name }: Repository): Promise<RepositoryAnswer> {
  const data = await found(ask("GET /repos/{owner}/{repo}", { owner, repo: name }));
  const written = `${owner}/${name}`;
  if (data === undefined) {
    return refused(
      `GitHub knows no repository ${written} that this sign-in can see; check the name, and that GITHUB_TOKEN may read it`,
    );
  }
  if (data.full_name.toLowerCase() !== written.toLowerCase()) {
    return refused(`GitHub has moved ${written} to ${data.full_name}; write ${data.full_name}`);
  }
  const claims = {
    repository: data.full_name,
    repository_id: String(data.id),
    repository_owner: data.owner.login,
    repository_owner_id: String(data.owner.id),
    ...(data.visibility === undefined ? {} : { repository_visibility: data.visibility }),
  };
  return { claims, defaultBranch: data.default_branch, problems: [] };
}

function refused(text: string): RepositoryAnswer {
  return { claims: {}, defaultBranch: undefined, problems: [{ path: "repository", text }] };
}
