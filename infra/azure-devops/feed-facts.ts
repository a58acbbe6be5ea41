import { z } from "zod";
import { type FeedLocation, feedPath } from "../../src/feed.ts";
import { refusal } from "../configuration.ts";
import { Unanswered } from "../network.ts";
import { type AzureDevOps, type AzureDevOpsAnswer, nobodySignedIn, refused } from "./client.ts";
import { feedAnswer, feedsAddress, servesUpstreams } from "./feed-answer.ts";

/** What Azure DevOps says of a feed, and the provider does not. */
export interface FeedFacts {
  /** Whether it serves packages of other places: saving those takes the Collaborator role. */
  readonly hasUpstreams: boolean;
  /** Empty where they were not asked for. */
  readonly views: readonly FeedView[];
}

export interface FeedView {
  /** As in `feed@Release`. */
  readonly name: string;
  /** `private`, `collection` (the organization), `organization` (all of the tenant's that are connected) or `aadTenant`. */
  readonly visibility: string;
}

/** https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management/get-feed-views */
const viewsAnswer = z.object({ value: z.array(z.object({ name: z.string(), visibility: z.string() })) });

/**
 * Asks Azure DevOps for what only its own API tells of a feed that is there.
 * @param views whether to ask for the views, too: one more request
 * @param place where the file names the feed
 * @throws RunError that says what is wrong with the file, or with the sign-in
 */
export async function askFeedFacts(
  location: FeedLocation,
  azureDevOps: AzureDevOps,
  { views = false, place = "feed" } = {},
): Promise<FeedFacts> {
  const { organization, project, name } = location;
  const feed = `${feedsAddress(organization, project)}/${encodeURIComponent(name)}`;
  try {
    const ask = async (path: string) => answered(location, await azureDevOps.get(`${path}?api-version=7.1-preview.1`));
    const [found, listed] = await Promise.all([ask(feed), views ? ask(`${feed}/views`) : undefined]);
    return {
      hasUpstreams: servesUpstreams(feedAnswer.parse(found)),
      views:
        listed === undefined
          ? []
          : viewsAnswer.parse(listed).value.map(({ name, visibility }) => ({ name, visibility })),
    };
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    throw refusal([
      { path: place, text: `Azure DevOps could not be asked about ${feedPath(location)}: ${error.message}` },
    ]);
  }
}

function answered({ organization }: FeedLocation, answer: AzureDevOpsAnswer | undefined): unknown {
  if (answer === undefined) throw nobodySignedIn();
  if (answer.status !== 200 || answer.body === undefined) throw refused(answer, organization);
  return answer.body;
}
