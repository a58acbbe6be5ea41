import { feedPath } from "../feed.ts";
import { feedGrants, ownFeed, publishingFeeds } from "../feed-roles.ts";
import type { Feeds } from "./meaning.ts";
import { mismatch, pathText, type Problem, shown } from "./problem.ts";
import { alternatives } from "../words.ts";
import type { IdentitySettings, Settings, WrittenSettings } from "./schema.ts";

/** What the feeds of a file must be to each other, and to what identities may do on them. */

interface FeedParts extends Partial<Pick<WrittenSettings, "feed" | "organization">> {
  readonly places: Feeds;
  readonly identities: Readonly<Record<string, IdentitySettings>>;
}

/** What is wrong with the feeds themselves. */
export function feedProblems(parts: FeedParts): Problem[] {
  return [...organizationProblems(parts), ...madeViewProblems(parts), ...repeatedFeedProblems(parts)];
}

function organizationProblems({ feed, organization }: FeedParts): Problem[] {
  if (feed === undefined || feed.organization !== undefined || organization !== undefined) return [];
  const fix = "name it here, or set feedpass:organization in Pulumi.yaml for all stacks";
  return [{ path: "feed.organization", text: mismatch(undefined, "the feed's Azure DevOps organization", fix) }];
}

function madeViewProblems({ feed }: FeedParts): Problem[] {
  if (!feed?.create || feed.view === undefined) return [];
  const text = `got ${shown(feed.view)}, but a feed that this stack makes has nothing in any view; remove it`;
  return [{ path: "feed.view", text }];
}

function repeatedFeedProblems({ places }: FeedParts): Problem[] {
  const paths = Object.entries(places).map(([name, feed]) => [name, feedPath(feed)] as const);
  return paths.flatMap(([name, path]) => {
    const [first] = paths.find(([, other]) => other.toLowerCase() === path.toLowerCase()) ?? [name];
    return first === name
      ? []
      : [{ path: feedPlace(name), text: `got ${path} again, as in ${feedPlace(first)}; remove one` }];
  });
}

/**
 * A feed that nobody has access to is a mistake: another name was meant, or its last identity is gone.
 * @param parts with every identity: one that is not sound could be who names the feed
 */
export function unusedFeedProblems({ places, identities }: FeedParts): Problem[] {
  const used = new Set(Object.values(identities).flatMap(({ roles }) => Object.keys(roles)));
  return Object.keys(places).flatMap((name) => {
    if (used.has(name)) return [];
    const fix =
      name === ownFeed
        ? "give one a role on it, or put a feed that they use in its place"
        : `give one access with feeds: { ${name}: reader }, or remove it`;
    return [{ path: feedPlace(name), text: `no identity has access to it; ${fix}` }];
  });
}

/** What is wrong with what identities may do on feeds. */
export function allAccessProblems({ identities, feeds }: Pick<Settings, "identities" | "feeds">): Problem[] {
  return Object.entries(identities).flatMap(([name, identity]) => feedAccessProblems(name, identity, feeds));
}

/** The same for one identity. */
export function feedAccessProblems(name: string, identity: IdentitySettings, places: Feeds): Problem[] {
  const path = pathText(["identities", name]);
  return [
    ...unknownFeedProblems(path, identity, places),
    ...viewRoleProblems(path, identity, places),
    ...severalPublishingProblems(path, identity),
    ...confusionProblems(path, identity, places),
  ];
}

function unknownFeedProblems(path: string, { feeds = {} }: IdentitySettings, places: Feeds): Problem[] {
  const known = Object.keys(places).filter((name) => name !== ownFeed);
  return Object.keys(feeds).flatMap((name) => {
    if (Object.hasOwn(places, name)) return [];
    const expected =
      known.length === 0 ? "the name of a feed under feedpass:feeds, which has none" : alternatives(known);
    return [{ path: `${path}.feeds`, text: mismatch(name, expected, "name the feed under feedpass:feeds") }];
  });
}

/** https://learn.microsoft.com/azure/devops/artifacts/feeds/views */
function viewRoleProblems(path: string, { roles }: IdentitySettings, places: Feeds): Problem[] {
  return feedGrants(places, roles).flatMap(({ name, feed, role }) => {
    if (feed.view === undefined || role === "reader") return [];
    const text =
      `the role ${role} is for feeds, and from the view ${feed.view} packages are only installed; ` +
      "make it reader or pull, or leave the view out";
    return [{ path: access(path, name), text }];
  });
}

/** A workflow has one address to upload to. */
function severalPublishingProblems(path: string, { roles }: IdentitySettings): Problem[] {
  const [first, ...others] = publishingFeeds(roles);
  if (first === undefined) return [];
  return others.map((name) => ({
    path: access(path, name),
    text: `publishes here and to ${feedPlace(first)}, expected one feed to publish to; give each an identity of its own`,
  }));
}

/**
 * pip takes the highest version of all indexes, so a private name of one feed can be had from the public upstream of
 * another: https://packaging.python.org/guides/index-mirrors-and-caches and https://pip.pypa.io/en/stable/cli/pip_install/
 * (--extra-index-url). A view shows nothing of upstreams.
 */
function confusionProblems(path: string, { roles, acceptedRisks }: IdentitySettings, places: Feeds): Problem[] {
  const installed = feedGrants(places, roles).map(({ feed }) => feed);
  const open = installed.find(({ view, upstreams }) => view === undefined && upstreams === true);
  if (installed.length < 2 || open === undefined || acceptedRisks?.includes("dependencyConfusion")) return [];
  const others = alternatives(installed.filter((feed) => feed !== open).map(feedPath));
  return [
    {
      path: `${path}.feeds`,
      text:
        `installs from ${feedPath(open)}, which has upstream sources, beside ${others}: whoever publishes the name of a private package in public, with a higher version, is installed instead; ` +
        `make ${others} an upstream source of ${open.name} and install from that alone, install from a view, or take the risk on with acceptedRisks: [dependencyConfusion]`,
    },
  ];
}

/** Where a feed is written: `feed`, `feeds.shared`. */
export function feedPlace(name: string): string {
  return name === ownFeed ? ownFeed : pathText(["feeds", name]);
}

/** Where an identity says what it may do on a feed. */
function access(identity: string, name: string): string {
  return name === ownFeed ? identity : `${identity}.${pathText(["feeds", name])}`;
}
