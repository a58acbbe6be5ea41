import type { GitHubData } from "./data.ts";
import type { InstallationToken, Token, User } from "./entities.ts";
import { sha256 } from "./identifiers.ts";

/** Who asks, by the token that came with the request. */
export type Caller =
  | { readonly kind: "anonymous" }
  | { readonly kind: "user"; readonly user: User; readonly token: Exclude<Token, InstallationToken> }
  | { readonly kind: "installation"; readonly token: InstallationToken };

/**
 * @param authorization the request's header: `Bearer TOKEN` or `token TOKEN`, in any case
 * @returns undefined for a token that was never given out, or that is over
 */
export function authenticate(data: GitHubData, authorization: string | undefined, now: number): Caller | undefined {
  if (authorization === undefined) return { kind: "anonymous" };
  const plain = /^(?:bearer|token) +(\S+)$/i.exec(authorization.trim())?.[1];
  const token = plain === undefined ? undefined : data.tokens.get(sha256(plain));
  if (!token || (token.expiresAt !== null && Date.parse(token.expiresAt) <= now)) return undefined;
  if (token.kind === "installation") return { kind: "installation", token };
  const user = data.users.get(token.userId);
  return user && { kind: "user", user, token };
}
