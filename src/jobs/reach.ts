import { approversOf, barriersOf, type Environments, findEnvironment, takesPullRequests } from "./environment.ts";
import { anyJob, classKey, classOf, hasPullRequests, type JobClass, pullRequestsThrough } from "./job-class.ts";
import { defaultTemplate } from "./repository-subjects.ts";
import { tellsApart } from "./subject.ts";
import { type TrustEntry, trustOf } from "./trust.ts";

/** How the jobs of an identity sign in: with GitHub's token, with a client secret, or, on the way off it, either. */
export type SignIn = "oidc" | "secret" | "both";

/** Whom an identity trusts. */
export interface Trusting {
  readonly trust: readonly TrustEntry[];
  readonly signIn: SignIn;
}

/** What is known of the repository whose jobs it trusts. */
export interface Known {
  /** Those that the file keeps, and those that GitHub told of. */
  readonly environments: Environments;
  /** The claims that subjects are made of. Default: `repo`, `context`, which is GitHub's. */
  readonly template?: readonly string[] | undefined;
}

/** A class of jobs that can become an identity. */
export interface Reach extends JobClass {
  /** What stands before them, in words; empty for nothing, undefined where that is not known. */
  readonly before: readonly string[] | undefined;
  /** What is to be said of them where they may publish; undefined for nothing. */
  readonly caution?: string;
}

/**
 * All classes of jobs that can become an identity. With GitHub's token a job must be what the trust list names, as far as
 * the repository's subjects tell. A client secret asks for nothing: whoever can read it may use it, so what counts is
 * where it is written.
 */
export function reachOf({ trust, signIn }: Trusting, known: Known): Reach[] {
  const byToken = signIn === "secret" ? [] : trust.flatMap((entry) => reachByToken(entry, known));
  const bySecret = signIn === "oidc" ? [] : settingPlaces(trust).flatMap((place) => reachBySecret(place, known));
  return [
    ...new Map([...byToken, ...bySecret].toReversed().map((reach) => [classKey(reach), reach])).values(),
  ].toReversed();
}

/**
 * Whether the job of a pull request can become the identity before anybody approves it, and by what: the one answer for
 * rules, reports and rehearsal. Pull requests of forks never can, since GitHub gives them neither token nor secrets.
 */
export function pullRequestReach(trusting: Trusting, known: Known): Reach | undefined {
  return reachOf(trusting, known).find(hasPullRequests);
}

/** The environments where what an identity's jobs read is written, in the order of its trust; undefined is the repository. */
export function settingPlaces(trust: readonly TrustEntry[]): (string | undefined)[] {
  const places = trust.map(trustOf).map(({ kind, value }) => (kind === "environment" ? value : undefined));
  return [...new Set(places)];
}

function reachByToken(entry: TrustEntry, known: Known): Reach[] {
  if (!tellsApart(known.template ?? defaultTemplate, entry)) {
    return [{ ...anyJob("any job of the repository, which its token does not tell apart"), before: [] }];
  }
  const { kind, value, workflow } = trustOf(entry);
  if (kind === "environment") return reachOfEnvironment(value, workflow, classOf(entry), known);
  return [
    { ...classOf(entry), before: [], ...(kind === "mergeQueue" ? { caution: "code that is not merged yet" } : {}) },
  ];
}

function reachBySecret(place: string | undefined, known: Known): Reach[] {
  if (place === undefined) return [{ ...anyJob("any job with the repository's secrets"), before: [] }];
  return reachOfEnvironment(place, undefined, classOf({ environment: place }), known);
}

function reachOfEnvironment(name: string, workflow: string | undefined, own: JobClass, known: Known): Reach[] {
  const environment = findEnvironment(known.environments, name);
  if (environment === undefined) return [{ ...own, before: undefined }];
  const before = barriersOf(environment);
  const isOpen = takesPullRequests(environment) && approversOf(environment).length === 0;
  return [{ ...own, before }, ...(isOpen ? [{ ...pullRequestsThrough(name, workflow), before }] : [])];
}
