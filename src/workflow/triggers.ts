import type { EnvironmentSettings } from "../settings/schema.ts";
import { mergeQueuePattern, type Trust } from "../jobs/trust.ts";

/** What starts a job. */
export interface Triggers {
  /** Branches that are pushed to, as filter patterns: https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet */
  readonly branches: readonly string[];
  /** Tags that are pushed, likewise. */
  readonly tags: readonly string[];
  readonly pullRequests: boolean;
  /** The branches whose merge queues it serves. */
  readonly mergeQueues: readonly string[];
  /** Somebody starts it. */
  readonly byHand: boolean;
}

const nothing: Triggers = { branches: [], tags: [], pullRequests: false, mergeQueues: [], byHand: false };

/** What is trusted for what it is, not for the environment or the workflow that it is in. */
export type EventTrust = Trust & { readonly kind: "branch" | "tag" | "pullRequest" | "mergeQueue" };

/** The events of jobs that are trusted for what they are. */
export function eventTriggers({ kind, value }: EventTrust): Triggers {
  switch (kind) {
    case "branch":
      return { ...nothing, branches: [trustFilter(value)] };
    case "tag":
      return { ...nothing, tags: [trustFilter(value)] };
    case "mergeQueue":
      return { ...nothing, mergeQueues: [value] };
    case "pullRequest":
      return { ...nothing, pullRequests: true };
  }
}

/**
 * When a job that publishes from an environment starts: with a tag that may deploy to it, by hand where only branches
 * may, and with a version's tag where everything may, or nobody here knows what.
 * @param environment its protection; undefined where the stack does not keep it
 */
export function releaseTriggers(environment: EnvironmentSettings | undefined): Triggers {
  const { tags = [], branches = [], protectedBranches = false } = environment?.deployFrom ?? {};
  if (tags.length > 0) return { ...nothing, tags: tags.map(patternFilter) };
  if (branches.length > 0 || protectedBranches) return { ...nothing, byHand: true };
  return { ...nothing, tags: ["v*"] };
}

/** When a job that only installs in an environment starts: with whatever may deploy to it. */
export function checkTriggers(environment: EnvironmentSettings | undefined): Triggers {
  const { tags = [], branches = [], protectedBranches = false } = environment?.deployFrom ?? {};
  if (protectedBranches) return { ...nothing, byHand: true };
  if (tags.length + branches.length === 0) return { ...nothing, branches: ["**"] };
  return { ...nothing, tags: tags.map(patternFilter), branches: branches.map(patternFilter) };
}

export function unite(all: readonly Triggers[]): Triggers {
  return {
    branches: unique(all.flatMap(({ branches }) => branches)),
    tags: unique(all.flatMap(({ tags }) => tags)),
    pullRequests: all.some(({ pullRequests }) => pullRequests),
    mergeQueues: unique(all.flatMap(({ mergeQueues }) => mergeQueues)),
    byHand: all.some(({ byHand }) => byHand),
  };
}

/** Whether everything that starts the one starts the other too. */
export function covers(all: Triggers, some: Triggers): boolean {
  return (
    some.branches.every((branch) => all.branches.includes(branch)) &&
    some.tags.every((tag) => all.tags.includes(tag)) &&
    some.mergeQueues.every((branch) => all.mergeQueues.includes(branch)) &&
    (all.pullRequests || !some.pullRequests) &&
    (all.byHand || !some.byHand)
  );
}

/** The key `on` of a workflow. */
export function eventsOf({ branches, tags, pullRequests, mergeQueues, byHand }: Triggers): Record<string, unknown> {
  const push = {
    ...(branches.length > 0 ? { branches: [...branches] } : {}),
    ...(tags.length > 0 ? { tags: [...tags] } : {}),
  };
  return {
    ...(Object.keys(push).length > 0 ? { push } : {}),
    ...(pullRequests ? { pull_request: null } : {}),
    ...(mergeQueues.length > 0 ? { merge_group: null } : {}),
    ...(byHand ? { workflow_dispatch: null } : {}),
  };
}

/** The `if` of a job in a workflow that other events start too. */
export function conditionOf({ branches, tags, pullRequests, mergeQueues, byHand }: Triggers): string {
  return [
    ...(pullRequests ? ["github.event_name == 'pull_request'"] : []),
    ...(byHand ? ["github.event_name == 'workflow_dispatch'"] : []),
    ...branches.map((filter) => refCondition("refs/heads/", filter)),
    ...mergeQueues.map((branch) => refCondition("refs/heads/", mergeQueuePattern(branch))),
    ...tags.map((filter) => refCondition("refs/tags/", filter)),
  ].join(" || ");
}

/** An expression knows no patterns: it gets what stands before the first wildcard. GitHub and Entra see to the rest. */
function refCondition(prefix: string, filter: string): string {
  const [, literal = "", rest = ""] = /^((?:\\.|[^\\*?[])*)(.*)$/s.exec(filter) ?? [];
  const text = `'${(prefix + literal.replaceAll(/\\(.)/gs, "$1")).replaceAll("'", "''")}'`;
  return rest === "" ? `github.ref == ${text}` : `startsWith(github.ref, ${text})`;
}

/** A name or pattern of a trust list as a filter that lets no less through: there `*` spans slashes, `?` is one character. */
function trustFilter(name: string): string {
  return name
    .replaceAll("*", "**")
    .replaceAll("?", "*")
    .replaceAll(/[+[\]]|^!/g, "\\$&");
}

/** A pattern of an environment, which is Ruby's File.fnmatch, as a filter that lets no less through: there `?` is one character. */
function patternFilter(pattern: string): string {
  return pattern.replaceAll("?", "*").replaceAll(/\+|^!/g, "\\$&");
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
