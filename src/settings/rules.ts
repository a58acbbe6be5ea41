import {
  type TrustEntry,
  describeTrust,
  githubIssuer,
  meansSeveralRefs,
  nameSubjectPrefix,
  subjectOf,
  trustOf,
  workflowOf,
} from "../jobs/trust.ts";
import { byName } from "../table.ts";
import { planSettings, settingConflicts } from "../variables.ts";
import { feedAccessProblems, feedProblems } from "./feed-rules.ts";
import { type Feeds, isRefPattern, knownOf, patternsAsEnvironments } from "./meaning.ts";
import { mismatch, pathText, type Problem, shown } from "./problem.ts";
import { pullRequestProblems } from "./pull-request-rules.ts";
import type { EnvironmentSettings, IdentitySettings, WrittenSettings } from "./schema.ts";
import { possibleDays, tooLateAnEnd } from "./secret-end.ts";

/**
 * What the values of a file must be to each other. Each rule says only what it sees: it is given the parts that are
 * sound in themselves, and a part that is not is left out.
 */
export type SoundParts = Partial<Omit<WrittenSettings, "identities">> &
  Pick<WrittenSettings, "environments"> & {
    readonly identities: Readonly<Record<string, IdentitySettings>>;
    /** Where they are. */
    readonly places: Feeds;
  };

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
const credentialLimit = 20;
/** https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments */
const reviewerLimit = 6;

/** @param today the present day, e.g. `2026-11-30`; undefined to judge the file whatever the day */
export function relate(parts: SoundParts, today: string | undefined): Problem[] {
  const expanded = patternsAsEnvironments(parts);
  return [
    ...feedProblems(parts),
    ...prefixProblems(parts),
    ...Object.entries(parts.identities).flatMap(([name, identity]) => [
      ...feedAccessProblems(name, identity, parts.places),
      ...identityProblems(name, identity, today),
    ]),
    ...pullRequestProblems({ ...expanded, feeds: parts.places }, knownOf(expanded)),
    ...budgetProblems(expanded),
    ...patternProblems(parts),
    ...Object.entries(parts.environments).flatMap(([name, environment]) => environmentProblems(name, environment)),
    ...environmentCaseProblems(expanded),
    ...namingProblems(expanded),
    ...settingLimitProblems(expanded),
  ];
}

function prefixProblems({ repository, subjectPrefix }: SoundParts): Problem[] {
  if (repository === undefined || subjectPrefix === undefined) return [];
  const named = subjectPrefix.replaceAll(/@\d+/g, "");
  const [owner = "", name = ""] = repository.split("/");
  const wanted = nameSubjectPrefix(owner, name);
  if (named.toLowerCase() === wanted.toLowerCase()) return [];
  const text = mismatch(subjectPrefix, `a prefix of ${repository}`, "leave it out and GitHub is asked");
  return [{ path: "subjectPrefix", text }];
}

function identityProblems(name: string, identity: IdentitySettings, today: string | undefined): Problem[] {
  const path = pathText(["identities", name]);
  return [...repeatedTrustProblems(path, identity.trust), ...secretProblems(path, identity, today)];
}

function repeatedTrustProblems(path: string, trust: readonly TrustEntry[]): Problem[] {
  const firsts = new Map<string, number>();
  return trust.flatMap((entry, index) => {
    const subject = JSON.stringify([subjectOf("", entry), workflowOf(entry)]);
    const first = firsts.get(subject);
    if (first === undefined) firsts.set(subject, index);
    if (first === undefined) return [];
    const text = `trusts ${describeTrust(entry)} again, as trust[${first}] does; Entra takes a subject once: remove one`;
    return [{ path: `${path}.trust[${index}]`, text }];
  });
}

/** A flexible credential counts as much as another. */
function budgetProblems({ identities, subjects }: SoundParts): Problem[] {
  return Object.entries(identities).flatMap(([name, { trust, signIn }]) => {
    const count = trust.length * (subjects === "both" ? 2 : 1);
    if (signIn === "secret" || count <= credentialLimit) return [];
    const forms = subjects === "both" ? `, each in two forms, ${count} credentials` : "";
    const text =
      `got ${trust.length} entries${forms}, expected at most ${credentialLimit}, as many federated credentials as Entra takes for an application; ` +
      "trust an environment that several branches or tags may deploy to, or split the identity";
    return [{ path: pathText(["identities", name, "trust"]), text }];
  });
}

/** Entra matches expressions for github.com's own issuer alone; an environment that stands for patterns says nothing else. */
function patternProblems({ identities, environments, issuer = githubIssuer, patterns }: SoundParts): Problem[] {
  return Object.entries(identities).flatMap(([name, { trust, signIn }]) => {
    const managed = byName(environments, name);
    if (patterns === "environment" && managed?.deployFrom !== undefined && trust.some(isRefPattern)) {
      const path = pathText(["environments", name, "deployFrom"]);
      const text = `the patterns of the identity ${name} decide what deploys there; remove it, or give the identity another name`;
      return [{ path, text }];
    }
    if (issuer === githubIssuer || signIn === "secret") return [];
    return trust.flatMap((entry, index) => {
      if (!meansSeveralRefs(entry) || (patterns === "environment" && isRefPattern(entry))) return [];
      const text =
        `${describeTrust(entry)} takes a flexible credential, which Entra has for ${githubIssuer} alone; ` +
        (isRefPattern(entry)
          ? "set patterns: environment, or name each branch and tag"
          : "trust an environment instead");
      return [{ path: pathText(["identities", name, "trust", index]), text }];
    });
  });
}

