import { ownFeed } from "../feed-roles.ts";
import { findEnvironment, takesPullRequests } from "../jobs/environment.ts";
import { hasPullRequests } from "../jobs/job-class.ts";
import { type Known, pullRequestReach, type Reach, reachOf } from "../jobs/reach.ts";
import { defaultTemplate } from "../jobs/repository-subjects.ts";
import { mintSubject } from "../jobs/subject.ts";
import { describeTrust, type TrustEntry } from "../jobs/trust.ts";
import { alternatives } from "../words.ts";
import { settledRoles, standsForPatterns } from "./meaning.ts";
import { pathText, type Problem } from "./problem.ts";
import type { IdentitySettings, Settings } from "./schema.ts";

/**
 * Whoever can open a pull request runs code of their own in its jobs. These become no identity that writes to a feed,
 * whatever the way, unless the file takes the risk on by name. The pull requests of forks are not among them: GitHub
 * gives them neither a token nor secrets.
 */

type Parts = Pick<Settings, "identities" | "feeds" | "environments"> & Partial<Pick<Settings, "patterns">>;

/**
 * Every way for pull requests to write to a feed.
 * @param known what is known of the repository: from the file alone, or also what GitHub said of its subjects and of the
 * environments that the file trusts and does not keep. `knownOf` makes either.
 */
export function pullRequestProblems(parts: Parts, known: Known): Problem[] {
  return Object.entries(parts.identities).flatMap(([name, identity]) => {
    const writing = Object.entries(settledRoles(identity, parts.feeds)).find(([, role]) => role !== "reader");
    if (writing === undefined || acceptsPullRequests(identity)) return [];
    const [feed, role] = writing;
    const place = feed === ownFeed ? "the feed" : `the feed ${feed}`;
    return waysIn(name, identity, parts, known).map(({ path, text, fix }) => ({
      path,
      text:
        `${text}: whoever can open one could write to ${place}, with the role ${role}; ` +
        `${fix === undefined ? "" : `${fix}, `}give pull requests an identity of their own with the role reader and ` +
        "publish from the push that the merge makes, or take the risk on with acceptedRisks: [pullRequestWrites]",
    }));
  });
}

/** Whether the file takes on by name that pull requests write as this identity. */
export function acceptsPullRequests({ acceptedRisks }: Pick<IdentitySettings, "acceptedRisks">): boolean {
  return acceptedRisks?.includes("pullRequestWrites") ?? false;
}

/** A way in, in words, and what closes it beside the usual. */
interface Words {
  readonly text: string;
  readonly fix: string | undefined;
}

function waysIn(name: string, { trust, signIn }: IdentitySettings, parts: Parts, known: Known) {
  const wordsOf = (reach: Reach) =>
    reach.through === undefined ? undefined : throughWords(reach.through, parts, known);
  const byToken = (signIn === "secret" ? [] : trust).flatMap((entry, index) => {
    const reach = pullRequestReach({ trust: [entry], signIn: "oidc" }, known);
    return reach === undefined || isForNoJob(entry, known) ? [] : [{ entry, index, reach }];
  });
  const bySecret = signIn === "oidc" ? [] : reachOf({ trust, signIn: "secret" }, known).filter(hasPullRequests);
  // What closes an environment to tokens closes it to the secret.
  const told = new Set(byToken.flatMap(({ reach: { through } }) => through ?? []));
  // The entries are not where the file has them.
  const isMoved = parts.patterns === "environment" && trust.some((entry) => standsForPatterns(entry, name));
  return [
    ...byToken.map(({ entry, index, reach }) => ({
      path: pathText(["identities", name, "trust", ...(isMoved ? [] : [index])]),
      ...(wordsOf(reach) ?? tokenWords(entry, reach, known)),
    })),
    ...bySecret
      .filter(({ through }) => through === undefined || !told.has(through))
      .map((reach) => ({
        path: pathText(["identities", name, "signIn"]),
        ...(wordsOf(reach) ?? repositorySecretWords),
      })),
  ];
}

/** Whether GitHub makes no subject that the entry means: that is told of the subjects. */
function isForNoJob(entry: TrustEntry, { template = defaultTemplate }: Known): boolean {
  return mintSubject({ prefix: "", template, claims: {} }, entry).missing !== undefined;
}

function tokenWords(entry: TrustEntry, { kind }: Reach, { template = defaultTemplate }: Known): Words {
  if (kind === "pullRequest") return { text: "trusts pull requests", fix: undefined };
  return {
    text: `its subjects are made of ${template.join(", ")}, which does not tell ${describeTrust(entry)} from pull requests`,
    fix: "add context to the template or set it back to the default",
  };
}

const repositorySecretWords: Words = {
  text: "the client secret is written at the repository, where the jobs of pull requests read it",
  fix: "sign in with oidc, or trust only environments that have reviewers or deployFrom",
};

/** What is known of an environment that the file does not keep is what GitHub said. */
function throughWords(name: string, { environments }: Parts, known: Known): Words {
  const isKept = findEnvironment(environments, name) !== undefined;
  const { branches = [] } = findEnvironment(known.environments, name)?.deployFrom ?? {};
  const open = branches.filter((branch) => takesPullRequests({ deployFrom: { branches: [branch] } }));
  const lacks =
    open.length === 0
      ? "neither reviewers nor deployFrom"
      : `no reviewers and deploys from ${alternatives(open)}, of which the pull request's refs/pull/N/merge is one`;
  return {
    text: `pull requests get into the environment ${name}, which has ${lacks}${isKept ? "" : ", as GitHub says"}`,
    fix: `${isKept ? "give it" : "keep it under environments with"} reviewers or ${open.length === 0 ? "" : "another "}deployFrom`,
  };
}
