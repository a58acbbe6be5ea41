import type { Settings } from "../settings/schema.ts";
import { type Arrangement, arrange, type Wanted } from "./arrange.ts";
import { type Asked, jobCondition } from "./condition.ts";
import { inReusableWorkflows, type LeftOut, leftOutOf, withoutEvents } from "./left-out.ts";
import { publishOnce } from "./once.ts";
import {
  environmentPlaces,
  eventPlaces,
  findBuilder,
  isStartedBy,
  type Place,
  publishingPlaces,
  withMore,
} from "./places.ts";
import { isOfRef, type RefStart, type Start } from "./starts.ts";

/** One job of the printed workflow: as whom it signs in, where, and what it does. */
export interface Job {
  /** The key in `jobs`. */
  readonly id: string;
  readonly identity: string;
  readonly environment: string | undefined;
  /** Its `if`. */
  readonly condition: string;
  readonly does: "build" | "publish" | "build and publish";
  /** The name of the artifact that holds what was built: kept by a job that builds, taken by one that publishes. */
  readonly artifact: string | undefined;
  /** The job that built what this one publishes. */
  readonly needs: string | undefined;
}

export interface Plan {
  readonly jobs: readonly Job[];
  /** The events that start the workflow, and their filters. */
  readonly events: ReadonlySet<Start["event"]>;
  readonly filters: Arrangement["filters"];
  /** Who is trusted too and has no job here, with the reason. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * The jobs of a repository's workflow, from whom its stack file trusts. Each event is served by the identity with the
 * least role that may sign in for it. What is published was built by a job of its own, so that build back ends run
 * without the right to publish; where only the publishing environment may sign in, its job builds too. A job is there
 * only for what it is trusted with, and what GitHub starts: where a workflow cannot say that, it is left out.
 */
export function planJobs(settings: Settings): Plan {
  const releases = publishingPlaces(settings);
  const checks = [...eventPlaces(settings), ...environmentPlaces(settings, releases)];
  const once = publishOnce(settings, releases);
  const builders = once.places.map((release) => findBuilder(settings, checks, release));
  const builds = checks.map((check) => {
    const more = builders.flatMap((builder) => (builder?.check === check ? builder.more : []));
    return { ...check, starts: withMore(check.starts, more) };
  });
  const arranged = arrangeMost([...builds, ...once.places], once.order);
  return {
    jobs: jobsOf(
      arranged.jobs.slice(0, builds.length),
      arranged.jobs.slice(builds.length),
      builders.map((builder) => (builder === undefined ? -1 : checks.indexOf(builder.check))),
    ),
    events: arranged.events,
    filters: arranged.arrangement.filters,
    leftOut: [
      ...once.leftOut,
      ...arranged.leftOut,
      ...withoutEvents(settings, [...checks, ...releases]),
      ...inReusableWorkflows(settings),
    ],
  };
}

/** A place with what starts it, as far as a workflow can say that, and with its `if`. */
interface Arranged extends Place {
  readonly condition: string;
}

/**
 * Lets everything start that may, as far as a workflow can tell it from what must not.
 * @param first what comes before all others
 */
function arrangeMost(places: readonly Place[], first: readonly RefStart[]) {
  const rankOf = ({ start }: Wanted) => first.indexOf(start) + 1 || first.length + 1;
  const wanted = places
    .flatMap((place, job) => place.starts.filter(isOfRef).map((start): Wanted => ({ ...place, job, start })))
    .sort((left, right) => rankOf(left) - rankOf(right));
  const { kept, arrangement } = mostOf(wanted);
  const isKept = ({ job, start }: Wanted) =>
    kept.some((one) => one.job === job && (one.start === start || one.start === start.plain));
  const leftOut = wanted
    .filter((one) => !isKept(one))
    .flatMap(({ job, start }) => (places[job] ? [leftOutOf(places[job], start, untold(start))] : []));
  const started = places.map((place, job) => ({
    ...place,
    starts: [
      ...place.starts.filter((start) => !isOfRef(start)),
      ...kept.filter((one) => one.job === job).map(({ start }) => start),
    ],
  }));
  const events = new Set(started.flatMap(({ starts }) => starts.map(({ event }) => event)));
  const jobs = started.map((place, job): Arranged => {
    const hasAllQueues = kept.every((one) => one.job === job || one.start.event !== "merge_group");
    const asked = kept.flatMap(({ job: own, start: { event } }, index): Asked[] => {
      const isEvery = event === "merge_group" && hasAllQueues;
      return own === job ? [{ event, asked: isEvery ? "" : (arrangement.conditions[index] ?? "") }] : [];
    });
    const pullRequests: Asked[] = place.starts
      .filter((start) => !isOfRef(start))
      .map(({ event }) => ({ event, asked: "" }));
    return { ...place, condition: jobCondition([...pullRequests, ...asked], events) };
  });
  return { jobs, arrangement, events, leftOut };
}

/** All that is wanted, or one after the other as much as goes together. */
function mostOf(wanted: readonly Wanted[]): { readonly kept: readonly Wanted[]; readonly arrangement: Arrangement } {
  const whole = arrange(wanted);
  if (whole !== undefined) return { kept: wanted, arrangement: whole };
  let kept: readonly Wanted[] = [];
  let arrangement: Arrangement = { filters: { branches: [], tags: [], queues: [] }, conditions: [] };
  for (const one of wanted) {
    for (const start of [one.start, ...(one.start.plain === undefined ? [] : [one.start.plain])]) {
      const next = [...kept, { ...one, start }];
      const more = arrange(next);
      if (more === undefined) continue;
      [kept, arrangement] = [next, more];
      break;
    }
  }
  return { kept, arrangement };
}

function untold({ event }: RefStart): string {
  return event === "workflow_dispatch"
    ? "no condition of a workflow tells such branches from others; name each branch, or let tags deploy"
    : "no filter and no condition of a workflow tells these from what starts other jobs, or must start none";
}

/** The jobs that something starts: those that build, then those that publish, each with the place that builds for it. */
function jobsOf(builds: readonly Arranged[], releases: readonly Arranged[], builders: readonly number[]): Job[] {
  const buildIds = idsOf("build", builds);
  const releaseIds = idsOf("publish", releases);
  const needs = releases.map((release, index) => {
    const place = builders[index] ?? -1;
    const builder = builds[place];
    const isThere = builder && release.starts.filter(isOfRef).every((start) => isStartedBy(builder, start));
    return isThere && release.starts.length > 0 ? buildIds[place] : undefined;
  });
  const jobOf = ({ identity, environment, condition }: Arranged, id: string) => ({
    id,
    identity,
    environment,
    condition,
  });
  return [
    ...builds.flatMap((place, index): Job[] => {
      const id = buildIds[index];
      if (id === undefined) return [];
      const artifact = needs.includes(id) ? artifactOf(id) : undefined;
      return [{ ...jobOf(place, id), does: "build", artifact, needs: undefined }];
    }),
    ...releases.flatMap((place, index): Job[] => {
      const [id, builder] = [releaseIds[index], needs[index]];
      if (id === undefined) return [];
      return builder === undefined
        ? [{ ...jobOf(place, id), does: "build and publish", artifact: undefined, needs: undefined }]
        : [{ ...jobOf(place, id), does: "publish", artifact: artifactOf(builder), needs: builder }];
    }),
  ];
}

/** `build` for one place; `build-reader`, `build-reader-staging` where there are more; none where nothing starts. */
function idsOf(verb: string, places: readonly Place[]): (string | undefined)[] {
  const isOne = places.filter(({ starts }) => starts.length > 0).length === 1;
  const seen = new Map<string, number>();
  return places.map(({ identity, environment, starts }) => {
    if (starts.length === 0) return undefined;
    const parts = [verb, identity, ...(environment === undefined ? [] : [slug(environment)])];
    const id = isOne ? verb : parts.join("-");
    const count = (seen.get(id) ?? 0) + 1;
    seen.set(id, count);
    return count === 1 ? id : `${id}-${count}`;
  });
}

function slug(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]+/g, "-").replaceAll(/^-|-$/g, "");
}

function artifactOf(buildId: string): string {
  return buildId.replace(/^build/, "dist");
}
