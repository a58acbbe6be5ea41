import { siteOfIssuer } from "../../src/repository.ts";

/**
 * Where GitHub's API is for a stack: at `https://api.SUBDOMAIN.ghe.com/` for an enterprise with data residency
 * (https://docs.github.com/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency#api-access).
 * @param issuer as the file says it
 * @param baseUrl GITHUB_BASE_URL, as the provider reads it: it wins
 * @returns undefined for github.com, which every client knows by itself
 */
export function apiAddress(
  issuer: string | undefined,
  baseUrl = process.env.GITHUB_BASE_URL || undefined,
): string | undefined {
  const site = siteOfIssuer(issuer);
  return baseUrl ?? (site === undefined ? undefined : `https://api.${site}/`);
}

/** The way back: who signs the tokens of the site whose API is at the address; undefined for any but those of ghe.com. */
export function issuerOfSite(apiAddress: string | undefined): string | undefined {
  const [, site] = /^https:\/\/api\.([a-z0-9-]+\.ghe\.com)\/?$/.exec(apiAddress ?? "") ?? [];
  return site === undefined ? undefined : `https://token.actions.${site}`;
}
