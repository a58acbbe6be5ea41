import { grantsOf } from "../access/grants.ts";
import { type Environments, findEnvironment } from "../jobs/environment.ts";
import { type Job, refOfJob } from "../jobs/job.ts";
import type { RepositorySubjects } from "../jobs/repository-subjects.ts";
import { type Start, startOf } from "../jobs/start.ts";
import { tokenOf } from "../jobs/token.ts";
import { describeTrust, trustOf } from "../jobs/trust.ts";
import { stackFilePath } from "../settings/config.ts";
import type { Settings } from "../settings/schema.ts";
import { hasEnded, type SecretEnd, secretEnds } from "../settings/secret-end.ts";
import { planSettings, secretsGiven, type Setting } from "../variables.ts";
import { type NearMiss, nearestTo } from "./nearest.ts";
import { trustedSubjects, type Unmatched, unmatchedFor } from "./trusted.ts";
import { wayIn } from "./way-in.ts";

/** What becomes of a job: whether GitHub starts it, which identities let it in, or why none does. */
export interface Explanation {
  readonly stack: string;
  readonly repository: string;
  /** `unknown` where what is known does not decide, and nothing lets the job in. */
  readonly verdict: "accepted" | "refused" | "unknown";
  /** The environment that the job names. */
  readonly environment: string | undefined;
  /** What GitHub does with the job before anybody is asked for a token. */
  readonly start: Start;
  /** What would let in a job that GitHub does not start; undefined for any other. */
  readonly wayIn: string | undefined;
  /** The subject that GitHub mints; undefined where it mints none, or what was said does not tell it. */
  readonly subject: string | undefined;
  /** Why there is no subject. */
  readonly reason: string | undefined;
  readonly accepted: readonly Accepted[];
  /** Client secrets that the job is given, and that Entra refuses since they ended. */
  readonly ended: readonly SecretEnd[];
  /** Entries that may be for the job, and of which no credential can be made or told. */
  readonly unmatched: readonly Unmatched[];
  /** Empty where some identity accepts the token, or it cannot be told. */
  readonly nearest: readonly NearMiss[];
  /** What is not known of all this, in words. */
  readonly doubts: readonly string[];
}

/** One way in which an identity accepts the job. */
export interface Accepted {
  readonly identity: string;
  /** With its token, compared by subject or expression; or with a client secret, which takes every job that reads it. */
  readonly by: "subject" | "expression" | "secret";
  /** For people: `branch main`. Undefined for a secret. */
  readonly trusts: string | undefined;
  /** What the token is compared with. Undefined for a secret. */
  readonly value: string | undefined;
  readonly feeds: readonly FeedAccess[];
  readonly reads: SettingsPlace;
}

/** What an identity may do on one feed. */
export interface FeedAccess {
  /** `contoso/data/python`. */
  readonly feed: string;
  readonly role: string;
  /** What the role may do, in words. */
  readonly may: string;
}

/** The variables, or the secret, that a job signs in with, and where they are. */
export interface SettingsPlace {
  /** Undefined for the repository. */
  readonly environment: string | undefined;
  readonly names: readonly string[];
}

/**
 * @param told how GitHub says that environments are protected which the file does not keep. Default: nothing is known of them
 * @param today the present day, e.g. `2026-11-30`. Default: whatever the day, no client secret has ended
 */
export function explainJob(
  stack: string,
  settings: Settings,
  subjects: RepositorySubjects,
  job: Job,
  told: Environments = {},
  today?: string,
): Explanation {
  const environments = { ...told, ...settings.environments };
  const start = startOf(job, environments);
  const nobody = {
    accepted: [],
    ended: [],
    unmatched: [],
    nearest: [],
    doubts: [],
    subject: undefined,
    reason: undefined,
  };
  const { repository } = settings;
  const common = { stack, repository, environment: job.environment, start, wayIn: undefined };
  if (start.verdict === "refused") {
    return { ...common, ...nobody, verdict: "refused", wayIn: wayInOf(stack, settings, job, environments) };
  }
  const doubts = doubtsOf(start, job, subjects);
  const plan = planSettings(settings.identities, settings.subscriptionId !== undefined);
  const given = secretsGiven(plan, job);
  const over = today === undefined ? [] : secretEnds(settings.identities, today).filter(hasEnded);
  const ended = over.filter(({ identity }) => given.some((secret) => secret.identity === identity));
  const living = given.filter((secret) => !ended.some(({ identity }) => identity === secret.identity));
  const bySecret = living.map(
    (secret): Accepted => ({
      identity: secret.identity,
      by: "secret",
      trusts: undefined,
      value: undefined,
      feeds: feedsOf(stack, settings, secret.identity),
      reads: { environment: secret.environment, names: [secret.name] },
    }),
  );
  const token = tokenOf(subjects, job);
  if (token.claims === undefined) {
    const verdict = bySecret.length > 0 ? "accepted" : token.isUnsaid ? "unknown" : "refused";
    return { ...common, ...nobody, verdict, doubts, reason: token.reason, accepted: bySecret, ended };
  }
  const { claims } = token;
  const trusted = trustedSubjects(settings, subjects);
  const byToken = trusted.credentials
    .filter((one) => one.acceptsSubject(claims.sub) && one.unmet(claims).length === 0)
    .map(({ identity, entry, by, value }): Accepted => {
      const { kind, value: name } = trustOf(entry);
      return {
        identity,
        by,
        trusts: describeTrust(entry),
        value,
        feeds: feedsOf(stack, settings, identity),
        reads: variablesAt(plan, identity, kind === "environment" ? name : undefined),
      };
    });
  const accepted = [...byToken, ...bySecret];
  const unmatched = unmatchedFor(job, trusted, subjects);
  const isJudged = byToken.length === 0 && unmatched.length === 0;
  return {
    ...common,
    verdict: accepted.length > 0 ? "accepted" : unmatched.some(({ isUnsaid }) => isUnsaid) ? "unknown" : "refused",
    subject: claims.sub,
    reason: undefined,
    accepted,
    ended,
    unmatched,
    nearest: isJudged ? nearestTo(claims.sub, claims, trusted.credentials, settings, stack) : [],
    doubts,
  };
}

function wayInOf(stack: string, settings: Settings, job: Job, environments: Environments): string | undefined {
  const { environment: name = "" } = job;
  const [environment, ref] = [findEnvironment(environments, name), refOfJob(job)];
  if (environment === undefined || ref === undefined) return undefined;
  return wayIn(name, environment, ref, settings, stackFilePath(stack));
}

function doubtsOf(start: Start, { event, environment }: Job, { template }: RepositorySubjects): string[] {
  const ofStart = start.verdict === "unknown" ? [`whether GitHub starts it: ${start.reason}`] : [];
  if (event !== "pull_request_target" || environment !== undefined || !template.includes("context")) return ofStart;
  const ofSubject =
    "what the subject is: GitHub documents it for pull_request alone, and pull_request_target has the ref of the target " +
    "branch, and tokens for forks too; name an environment in the job, whose subject is documented";
  return [...ofStart, ofSubject];
}

function feedsOf(stack: string, settings: Settings, identity: string): FeedAccess[] {
  const grants = grantsOf(stack, settings).filter((grant) => grant.identity === identity);
  return grants.map(({ feed, role, may }) => ({ feed, role, may }));
}

function variablesAt(plan: readonly Setting[], identity: string, environment: string | undefined): SettingsPlace {
  const own = plan.filter((one) => one.identity === identity && one.kind === "variable");
  return { environment, names: own.filter((one) => one.environment === environment).map(({ name }) => name) };
}
