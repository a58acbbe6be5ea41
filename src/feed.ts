/** Where a feed is. Without a project it belongs to the organization. */
export interface FeedLocation {
  /** The Azure DevOps organization, e.g. `contoso` for https://dev.azure.com/contoso. */
  readonly organization: string;
  readonly project?: string;
  readonly name: string;
}

/**
 * What an identity may do on the feed. https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions
 * - `reader`: list and install
 * - `collaborator`: also save packages from upstream sources
 * - `contributor`: also publish
 */
export const feedRoles = ["reader", "collaborator", "contributor"] as const;
export type FeedRole = (typeof feedRoles)[number];

/** The licences that an identity can have in the organization. https://learn.microsoft.com/azure/devops/organizations/security/access-levels */
export const licences = ["stakeholder", "express"] as const;
export type Licence = (typeof licences)[number];

/** What an identity is for, where that is said in place of a role. */
export interface Intent {
  readonly pull?: true | undefined;
  readonly publish?: true | undefined;
}

/** The role that an intent takes, and why. */
export interface IntendedRole {
  readonly role: FeedRole;
  readonly reason: string;
}

/**
 * The least role for what an identity is for. A reader cannot install a package that the feed has yet to save from an
 * upstream: https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions
 * @param upstreams whether the feed has upstream sources; undefined where nobody said
 * @returns undefined where it depends on what nobody said, or nothing is intended
 */
export function roleFor({ pull, publish }: Intent, upstreams: boolean | undefined): IntendedRole | undefined {
  if (publish) return { role: "contributor", reason: "publish: true takes the role that uploads" };
  if (!pull || upstreams === undefined) return undefined;
  return upstreams
    ? { role: "collaborator", reason: "pull: true takes the role that saves packages from the feed's upstreams" }
    : { role: "reader", reason: "pull: true takes no more where the feed has no upstreams" };
}

/** The organization's own address, as the Azure DevOps provider wants it. */
export function organizationUrl(organization: string): string {
  return `https://dev.azure.com/${encodeURIComponent(organization)}`;
}

/**
 * The addresses that pip and twine use, without credentials.
 * https://learn.microsoft.com/azure/devops/artifacts/quickstarts/python-packages
 */
export function feedUrls(feed: FeedLocation): { readonly index: string; readonly upload: string } {
  const scope = [feed.organization, ...(feed.project === undefined ? [] : [feed.project])].map(encodeURIComponent);
  const base = `https://pkgs.dev.azure.com/${scope.join("/")}/_packaging/${encodeURIComponent(feed.name)}/pypi`;
  return { index: `${base}/simple/`, upload: `${base}/upload` };
}

/** The feed as people write it: `contoso/data/python`, or `contoso/python` for an organization's own. */
export function feedPath(feed: FeedLocation): string {
  return [feed.organization, ...(feed.project === undefined ? [] : [feed.project]), feed.name].join("/");
}

/** The feed that a stack's settings mean. One that names no organization is in the one that the stacks share. */
export function feedOf(settings: {
  readonly organization?: string | undefined;
  readonly feed: {
    readonly organization?: string | undefined;
    readonly project?: string | undefined;
    readonly name: string;
  };
}): FeedLocation {
  const { organization = settings.organization ?? "", project, name } = settings.feed;
  return { organization, name, ...(project === undefined ? {} : { project }) };
}
