import { type EnvironmentProtection, pullRequestRef } from "../jobs/environment.ts";
import { any, anyButSlash } from "../jobs/patterns/characters.ts";
import { credentialPattern } from "../jobs/patterns/credential.ts";
import { deploymentPattern } from "../jobs/patterns/deployment.ts";
import { covers, literally, meet, type Pattern } from "../jobs/patterns/pattern.ts";
import { refOf, type Trust } from "../jobs/trust.ts";

/** One thing that starts a job. */
export type Start = PullRequestStart | RefStart;

export interface PullRequestStart {
  readonly event: "pull_request";
  /** For people. */
  readonly words: string;
}

/** Runs on the branches or tags of one name or pattern. */
export interface RefStart {
  readonly event: "push" | "merge_group" | "workflow_dispatch";
  /** Where the refs are; undefined for a run by hand anywhere. */
  readonly folder: Folder | undefined;
  /** The refs, in full. */
  readonly refs: Pattern;
  /** What filters are made of: the names in the folder, or the branch that a merge queue is for. */
  readonly names: Pattern;
  readonly words: string;
  /** The same for names in no further folder, where a workflow cannot say it of all. Default: it says that anyway. */
  readonly plain?: RefStart;
}

export function isOfRef(start: Start): start is RefStart {
  return start.event !== "pull_request";
}

export type Folder = "refs/heads/" | "refs/tags/";

/** What is trusted for what it is, not for the environment or the workflow that it is in. */
export type EventTrust = Trust & { readonly kind: "branch" | "tag" | "pullRequest" | "mergeQueue" };

/** Everything. */
const whatever: Pattern = [{ kind: "many", set: any }];

const pullRequests: PullRequestStart = { event: "pull_request", words: "pull requests" };

/** What starts the jobs of an entry that is trusted for what it is. */
export function startOfTrust(trust: EventTrust): Start {
  const { kind, value } = trust;
  switch (kind) {
    case "branch":
    case "tag": {
      const names = credentialPattern(value);
      const plain = names.map((part) => ("set" in part && part.set === any ? { ...part, set: anyButSlash } : part));
      return { ...refStart("push", kind, value, names), plain: refStart("push", kind, value, plain) };
    }
    case "mergeQueue":
      return {
        event: "merge_group",
        folder: "refs/heads/",
        refs: credentialPattern(refOf({ kind, value })),
        names: literally(value),
        words: `the merge queue of ${value}`,
      };
    case "pullRequest":
      return pullRequests;
  }
}

/** The refs, in full, of jobs that are trusted for what they are. */
export function refsOfTrust(trusts: readonly EventTrust[]): Pattern[] {
  return trusts.flatMap(({ kind, value }) =>
    kind === "pullRequest" ? [] : [credentialPattern(refOf({ kind, value }))],
  );
}

/**
 * What starts a job that publishes from an environment: the tags that may deploy to it; somebody by hand where only
 * branches may; a version's tag where everything may, or where nobody here knows what.
 * @param environment its protection; undefined where the stack does not keep it
 */
export function releaseStarts(environment: EnvironmentProtection | undefined): Start[] {
  const { deployFrom } = environment ?? {};
  if (deployFrom === undefined) return [refStart("push", "tag", "v*", deploymentPattern("v*"))];
  const { tags = [], branches = [], protectedBranches } = deployFrom;
  if (protectedBranches) return [anyBranchByHand];
  if (tags.length > 0) return tags.map((tag) => refStart("push", "tag", tag, deploymentPattern(tag)));
  return branchesOnly(branches).map((branch) =>
    refStart("workflow_dispatch", "branch", branch, deploymentPattern(branch)),
  );
}

/**
 * What starts a job that only installs in an environment: whatever may deploy to it; somebody by hand where the file does
 * not say what that is.
 */
export function checkStarts(environment: EnvironmentProtection | undefined): Start[] {
  if (environment === undefined) return [anywhereByHand];
  const { deployFrom } = environment;
  // The branch of a pull request is pushed, too, unless it is a fork's, which gets no token.
  if (deployFrom === undefined) return [{ ...refStart("push", "branch", "**", whatever), words: "every branch" }];
  const { tags = [], branches = [], protectedBranches } = deployFrom;
  if (protectedBranches) return [anyBranchByHand];
  return [
    ...branchesOnly(branches).map((branch) => refStart("push", "branch", branch, deploymentPattern(branch))),
    ...tags.map((tag) => refStart("push", "tag", tag, deploymentPattern(tag))),
    ...(covers(branches.map(deploymentPattern), pullRequestRef) ? [pullRequests] : []),
  ];
}

/** The refs, in full, that an environment takes deployments from; undefined for all, as far as the file knows. */
export function refsOfEnvironment(environment: EnvironmentProtection | undefined): Pattern[] | undefined {
  const { deployFrom } = environment ?? {};
  if (deployFrom === undefined) return undefined;
  const { tags = [], branches = [], protectedBranches } = deployFrom;
  if (protectedBranches) return [[...literally("refs/heads/"), ...whatever]];
  return [
    ...branches.map((branch) => [...literally("refs/heads/"), ...deploymentPattern(branch)]),
    ...tags.map((tag) => [...literally("refs/tags/"), ...deploymentPattern(tag)]),
  ];
}

/** Whether pull requests may deploy to the environment by their number: GitHub starts a workflow for all of them or none. */
export function takesSomePullRequests({ deployFrom }: EnvironmentProtection): boolean {
  const patterns = (deployFrom?.branches ?? []).map(deploymentPattern);
  return patterns.some((pattern) => meet(pattern, pullRequestRef)) && !covers(patterns, pullRequestRef);
}

function refStart(event: RefStart["event"], kind: "branch" | "tag", written: string, names: Pattern): RefStart {
  const folder = kind === "branch" ? "refs/heads/" : "refs/tags/";
  const words = `${event === "workflow_dispatch" ? "by hand on " : ""}${kind} ${written}`;
  return { event, folder, refs: [...literally(folder), ...names], names, words };
}

const anyBranchByHand: RefStart = {
  ...refStart("workflow_dispatch", "branch", "", whatever),
  words: "by hand on any branch",
};
const anywhereByHand: RefStart = {
  event: "workflow_dispatch",
  folder: undefined,
  refs: whatever,
  names: whatever,
  words: "by hand",
};

/** Without the patterns that are of pull requests: a branch is never called so. */
function branchesOnly(patterns: readonly string[]): readonly string[] {
  return patterns.filter((pattern) => !covers([pullRequestFolder], deploymentPattern(pattern)));
}

const pullRequestFolder: Pattern = [...literally("refs/"), ...whatever];
