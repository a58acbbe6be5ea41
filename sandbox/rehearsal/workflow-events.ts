import { strongestRole } from "../../src/feed-roles.ts";
import { findEnvironment } from "../../src/jobs/environment.ts";
import { means } from "../../src/jobs/meaning.ts";
import { credentialPattern } from "../../src/jobs/patterns/credential.ts";
import { deploymentPattern } from "../../src/jobs/patterns/deployment.ts";
import { filterPattern } from "../../src/jobs/patterns/filter.ts";
import { findName, refsIn } from "../../src/jobs/patterns/find.ts";
import { example, literally, matches, type Pattern } from "../../src/jobs/patterns/pattern.ts";
import { startOf } from "../../src/jobs/start.ts";
import { refOf, trustOf } from "../../src/jobs/trust.ts";
import type { Settings } from "../../src/settings/schema.ts";
import type { Workflow } from "./definitions.ts";
import { isWanted } from "./expressions.ts";

/** What starts a run of a workflow. */
export interface WorkflowEvent {
  readonly event: "push" | "pull_request" | "merge_group" | "workflow_dispatch";
  /** In full. */
  readonly ref: string;
}

const folders = ["refs/heads/", "refs/tags/"] as const;

/**
 * Events that show what a workflow does: each branch and tag filter by an example; pull requests, merge queues and starts
 * by hand; and refs by which the file's patterns differ, two and two: what both take, and what one takes alone, as far as
 * other jobs start then, or somebody may publish.
 */
export function eventsOf(workflow: Workflow, settings: Settings): WorkflowEvent[] {
  const { on } = workflow;
  const own = [
    ...push("refs/heads/", on.push?.branches ?? []),
    ...push("refs/tags/", on.push?.tags ?? []),
    ...("pull_request" in on ? [{ event: "pull_request", ref: "refs/pull/7/merge" } as const] : []),
    ...("merge_group" in on ? queueRefs(settings).map((ref) => ({ event: "merge_group", ref }) as const) : []),
    ...("workflow_dispatch" in on
      ? deployingBranches(settings).map((ref) => ({ event: "workflow_dispatch", ref }) as const)
      : []),
  ];
  const outcomeOf = (event: WorkflowEvent) =>
    JSON.stringify([event.event, startedJobs(workflow, event), publishersOf(settings, event)]);
  const outcomes = new Set(own.map(outcomeOf));
  const others = differences(settings)
    .map((ref): WorkflowEvent => ({ event: "push", ref }))
    .filter((event) => startedJobs(workflow, event).length > 0 || publishersOf(settings, event).length > 0)
    .filter((event) => !outcomes.has(outcomeOf(event)) && outcomes.add(outcomeOf(event)));
  return [...new Map([...own, ...others].map((event) => [JSON.stringify(event), event])).values()];
}

function push(folder: string, filters: readonly string[]): WorkflowEvent[] {
  return filters.flatMap((filter): WorkflowEvent[] => {
    if (filter.startsWith("!")) return [];
    const ref = nameOf([[...literally(folder), ...filterPattern(filter)]]);
    return ref === undefined ? [] : [{ event: "push", ref }];
  });
}

/** The refs by which two patterns of the file differ. */
function differences(settings: Settings): string[] {
  const patterns = patternsOf(settings);
  return patterns
    .flatMap((one, index) =>
      patterns.slice(index).flatMap((other) => [nameOf([one, other]), nameOf([one], [other]), nameOf([other], [one])]),
    )
    .filter((ref) => ref !== undefined);
}

/** What the file trusts, and what may deploy to an environment that it trusts, as patterns of refs in full. */
function patternsOf({ identities, environments }: Settings): Pattern[] {
  const trusts = Object.values(identities).flatMap(({ trust }) => trust.map(trustOf));
  return trusts.flatMap(({ kind, value }): Pattern[] => {
    if (kind === "branch" || kind === "tag") return [credentialPattern(refOf({ kind, value }))];
    const { deployFrom = {} } = (kind === "environment" && findEnvironment(environments, value)) || {};
    const { branches = [], tags = [] } = deployFrom;
    return [
      ...branches.map((branch) => [...literally("refs/heads/"), ...deploymentPattern(branch)]),
      ...tags.map((tag) => [...literally("refs/tags/"), ...deploymentPattern(tag)]),
    ];
  });
}

