/** Where a feed is. Without a project it belongs to the organization. */
export interface FeedLocation {
  /** The Azure DevOps organization, e.g. `contoso` for https://dev.azure.com/contoso. */
  readonly organization: string;
  readonly project?: string;
  readonly name: string;
  /**
   * The view that packages are installed from, e.g. `Release`: it shows what was promoted to it, and nothing of upstream
   * sources. https://learn.microsoft.com/azure/devops/artifacts/feeds/views
   */
  readonly view?: string;
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
export type Intent = "pull" | "publish";

/** The role that an intent takes, and why. */
export interface IntendedRole {
  readonly role: FeedRole;
  readonly reason: string;
  /** Whether it is the most that it could be, because nobody has said what it depends on. */
  readonly isAssumed: boolean;
}

/**
 * The least role for what an identity is for. A reader cannot install a package that the feed has yet to save from an
 * upstream: https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions
 * @param feed `upstreams`: whether it has upstream sources; undefined where nobody said
 */
export function roleFor(
  intent: Intent,
  { view, upstreams }: { readonly view?: string | undefined; readonly upstreams?: boolean | undefined },
): IntendedRole {
  const settled = (role: FeedRole, reason: string) => ({ role, reason, isAssumed: false });
  if (intent === "publish") return settled("contributor", "publishing takes the role that uploads");
  if (view !== undefined) return settled("reader", "a view shows nothing of upstreams: pulling takes no more");
  if (upstreams === false) return settled("reader", "pulling takes no more where the feed has no upstreams");
  const reason = "pulling takes the role that saves packages from the feed's upstreams";
  if (upstreams) return settled("collaborator", reason);
  return { role: "collaborator", reason: `${reason}, if it has any`, isAssumed: true };
}

/** The organization's own address, as the Azure DevOps provider wants it. */
export function organizationUrl(organization: string): string {
  return `https://dev.azure.com/${encodeURIComponent(organization)}`;
}

/**
 * The addresses that pip and twine use, without credentials. Packages are published to the feed itself, never to a view.
 * https://learn.microsoft.com/azure/devops/artifacts/quickstarts/python-packages
 */
export function feedUrls(feed: FeedLocation): { readonly index: string; readonly upload: string } {
  const scope = [feed.organization, ...(feed.project === undefined ? [] : [feed.project])].map(encodeURIComponent);
  const packaging = `https://pkgs.dev.azure.com/${scope.join("/")}/_packaging`;
  const name = encodeURIComponent(feed.name);
  const view = feed.view === undefined ? "" : `@${encodeURIComponent(feed.view)}`;
  return { index: `${packaging}/${name}${view}/pypi/simple/`, upload: `${packaging}/${name}/pypi/upload` };
}

/** The feed as people write it: `contoso/data/python`, `contoso/python` for an organization's own, `contoso/python@Release`. */
export function feedPath(feed: FeedLocation): string {
  const path = [feed.organization, ...(feed.project === undefined ? [] : [feed.project]), feed.name].join("/");
  return feed.view === undefined ? path : `${path}@${feed.view}`;
}
