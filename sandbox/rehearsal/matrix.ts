import { feedGrants, strongestRole } from "../../src/feed-roles.ts";
import { approversOf, type Environments, findEnvironment } from "../../src/jobs/environment.ts";
import { means } from "../../src/jobs/meaning.ts";
import { pullRequestReach, settingPlaces } from "../../src/jobs/reach.ts";
import { startOf } from "../../src/jobs/start.ts";
import { describeTrust } from "../../src/jobs/trust.ts";
import type { IdentitySettings, Settings } from "../../src/settings/schema.ts";
import type { SecretEnd } from "../../src/settings/secret-end.ts";
import { planSettings, secretsGiven } from "../../src/variables.ts";
import { knownEnvironments, mustNotWriteForPullRequests } from "./known-environments.ts";
import {
  asOtherKind,
  forkedPullRequest,
  inOtherCase,
  pullRequest,
  type Scene,
  sceneOf,
  sceneWords,
  strangeBranch,
  strangeEnvironment,
} from "./scene.ts";

/**
 * What a stack file means, as jobs that can be tried: each identity, from each job that it trusts and from those that
 * it must not, and what each may do. The file alone decides what is expected, by the model of the job that everything else
 * goes by; what the program made of it does not.
 */

/**
 * What a job tries, in this order. `start` is GitHub's to refuse, by an environment's rules; `install draft` is of a package
 * that was not promoted to a view.
 */
export type Action = "start" | "sign in" | "install" | "install draft" | "save" | "publish";

export type Expected = "works" | "refused";

/** One thing that a job tries. */
export interface Check {
  readonly action: Action;
  /** The stack's name for the feed that it is about; undefined where there is nothing to tell apart. */
  readonly feed?: string;
  readonly expected: Expected;
  /** Why that is expected, for people. */
  readonly why: string;
}

/** One job, as one identity. */
export interface Case {
  readonly identity: string;
  readonly way: "oidc" | "secret";
  readonly scene: Scene;
  /** The job in a few words. */
  readonly job: string;
  /** What it tries; nothing more is tried after a refused start or sign-in. */
  readonly checks: readonly Check[];
}

/**
 * @param upstreams the feeds that take packages from upstream sources, by the stack's names: others have nothing to save
 * @param ended client secrets that Entra refuses. Default: none
 */
export function deriveMatrix(
  settings: Settings,
  upstreams: ReadonlySet<string>,
  ended: readonly SecretEnd[] = [],
): Case[] {
  const environments = knownEnvironments(settings);
  return Object.entries(settings.identities).flatMap(([name, identity]) =>
    waysOf(identity).flatMap((way) => casesOf({ settings, environments, name, identity, way, upstreams, ended })),
  );
}

function waysOf({ signIn }: IdentitySettings): readonly ("oidc" | "secret")[] {
  return signIn === "both" ? ["oidc", "secret"] : [signIn];
}

/** One identity, signing in in one way. */
interface Subject {
  readonly settings: Settings;
  readonly environments: Environments;
  readonly name: string;
  readonly identity: IdentitySettings;
  readonly way: Case["way"];
  readonly upstreams: ReadonlySet<string>;
  readonly ended: readonly SecretEnd[];
}

/** A job to try, and why it would not sign in. */
interface Candidate {
  readonly scene: Scene;
  readonly why: string;
  /** Whether it also tries what the roles allow: it finds the identity's variables. Default: false. */
  readonly isFull?: boolean;
}

function casesOf(subject: Subject): Case[] {
  const { identity, name, way, environments } = subject;
  const own = identity.trust.map((entry) => ({ scene: sceneOf(entry, environments), why: "", isFull: true }));
  const jobs = new Set<string>();
  return [...own, ...strangers(subject)].flatMap(({ scene, why, isFull }: Candidate) => {
    const job = sceneWords(scene);
    const first = jobs.has(job) ? undefined : expectation(subject, scene, why);
    jobs.add(job);
    if (first === undefined) return [];
    const more = isFull && first.expected === "works" ? accessChecks(subject, scene) : [];
    return [{ identity: name, way, scene, job, checks: [first, ...more] }];
  });
}

/** What a job that has signed in may do: what the roles let it, and no writing by whoever opens a pull request. */
function accessChecks({ settings, environments, identity, upstreams }: Subject, { event }: Scene): Check[] {
  const checks = roleChecks(settings, identity, upstreams);
  const known = { environments, template: settings.subjectTemplate };
  const isUnguarded = event === "pull_request" && pullRequestReach(identity, known) !== undefined;
  if (!isUnguarded || !mustNotWriteForPullRequests(identity)) return checks;
  const why = "pull requests may not write to a feed: the file does not take that risk on";
  return checks.map((check) =>
    check.action === "save" || check.action === "publish" ? { ...check, expected: "refused", why } : check,
  );
}

function roleChecks({ feeds }: Settings, { roles }: IdentitySettings, upstreams: ReadonlySet<string>): Check[] {
  const grants = feedGrants(feeds, roles);
  const installs = grants.flatMap(({ name, feed, role }): Check[] => {
    const isTold = grants.length > 1 || feed.view !== undefined;
    const place = isTold ? { feed: name } : {};
    const draft = "a view shows what was promoted to it, and nothing else";
    return [
      { action: "install", ...place, expected: "works", why: `a ${role} may install` },
      ...(feed.view === undefined
        ? []
        : [{ action: "install draft", ...place, expected: "refused", why: draft } as const]),
    ];
  });
  // Clients ask all of their feeds at once: what one of them gives, the job has.
  const saving = grants.filter(({ name, feed }) => feed.view === undefined && upstreams.has(name));
  const [saver = saving[0]] = saving.filter(({ role }) => role !== "reader");
  const [publisher = grants[0]] = grants.filter(({ role }) => role === "contributor");
  return [
    ...installs,
    ...(saver ? [allowed("save", saver.role, saver.role !== "reader", "save packages from upstream sources")] : []),
    ...(publisher ? [allowed("publish", publisher.role, publisher.role === "contributor", "publish")] : []),
  ];
}

