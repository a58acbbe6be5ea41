import { type FeedLocation, type FeedRole, feedRoles, feedUrls } from "./feed.ts";
import { byName } from "./table.ts";

/** What an identity may do, by the name that the stack has for a feed. */
export type FeedRoles = Readonly<Record<string, FeedRole>>;

/** The name of a stack's own feed, beside those that its `feeds` name. */
export const ownFeed = "feed";

/** One feed of an identity, and what it may do there. */
export interface FeedGrant<T> {
  /** The stack's name for the feed. */
  readonly name: string;
  readonly feed: T;
  readonly role: FeedRole;
}

/** The stack's own feed first, then the others by name: the order in which clients are told of them. */
export function feedNames(names: Iterable<string>): string[] {
  const isOwn = (name: string) => (name === ownFeed ? 0 : 1);
  return [...names].sort((left, right) => isOwn(left) - isOwn(right) || (left < right ? -1 : 1));
}

/**
 * What an identity may do on each of its feeds, in the order in which clients are told of them.
 * @param feeds what is known of each feed; a role on any other is left out
 */
export function feedGrants<T>(feeds: Readonly<Record<string, T>>, roles: FeedRoles): FeedGrant<T>[] {
  return feedNames(Object.keys(roles)).flatMap((name) => {
    const [feed, role] = [byName(feeds, name), byName(roles, name)];
    return feed === undefined || role === undefined ? [] : [{ name, feed, role }];
  });
}

/** The names of the feeds that the roles publish to. */
export function publishingFeeds(roles: FeedRoles): string[] {
  return Object.keys(roles).filter((name) => roles[name] === "contributor");
}

/** The most that the roles allow on any feed. */
export function strongestRole(roles: FeedRoles): FeedRole {
  return feedRoles.findLast((role) => Object.values(roles).includes(role)) ?? "reader";
}

/** The addresses that an identity's jobs are told of: the feeds that it installs from, and the one that it publishes to. */
export function clientUrls(feeds: Readonly<Record<string, FeedLocation>>, roles: FeedRoles) {
  const grants = feedGrants(feeds, roles);
  const [first, ...others] = grants.map(({ feed }) => feedUrls(feed));
  const publishing = grants.find(({ role }) => role === "contributor");
  return {
    index: first?.index ?? "",
    extraIndexes: others.map(({ index }) => index),
    /** Of an identity that publishes nowhere, where it would be. */
    upload: publishing ? feedUrls(publishing.feed).upload : (first?.upload ?? ""),
  };
}
