/** A GitHub repository, by name. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** `contoso/widgets` taken apart. The caller has checked that there is one slash. */
export function parseRepository(text: string): Repository {
  const [owner = "", name = ""] = text.split("/");
  return { owner, name };
}

/**
 * The site that a stack's repository is at, where it is not github.com. An enterprise with data residency has one of its
 * own on ghe.com, and its issuer says which
 * (https://docs.github.com/enterprise-cloud@latest/admin/data-residency/feature-overview-for-github-enterprise-cloud-with-data-residency#url-differences).
 * @param issuer as the file says it, e.g. `https://token.actions.SUBDOMAIN.ghe.com`
 * @returns e.g. `SUBDOMAIN.ghe.com`; undefined for github.com
 */
export function siteOfIssuer(issuer: string | undefined): string | undefined {
  return /^https:\/\/token\.actions\.([a-z0-9-]+\.ghe\.com)(?:\/|$)/.exec(issuer ?? "")?.[1];
}

/** The same for the same repository, however it is written: GitHub tells no case apart, and each site has its own. */
export function repositoryKey(repository: string, issuer: string | undefined): string {
  return `${siteOfIssuer(issuer) ?? "github.com"}/${repository.toLowerCase()}`;
}
