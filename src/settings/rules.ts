import { type TrustEntry, describeTrust, nameSubjectPrefix, subjectOf, trustOf } from "../trust.ts";
import { planSettings, settingConflicts } from "../variables.ts";
import { mismatch, type Problem, shown } from "./problem.ts";
import type { EnvironmentSettings, IdentitySettings, Settings } from "./schema.ts";

/**
 * What the values of a file must be to each other. Each rule says only what it sees: it is given the parts that are
 * sound in themselves, and a part that is not is left out.
 */
export type SoundParts = Partial<Omit<Settings, "identities" | "environments">> &
  Pick<Settings, "identities" | "environments">;

/** https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
export const credentialLimit = 20;
/** The same page: issuer, subject, audience and description. */
const subjectLimit = 600;
/** https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments */
const reviewerLimit = 6;
/** The longest life that Entra's own pages offer for a client secret is two years. */
const secretLifeDays = 730;
const millisecondsPerDay = 24 * 60 * 60 * 1000;

/** @param today the present day, e.g. `2026-11-30` */
export function relate(parts: SoundParts, today: string): Problem[] {
  return [
    ...feedProblems(parts),
    ...prefixProblems(parts),
    ...Object.entries(parts.identities).flatMap(([name, identity]) => identityProblems(name, identity, today)),
    ...Object.entries(parts.environments).flatMap(([name, environment]) => environmentProblems(name, environment)),
    ...environmentCaseProblems(parts),
    ...namingProblems(parts),
  ];
}

