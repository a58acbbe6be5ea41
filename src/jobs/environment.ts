import { byName } from "../table.ts";
import { alternatives } from "../words.ts";
import { digits } from "./patterns/characters.ts";
import { deploymentPattern } from "./patterns/deployment.ts";
import { anyPlainName, covers, literally, matches, meet, type Pattern } from "./patterns/pattern.ts";

/**
 * How a GitHub environment is protected. Every value is plain: it names, counts or branches.
 * https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments
 */
export interface EnvironmentProtection {
  /** Who must approve: slugs of teams, logins of users; six at most. Default: nobody. */
  readonly reviewers?:
    | { readonly teams?: readonly string[] | undefined; readonly users?: readonly string[] | undefined }
    | undefined;
  /** Whoever starts a deployment cannot approve it. Default: false. */
  readonly preventSelfReview?: boolean;
  /** Whether administrators of the repository can pass the protection by. Default: false. */
  readonly adminsMayBypass?: boolean;
  /** How long each deployment waits, in minutes. Default: not at all. */
  readonly waitMinutes?: number | undefined;
  /** What may deploy: patterns of branches and tags, or the protected branches. Default: every branch and tag. */
  readonly deployFrom?:
    | {
        readonly branches?: readonly string[] | undefined;
        readonly tags?: readonly string[] | undefined;
        readonly protectedBranches?: true | undefined;
      }
    | undefined;
}

/** What is known of environments, by name: those that a file keeps, and those that GitHub told of. */
export type Environments = Readonly<Record<string, EnvironmentProtection>>;

/** The environment that GitHub finds by a name: whatever its case. Undefined for one that nothing is known of. */
export function findEnvironment(environments: Environments, name: string): EnvironmentProtection | undefined {
  const wanted = name.toLowerCase();
  return (
    byName(environments, name) ??
    Object.entries(environments).find(([written]) => written.toLowerCase() === wanted)?.[1]
  );
}

/** Who must approve, in words: `team release-managers`. Empty where nobody must. */
export function approversOf({ reviewers }: EnvironmentProtection): string[] {
  const { teams = [], users = [] } = reviewers ?? {};
  return [...teams.map((team) => `team ${team}`), ...users.map((user) => `user ${user}`)];
}

/** From where an environment takes deployments, in words; empty for everywhere. */
export function originsOf({ deployFrom }: EnvironmentProtection): string[] {
  const { branches = [], tags = [], protectedBranches } = deployFrom ?? {};
  return [
    ...branches.map((branch) => `branch ${branch}`),
    ...tags.map((tag) => `tag ${tag}`),
    ...(protectedBranches ? ["protected branches"] : []),
  ];
}

/** The ref of a pull request's job, whatever its number. */
export const pullRequestRef: Pattern = [
  ...literally("refs/pull/"),
  { kind: "one", set: digits },
  { kind: "many", set: digits },
  ...literally("/merge"),
];

/**
 * Whether the job of a pull request may deploy, before anybody approves it: with no rule every ref may, and a rule of
 * branches is also compared with `refs/pull/N/merge`. Protected branches are branches. Ruby takes `**` at the end for
 * `*`; whoever writes it means what is in folders too, and nobody should have to know better.
 */
export function takesPullRequests({ deployFrom }: EnvironmentProtection): boolean {
  if (deployFrom === undefined) return true;
  const meant = (deployFrom.branches ?? []).map((branch) => branch.replace(/(?<=^|\/)\*\*$/, "**/*"));
  return meant.some((branch) => meet(deploymentPattern(branch), pullRequestRef));
}

/** Whether a branch or a tag may deploy under whatever name somebody gives it who may push it. */
export function takesEveryName({ deployFrom }: EnvironmentProtection): boolean {
  if (deployFrom === undefined) return true;
  const { branches = [], tags = [] } = deployFrom;
  return [branches, tags].some((patterns) => covers(patterns.map(deploymentPattern), anyPlainName));
}

/** Whether a branch, a tag or a pull request's merge may deploy; undefined where that is for the repository to say. */
export function takesRef({ deployFrom }: EnvironmentProtection, ref: string): boolean | undefined {
  if (deployFrom === undefined) return true;
  const { branches = [], tags = [], protectedBranches } = deployFrom;
  const [, folder, name = ""] = /^refs\/(heads|tags)\/(.*)$/s.exec(ref) ?? [];
  if (protectedBranches) return folder === "heads" ? undefined : false;
  const patterns = folder === "tags" ? tags : branches;
  return patterns.some((pattern) => matches(deploymentPattern(pattern), folder === undefined ? ref : name));
}

/** What stands before a deployment, in words; empty for an environment that everybody who may push a branch gets into. */
export function barriersOf(environment: EnvironmentProtection): string[] {
  const approvers = approversOf(environment);
  const { preventSelfReview, adminsMayBypass, waitMinutes } = environment;
  const barriers = [
    ...(approvers.length > 0 ? [`approval by ${alternatives(approvers)}`] : []),
    ...(preventSelfReview ? ["no approval of one's own deployments"] : []),
    ...(waitMinutes === undefined ? [] : [`${minutesInWords(waitMinutes)} of waiting`]),
    // A rule that every name keeps is none.
    ...(takesEveryName(environment) ? [] : [`only from ${alternatives(originsOf(environment))}`]),
  ];
  return barriers.length > 0 && adminsMayBypass ? [...barriers, "administrators may bypass it"] : barriers;
}

/** `1 minute`, `30 minutes`. */
export function minutesInWords(count: number): string {
  return count === 1 ? "1 minute" : `${count} minutes`;
}
