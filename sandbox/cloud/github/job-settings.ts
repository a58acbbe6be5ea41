import type { Store } from "../store.ts";
import { findRepository } from "./accounts.ts";
import { type GitHubData, gitHubData } from "./data.ts";
import type { Environment, Repository } from "./entities.ts";
import { environmentScope, findEnvironment } from "./environments.ts";
import { readSecretsIn, repositorySecretScope } from "./secrets.ts";
import { repositoryVariableScope, variablesIn } from "./variables.ts";

/** Where a secret is. Default: the repository's own, for Actions. */
export interface SecretPlace {
  /** `owner/name` */
  readonly repository: string;
  readonly environment?: string;
  /** Dependabot's own secrets. Default: false. */
  readonly dependabot?: boolean;
}

/**
 * What a secret holds, as a workflow's job would see it; undefined where there is none. No route answers it: this is
 * for the job runner and for tests.
 */
export function readSecret(store: Store, place: SecretPlace, name: string): string | undefined {
  const data = gitHubData(store);
  const [owner = "", repositoryName = ""] = place.repository.split("/");
  const repository = findRepository(data, owner, repositoryName);
  if (!repository) return undefined;
  const secrets = readPlace(data, repository, place);
  return secrets[name.toUpperCase()];
}

function readPlace(data: GitHubData, repository: Repository, place: SecretPlace): Record<string, string> {
  if (place.environment === undefined) {
    return readSecretsIn(data, repositorySecretScope(repository, place.dependabot ? "dependabot" : "actions"));
  }
  const environment = findEnvironment(data, repository, place.environment);
  return environment ? readSecretsIn(data, environmentScope(environment)) : {};
}

/** What a job finds in the contexts `vars` and `secrets`. */
export interface JobSettings {
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * The settings of a job: the environment's before the repository's. A run that a fork triggered gets none
 * (https://github.com/orgs/community/discussions/44322), one that Dependabot triggered gets Dependabot's secrets
 * (https://docs.github.com/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions).
 */
export function readJobSettings(
  data: GitHubData,
  repository: Repository,
  environment: Environment | undefined,
  trust: "full" | "fork" | "dependabot",
): JobSettings {
  if (trust === "fork") return { variables: {}, secrets: {} };
  const variables = Object.fromEntries(
    [repositoryVariableScope(repository), ...(environment ? [environmentScope(environment)] : [])]
      .flatMap((scope) => variablesIn(data, scope))
      .map(({ name, value }) => [name, value]),
  );
  if (trust === "dependabot") {
    return { variables, secrets: readSecretsIn(data, repositorySecretScope(repository, "dependabot")) };
  }
  const secrets = {
    ...readSecretsIn(data, repositorySecretScope(repository, "actions")),
    ...(environment ? readSecretsIn(data, environmentScope(environment)) : {}),
  };
  return { variables, secrets };
}
