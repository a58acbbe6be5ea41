import type * as pulumi from "@pulumi/pulumi";
import { type FeedPlace, lookUpFeed } from "../src/components/feed-lookup.ts";
import { type FeedLocation, feedPath } from "../src/feed.ts";
import type { Settings } from "../src/settings/schema.ts";
import { refusal } from "./configuration.ts";

/** Where the feed is that the file means: its organization is its own, or the one of all stacks. */
export function feedLocation({ feed, organization }: Settings): FeedLocation {
  const { name, project } = feed;
  return { organization: feed.organization ?? organization ?? "", name, ...(project === undefined ? {} : { project }) };
}

/**
 * Asks Azure DevOps for the feed, before anything is built on it.
 * @throws RunError that says what is wrong with the file where the feed is not there
 */
export async function findFeed(
  location: FeedLocation,
  create: boolean,
  provider: pulumi.ProviderResource,
): Promise<FeedPlace> {
  const place = await lookUpFeed(location, create, { provider }).catch((error: Error) => {
    throw refusal([{ path: "feed", text: couldNotAsk(error) }]);
  });
  if (place === undefined) throw refusal([{ path: "feed", text: missing(location) }]);
  return place;
}

function missing(location: FeedLocation): string {
  const scope =
    location.project === undefined
      ? "in the organization; a feed of a project needs feed.project"
      : `in the project ${location.project}; a feed of the organization needs no feed.project`;
  return `there is no feed ${feedPath(location)} that this sign-in can see; it was looked for ${scope}; feed.create: true makes it`;
}

/** The provider's own words, without what the SDK puts around them. */
function couldNotAsk({ message }: Error): string {
  const words = message
    .replace(/^.*? returned an error: (invoking \S+: )?(\d+ errors? occurred:\s*\* )?/s, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return `Azure DevOps could not be asked: ${words}; check the names, and how the provider signs in`;
}
