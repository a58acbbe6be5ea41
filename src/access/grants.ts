import { type FeedRole, feedPath } from "../feed.ts";
import { feedGrants } from "../feed-roles.ts";
import { hasPullRequests } from "../jobs/job-class.ts";
import { type Reach, reachOf, type SignIn } from "../jobs/reach.ts";
import { intendedRoles, knownOf } from "../settings/meaning.ts";
import type { Settings } from "../settings/schema.ts";
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
  /** The jobs that may sign in as the identity, and what stands before each. */
  readonly from: readonly Reach[];
  readonly signIn: SignIn;
  /** Whose tokens it takes, and where it is. */
  readonly signer: Signer;
  /** What of that is not as usual, in words; empty where everything is. */
  readonly unusual: readonly string[];
  /** The day on which the client secret ends, e.g. `2027-06-30`; undefined without one. */
  readonly secretExpires: string | undefined;
}

/** What pulling comes to where nobody has said whether the feed has upstream sources. */
const assumedWords = "install, and save from upstreams if there are any";

/**
 * Everything that a stack gives, strongest role first.
 * @param tenantId as Pulumi.yaml says it for all stacks. Default: nobody has said one
 */
export function grantsOf(stack: string, settings: Settings, tenantId?: string): Grant[] {
  const signer = signerOf(settings);
  return Object.entries(settings.identities)
    .flatMap(([identity, entry]) =>
      feedGrants(settings.feeds, entry.roles).map(({ name, feed, role }) => ({
        stack,
        repository: settings.repository,
        feed: feedPath(feed),
        identity,
        role,
        may: byName(intendedRoles(entry, settings.feeds), name)?.isAssumed ? assumedWords : roleWords[role],
        from: reachOf(entry, knownOf(settings)),
        signIn: entry.signIn,
        signer,
        unusual: signerWords(signer, usualSigner(tenantId), entry.signIn),
        secretExpires: entry.secretExpires,
      })),
    )
    .sort((left, right) => roleLevel[right.role] - roleLevel[left.role]);
}

/** How an identity signs in, in words: `GitHub's token`, `client secret until 2027-06-30`. */
export function signInWords({ signIn, secretExpires }: Pick<Grant, "signIn" | "secretExpires">): string {
  const token = signIn === "secret" ? [] : ["GitHub's token"];
  const secret = signIn === "oidc" ? [] : [`client secret until ${secretExpires ?? "no day"}`];
  return [...token, ...secret].join(" or ");
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
