/**
 * One GitHub: github.com, or the site of an enterprise with data residency. A site has its own accounts, tokens and keys,
 * and knows of no other's: nobody's account on one can reach what is on another
 * (https://docs.github.com/enterprise-cloud@latest/admin/data-residency/about-github-enterprise-cloud-with-data-residency).
 */
export interface Site {
  /** Where its pages are: `github.com`, or `SUBDOMAIN.ghe.com`. */
  readonly host: string;
  /** Where its REST API is, without a path before the routes. */
  readonly apiHost: string;
  /** The host of the issuer of its ID tokens. */
  readonly issuerHost: string;
  /** Where its jobs ask for ID tokens. */
  readonly runServiceHost: string;
  readonly avatarHost: string;
  /** As whom git signs in over SSH. */
  readonly sshUser: string;
  /** The subdomain of ghe.com, which is its enterprise's slug too; undefined for github.com. */
  readonly subdomain: string | undefined;
}

export const gitHubDotCom: Site = {
  host: "github.com",
  apiHost: "api.github.com",
  issuerHost: "token.actions.githubusercontent.com",
  runServiceHost: "pipelines.actions.githubusercontent.com",
  avatarHost: "avatars.githubusercontent.com",
  sshUser: "git",
  subdomain: undefined,
};

/**
 * The site of an enterprise with data residency. The API, the issuer and SSH are documented
 * (https://docs.github.com/enterprise-cloud@latest/admin/data-residency/feature-overview-for-github-enterprise-cloud-with-data-residency#url-differences).
 * Where jobs ask for ID tokens is not, and neither is where avatars are: both follow GitHub's rule for issuers, which puts
 * `SUBDOMAIN.ghe.com` for `githubusercontent.com`, and are among the names that are to be let through a firewall
 * (https://docs.github.com/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom#githubs-hostnames).
 */
export function tenantSite(subdomain: string): Site {
  const host = `${subdomain}.ghe.com`;
  return {
    host,
    apiHost: `api.${host}`,
    issuerHost: `token.actions.${host}`,
    runServiceHost: `pipelines.actions.${host}`,
    avatarHost: `avatars.${host}`,
    sshUser: subdomain,
    subdomain,
  };
}

/** @param host where its pages are */
export function siteAt(host: string): Site {
  const [, subdomain] = /^([^.]+)\.ghe\.com$/.exec(host) ?? [];
  if (subdomain !== undefined) return tenantSite(subdomain);
  if (host !== gitHubDotCom.host) throw new Error(`there is no GitHub at ${host}`);
  return gitHubDotCom;
}

/** The site whose jobs get tokens of the issuer. */
export function siteOfIssuer(issuer: string): Site {
  const [, subdomain] = /^https:\/\/token\.actions\.([^./]+)\.ghe\.com(\/|$)/.exec(issuer) ?? [];
  return subdomain === undefined ? gitHubDotCom : tenantSite(subdomain);
}
