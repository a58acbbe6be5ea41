import { ImportError, type Properties } from "../definition.ts";
import { requiredText, text } from "../properties.ts";
import type { GitHubClient } from "./client.ts";

/** A repository as far as resources need it. */
export interface Repository {
  readonly id: number;
}

/** The path of one of the owner's repositories. */
export function repositoryPath(client: GitHubClient, name: string): string {
  return `/repos/${client.owner}/${name}`;
}

/** The repository's number, which a rename keeps. */
export async function readRepositoryId(client: GitHubClient, properties: Properties): Promise<number> {
  const path = repositoryPath(client, requiredText(properties, "repository"));
  return (await client.get<Repository>(path)).id;
}

/**
 * The same for what is imported by an id that names the repository.
 * @throws ImportError where it cannot be read
 */
export function importRepositoryId(client: GitHubClient, properties: Properties): Promise<number> {
  return readRepositoryId(client, properties).catch((error: Error) => {
    throw new ImportError(`failed to retrieve repository ${String(properties.repository)}: ${error.message}`);
  });
}

/**
 * Says whether another repository name means another repository, which replaces what is in it, or the same one under a
 * new name.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/util_diff.go
 */
export function replacesForRepository(client: GitHubClient) {
  return async (inputs: Properties, outputs: Properties): Promise<readonly string[]> => {
    const name = text(inputs, "repository");
    if (name === undefined || name === outputs.repository) return [];
    if (outputs.repositoryId === undefined) return ["repository"];
    const found = await client.find<Repository>(repositoryPath(client, name));
    return found?.id === outputs.repositoryId ? [] : ["repository"];
  };
}
