import { type FeedRole, feedPath } from "../feed.ts";
import { feedGrants } from "../feed-roles.ts";
import { hasPullRequests } from "../jobs/job-class.ts";
import { type Reach, reachOf, type SignIn } from "../jobs/reach.ts";
import { intendedRoles, knownOf } from "../settings/meaning.ts";
import type { IdentitySettings, Settings } from "../settings/schema.ts";
import { hasEnded, type SecretEnd, secretEnds } from "../settings/secret-end.ts";
import { byName } from "../table.ts";
import { roleLevel, roleWords } from "./permissions.ts";
import { type Signer, signerOf, signerWords, usualSigner } from "./signer.ts";

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
  /** The jobs that may sign in as the identity, and what stands before each; none by a client secret that has ended. */
  readonly from: readonly Reach[];
  readonly signIn: SignIn;
  /** Whose tokens it takes, and where it is. */
  readonly signer: Signer;
  /** What of that is not as usual, in words; empty where everything is. */
  readonly unusual: readonly string[];
  /** The day on which the client secret ends, e.g. `2027-06-30`; undefined without one. */
  readonly secretExpires: string | undefined;
  /** That the client secret ends soon, or has ended; undefined where there is nothing to say of it. */
  readonly secretEnd: SecretEnd | undefined;
}

/** What pulling comes to where nobody has said whether the feed has upstream sources. */
const assumedWords = "install, and save from upstreams if there are any";

/**
 * Everything that a stack gives, strongest role first.
 * @param tenantId as Pulumi.yaml says it for all stacks. Default: nobody has said one
 * @param today the present day, e.g. `2026-11-30`. Default: whatever the day, no client secret has ended
 */
export function grantsOf(stack: string, settings: Settings, tenantId?: string, today?: string): Grant[] {
  const signer = signerOf(settings);
  const ends = today === undefined ? [] : secretEnds(settings.identities, today);
  return Object.entries(settings.identities)
    .flatMap(([identity, entry]) => {
      const secretEnd = ends.find((end) => end.identity === identity);
      return feedGrants(settings.feeds, entry.roles).map(({ name, feed, role }) => ({
        stack,
        repository: settings.repository,
        feed: feedPath(feed),
        identity,
        role,
        may: byName(intendedRoles(entry, settings.feeds), name)?.isAssumed ? assumedWords : roleWords[role],
        from: fromWhere(entry, settings, secretEnd),
        signIn: entry.signIn,
        signer,
        unusual: signerWords(signer, usualSigner(tenantId), entry.signIn),
        secretExpires: entry.secretExpires,
        secretEnd,
      }));
    })
    .sort((left, right) => roleLevel[right.role] - roleLevel[left.role]);
}

/** A client secret that has ended lets nobody in. */
function fromWhere(entry: IdentitySettings, settings: Settings, end: SecretEnd | undefined): Reach[] {
  if (end === undefined || !hasEnded(end)) return reachOf(entry, knownOf(settings));
  return end.signIn === "secret" ? [] : reachOf({ ...entry, signIn: "oidc" }, knownOf(settings));
}

/** How an identity signs in, in words: `GitHub's token`, `client secret until 2027-06-30`. */
export function signInWords({
  signIn,
  secretExpires,
  secretEnd,
}: Pick<Grant, "signIn" | "secretExpires" | "secretEnd">): string {
  const token = signIn === "secret" ? [] : ["GitHub's token"];
  if (secretEnd !== undefined && hasEnded(secretEnd)) {
    return [...token, `the client secret ended on ${secretEnd.day}`].join("; ");
  }
  const left =
    secretEnd === undefined ? "" : `, ${secretEnd.daysLeft} ${secretEnd.daysLeft === 1 ? "day" : "days"} left`;
  const secret = signIn === "oidc" ? [] : [`client secret until ${secretExpires ?? "no day"}${left}`];
  return [...token, ...secret].join(" or ");
}

/** Where no job is let in: since when. */
export function nobodyWords({ secretEnd }: Pick<Grant, "secretEnd">): string {
  return secretEnd === undefined ? "nobody" : `nobody since ${secretEnd.day}`;
}

/** What stands before a class of jobs, in words; nothing where there is nothing to say. */
export function protectionWords({ kind, through, before }: Reach): readonly string[] {
  if (kind !== "environment" && through === undefined) return [];
  if (before === undefined) return ["protected elsewhere, if at all"];
  return before.length === 0 ? ["without protection"] : before;
}

/** What is to be said of a class of jobs with some role: that pull requests are among them, and whose code it is that publishes. */
export function cautionsOf(source: Reach, role: FeedRole): readonly string[] {
  const { kind, caution } = source;
  return [
    ...(hasPullRequests(source) && kind !== "pullRequest" ? ["pull requests too"] : []),
    ...(caution !== undefined && role === "contributor" ? [caution] : []),
  ];
}
