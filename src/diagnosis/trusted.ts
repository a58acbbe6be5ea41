import type { FeedRole } from "../feed.ts";
import { strongestRole } from "../feed-roles.ts";
import type { Settings } from "../settings/schema.ts";
import { federationOf } from "../settings/subject-rules.ts";
import { federate } from "../jobs/credentials.ts";
import type { RepositorySubjects } from "../jobs/repository-subjects.ts";
import type { TrustEntry } from "../jobs/trust.ts";
import { type ClaimCondition, conditionsOf, satisfies } from "../jobs/claims-expression.ts";

/** What one federated credential of a stack accepts. */
export interface TrustedSubject {
  readonly identity: string;
  /** The strongest that its identity has on any feed. */
  readonly role: FeedRole;
  readonly entry: TrustEntry;
  readonly by: "subject" | "expression";
  /** What the credential compares with. */
  readonly value: string;
  /** The subject that it wants; a pattern where it takes several. */
  readonly subject: string;
  /** Whether it takes a token of this subject, as far as that alone decides. */
  acceptsSubject(subject: string): boolean;
  /** What it asks of other claims, and these do not say. */
  unmet(claims: Readonly<Record<string, string>>): readonly ClaimCondition[];
}

/** The credentials that applying a stack file makes, in the order of the file. Entries that no job can match make none. */
export function trustedSubjects(settings: Settings, subjects: RepositorySubjects): TrustedSubject[] {
  return Object.entries(settings.identities).flatMap(([identity, { roles, trust, signIn }]) => {
    if (signIn === "secret") return [];
    const role = strongestRole(roles);
    return trust.flatMap((entry) => {
      const credentials = federate(subjects, entry, federationOf(settings));
      if ("reason" in credentials) return [];
      return credentials.map(({ by, value }) => ({ identity, role, entry, by, value, ...comparisonOf(by, value) }));
    });
  });
}

function comparisonOf(
  by: "subject" | "expression",
  value: string,
): Pick<TrustedSubject, "subject" | "acceptsSubject" | "unmet"> {
  if (by === "subject") return { subject: value, acceptsSubject: (subject) => subject === value, unmet: () => [] };
  const conditions = conditionsOf(value) ?? [];
  const ofSubject = conditions.filter(({ claim }) => claim === "sub");
  const ofOthers = conditions.filter(({ claim }) => claim !== "sub");
  return {
    subject: ofSubject[0]?.value ?? "*",
    acceptsSubject: (subject) => ofSubject.every((condition) => satisfies(condition, subject)),
    unmet: (claims) => ofOthers.filter((condition) => !satisfies(condition, claims[condition.claim] ?? "")),
  };
}
