import { grantsOf, protectionWords } from "../access/grants.ts";
import type { Settings } from "../settings/schema.ts";
import type { RepositorySubjects } from "../jobs/repository-subjects.ts";
import { describeTrust, trustOf } from "../jobs/trust.ts";
import { planSettings } from "../variables.ts";
import type { Job } from "../jobs/job.ts";
import { tokenOf } from "../jobs/token.ts";
import { type NearMiss, nearestTo } from "./nearest.ts";
import { trustedSubjects } from "./trusted.ts";

/** Which identities take a job's token, or why none does. */
export interface Explanation {
  readonly stack: string;
  readonly repository: string;
  /** The subject that GitHub mints; undefined where it mints none, and then `reason` says why. */
  readonly subject: string | undefined;
  readonly reason: string | undefined;
  readonly accepted: readonly Acceptance[];
  /** Empty where some identity accepts. */
  readonly nearest: readonly NearMiss[];
  /** Identities that take a client secret, and where that is. */
  readonly secrets: readonly SettingsPlace[];
}

/** One trust entry that takes the token. */
export interface Acceptance {
  readonly identity: string;
  /** For people: `branch main`. */
  readonly trusts: string;
  readonly by: "subject" | "expression";
  readonly value: string;
  readonly feeds: readonly FeedAccess[];
  /** What stands before a deployment to the environment, in words. */
  readonly protection: readonly string[];
  readonly variables: SettingsPlace;
}

/** What an identity may do on one feed. */
export interface FeedAccess {
  /** `contoso/data/python`. */
  readonly feed: string;
  readonly role: string;
  /** What the role may do, in words. */
  readonly may: string;
}

/** Where a workflow finds what it signs in with. */
export interface SettingsPlace {
  readonly identity: string;
  /** Undefined for the repository. */
  readonly environment: string | undefined;
  readonly names: readonly string[];
}

export function explainJob(stack: string, settings: Settings, subjects: RepositorySubjects, job: Job): Explanation {
  const token = tokenOf(subjects, job);
  const common = {
    stack,
    repository: settings.repository,
    secrets: secretsOf(settings, job),
  };
  if (token.claims === undefined) {
    return { ...common, subject: undefined, reason: token.reason, accepted: [], nearest: [] };
  }
  const { claims } = token;
  const trusted = trustedSubjects(settings, subjects);
  const accepted = trusted
    .filter((one) => one.acceptsSubject(claims.sub) && one.unmet(claims).length === 0)
    .map(({ identity, entry, by, value }) => ({
      identity,
      trusts: describeTrust(entry),
      by,
      value,
      feeds: feedsOf(stack, settings, identity),
      protection: protectionOf(stack, settings, identity, describeTrust(entry)),
      variables: placeOf(settings, identity, "variable", environmentOf(trustOf(entry))),
    }));
  const nearest = accepted.length > 0 ? [] : nearestTo(claims.sub, claims, trusted, settings, stack);
  return { ...common, subject: claims.sub, reason: undefined, accepted, nearest };
}

function feedsOf(stack: string, settings: Settings, identity: string): FeedAccess[] {
  const grants = grantsOf(stack, settings).filter((grant) => grant.identity === identity);
  return grants.map(({ feed, role, may }) => ({ feed, role, may }));
}

function environmentOf({ kind, value }: ReturnType<typeof trustOf>): string | undefined {
  return kind === "environment" ? value : undefined;
}

function protectionOf(stack: string, settings: Settings, identity: string, words: string): readonly string[] {
  const grant = grantsOf(stack, settings).find((one) => one.identity === identity);
  const source = grant?.from.find((one) => one.words === words);
  return source === undefined ? [] : protectionWords(source);
}

function placeOf(
  settings: Settings,
  identity: string,
  kind: "variable" | "secret",
  environment: string | undefined,
): SettingsPlace {
  const names = planSettings(settings.identities, settings.subscriptionId !== undefined)
    .filter((setting) => setting.identity === identity && setting.kind === kind && setting.environment === environment)
    .map(({ name }) => name);
  return { identity, environment, names };
}

/** The secrets that the job is given: the repository's, and those of its environment; none for a fork. */
function secretsOf(settings: Settings, job: Job): SettingsPlace[] {
  if (job.fromFork && job.event !== "pull_request_target") return [];
  const places = [undefined, ...(job.environment === undefined ? [] : [job.environment])];
  return Object.keys(settings.identities).flatMap((identity) =>
    places.map((place) => placeOf(settings, identity, "secret", place)).filter(({ names }) => names.length > 0),
  );
}
