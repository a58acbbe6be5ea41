import { feedGrants } from "../../src/feed-roles.ts";
import type { IdentitySettings, Settings } from "../../src/settings/schema.ts";
import { describeTrust } from "../../src/jobs/trust.ts";
import { planSettings } from "../../src/variables.ts";
import {
  asOtherKind,
  forkedPullRequest,
  gateOf,
  inOtherCase,
  isTrusted,
  protectionOf,
  pullRequest,
  type Scene,
  sceneOf,
  sceneWords,
  strangeBranch,
  strangeEnvironment,
} from "./scene.ts";

/**
 * What a stack file means, as jobs that can be tried: each identity, from each job that it trusts and from those that
 * it must not, and what each may do. The file alone decides what is expected; what the program made of it does not.
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

/** @param upstreams the feeds that take packages from upstream sources, by the stack's names: others have nothing to save */
export function deriveMatrix(settings: Settings, upstreams: ReadonlySet<string>): Case[] {
  return Object.entries(settings.identities).flatMap(([name, identity]) =>
    waysOf(identity).flatMap((way) => casesOf(settings, name, identity, way, upstreams)),
  );
}

function waysOf({ signIn }: IdentitySettings): readonly ("oidc" | "secret")[] {
  return signIn === "both" ? ["oidc", "secret"] : [signIn];
}

function casesOf(
  settings: Settings,
  name: string,
  identity: IdentitySettings,
  way: Case["way"],
  upstreams: ReadonlySet<string>,
): Case[] {
  const own = identity.trust.map((entry) => ({
    scene: sceneOf(entry, settings.environments),
    checks: accessChecks(settings, identity, upstreams),
    why: "",
  }));
  const strange = strangers(settings, identity, way).map((stranger) => ({ ...stranger, checks: [] }));
  const jobs = new Set<string>();
  return [...own, ...strange].flatMap(({ scene, checks, why }) => {
    const job = sceneWords(scene);
    const first = jobs.has(job) ? undefined : expectation(settings, name, identity, way, scene, why);
    jobs.add(job);
    if (first === undefined) return [];
    return [{ identity: name, way, scene, job, checks: first.expected === "works" ? [first, ...checks] : [first] }];
  });
}

/** What its roles let a job do that has signed in. */
function accessChecks({ feeds }: Settings, { roles }: IdentitySettings, upstreams: ReadonlySet<string>): Check[] {
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
function strangers(settings: Settings, identity: IdentitySettings, way: Case["way"]) {
  const own = identity.trust.map((entry) => sceneOf(entry, settings.environments));
  const others = Object.values(settings.identities).flatMap(({ trust }) =>
    trust.map((entry) => sceneOf(entry, settings.environments)),
  );
  const each = (change: (scene: Scene) => Scene | undefined, why: string) =>
    own.flatMap((scene) => {
      const changed = change(scene);
      return changed === undefined ? [] : [{ scene: changed, why }];
    });
  return [
    { scene: strangeBranch, why: "no trust entry is for that branch" },
    { scene: pullRequest, why: "pull requests are not trusted" },
    { scene: forkedPullRequest, why: "GitHub gives a fork neither an ID token nor secrets" },
    { scene: strangeEnvironment, why: "a job with an environment is that environment's, whatever its branch" },
    ...others.map((scene) => ({ scene, why: "another identity trusts it" })),
    ...each((scene) => ({ ...scene, repository: "other" }), "what is trusted is this repository's alone"),
    // Who can start a job in the one case can start it in the other: for a secret there is no difference.
    ...(way === "oidc" ? each(inOtherCase, "subjects are case-sensitive") : []),
    ...each(asOtherKind, "a branch and a tag of one name are not the same"),
    ...each(withoutEnvironment, "the environment is trusted, not what may deploy to it"),
    ...each(withoutWorkflow, "the reusable workflow is trusted, not who uses it"),
    ...each((scene) => (saysWhoDeploys(settings, scene) ? { ...scene, ref: strangeBranch.ref } : undefined), ""),
    ...each((scene) => (hasReviewers(settings, scene) ? { ...scene, approved: false } : undefined), ""),
  ];
}

function withoutEnvironment({ environment, ...scene }: Scene): Scene | undefined {
  return environment === undefined ? undefined : scene;
}

function withoutWorkflow({ reusableWorkflow, ...scene }: Scene): Scene | undefined {
  return reusableWorkflow === undefined ? undefined : scene;
}

/** Whether the file alone tells from where a job may deploy to the environment. */
function saysWhoDeploys({ environments }: Settings, { environment }: Scene): boolean {
  const protection = environment === undefined ? undefined : protectionOf(environments, environment);
  return protection !== undefined && !protection.deployFrom?.protectedBranches;
}

function hasReviewers({ environments }: Settings, scene: Scene): boolean {
  return gateOf({ ...scene, approved: false }, environments) === "reviewers";
}

/** Whether the job starts and signs in; undefined where it would be given another identity's secret of that name. */
function expectation(
  settings: Settings,
  name: string,
  identity: IdentitySettings,
  way: Case["way"],
  scene: Scene,
  why: string,
): Check | undefined {
  const gate = gateOf(scene, settings.environments);
  if (gate !== undefined) return { action: "start", expected: "refused", why: gateWords[gate] };
  const entry = identity.trust.find((trusted) => isTrusted(trusted, scene));
  const works = entry && `${name} trusts ${describeTrust(entry)}`;
  if (way === "oidc") return { action: "sign in", expected: works ? "works" : "refused", why: works ?? why };
  const giver = secretOwner(settings, identity.variablePrefix, scene);
  if (giver === undefined) {
    return { action: "sign in", expected: "refused", why: "GitHub gives the job no such secret" };
  }
  if (giver !== name) return undefined;
  const anyway = "a secret asks for nothing: every job that is given it signs in";
  return { action: "sign in", expected: "works", why: works ?? anyway };
}

const gateWords = {
  deployFrom: "the environment's deployFrom does not let it deploy",
  reviewers: "the environment's reviewers come first",
} as const;

/** Whose AZURE_CREDENTIALS the job is given: those of its environment before those of the repository. */
function secretOwner(settings: Settings, variablePrefix = "", scene: Scene): string | undefined {
  if (scene.repository === "other" || scene.fork) return undefined;
  const secrets = planSettings(settings.identities, settings.subscriptionId !== undefined).filter(
    ({ kind, name }) => kind === "secret" && name === `${variablePrefix}AZURE_CREDENTIALS`,
  );
  const wanted = scene.environment?.toLowerCase();
  const atEnvironment = secrets.find(
    ({ environment }) => environment !== undefined && environment.toLowerCase() === wanted,
  );
  return (atEnvironment ?? secrets.find(({ environment }) => environment === undefined))?.identity;
}
