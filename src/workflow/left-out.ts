import { findEnvironment } from "../jobs/environment.ts";
import { trustOf } from "../jobs/trust.ts";
import type { Settings } from "../settings/schema.ts";
import type { Place } from "./places.ts";
import { type Start, takesSomePullRequests } from "./starts.ts";

/** Something that is trusted and starts no job of the printed workflow. */
export interface LeftOut {
  readonly identity: string;
  readonly environment: string | undefined;
  /** Who, where and on what, and the reason. */
  readonly words: string;
}

/** @param start what would start it; undefined where nothing would */
export function leftOutOf({ identity, environment }: Place, start: Start | undefined, reason: string): LeftOut {
  const from = environment === undefined ? "" : ` in the environment ${environment}`;
  const on = start === undefined ? "" : `, ${start.words}`;
  return { identity, environment, words: `${identity}${from}${on}: ${reason}` };
}

/** What a workflow has no events for. */
export function withoutEvents({ environments }: Settings, places: readonly Place[]): LeftOut[] {
  return places.flatMap((place) => {
    const environment = place.environment === undefined ? undefined : findEnvironment(environments, place.environment);
    const isPartial = environment !== undefined && !place.publishes && takesSomePullRequests(environment);
    return [
      ...(isPartial
        ? [leftOutOf(place, undefined, "it takes some pull requests by their number, and all of them start a workflow")]
        : []),
      ...(place.starts.length === 0
        ? [
            leftOutOf(
              place,
              undefined,
              "no branch or tag may deploy there, and nothing is published for a pull request",
            ),
          ]
        : []),
    ];
  });
}

/** Who signs in only in the jobs of a reusable workflow, which are written where that is. */
export function inReusableWorkflows({ identities }: Settings): LeftOut[] {
  return Object.entries(identities).flatMap(([identity, { trust }]) =>
    trust.map(trustOf).flatMap(({ kind, value, workflow }): LeftOut[] => {
      if (kind !== "workflow" && workflow === undefined) return [];
      const place = workflow === undefined ? value : `${workflow}, environment ${value}`;
      const words = `${identity} in ${place}: a reusable workflow signs in itself, and is called from here`;
      return [{ identity, environment: kind === "environment" ? value : undefined, words }];
    }),
  );
}
