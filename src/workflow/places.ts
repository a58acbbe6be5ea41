import { roleLevel } from "../access/permissions.ts";
import { strongestRole } from "../feed-roles.ts";
import { approversOf, findEnvironment } from "../jobs/environment.ts";
import { covers, type Pattern } from "../jobs/patterns/pattern.ts";
import { type Trust, trustOf } from "../jobs/trust.ts";
import type { Settings } from "../settings/schema.ts";
import {
  checkStarts,
  type EventTrust,
  isOfRef,
  type RefStart,
  refsOfEnvironment,
  refsOfTrust,
  releaseStarts,
  type Start,
  startOfTrust,
} from "./starts.ts";

/** Where jobs of an identity run, and what starts them. */
export interface Place {
  readonly identity: string;
  readonly environment: string | undefined;
  readonly publishes: boolean;
  readonly starts: readonly Start[];
  /** The refs, in full, on which its jobs are trusted and started; undefined for all. */
  readonly allowed: readonly Pattern[] | undefined;
}

const isEvent = (trust: Trust): trust is EventTrust => trust.kind !== "environment" && trust.kind !== "workflow";
const isEnvironment = ({ kind, workflow }: Trust): boolean => kind === "environment" && workflow === undefined;

/** Branches, tags, pull requests: each for the identity with the least role that trusts it, one place per identity. */
export function eventPlaces({ identities }: Settings): Place[] {
  const byRole = Object.entries(identities).sort(
    ([, left], [, right]) => roleLevel[strongestRole(left.roles)] - roleLevel[strongestRole(right.roles)],
  );
  const taken = new Set<string>();
  return byRole.flatMap(([identity, { trust }]) => {
    const isFree = ({ kind, value }: Trust) => !taken.has(`${kind} ${value}`);
    const trusted = trust.map(trustOf).filter(isEvent);
    const events = trusted.filter(isFree);
    for (const { kind, value } of events) taken.add(`${kind} ${value}`);
    return events.length === 0 ? [] : [eventPlace(identity, false, trusted, events)];
  });
}

function eventPlace(
  identity: string,
  publishes: boolean,
  trusted: readonly EventTrust[],
  events: readonly EventTrust[],
): Place {
  const starts = events.map(startOfTrust);
  return { identity, environment: undefined, publishes, starts, allowed: refsOfTrust(trusted) };
}

/** Environments that nothing is published from. */
export function environmentPlaces({ identities, environments }: Settings, publishing: readonly Place[]): Place[] {
  const taken = new Set(publishing.map(({ environment }) => environment?.toLowerCase()));
  return Object.entries(identities).flatMap(([identity, { trust }]) =>
    trust
      .map(trustOf)
      .filter((trusted) => isEnvironment(trusted) && !taken.has(trusted.value.toLowerCase()))
      .map(({ value }) => {
        const environment = findEnvironment(environments, value);
        const allowed = refsOfEnvironment(environment);
        return { identity, environment: value, publishes: false, starts: checkStarts(environment), allowed };
      }),
  );
}

/** Contributors publish from the environments and tags that they trust, from branches where they trust nothing else. */
export function publishingPlaces({ identities, environments }: Settings): Place[] {
  return Object.entries(identities).flatMap(([identity, { roles, trust }]): Place[] => {
    if (strongestRole(roles) !== "contributor") return [];
    const trusted = trust.map(trustOf);
    const inEnvironments = trusted.filter(isEnvironment).map(({ value }) => {
      const environment = findEnvironment(environments, value);
      const allowed = refsOfEnvironment(environment);
      return { identity, environment: value, publishes: true, starts: releaseStarts(environment), allowed };
    });
    const events = trusted.filter(isEvent);
    const tags = events.filter(({ kind }) => kind === "tag");
    const branches = events.filter(({ kind }) => kind === "branch");
    const from = tags.length + inEnvironments.length > 0 ? tags : branches;
    return from.length === 0 ? inEnvironments : [...inEnvironments, eventPlace(identity, true, events, from)];
  });
}

/**
 * The place whose job can build what is published elsewhere, on the same refs, and what has to start it besides.
 * Undefined where there is none.
 */
export function findBuilder(
  { environments, identities }: Settings,
  checks: readonly Place[],
  release: Place,
): { readonly check: Place; readonly more: readonly RefStart[] } | undefined {
  const wanted = release.starts.filter(isOfRef);
  const level = ({ identity }: Place) => roleLevel[strongestRole(identities[identity]?.roles ?? {})];
  for (const check of checks) {
    const more = wanted.filter((start) => !isStartedBy(check, start));
    if (check.environment === undefined) {
      if (
        more.every((start) => start.event === "workflow_dispatch" && isStartedBy(check, { ...start, event: "push" }))
      ) {
        return { check, more };
      }
      continue;
    }
    const own = findEnvironment(environments, check.environment);
    const takes = ({ refs }: RefStart) => check.allowed === undefined || covers(check.allowed, refs);
    const isOpen = own !== undefined && approversOf(own).length === 0;
    if (isOpen && level(check) < level(release) && wanted.every(takes)) return { check, more };
  }
  return undefined;
}

/** What starts a place's jobs with more that does, each once. */
export function withMore(starts: readonly Start[], more: readonly RefStart[]): Start[] {
  const isFirst = (start: RefStart, index: number) => {
    const others = [
      ...more.slice(0, index),
      ...more.slice(index + 1).filter((other) => !covers([start.refs], other.refs)),
    ];
    return !isStartedBy({ starts: others }, start);
  };
  return [...starts, ...more.filter(isFirst)];
}

/** Whether all that starts something else starts a job of the place. */
export function isStartedBy({ starts }: Pick<Place, "starts">, { event, refs }: RefStart): boolean {
  const own = starts.filter(isOfRef).filter((start) => start.event === event);
  return covers(
    own.map((start) => start.refs),
    refs,
  );
}
