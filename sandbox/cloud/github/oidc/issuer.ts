import type { Enterprise } from "../entities.ts";

/** The issuer of ID tokens of github.com, but for those of enterprises that chose one of their own. */
export const issuer = "https://token.actions.githubusercontent.com";

/**
 * The issuer of an enterprise's own, whether or not its tokens have it
 * (https://docs.github.com/enterprise-cloud@latest/actions/reference/security/oidc#customizing-the-issuer-value-for-an-enterprise).
 */
export function enterpriseIssuer({ slug }: Pick<Enterprise, "slug">): string {
  return `${issuer}/${slug}`;
}

/** Who signs the ID tokens of an enterprise's repositories, or of those that belong to none. */
export function issuerOf(enterprise: Pick<Enterprise, "slug" | "includesSlugInIssuer"> | undefined): string {
  return enterprise?.includesSlugInIssuer ? enterpriseIssuer(enterprise) : issuer;
}
