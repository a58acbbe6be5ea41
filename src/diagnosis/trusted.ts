import type { FeedRole } from "../feed.ts";
import { strongestRole } from "../feed-roles.ts";
import { type Acceptance, acceptanceOf } from "../jobs/acceptance.ts";
import { federate, type Unmatchable } from "../jobs/credentials.ts";
import type { Job } from "../jobs/job.ts";
import { means } from "../jobs/meaning.ts";
import type { RepositorySubjects } from "../jobs/repository-subjects.ts";
import { tellsApart } from "../jobs/subject.ts";
import { describeTrust, type TrustEntry } from "../jobs/trust.ts";
import type { Settings } from "../settings/schema.ts";
import { federationOf } from "../settings/subject-rules.ts";

/** What one federated credential of a stack accepts. */
export interface TrustedSubject extends Acceptance {
  readonly identity: string;
  /** The strongest that its identity has on any feed. */
  readonly role: FeedRole;
  readonly entry: TrustEntry;
  readonly by: "subject" | "expression";
  /** What the credential compares with. */
  readonly value: string;
}

/** A trust entry of which no credential can be made, or none can be told from what is known. */
export interface UnmatchedEntry extends Unmatchable {
  readonly identity: string;
  readonly entry: TrustEntry;
}

/** What a stack file trusts, in its order. */
export interface Trusted {
  readonly credentials: readonly TrustedSubject[];
  readonly unmatched: readonly UnmatchedEntry[];
}

export function trustedSubjects(settings: Settings, subjects: RepositorySubjects): Trusted {
  const credentials: TrustedSubject[] = [];
  const unmatched: UnmatchedEntry[] = [];
  for (const [identity, { roles, trust, signIn }] of Object.entries(settings.identities)) {
    if (signIn === "secret") continue;
    const role = strongestRole(roles);
    for (const entry of trust) {
      const made = federate(subjects, entry, federationOf(settings));
      if ("reason" in made) unmatched.push({ identity, entry, ...made });
      else credentials.push(...made.map((one) => ({ identity, role, entry, ...one, ...acceptanceOf(one) })));
    }
  }
  return { credentials, unmatched };
}

/** The same for people. */
export interface Unmatched extends Unmatchable {
  readonly identity: string;
  /** `branch release/*`. */
  readonly trusts: string;
}

/**
 * The entries that may be for a job, and are not told by credentials: those that mean it, or any job.
 * @param job undefined for one of which nothing is known
 */
export function unmatchedFor(
  job: Job | undefined,
  { unmatched }: Trusted,
  { template }: RepositorySubjects,
): Unmatched[] {
  return unmatched
    .filter(({ entry }) => job === undefined || means(entry, job) || !tellsApart(template, entry))
    .map(({ identity, entry, reason, isUnsaid }) => ({ identity, trusts: describeTrust(entry), reason, isUnsaid }));
}
