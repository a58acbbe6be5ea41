import type * as pulumi from "@pulumi/pulumi";
import { type FeedPlace, lookUpFeed } from "../src/components/feed-lookup.ts";
import type { AccessFeed } from "../src/components/repository-access.ts";
import { type FeedLocation, feedPath } from "../src/feed.ts";
import { ownFeed } from "../src/feed-roles.ts";
import { feedPlace } from "../src/settings/feed-rules.ts";
import type { Settings } from "../src/settings/schema.ts";
import { refuse } from "./configuration.ts";

/** The feeds of the file, and what Azure DevOps says of each. */
export async function findFeeds(
  feeds: Settings["feeds"],
  provider: pulumi.ProviderResource,
): Promise<Readonly<Record<string, AccessFeed>>> {
  const found = await Promise.all(
    Object.entries(feeds).map(async ([name, { create, upstreams, ...location }]) => {
      const place = await lookUpFeed(location, create, { provider }).catch((error: Error) => couldNotAsk(error));
      return { name, location, place };
    }),
  );
  const problems = found.flatMap(({ name, location, place }) => {
    if (typeof place === "string") return [{ path: feedPlace(name), text: place }];
    return place === undefined ? [{ path: feedPlace(name), text: missing(name, location) }] : [];
  });
  refuse(problems);
  return Object.fromEntries(found.map(({ name, location, place }) => [name, { location, place: place as FeedPlace }]));
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
