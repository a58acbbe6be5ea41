import { roleLevel } from "../access/permissions.ts";
import { strongestRole } from "../feed-roles.ts";
import type { Settings } from "../settings/schema.ts";
import { trustOf, type Trust, type TrustEntry } from "../jobs/trust.ts";
import {
  checkTriggers,
  covers,
  type EventTrust,
  eventTriggers,
  releaseTriggers,
  type Triggers,
  unite,
} from "./triggers.ts";

/** One job of the printed workflow: as whom it signs in, where, and what it does. */
export interface Job {
  /** The key in `jobs`. */
  readonly id: string;
  readonly identity: string;
  readonly environment: string | undefined;
  readonly triggers: Triggers;
  readonly does: "build" | "publish" | "build and publish";
  /** The name of the artifact that holds what was built: kept by a job that builds, taken by one that publishes. */
  readonly artifact: string | undefined;
  /** The job that built what this one publishes. */
  readonly needs: string | undefined;
}

export interface Plan {
  readonly jobs: readonly Job[];
  /** Who is trusted too and has no job here, with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * The jobs of a repository's workflow, from whom its stack file trusts. Each event is served by the identity with the
 * least role that may sign in for it. What is published was built by a job of its own, so that build back ends run
 * without the right to publish; where only the publishing environment may sign in, its job builds too.
 */
export function planJobs(settings: Settings): Plan {
  const publishing = publishingPlaces(settings);
  const releases = publishing.filter(
    (place, index) => publishing.findIndex((other) => sameTriggers(other, place)) === index,
  );
  const repeated = publishing.filter((place) => !releases.includes(place));
  const checks = [...eventPlaces(settings), ...environmentPlaces(settings, publishing)];

  const builderOf = new Map(releases.map((release) => [release, findBuilder(settings, checks, release)]));
  const builds = checks.map((check) => {
    const builtFor = releases.filter((release) => builderOf.get(release) === check);
    // In an environment that lets the release's tags in, the job has to start with them.
    return { ...check, triggers: unite([check, ...builtFor].map(({ triggers }) => triggers)), builtFor };
  });
  const buildIds = idsOf("build", builds);
  const releaseIds = idsOf("publish", releases);
  return {
    jobs: [
      ...builds.map(({ builtFor, ...place }, index): Job => {
        const id = buildIds[index] ?? "build";
        const artifact = builtFor.length > 0 ? artifactOf(id) : undefined;
        return { ...place, id, does: "build", artifact, needs: undefined };
      }),
      ...releases.map((place, index): Job => {
        const id = releaseIds[index] ?? "publish";
        const builder = builderOf.get(place);
        const needs = builder === undefined ? undefined : buildIds[checks.indexOf(builder)];
        return needs === undefined
          ? { ...place, id, does: "build and publish", artifact: undefined, needs }
          : { ...place, id, does: "publish", artifact: artifactOf(needs), needs };
      }),
    ],
    leftOut: [...repeated.map(describeRepeated), ...describeReusable(settings)],
  };
}

/** Where jobs of an identity run. */
interface Place {
  readonly identity: string;
  readonly environment: string | undefined;
  readonly triggers: Triggers;
}

const isEvent = (trust: Trust): trust is EventTrust => trust.kind !== "environment" && trust.kind !== "workflow";
const isReusable = ({ kind, workflow }: Trust): boolean => kind === "workflow" || workflow !== undefined;
const isEnvironment = (trust: Trust): boolean => trust.kind === "environment" && !isReusable(trust);

/** Branches, tags, pull requests: each for the identity with the least role that trusts it, one place per identity. */
function eventPlaces({ identities }: Settings): Place[] {
  const byRole = Object.entries(identities).sort(
    ([, left], [, right]) => roleLevel[strongestRole(left.roles)] - roleLevel[strongestRole(right.roles)],
  );
  const taken = new Set<string>();
  return byRole.flatMap(([identity, { trust }]) => {
    const isFree = ({ kind, value }: Trust) => !taken.has(`${kind} ${value}`);
    const events = trust.map(trustOf).filter(isEvent).filter(isFree);
    for (const { kind, value } of events) taken.add(`${kind} ${value}`);
    return events.length === 0 ? [] : [eventPlace(identity, events)];
  });
}

function eventPlace(identity: string, events: readonly EventTrust[]): Place {
  return { identity, environment: undefined, triggers: unite(events.map(eventTriggers)) };
}

/** Environments that nothing is published from. */
function environmentPlaces({ identities, environments }: Settings, publishing: readonly Place[]): Place[] {
  const isFree = ({ value }: Trust) => publishing.every(({ environment }) => environment !== value);
  return Object.entries(identities).flatMap(([identity, { trust }]) =>
    trust
      .map(trustOf)
      .filter(isEnvironment)
      .filter(isFree)
      .map(({ value }) => ({ identity, environment: value, triggers: checkTriggers(environments[value]) })),
  );
}

/** Contributors publish from the environments and tags that they trust, from branches where they trust nothing else. */
function publishingPlaces({ identities, environments }: Settings): Place[] {
  return Object.entries(identities).flatMap(([identity, { roles, trust }]): Place[] => {
    if (strongestRole(roles) !== "contributor") return [];
    const trusted = trust.map(trustOf);
    const inEnvironments = trusted
      .filter(isEnvironment)
      .map(({ value }) => ({ identity, environment: value, triggers: releaseTriggers(environments[value]) }));
    const events = trusted.filter(isEvent);
    const tags = events.filter(({ kind }) => kind === "tag");
    const branches = events.filter(({ kind }) => kind === "branch");
    const from = tags.length + inEnvironments.length > 0 ? tags : branches;
    return from.length === 0 ? inEnvironments : [...inEnvironments, eventPlace(identity, from)];
  });
}

/** The place whose job can build what is published elsewhere, on the same events; undefined where there is none. */
function findBuilder({ environments, identities }: Settings, checks: readonly Place[], release: Place) {
  const deployFrom = release.environment === undefined ? undefined : environments[release.environment]?.deployFrom;
  const started = startsOf(release, deployFrom);
  return checks.find((check) => {
    if (check.environment === undefined) return covers(check.triggers, started);
    const own = environments[check.environment];
    const isWeaker = roleLevelOf(identities, check) < roleLevelOf(identities, release);
    return isWeaker && own?.reviewers === undefined && admits(own?.deployFrom, deployFrom);
  });
}

/** What starts a release, in terms of branches where it is started by hand and only from some that are named. */
function startsOf({ triggers }: Place, deployFrom: DeployFrom | undefined): Triggers {
  const branches = deployFrom?.branches ?? [];
  const isNamed = branches.length > 0 && !branches.some((name) => /[*?[\]]/.test(name));
  return triggers.byHand && isNamed
    ? unite(branches.map((value) => eventTriggers({ kind: "branch", value })))
    : triggers;
}

type DeployFrom = NonNullable<Settings["environments"][string]["deployFrom"]>;

/** Whether one environment takes deployments from wherever the other does. */
function admits(one: DeployFrom | undefined, other: DeployFrom | undefined): boolean {
  if (one === undefined) return true;
  if (other === undefined) return false;
  return (
    (other.tags ?? []).every((tag) => one.tags?.includes(tag)) &&
    (other.branches ?? []).every((branch) => one.branches?.includes(branch)) &&
    (one.protectedBranches ?? false) === (other.protectedBranches ?? false)
  );
}

function roleLevelOf(identities: Settings["identities"], { identity }: Place): number {
  const roles = identities[identity]?.roles;
  return roles === undefined ? 0 : roleLevel[strongestRole(roles)];
}

function sameTriggers(left: Place, right: Place): boolean {
  return covers(left.triggers, right.triggers) && covers(right.triggers, left.triggers);
}

function describeRepeated({ identity, environment }: Place): string {
  const place = environment === undefined ? "" : ` from the environment ${environment}`;
  return `${identity}${place}, on the same events: a version is published once`;
}

/** Who signs in only in the jobs of a reusable workflow, which are written where that is. */
function describeReusable({ identities }: Settings): string[] {
  return Object.entries(identities).flatMap(([identity, { trust }]) =>
    trust
      .filter((entry) => isReusable(trustOf(entry)))
      .map(
        (entry) =>
          `${identity} in ${workflowWords(entry)}: a reusable workflow signs in itself, and is called from here`,
      ),
  );
}

function workflowWords(entry: TrustEntry): string {
  const { value, workflow } = trustOf(entry);
  return workflow === undefined ? value : `${workflow}, environment ${value}`;
}

/** `build` for one place; `build-reader`, `build-reader-staging` where there are more. */
function idsOf(verb: string, places: readonly Place[]): string[] {
  if (places.length === 1) return [verb];
  const wanted = places.map(({ identity, environment }) =>
    [verb, identity, ...(environment === undefined ? [] : [slug(environment)])].join("-"),
  );
  return wanted.map((id, index) => {
    const before = wanted.slice(0, index).filter((other) => other === id).length;
    return before === 0 ? id : `${id}-${before + 1}`;
  });
}

function slug(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]+/g, "-").replaceAll(/^-|-$/g, "");
}

function artifactOf(buildId: string): string {
  return buildId.replace(/^build/, "dist");
}
