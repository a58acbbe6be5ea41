import { feedPath, type FeedRole } from "../feed.ts";
import { feedGrants } from "../feed-roles.ts";
import { intendedRoles } from "../settings/meaning.ts";
import type { IdentitySettings, Settings } from "../settings/schema.ts";
import { byName } from "../table.ts";
import type { SignIn } from "../variables.ts";
import { roleLevel, roleWords } from "./permissions.ts";
import { describeProtection } from "./protection.ts";
import { type Source, sourcesOf } from "./sources.ts";

/** What one identity of a stack gives on one feed. */
export interface Grant {
  readonly stack: string;
  /** `contoso/widgets`. */
  readonly repository: string;
  /** `contoso/data/python`, `contoso/python` for a feed of the organization, `contoso/python@Release` for a view. */
  readonly feed: string;
  readonly identity: string;
  readonly role: FeedRole;
  /** What the role may do, in words. */
  readonly may: string;
  readonly from: readonly GrantSource[];
  readonly signIn: SignIn;
  /** The day on which the client secret ends, e.g. `2027-06-30`; undefined without one. */
  readonly secretExpires: string | undefined;
}

export interface GrantSource extends Source {
  /** What stands before a deployment to the environment; undefined for one that is not kept in the file, and for what is none. */
  readonly protection: readonly string[] | undefined;
}

/** What pulling comes to where nobody has said whether the feed has upstream sources. */
const assumedWords = "install, and save from upstreams if there are any";

/** Everything that a stack gives, strongest role first. */
export function grantsOf(stack: string, settings: Settings): Grant[] {
  return Object.entries(settings.identities)
    .flatMap(([identity, entry]) =>
      feedGrants(settings.feeds, entry.roles).map(({ name, feed, role }) => ({
        stack,
        repository: settings.repository,
        feed: feedPath(feed),
        identity,
        role,
        may: byName(intendedRoles(entry, settings.feeds), name)?.isAssumed ? assumedWords : roleWords[role],
        from: grantSources(entry, settings),
        signIn: entry.signIn,
        secretExpires: entry.secretExpires,
      })),
    )
    .sort((left, right) => roleLevel[right.role] - roleLevel[left.role]);
}

function grantSources(identity: IdentitySettings, { environments }: Settings): GrantSource[] {
  return sourcesOf(identity).map((source) => {
    const kept = source.kind === "environment" ? byName(environments, source.value) : undefined;
    return { ...source, protection: kept && describeProtection(kept) };
  });
}

/** How an identity signs in, in words: `GitHub's token`, `client secret until 2027-06-30`. */
export function signInWords({ signIn, secretExpires }: Pick<Grant, "signIn" | "secretExpires">): string {
  const token = signIn === "secret" ? [] : ["GitHub's token"];
  const secret = signIn === "oidc" ? [] : [`client secret until ${secretExpires ?? "no day"}`];
  return [...token, ...secret].join(" or ");
}

/** What stands before a source, in words; nothing where there is nothing to say. */
export function protectionWords({ kind, protection }: GrantSource): readonly string[] {
  if (kind !== "environment") return [];
  if (protection === undefined) return ["protected elsewhere, if at all"];
  return protection.length === 0 ? ["without protection"] : protection;
}
