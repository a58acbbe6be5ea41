import { approversOf, minutesInWords, originsOf, takesEveryName } from "../jobs/environment.ts";
import { deploymentPattern } from "../jobs/patterns/deployment.ts";
import { anyName, covers, type Pattern } from "../jobs/patterns/pattern.ts";
import type { EnvironmentSettings } from "../settings/schema.ts";
import { alternatives } from "../words.ts";

/** A change of an environment's protection: what follows "environment release". */
export interface ProtectionChange {
  readonly text: string;
  /** Whether a deployment may pass that did not before. */
  readonly weaker: boolean;
}

/** What changed between two protections of one environment, strongest part first. */
export function protectionChanges(before: EnvironmentSettings, after: EnvironmentSettings): ProtectionChange[] {
  return [
    ...approvalChanges(before, after),
    ...selfReviewChanges(before, after),
    ...bypassChanges(before, after),
    ...waitChanges(before, after),
    ...originChanges(before, after),
  ];
}

type Comparison = (before: EnvironmentSettings, after: EnvironmentSettings) => ProtectionChange[];

/** Any one of the reviewers may approve, so one more makes it weaker. */
const approvalChanges: Comparison = (before, after) => {
  const had = approversOf(before);
  const has = approversOf(after);
  if (sameMembers(had, has)) return [];
  if (has.length === 0) return [{ text: `no longer needs approval by ${alternatives(had)}`, weaker: true }];
  if (had.length === 0) return [{ text: `needs approval by ${alternatives(has)}`, weaker: false }];
  const text = `needs approval by ${alternatives(has)} instead of ${alternatives(had)}`;
  return [{ text, weaker: !includesAll(had, has) }];
};

const selfReviewChanges: Comparison = (before, after) => {
  // Where nobody needs to approve, there is nothing to say about who may.
  if (before.preventSelfReview === after.preventSelfReview || approversOf(after).length === 0) return [];
  return after.preventSelfReview
    ? [{ text: "no longer lets people approve their own deployments", weaker: false }]
    : [{ text: "lets people approve their own deployments", weaker: true }];
};

const bypassChanges: Comparison = (before, after) => {
  if (before.adminsMayBypass === after.adminsMayBypass) return [];
  return after.adminsMayBypass
    ? [{ text: "lets administrators bypass its protection", weaker: true }]
    : [{ text: "no longer lets administrators bypass its protection", weaker: false }];
};

const waitChanges: Comparison = ({ waitMinutes: had = 0 }, { waitMinutes: has = 0 }) => {
  if (had === has) return [];
  const weaker = has < had;
  if (has === 0) return [{ text: `no longer waits ${minutesInWords(had)} before a deployment`, weaker }];
  const instead = had === 0 ? "" : ` instead of ${minutesInWords(had)}`;
  return [{ text: `waits ${minutesInWords(has)} before a deployment${instead}`, weaker }];
};

/** What counts is which refs may deploy, not how the patterns are written: `v*` takes all that `v1*` takes. */
const originChanges: Comparison = (before, after) => {
  const had = originsOf(before);
  const has = originsOf(after);
  if (sameMembers(had, has)) return [];
  const [hadRefs, hasRefs] = [takenRefs(before), takenRefs(after)];
  const weaker = !takesAllOf(hadRefs, hasRefs);
  if (!weaker && takesAllOf(hasRefs, hadRefs)) return [];
  const wasOpen = takesEveryName(before);
  if (takesEveryName(after)) {
    const from = has.length === 0 ? "every branch and tag" : `${alternatives(has)}, which lets every name in`;
    const rest = wasOpen ? ` instead of ${fromWords(had)}` : `, no longer only from ${alternatives(had)}`;
    return [{ text: `deploys from ${from}${rest}`, weaker }];
  }
  if (wasOpen) return [{ text: `deploys only from ${alternatives(has)}`, weaker }];
  return [{ text: `deploys from ${alternatives(has)} instead of ${alternatives(had)}`, weaker }];
};

function fromWords(origins: readonly string[]): string {
  return origins.length === 0 ? "every branch and tag" : alternatives(origins);
}

/** The refs that may deploy, undefined for all. Which branches are protected is for the repository to say. */
type TakenRefs =
  | { readonly branches: readonly Pattern[]; readonly tags: readonly Pattern[]; readonly protectedBranches: boolean }
  | undefined;

function takenRefs({ deployFrom }: EnvironmentSettings): TakenRefs {
  if (deployFrom === undefined) return undefined;
  const { branches = [], tags = [], protectedBranches = false } = deployFrom;
  return { branches: branches.map(deploymentPattern), tags: tags.map(deploymentPattern), protectedBranches };
}

function takesAllOf(wide: TakenRefs, narrow: TakenRefs): boolean {
  if (wide === undefined) return true;
  const { branches, tags, protectedBranches } = narrow ?? {
    branches: [anyName],
    tags: [anyName],
    protectedBranches: false,
  };
  return (
    branches.every((pattern) => covers(wide.branches, pattern)) &&
    tags.every((pattern) => covers(wide.tags, pattern)) &&
    (!protectedBranches || wide.protectedBranches || covers(wide.branches, anyName))
  );
}

function includesAll(all: readonly string[], some: readonly string[]): boolean {
  return some.every((member) => all.includes(member));
}

function sameMembers(left: readonly string[], right: readonly string[]): boolean {
  return includesAll(left, right) && includesAll(right, left);
}