/** A ref that is of all patterns of the one list and of none of the other: the usual branch where it is one. */
function nameOf(all: readonly Pattern[], none: readonly Pattern[] = []): string | undefined {
  const isOf = (pattern: Pattern) => matches(pattern, trunk);
  if (all.every(isOf) && !none.some(isOf)) return trunk;
  const found = folders.map((folder) => findName([...all, ...refsIn(folder)], none));
  return found.flatMap((one) => (one.verdict === "found" ? [one.name] : []))[0];
}

const trunk = "refs/heads/main";

/** Where a run of each branch's merge queue is. */
function queueRefs({ identities }: Settings): string[] {
  const trusts = Object.values(identities).flatMap(({ trust }) => trust.map(trustOf));
  const refs = trusts.flatMap(({ kind, value }) =>
    kind === "mergeQueue" ? [example(credentialPattern(refOf({ kind, value }))) ?? ""] : [],
  );
  return [...new Set(refs)];
}

/** A branch for each pattern by which branches may deploy; the usual one where there is none. */
function deployingBranches({ environments }: Settings): string[] {
  const branches = Object.values(environments).flatMap(({ deployFrom }) => deployFrom?.branches ?? []);
  const refs = branches.flatMap(
    (branch) => nameOf([[...literally("refs/heads/"), ...deploymentPattern(branch)]]) ?? [],
  );
  return refs.length === 0 ? [trunk] : [...new Set(refs)];
}

/** Whether the event starts the workflow at all. */
export function isStarted({ on }: Workflow, { event, ref }: WorkflowEvent): boolean {
  if (!(event in on)) return false;
  const [, folder, name = ""] = /^refs\/(heads|tags)\/(.*)$/s.exec(ref) ?? [];
  if (event === "push") {
    const filters = folder === "tags" ? on.push?.tags : on.push?.branches;
    return filters === undefined ? on.push?.tags === undefined && on.push?.branches === undefined : lets(filters, name);
  }
  const [, queue = ""] = /^gh-readonly-queue\/(.+)\/pr-/s.exec(name) ?? [];
  return event !== "merge_group" || on.merge_group?.branches === undefined || lets(on.merge_group.branches, queue);
}

/** The last filter that a name is of decides. */
function lets(filters: readonly string[], name: string): boolean {
  const last = filters.findLast((filter) => matches(filterPattern(filter.replace(/^!/, "")), name));
  return last !== undefined && !last.startsWith("!");
}

/** The jobs that an event starts, those before others that they need left aside. */
export function startedJobs(workflow: Workflow, event: WorkflowEvent): string[] {
  if (!isStarted(workflow, event)) return [];
  const github = { event_name: event.event, ref: event.ref };
  return Object.entries(workflow.jobs).flatMap(([id, job]) => (isWanted(job.if, { github }, "success") ? [id] : []));
}

/** Somebody who may publish. */
export interface Publisher {
  readonly identity: string;
  readonly environment: string | undefined;
}

/** Who may publish what a tag is pushed for. Where an environment does not say which tags are, those of versions. */
export function publishersOf({ identities, environments }: Settings, { event, ref }: WorkflowEvent): Publisher[] {
  if (event !== "push" || !ref.startsWith("refs/tags/")) return [];
  return Object.entries(identities).flatMap(([identity, { roles, trust }]) => {
    if (strongestRole(roles) !== "contributor") return [];
    return trust.flatMap((entry): Publisher[] => {
      if (!("environment" in entry)) return means(entry, { event, ref }) ? [{ identity, environment: undefined }] : [];
      if ("workflow" in entry) return [];
      const { environment } = entry;
      const isOpen = findEnvironment(environments, environment)?.deployFrom === undefined;
      const starts = startOf({ event, ref, environment, approved: true }, environments).verdict === "starts";
      const publishes = isOpen ? matches(versionTag, ref) : starts;
      return publishes ? [{ identity, environment }] : [];
    });
  });
}

const versionTag: Pattern = [...literally("refs/tags/"), ...deploymentPattern("v*")];
