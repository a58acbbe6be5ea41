import type { GitHubData } from "./data.ts";
import type { Repository, Secret, SecretKey } from "./entities.ts";
import { createSecretKey, openSealedBox } from "./sealed-box.ts";

/** Every secret of one place, opened, by name. */
export function readSecretsIn(data: GitHubData, scope: string): Record<string, string> {
  const key = data.secretKeys.get(scope);
  if (!key) return {};
  const secrets = secretsIn(data, scope).map((secret) => [secret.name, openText(secret, key)] as const);
  return Object.fromEntries(secrets);
}

/** The secrets of one place, by name. */
export function secretsIn(data: GitHubData, scope: string): Secret[] {
  return data.secrets
    .filter((secret) => secret.scope === scope)
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The key to which a place's secrets are sealed; made when it is asked for first. */
export function secretKeyOf(data: GitHubData, scope: string): SecretKey {
  return data.secretKeys.get(scope) ?? data.secretKeys.insert(createSecretKey(scope));
}

/** Where a repository's secrets are kept. */
export function repositorySecretScope(repository: Repository, kind: "actions" | "dependabot"): string {
  return `repository ${repository.id} ${kind}`;
}

/** Removes a place's secrets and their key. */
export function forgetSecrets(data: GitHubData, scope: string): void {
  data.secrets.deleteWhere((secret) => secret.scope === scope);
  data.secretKeys.delete(scope);
}

function openText(secret: Secret, key: SecretKey): string {
  const opened = openSealedBox(secret.sealed, key);
  if (!opened) throw new Error(`the secret ${secret.name} was sealed to another key`);
  return Buffer.from(opened).toString("utf8");
}
