import type * as pulumi from "@pulumi/pulumi";
import { lookUpFeed } from "../src/components/feed-lookup.ts";
import type { AccessFeed } from "../src/components/repository-access.ts";
import { type FeedLocation, feedPath } from "../src/feed.ts";
import { ownFeed } from "../src/feed-roles.ts";
import { feedPlace } from "../src/settings/feed-rules.ts";
import type { Problem } from "../src/settings/problem.ts";
import type { Settings } from "../src/settings/schema.ts";

/** The feeds of a file, as Azure DevOps knows them. */
export interface FoundFeeds {
  /** Those that are there, by the stack's name for them. */
  readonly feeds: Readonly<Record<string, AccessFeed>>;
  /** For each of the others, why not. */
  readonly problems: readonly Problem[];
}

/** Asks Azure DevOps for the feeds of the file, by the provider, and makes none. */
export async function findFeeds(feeds: Settings["feeds"], provider: pulumi.ProviderResource): Promise<FoundFeeds> {
  const answers = await Promise.all(
    Object.entries(feeds).map(async ([name, { create, upstreams, ...location }]) => {
      const place = await lookUpFeed(location, create, { provider }).catch((error: Error) => couldNotAsk(error));
      return { name, location, place: place ?? missing(name, location) };
    }),
  );
  return {
    feeds: Object.fromEntries(
      answers.flatMap(({ name, location, place }) => (typeof place === "string" ? [] : [[name, { location, place }]])),
    ),
    problems: answers.flatMap(({ name, place }) =>
      typeof place === "string" ? [{ path: feedPlace(name), text: place }] : [],
    ),
  };
}

function missing(name: string, { view, ...location }: FeedLocation): string {
  const key = `${feedPlace(name)}.project`;
  const scope =
    location.project === undefined
      ? `in the organization; a feed of a project needs ${key}`
      : `in the project ${location.project}; a feed of the organization needs no ${key}`;
  const make = name === ownFeed ? "; feed.create: true makes it" : "";
  return `there is no feed ${feedPath(location)} that this sign-in can see; it was looked for ${scope}${make}`;
}

/** The provider's own words, without what the SDK puts around them. */
function couldNotAsk({ message }: Error): string {
  const words = message
    .replace(/^.*? returned an error: (invoking \S+: )?(\d+ errors? occurred:\s*\* )?/s, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return `Azure DevOps could not be asked: ${words}; check the names, and how the provider signs in`;
}