/** That a secret has ended is no problem of the file: what else it gives goes on. */
function secretProblems(
  path: string,
  { signIn, secretExpires }: IdentitySettings,
  today: string | undefined,
): Problem[] {
  const where = `${path}.secretExpires`;
  if (signIn === "oidc") {
    if (secretExpires === undefined) return [];
    const text = `got ${shown(secretExpires)}, but signIn oidc makes no secret; remove it, or set signIn to secret or both`;
    return [{ path: where, text }];
  }
  if (secretExpires === undefined) {
    const fix = `signIn ${signIn} makes a client secret, and none may last for ever`;
    return [{ path: where, text: mismatch(undefined, possibleDays(today), fix) }];
  }
  const text = today === undefined ? undefined : tooLateAnEnd(secretExpires, today);
  return text === undefined ? [] : [{ path: where, text }];
}

function environmentProblems(name: string, environment: EnvironmentSettings): Problem[] {
  const path = pathText(["environments", name]);
  const { reviewers, deployFrom, preventSelfReview } = environment;
  const problems: Problem[] = [];
  const count = (reviewers?.teams?.length ?? 0) + (reviewers?.users?.length ?? 0);
  if (reviewers && count === 0) {
    const text = mismatch(reviewers, "teams, users or both", "remove it for no reviewers");
    problems.push({ path: `${path}.reviewers`, text });
  }
  if (count > reviewerLimit) {
    problems.push({
      path: `${path}.reviewers`,
      text: `got ${count} teams and users, expected at most ${reviewerLimit}; name a team that holds them`,
    });
  }
  if (preventSelfReview && reviewers === undefined) {
    const text = "got true, but nobody reviews; name reviewers, or remove it";
    problems.push({ path: `${path}.preventSelfReview`, text });
  }
  const named = (deployFrom?.branches?.length ?? 0) + (deployFrom?.tags?.length ?? 0);
  if (deployFrom && named === 0 && !deployFrom.protectedBranches) {
    const fix = "remove it to let every branch and tag deploy";
    problems.push({
      path: `${path}.deployFrom`,
      text: mismatch(deployFrom, "branches, tags or protectedBranches", fix),
    });
  }
  if (deployFrom?.protectedBranches && named > 0) {
    problems.push({
      path: `${path}.deployFrom`,
      text: "got protectedBranches beside branches or tags, expected one of the two; GitHub keeps either the one or the other",
    });
  }
  return problems;
}

/** GitHub finds an environment whatever the case; Entra compares subjects case by case. The first way of writing counts. */
function environmentCaseProblems({ identities, environments }: SoundParts): Problem[] {
  const managed = Object.keys(environments).map((value) => ({ path: pathText(["environments", value]), value }));
  const trusted = Object.entries(identities).flatMap(([identity, { trust }]) =>
    trust.map(trustOf).flatMap(({ kind, value }, index) => {
      const path = pathText(["identities", identity, "trust", index, kind]);
      return kind === "environment" ? [{ path, value }] : [];
    }),
  );
  const firsts = new Map<string, (typeof managed)[number]>();
  return [...managed, ...trusted].flatMap(({ path, value }) => {
    const first = firsts.get(value.toLowerCase());
    if (first === undefined) firsts.set(value.toLowerCase(), { path, value });
    if (first === undefined || first.value === value) return [];
    const expected = `${shown(first.value)}, as in ${first.path}`;
    const fix = "GitHub takes the two for one, Entra does not: write it as GitHub does";
    return [{ path, text: mismatch(value, expected, fix) }];
  });
}

/** Two identities that would write the same variable at the same place. One line for each pair of identities. */
function namingProblems({ identities, subscriptionId }: SoundParts): Problem[] {
  const problems = new Map<string, Problem>();
  for (const group of settingConflicts(planSettings(identities, subscriptionId !== undefined))) {
    const [first, ...others] = group;
    for (const other of others) {
      // One identity, twice at one place: an environment written in two ways, which is told already.
      if (first === undefined || first.identity === other.identity) continue;
      const place = other.environment === undefined ? "the repository" : `the environment ${other.environment}`;
      const path = pathText(["identities", other.identity]);
      const key = `${path} ${first.identity} ${place}`;
      if (problems.has(key)) continue;
      problems.set(key, {
        path,
        text:
          `writes ${other.name} at ${place}, as ${first.identity} does; ` +
          `set variablePrefix: ${suggestedPrefix(other.identity)} to name them apart, or trust an environment of its own`,
      });
    }
  }
  return [...problems.values()];
}

/** A prefix made of the identity's name. GitHub keeps GITHUB_ for itself. */
function suggestedPrefix(identity: string): string {
  const prefix = `${identity.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}_`;
  return prefix.startsWith("GITHUB_") ? `FROM_${prefix}` : prefix;
}

/** https://docs.github.com/actions/reference/workflows-and-actions/variables and .../security/secrets */
const settingLimits = {
  variable: { repository: 500, environment: 100 },
  secret: { repository: 100, environment: 100 },
};

/** More than a place can hold. What others have written there is not known here. */
function settingLimitProblems({ identities, subscriptionId }: SoundParts): Problem[] {
  const counts = new Map<string, { count: number; limit: number; what: string }>();
  for (const { kind, environment } of planSettings(identities, subscriptionId !== undefined)) {
    const limit = settingLimits[kind][environment === undefined ? "repository" : "environment"];
    const place = environment === undefined ? "the repository" : `the environment ${environment}`;
    const what = `${kind}s at ${place}`;
    counts.set(what, { count: (counts.get(what)?.count ?? 0) + 1, limit, what });
  }
  return [...counts.values()].flatMap(({ count, limit, what }) => {
    if (count <= limit) return [];
    const text = `got ${count} ${what}, expected at most ${limit}, as many as GitHub keeps; use fewer identities there`;
    return [{ path: "identities", text }];
  });
}
