import { type FeedRole, type IntendedRole, type Intent, roleFor } from "../feed.ts";
import { type FeedRoles, feedNames, ownFeed } from "../feed-roles.ts";
import type { Known } from "../jobs/reach.ts";
import { meansSeveralRefs, mergeQueuePattern, type TrustEntry, trustOf } from "../jobs/trust.ts";
import { byName, mapValues } from "../table.ts";
import type {
  EnvironmentSettings,
  FeedSettings,
  IdentitySettings,
  Settings,
  WrittenIdentity,
  WrittenSettings,
} from "./schema.ts";

/** What a file leaves to be worked out: where feeds are, the roles of intents, and the environments that stand for patterns. */

/** The feeds of a file, by the stack's names for them. */
export type Feeds = Settings["feeds"];

/** Where the feeds of a file are. One that names no organization is in the one that all stacks share. */
export function resolveFeeds({
  feed,
  feeds = {},
  organization,
}: Partial<Pick<WrittenSettings, "feed" | "feeds" | "organization">>): Feeds {
  const shared = feed?.organization ?? organization ?? "";
  const own = feed === undefined ? [] : [[ownFeed, placed(feed, shared)] as const];
  const others = feedNames(Object.keys(feeds)).flatMap((name) => {
    const written = byName(feeds, name);
    return written === undefined ? [] : [[name, placed(written, shared)] as const];
  });
  return Object.fromEntries([...own, ...others]);
}

type WrittenFeed = WrittenSettings["feeds"][string] & Partial<Pick<WrittenSettings["feed"], "create">>;

function placed({ project, name, view, create = false, upstreams }: WrittenFeed, organization: string): FeedSettings {
  return {
    organization,
    ...(project === undefined ? {} : { project }),
    name,
    ...(view === undefined ? {} : { view }),
    create,
    // A feed that this stack makes has none.
    upstreams: upstreams ?? (create ? false : undefined),
  };
}

/** Gives every identity its roles. A feed that the file does not have is left out. */
export function resolveRoles(
  identities: Readonly<Record<string, WrittenIdentity>>,
  feeds: Feeds,
): Record<string, IdentitySettings> {
  return Object.fromEntries(
    Object.entries(identities).map(([name, written]) => {
      const { role, ...identity } = written;
      const roles = feedsOf(written).flatMap((feed) => {
        const access = writtenAccess(written, feed);
        if (access === undefined || (feed !== ownFeed && !Object.hasOwn(feeds, feed))) return [];
        return [[feed, isIntent(access) ? roleFor(access, byName(feeds, feed) ?? {}).role : access] as const];
      });
      return [name, { ...identity, roles: Object.fromEntries(roles) }];
    }),
  );
}

type WrittenAccess = Partial<Pick<WrittenIdentity, "role" | "pull" | "publish" | "feeds">>;

/** The stack's own feed where an identity says what it may do there, and the others that it names. */
function feedsOf({ role, pull, publish, feeds = {} }: WrittenAccess): string[] {
  const own = (role ?? pull ?? publish) === undefined ? [] : [ownFeed];
  return [...own, ...feedNames(Object.keys(feeds))];
}

function writtenAccess(
  { role, pull, publish, feeds = {} }: WrittenAccess,
  feed: string,
): FeedRole | Intent | undefined {
  if (feed !== ownFeed) return byName(feeds, feed);
  return role ?? (publish ? "publish" : pull ? "pull" : undefined);
}

function isIntent(access: FeedRole | Intent): access is Intent {
  return access === "pull" || access === "publish";
}

/** The roles of an identity that its file does not write as such, by the feed's name, with the reasons. */
export function intendedRoles(identity: IdentitySettings, feeds: Feeds): Readonly<Record<string, IntendedRole>> {
  const intended = Object.entries(identity.roles).flatMap(([feed, role]) => {
    // A role on the stack's own feed is written only where no intent is.
    const access = writtenAccess(identity, feed) ?? role;
    return isIntent(access) ? [[feed, roleFor(access, byName(feeds, feed) ?? {})] as const] : [];
  });
  return Object.fromEntries(intended);
}

/** The roles that are certain: not those that depend on what nobody has said of the feed. */
export function settledRoles(identity: IdentitySettings, feeds: Feeds): FeedRoles {
  const intended = intendedRoles(identity, feeds);
  return Object.fromEntries(Object.entries(identity.roles).filter(([feed]) => !byName(intended, feed)?.isAssumed));
}

