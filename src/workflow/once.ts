import { approversOf, barriersOf, findEnvironment } from "../jobs/environment.ts";
import { inAnyCase } from "../jobs/patterns/find.ts";
import { covers, type Pattern } from "../jobs/patterns/pattern.ts";
import type { Settings } from "../settings/schema.ts";
import { type LeftOut, leftOutOf } from "./left-out.ts";
import type { Place } from "./places.ts";
import { isOfRef, type RefStart } from "./starts.ts";

/** Where each version is published from. */
export interface Publishing {
  readonly places: readonly Place[];
  /** What starts them, those first that go before the others. */
  readonly order: readonly RefStart[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * A version is published once: from the place with the narrowest pattern for it, and among equals from the one that is
 * protected most. What others have altogether is left out.
 */
export function publishOnce({ environments }: Settings, places: readonly Place[]): Publishing {
  const all = places.flatMap((place) => place.starts.filter(isOfRef).map((start) => ({ place, start })));
  type Release = (typeof all)[number];
  // One that is narrower than another has fewer that are narrower than it.
  const narrower = ({ place, start }: Release) =>
    all.filter((other) => other.place !== place && isNarrower(other.start, start)).length;
  const ranked = all
    .map((one) => ({ ...one, width: narrower(one), weakness: weaknessOf(environments, one.place) }))
    .sort((left, right) => left.width - right.width || left.weakness - right.weakness);
  const kept: Release[] = [];
  const leftOut: LeftOut[] = [];
  for (const { place, start } of ranked) {
    const before = kept.filter((other) => other.place !== place && isAlike(other.start, start));
    if (covers(before.map(refsOf), (start.plain ?? start).refs)) {
      leftOut.push(leftOutOf(place, start, "others publish all of these, and a version is published once"));
    } else {
      kept.push({ place, start });
    }
  }
  return {
    places: places.map((place) => ({
      ...place,
      starts: place.starts.filter((start) => kept.some((one) => one.place === place && one.start === start)),
    })),
    order: kept.map(({ start }) => start),
    leftOut,
  };
}

function refsOf({ start }: { readonly start: RefStart }): Pattern {
  return start.refs;
}

function isAlike(one: RefStart, other: RefStart): boolean {
  return one.event === other.event && one.folder === other.folder;
}

/** Whatever the case, as conditions have it. */
function isNarrower(one: RefStart, other: RefStart): boolean {
  const [narrow, wide] = [one, other].map((start) => inAnyCase((start.plain ?? start).refs)) as [Pattern, Pattern];
  return isAlike(one, other) && covers([wide], narrow) && !covers([narrow], wide);
}

/** Less for what is protected more. */
function weaknessOf(environments: Settings["environments"], { environment: name }: Place): number {
  if (name === undefined) return 3;
  const environment = findEnvironment(environments, name);
  if (environment === undefined || barriersOf(environment).length === 0) return 2;
  return approversOf(environment).length === 0 ? 1 : 0;
}