function allowed(action: Action, role: string, may: boolean, what: string): Check {
  return { action, expected: may ? "works" : "refused", why: `a ${role} ${may ? "may" : "may not"} ${what}` };
}

/**
 * Jobs that look like a trusted one, each different in one thing, and why they are not. Some are trusted all the same,
 * by another entry or because nothing protects an environment.
 */
function strangers({ settings, environments, identity, way }: Subject): Candidate[] {
  const { trust } = identity;
  const own = trust.map((entry) => sceneOf(entry, environments));
  const others = Object.values(settings.identities).flatMap((other) =>
    other.trust.map((entry) => sceneOf(entry, environments)),
  );
  const each = (change: (scene: Scene) => Scene | undefined, why: string): Candidate[] =>
    own.flatMap((scene) => {
      const changed = change(scene);
      return changed === undefined ? [] : [{ scene: changed, why }];
    });
  // Whoever is given the secret at the repository finds the variables there.
  const mayWrite = way === "secret" && settingPlaces(trust).includes(undefined) && writes(identity);
  return [
    { scene: strangeBranch, why: "no trust entry is for that branch" },
    { scene: pullRequest, why: "pull requests are not trusted", isFull: mayWrite },
    { scene: forkedPullRequest, why: "GitHub gives a fork neither an ID token nor secrets" },
    { scene: strangeEnvironment, why: "a job with an environment is that environment's, whatever its branch" },
    ...others.map((scene) => ({ scene, why: "another identity trusts it" })),
    ...each((scene) => ({ ...scene, repository: "other" }), "what is trusted is this repository's alone"),
    // Who can start a job in the one case can start it in the other: for a secret there is no difference.
    ...(way === "oidc" ? each(inOtherCase, "subjects are case-sensitive") : []),
    ...each(asOtherKind, "a branch and a tag of one name are not the same"),
    ...each(withoutEnvironment, "the environment is trusted, not what may deploy to it"),
    ...each(withoutWorkflow, "the reusable workflow is trusted, not who uses it"),
    ...each((scene) => fromElsewhere(scene, environments), ""),
    ...each((scene) => notApproved(scene, environments), ""),
    ...each((scene) => asPullRequest(scene, environments), "").map((one) => ({ ...one, isFull: true })),
  ];
}

function writes({ roles }: IdentitySettings): boolean {
  return strongestRole(roles) !== "reader";
}

function withoutEnvironment({ environment, ...scene }: Scene): Scene | undefined {
  return environment === undefined ? undefined : scene;
}

function withoutWorkflow({ workflow, ...scene }: Scene): Scene | undefined {
  return workflow === undefined ? undefined : scene;
}

function fromElsewhere(scene: Scene, environments: Environments): Scene | undefined {
  const isKnown = scene.environment !== undefined && findEnvironment(environments, scene.environment) !== undefined;
  return isKnown ? { ...scene, event: "push", ref: strangeBranch.ref } : undefined;
}

function notApproved(scene: Scene, environments: Environments): Scene | undefined {
  const environment = scene.environment === undefined ? undefined : findEnvironment(environments, scene.environment);
  return environment && approversOf(environment).length > 0 ? { ...scene, approved: false } : undefined;
}

/** A pull request's job in the environment, which nobody approves where somebody has to. */
function asPullRequest(scene: Scene, environments: Environments): Scene | undefined {
  if (scene.environment === undefined) return undefined;
  const { event, ref } = pullRequest;
  const other = { ...scene, event, ref };
  return startOf(other, environments).verdict === "refused" ? other : (notApproved(other, environments) ?? other);
}

/** Whether the job starts and signs in; undefined where it would be given another identity's secret of that name. */
function expectation(
  { settings, environments, name, identity, way, ended }: Subject,
  scene: Scene,
  why: string,
): Check | undefined {
  const isOwn = scene.repository === "own";
  // Another repository has no such environment: GitHub makes it, without protection, as any that is not known.
  const start = startOf(scene, isOwn ? environments : {});
  if (start.verdict === "refused") return { action: "start", expected: "refused", why: start.reason };
  const entry = isOwn ? identity.trust.find((trusted) => means(trusted, scene)) : undefined;
  const works = entry && `${name} trusts ${describeTrust(entry)}`;
  if (way === "oidc") return { action: "sign in", expected: works ? "works" : "refused", why: works ?? why };
  const secret = `${identity.variablePrefix ?? ""}AZURE_CREDENTIALS`;
  const plan = planSettings(settings.identities, settings.subscriptionId !== undefined);
  const given = isOwn ? secretsGiven(plan, scene).find((setting) => setting.name === secret) : undefined;
  if (given === undefined)
    return { action: "sign in", expected: "refused", why: "GitHub gives the job no such secret" };
  if (given.identity !== name) return undefined;
  const end = ended.find((one) => one.identity === name);
  if (end !== undefined) {
    return { action: "sign in", expected: "refused", why: `the client secret ended on ${end.day}` };
  }
  const anyway = "a secret asks for nothing: every job that is given it signs in";
  return { action: "sign in", expected: "works", why: works ?? anyway };
}
