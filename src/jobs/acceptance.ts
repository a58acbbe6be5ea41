import { type ClaimCondition, conditionsOf, satisfies } from "./claims-expression.ts";
import type { FederatedTrust } from "./credentials.ts";

/** What a federated credential does with tokens. */
export interface Acceptance {
  /** The subject that it wants; a pattern where it takes several. */
  readonly subject: string;
  /** Whether it takes a token of this subject, as far as that alone decides. */
  acceptsSubject(subject: string): boolean;
  /** What it asks of other claims, and these do not say. */
  unmet(claims: Readonly<Record<string, string>>): readonly ClaimCondition[];
}

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations: a subject is compared as a whole, in its case. */
export function acceptanceOf({ by, value }: Pick<FederatedTrust, "by" | "value">): Acceptance {
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