function feedProblems({ feed, organization }: SoundParts): Problem[] {
  if (feed === undefined || feed.organization !== undefined || organization !== undefined) return [];
  const fix = "name it here, or set feedpass:organization in Pulumi.yaml for all stacks";
  return [{ path: "feed.organization", text: mismatch(undefined, "the feed's Azure DevOps organization", fix) }];
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

function identityProblems(name: string, identity: IdentitySettings, today: string): Problem[] {
  const path = `identities.${name}`;
  return [
    ...pullRequestProblems(path, identity),
    ...repeatedTrustProblems(path, identity.trust),
    ...budgetProblems(path, identity),
    ...secretProblems(path, identity, today),
  ];
}

function pullRequestProblems(path: string, { role, trust, acceptedRisks = [] }: IdentitySettings): Problem[] {
  if (role === "reader" || acceptedRisks.includes("pullRequestWrites")) return [];
  const index = trust.findIndex((entry) => trustOf(entry).kind === "pullRequest");
  if (index < 0) return [];
  return [
    {
      path: `${path}.trust[${index}]`,
      text:
        `pull requests with the role ${role} let anyone who can open one write to the feed; ` +
        "give pull requests an identity of their own with the role reader, or take the risk on with acceptedRisks: [pullRequestWrites]",
    },
  ];
}

function repeatedTrustProblems(path: string, trust: readonly TrustEntry[]): Problem[] {
  const subjects = trust.map((entry) => subjectOf("", entry));
  return subjects.flatMap((subject, index) => {
    const first = subjects.indexOf(subject);
    const entry = trust[index];
    if (first === index || entry === undefined) return [];
    const text = `${describeTrust(entry)} is trusted already by trust[${first}]; Entra takes a subject once; remove one`;
    return [{ path: `${path}.trust[${index}]`, text }];
  });
}

function budgetProblems(path: string, { trust, signIn }: IdentitySettings): Problem[] {
  if (signIn === "secret" || trust.length <= credentialLimit) return [];
  const text =
    `got ${trust.length} entries, expected at most ${credentialLimit}, as many federated credentials as Entra takes for an application; ` +
    "trust an environment that several branches or tags may deploy to, or split the identity";
  return [{ path: `${path}.trust`, text }];
}

function secretProblems(path: string, { signIn, secretExpires }: IdentitySettings, today: string): Problem[] {
  const where = `${path}.secretExpires`;
  if (signIn === "oidc") {
    if (secretExpires === undefined) return [];
    return [{ path: where, text: "signIn oidc has no secret; remove it, or set signIn to secret or both" }];
  }
  const expected = `a day within ${secretLifeDays} days`;
  if (secretExpires === undefined) {
    return [
      {
        path: where,
        text: mismatch(undefined, expected, `signIn ${signIn} makes a client secret, and none may last for ever`),
      },
    ];
  }
  const days = (Date.parse(secretExpires) - Date.parse(today)) / millisecondsPerDay;
  const got = secretExpires.slice(0, 10);
  if (days <= 0)
    return [{ path: where, text: mismatch(got, expected, "the secret has ended: set a later day to make a new one") }];
  if (days > secretLifeDays) return [{ path: where, text: mismatch(got, expected, "set an earlier day") }];
  return [];
}

function environmentProblems(name: string, environment: EnvironmentSettings): Problem[] {
  const path = `environments.${name}`;
  const { reviewers, deployFrom, preventSelfReview } = environment;
  const problems: Problem[] = [];
  const count = (reviewers?.teams?.length ?? 0) + (reviewers?.users?.length ?? 0);
  if (reviewers && count === 0) {
    problems.push({ path: `${path}.reviewers`, text: "expected teams, users or both; remove it for no reviewers" });
  }
  if (count > reviewerLimit) {
    problems.push({
      path: `${path}.reviewers`,
      text: `got ${count} teams and users, expected at most ${reviewerLimit}; name a team that holds them`,
    });
  }
  if (preventSelfReview && count === 0) {
    problems.push({
      path: `${path}.preventSelfReview`,
      text: "there is no reviewer to hold to it; name reviewers, or remove it",
    });
  }
  const named = (deployFrom?.branches?.length ?? 0) + (deployFrom?.tags?.length ?? 0);
  if (deployFrom && named === 0 && !deployFrom.protectedBranches) {
    problems.push({
      path: `${path}.deployFrom`,
      text: "expected branches, tags or protectedBranches; remove it to let every branch and tag deploy",
    });
  }
  if (deployFrom?.protectedBranches && named > 0) {
    problems.push({
      path: `${path}.deployFrom`,
      text: "got protectedBranches beside branches or tags, expected one of the two; GitHub keeps either policy",
    });
  }
  return problems;
}

/** GitHub finds an environment whatever the case; Entra compares subjects case by case. */
function environmentCaseProblems({ identities, environments }: SoundParts): Problem[] {
  const managed = Object.keys(environments);
  const clashes = managed.flatMap((name, index) => {
    const other = managed.slice(0, index).find((earlier) => earlier.toLowerCase() === name.toLowerCase());
    const text = `GitHub takes it for the environment ${shown(other)}; remove one`;
    return other === undefined ? [] : [{ path: `environments.${name}`, text }];
  });
  const strays = Object.entries(identities).flatMap(([identity, { trust }]) =>
    trust.flatMap((entry, index) => {
      const { kind, value } = trustOf(entry);
      const written = managed.find((name) => name.toLowerCase() === value.toLowerCase());
      if (kind !== "environment" || written === undefined || managed.includes(value)) return [];
      const path = `identities.${identity}.trust[${index}].environment`;
      return [
        { path, text: mismatch(value, shown(written), "subjects are case-sensitive: write it as under environments") },
      ];
    }),
  );
  return [...clashes, ...strays];
}

/** Two identities that would write the same variable at the same place. One line for each pair of identities. */
function namingProblems({ identities, subscriptionId }: SoundParts): Problem[] {
  const problems = new Map<string, Problem>();
  for (const group of settingConflicts(planSettings(identities, subscriptionId !== undefined))) {
    const [first, ...others] = group;
    for (const other of others) {
      if (first === undefined) continue;
      const place = other.environment === undefined ? "the repository" : `the environment ${other.environment}`;
      const path = `identities.${other.identity}`;
      const suggestion = `${other.identity.toUpperCase().replaceAll("-", "_")}_`;
      const key = `${path} ${first.identity} ${place}`;
      if (problems.has(key)) continue;
      problems.set(key, {
        path,
        text:
          `writes ${other.name} at ${place}, as ${first.identity} does; ` +
          `set variablePrefix: ${suggestion} to name them apart, or trust an environment of its own`,
      });
    }
  }
  return [...problems.values()];
}

/**
 * What can be said only when GitHub has told the prefix: subjects within Entra's limit.
 * @param prefix e.g. `repo:contoso/widgets`
 */
export function subjectProblems(settings: Settings, prefix: string): Problem[] {
  return Object.entries(settings.identities).flatMap(([name, { trust }]) =>
    trust.flatMap((entry, index) => {
      const { length } = subjectOf(prefix, entry);
      if (length <= subjectLimit) return [];
      const text = `the subject has ${length} characters, expected at most ${subjectLimit}; trust an environment instead`;
      return [{ path: `identities.${name}.trust[${index}]`, text }];
    }),
  );
}
