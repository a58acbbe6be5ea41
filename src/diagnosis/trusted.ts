import type { FeedRole } from "../feed.ts";
import { strongestRole } from "../feed-roles.ts";
import { type Acceptance, acceptanceOf } from "../jobs/acceptance.ts";
import { federate } from "../jobs/credentials.ts";
import type { RepositorySubjects } from "../jobs/repository-subjects.ts";
import type { TrustEntry } from "../jobs/trust.ts";
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

/** The credentials that applying a stack file makes, in the order of the file. Entries that no job can match make none. */
export function trustedSubjects(settings: Settings, subjects: RepositorySubjects): TrustedSubject[] {
  return Object.entries(settings.identities).flatMap(([identity, { roles, trust, signIn }]) => {
    if (signIn === "secret") return [];
    const role = strongestRole(roles);
    return trust.flatMap((entry) => {
      const credentials = federate(subjects, entry, federationOf(settings));
      if ("reason" in credentials) return [];
      return credentials.map(({ by, value }) => ({ identity, role, entry, by, value, ...acceptanceOf({ by, value }) }));
    });
  });
}
