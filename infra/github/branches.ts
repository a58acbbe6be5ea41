import { isPattern } from "../../src/jobs/trust.ts";
import type { Repository } from "../../src/repository.ts";
import { pathText } from "../../src/settings/problem.ts";
import type { Settings } from "../../src/settings/schema.ts";
import { type Ask, cannotTell, foundIfPermitted, isThere } from "./connect.ts";
import { at, type Findings, nothingFound } from "./findings.ts";
import { byWhat, trustedPlaces } from "./places.ts";
import type { RepositoryAnswer } from "./repository.ts";

/** What a token is missing that may not read branches. https://docs.github.com/rest/branches/branches#list-branches */
const needsContents = "give the token the repository's contents to read";

/**
 * "Protected branches only" lets every branch deploy where no branch is protected:
 * https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
 */
export async function askProtectedBranches(
  ask: Ask,
  { owner, name }: Repository,
  { environments }: Settings,
): Promise<Findings> {
  const paths = Object.entries(environments)
    .filter(([, { deployFrom }]) => deployFrom?.protectedBranches)
    .map(([environment]) => pathText(["environments", environment, "deployFrom", "protectedBranches"]));
  if (paths.length === 0) return nothingFound;
  const url = "GET /repos/{owner}/{repo}/branches";
  const branches = await foundIfPermitted(ask(url, { owner, repo: name, protected: true, per_page: 1 }));
  const otherwise = "then GitHub lets every branch deploy";
  if (branches === cannotTell) {
    const text =
      `got true, but GitHub does not tell whether ${owner}/${name} has a protected branch (403), and without one ` +
      `${otherwise}; ${needsContents}, or name branches`;
    return { problems: at(paths, text), warnings: [] };
  }
  if (branches === undefined || branches.length > 0) return nothingFound;
  const text = `got true, but ${owner}/${name} has no protected branch, and ${otherwise}; protect a branch first, or name branches`;
  return { problems: at(paths, text), warnings: [] };
}

/**
 * A branch that is trusted and not there yet may be meant so; whoever makes one of that name is trusted. The default
 * branch is there.
 */
export async function askTrustedBranches(
  ask: Ask,
  { owner, name }: Repository,
  settings: Settings,
  repository: Promise<RepositoryAnswer>,
): Promise<Findings> {
  const branches = byWhat(
    trustedPlaces(settings).flatMap(({ trust: { kind, value }, path }) => {
      if ((kind !== "branch" && kind !== "mergeQueue") || isPattern(value)) return [];
      return [{ what: value, path: `${path}.${kind}` }];
    }),
  );
  if (branches.size === 0) return nothingFound;
  const { defaultBranch, problems } = await repository;
  if (problems.length > 0) return nothingFound;
  const others = [...branches].filter(([branch]) => branch !== defaultBranch);
  const url = "GET /repos/{owner}/{repo}/git/ref/{ref}";
  const warnings = await Promise.all(
    others.map(async ([branch, paths]) => {
      const is = await isThere(ask(url, { owner, repo: name, ref: `heads/${branch}` }));
      if (is === cannotTell) {
        return at(paths, `GitHub does not tell whether there is a branch ${branch} (403); ${needsContents}`);
      }
      if (is) return [];
      return at(paths, `${owner}/${name} has no branch ${branch}; whoever makes it is trusted: check the name`);
    }),
  );
  return { problems: [], warnings: warnings.flat() };
}
