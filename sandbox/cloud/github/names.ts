import { unprocessable } from "./errors.ts";

const allowed = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The name under which a secret or a variable is kept: in upper case
 * (https://docs.github.com/actions/reference/security/secrets#naming-your-secrets).
 * @throws GitHubError 422 for a name that GitHub keeps for itself or that no shell could export
 */
export function keptName(kind: "Secret" | "Variable", name: string): string {
  if (!allowed.test(name)) {
    throw unprocessable(
      `${kind} names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_). Spaces are not allowed. Must start with a letter ([a-z], [A-Z]) or underscores (_).`,
    );
  }
  const kept = name.toUpperCase();
  if (kept.startsWith("GITHUB_")) throw unprocessable(`${kind} names must not start with GITHUB_.`);
  return kept;
}

/** The most that one secret or one variable may hold, in bytes. */
export const mostBytes = 48 * 1024;
