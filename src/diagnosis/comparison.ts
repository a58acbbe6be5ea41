import type { RepositorySubjects } from "../jobs/repository-subjects.ts";
import type { Settings } from "../settings/schema.ts";
import { type NearMiss, nearestTo } from "./nearest.ts";
import { jobOf, partsOf } from "./subject-words.ts";
import { trustedSubjects, type Unmatched, unmatchedFor } from "./trusted.ts";

/** What a stack's file says to a subject that was refused. */
export interface Comparison {
  readonly stack: string;
  readonly subject: string;
  /** Entries that may be for its job, and of which no credential can be made or told: then nothing is compared. */
  readonly unmatched: readonly Unmatched[];
  readonly nearest: readonly NearMiss[];
}

export function compareSubject(
  stack: string,
  settings: Settings,
  subjects: RepositorySubjects,
  subject: string,
): Comparison {
  const trusted = trustedSubjects(settings, subjects);
  const { repository, context } = partsOf(subject);
  const isOwn = repository === undefined || repository === partsOf(`${subjects.prefix}:`).repository;
  const isKnown = !isOwn || trusted.credentials.some((one) => one.acceptsSubject(subject));
  const unmatched = isKnown ? [] : unmatchedFor(jobOf(context), trusted, subjects);
  const nearest = unmatched.length > 0 ? [] : nearestTo(subject, undefined, trusted.credentials, settings, stack);
  return { stack, subject, unmatched, nearest };
}
