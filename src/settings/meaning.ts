import { roleFor } from "../feed.ts";
import { meansSeveralRefs, mergeQueuePattern, trustOf, type TrustEntry } from "../trust.ts";
import { pathText, type Problem } from "./problem.ts";
import type { EnvironmentSettings, IdentitySettings, Settings, WrittenIdentity, WrittenSettings } from "./schema.ts";

/** What a file leaves to be worked out: the roles of intents, and the environments that stand for patterns. */

/** The written parts that roles depend on. */
type WrittenParts = Partial<Pick<WrittenSettings, "feed">> & Pick<WrittenSettings, "identities">;

export interface Resolved {
  /** The identities whose role is known. */
  readonly identities: Record<string, IdentitySettings>;
  readonly problems: readonly Problem[];
}

/** Gives every identity its role. */
export function resolveRoles({ identities, feed }: WrittenParts): Resolved {
  const problems: Problem[] = [];
  const known = Object.entries(identities).flatMap(([name, identity]) => {
    const role = identity.role ?? roleFor(identity, upstreamsOf(feed))?.role;
    if (role !== undefined) return [[name, { ...identity, role }] as const];
    if (identity.pull && feed !== undefined) problems.push(upstreamsUnknown(name));
    return [];
  });
  return { identities: Object.fromEntries(known), problems };
}

function upstreamsUnknown(name: string): Problem {
  return {
    path: pathText(["identities", name, "pull"]),
    text:
      "what it takes depends on the feed: with upstream sources a collaborator, without a reader; " +
      "set feed.upstreams to true or false, as Azure DevOps shows under Feed settings, Upstream sources",
  };
}

/** A feed that this stack makes has no upstreams. */
function upstreamsOf(feed: WrittenSettings["feed"] | undefined): boolean | undefined {
  return feed?.upstreams ?? (feed?.create ? false : undefined);
}

/** Why an identity has its role, in words, where that is not written. */
export function roleReason(identity: WrittenIdentity, feed: WrittenSettings["feed"]): string | undefined {
  return roleFor(identity, upstreamsOf(feed))?.reason;
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
    const others = identity.trust.filter((entry) => !isRefPattern(entry) && !isEnvironment(entry, name));
    return [name, { ...identity, trust: [...others, { environment: name }] }] as const;
  });
  return { ...parts, identities: Object.fromEntries(identities), environments: Object.fromEntries(environments) };
}

const unprotected: EnvironmentSettings = { preventSelfReview: false, adminsMayBypass: false };

/** A deployment policy can say of a run where it is, but not which workflow it is of. */
export function isRefPattern(entry: TrustEntry): boolean {
  return meansSeveralRefs(entry) && trustOf(entry).kind !== "workflow";
}

function isEnvironment(entry: TrustEntry, name: string): boolean {
  return "environment" in entry && entry.environment === name;
}

function policyOf(patterns: readonly TrustEntry[]): NonNullable<EnvironmentSettings["deployFrom"]> {
  const values = patterns.map(trustOf);
  const tags = values.flatMap(({ kind, value }) => (kind === "tag" ? [value] : []));
  const branches = values.flatMap(({ kind, value }) =>
    kind === "branch" ? [value] : kind === "mergeQueue" ? [mergeQueuePattern(value)] : [],
  );
  return { ...(branches.length > 0 ? { branches } : {}), ...(tags.length > 0 ? { tags } : {}) };
}
