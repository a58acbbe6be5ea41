import type { Enterprise } from "../entities.ts";
import { gitHubDotCom, type Site } from "../site.ts";

/** The issuer of a site's ID tokens, but for those of enterprises that chose one of their own. */
export function siteIssuer({ issuerHost }: Site): string {
  return `https://${issuerHost}`;
}

/** The same of github.com. */
export const issuer = siteIssuer(gitHubDotCom);

/**
 * The issuer of an enterprise's own, whether or not its tokens have it
 * (https://docs.github.com/enterprise-cloud@latest/actions/reference/security/oidc#customizing-the-issuer-value-for-an-enterprise).
 * @param site default: github.com
 */
export function enterpriseIssuer({ slug }: Pick<Enterprise, "slug">, site = gitHubDotCom): string {
  return `${siteIssuer(site)}/${slug}`;
}

/**
 * Who signs the ID tokens of an enterprise's repositories, or of those that belong to none.
 * @param site default: github.com
 */
export function issuerOf(
  enterprise: Pick<Enterprise, "slug" | "includesSlugInIssuer"> | undefined,
  site = gitHubDotCom,
): string {
  return enterprise?.includesSlugInIssuer ? enterpriseIssuer(enterprise, site) : siteIssuer(site);
}
