import { feedPath } from "../src/feed.ts";
import { feedPlace } from "../src/settings/feed-rules.ts";
import { feedsOfUnknownUpstreams } from "../src/settings/meaning.ts";
import { mismatch, type Problem } from "../src/settings/problem.ts";
import { alternatives } from "../src/words.ts";
import type { FeedSettings, Settings } from "../src/settings/schema.ts";
import type { AzureDevOps } from "./azure-devops/client.ts";
import { askFeedFacts, type FeedView } from "./azure-devops/feed-facts.ts";

/** What a file leaves to be asked of its feeds. */
export interface FeedAnswers {
  /** Whether a feed has upstream sources, by the stack's name for it: where that matters and the file does not say. */
  readonly upstreams: Readonly<Record<string, boolean>>;
  /** Views that nobody could install through. */
  readonly problems: readonly Problem[];
}

/**
 * Asks Azure DevOps what no provider tells: whether feeds have upstream sources, and who may read their views. Where
 * neither matters, nothing is asked and nobody signs in.
 */
export async function askFeeds(settings: Settings, azureDevOps: AzureDevOps): Promise<FeedAnswers> {
  const unknown = new Set(feedsOfUnknownUpstreams(settings));
  const wanted = Object.entries(settings.feeds).filter(([name, { view }]) => view !== undefined || unknown.has(name));
  const answers = await Promise.all(
    wanted.map(async ([name, feed]) => {
      const options = { views: feed.view !== undefined, place: feedPlace(name) };
      return { name, feed, facts: await askFeedFacts(feed, azureDevOps, options) };
    }),
  );
  const upstreams = answers.flatMap(({ name, facts }) => (unknown.has(name) ? [[name, facts.hasUpstreams]] : []));
  return {
    upstreams: Object.fromEntries(upstreams),
    problems: answers.flatMap(({ name, feed, facts }) => viewProblems(name, feed, facts.views)),
  };
}

/** https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions: a view's own permissions, or its feed's */
function viewProblems(name: string, { view, ...feed }: FeedSettings, views: readonly FeedView[]): Problem[] {
  if (view === undefined) return [];
  const path = `${feedPlace(name)}.view`;
  const found = views.find((one) => one.name.toLowerCase() === view.toLowerCase());
  if (found === undefined) {
    return [
      { path, text: mismatch(view, `a view of ${feedPath(feed)}: ${alternatives(views.map((one) => one.name))}`) },
    ];
  }
  if (found.visibility !== "private") return [];
  const text =
    `the view ${found.name} of ${feedPath(feed)} is for specific people, and no provider can name more of them; ` +
    "share it with the organization in Azure DevOps (Feed settings, Views), or leave the view out: then the identity gets a role on the feed";
  return [{ path, text }];
}