/**
 * The feeds of which it matters whether they have upstream sources, and the file does not say: those that are pulled
 * from, and each of several that one identity installs from.
 */
export function feedsOfUnknownUpstreams({ feeds, identities }: Pick<Settings, "feeds" | "identities">): string[] {
  const wanted = Object.values(identities).flatMap((identity) => {
    const names = Object.keys(identity.roles);
    const isMixed = names.length > 1 && !identity.acceptedRisks?.includes("dependencyConfusion");
    const intended = intendedRoles(identity, feeds);
    return names.filter((name) => isMixed || byName(intended, name)?.isAssumed);
  });
  return feedNames(new Set(wanted)).filter((name) => {
    const feed = byName(feeds, name);
    return feed !== undefined && feed.upstreams === undefined && feed.view === undefined;
  });
}

/**
 * The settings once it is known which feeds have upstream sources.
 * @param upstreams by the stack's names for feeds; what the file says itself stays
 */
export function withUpstreams(settings: Settings, upstreams: Readonly<Record<string, boolean>>): Settings {
  const feeds = mapValues(settings.feeds, (feed, name) => ({
    ...feed,
    upstreams: feed.upstreams ?? byName(upstreams, name),
  }));
  const identities = mapValues(settings.identities, (identity) => {
    const intended = mapValues(intendedRoles(identity, feeds), ({ role }) => role);
    return { ...identity, roles: { ...identity.roles, ...intended } };
  });
  return { ...settings, feeds, identities };
}

/**
 * What is known of the repository: the environments that the file keeps, and the template that it pins.
 * @param told what GitHub said: how it makes subjects, and how the environments are protected that the file does not keep
 */
export function knownOf(
  { environments, subjectTemplate }: Pick<WrittenSettings, "environments"> & Partial<Pick<Settings, "subjectTemplate">>,
  told: Partial<Known> = {},
): Known {
  return { environments: { ...told.environments, ...environments }, template: told.template ?? subjectTemplate };
}

/** The parts in which patterns stand. */
type PatternParts = Partial<Pick<Settings, "patterns">> & Pick<Settings, "identities" | "environments">;

/**
 * With `patterns: environment` the patterns of an identity become the deployment policy of an environment that is named
 * after it, and the identity trusts that. What the file says of such an environment stays.
 */
export function patternsAsEnvironments<T extends PatternParts>(parts: T): T {
  if (parts.patterns !== "environment") return parts;
  const environments = new Map(Object.entries(parts.environments));
  const identities = Object.entries(parts.identities).map(([name, identity]) => {
    const patterns = identity.trust.filter(isRefPattern);
    if (patterns.length === 0) return [name, identity] as const;
    environments.set(name, { ...(environments.get(name) ?? unprotected), deployFrom: policyOf(patterns) });
    const others = identity.trust.filter((entry) => !isRefPattern(entry) && !standsForPatterns(entry, name));
    return [name, { ...identity, trust: [...others, { environment: name }] }] as const;
  });
  return { ...parts, identities: Object.fromEntries(identities), environments: Object.fromEntries(environments) };
}

const unprotected: EnvironmentSettings = { preventSelfReview: false, adminsMayBypass: false };

/** A deployment policy can say of a run where it is, but not which workflow it is of. */
export function isRefPattern(entry: TrustEntry): boolean {
  return meansSeveralRefs(entry) && trustOf(entry).kind !== "workflow";
}

/** Whether an entry is the environment that stands for the patterns of an identity, by its name. */
export function standsForPatterns(entry: TrustEntry, name: string): boolean {
  return "environment" in entry && entry.environment === name && !("workflow" in entry);
}

function policyOf(patterns: readonly TrustEntry[]): NonNullable<EnvironmentSettings["deployFrom"]> {
  const values = patterns.map(trustOf);
  const tags = values.flatMap(({ kind, value }) => (kind === "tag" ? [value] : []));
  const branches = values.flatMap(({ kind, value }) =>
    kind === "branch" ? [value] : kind === "mergeQueue" ? [mergeQueuePattern(value)] : [],
  );
  return { ...(branches.length > 0 ? { branches } : {}), ...(tags.length > 0 ? { tags } : {}) };
}
