import { z } from "zod";
import { type Call, collection, type Endpoint, noContent, ok } from "../endpoint.ts";
import type { Feed } from "../entities.ts";
import { failures } from "../errors.ts";
import { feedBody } from "../feed-body.ts";
import { demandFeedPermission, hasFeedPermission } from "../feed-roles.ts";
import { changeFeed, demandDeletedFeed, feedsIn, isCalled, purgeFeed } from "../feeds.ts";
import { locations } from "../locations.ts";
import { inBothScopes } from "./feeds.ts";

const restoration = z.array(z.object({ op: z.literal("replace"), path: z.string(), value: z.literal(false) }));

/**
 * Deleted feeds, and the log of what became of feeds.
 * https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-recycle-bin and change-tracking
 */
export const feedBinEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: inBothScopes("feedrecyclebin"),
    location: locations.feedRecycleBin,
    handle(call) {
      const deleted = readableFeeds(call).filter(({ deletedDate }) => deletedDate !== null);
      return collection(deleted.map((feed) => feedBody(call.store, call.organization, feed)));
    },
  },
  {
    methods: ["PATCH"],
    paths: inBothScopes("feedrecyclebin/:feedId"),
    location: locations.feedRecycleBin,
    async handle(call) {
      const operations = await call.body(restoration);
      if (!operations.some(({ path }) => path === "/isDeleted")) {
        throw failures.badRequest("A feed in the recycle bin can only be restored: replace /isDeleted with false.");
      }
      changeFeed(call.store, call, demandDeletedFeedOf(call), { deletedDate: null });
      return noContent;
    },
  },
  {
    methods: ["DELETE"],
    paths: inBothScopes("feedrecyclebin/:feedId"),
    location: locations.feedRecycleBin,
    handle(call) {
      purgeFeed(call.store, demandDeletedFeedOf(call));
      return noContent;
    },
  },
  {
    methods: ["GET"],
    paths: inBothScopes("feedchanges"),
    location: locations.feedChanges,
    handle(call) {
      const since = Number(call.query("continuationToken") ?? 0);
      const withDeleted = call.query("includeDeleted")?.toLowerCase() === "true";
      const changed = readableFeeds(call)
        .filter((feed) => feed.change > since && (withDeleted || feed.deletedDate === null))
        .sort((a, b) => a.change - b.change)
        .slice(0, Number(call.query("batchSize") ?? 1000));
      return ok({
        count: changed.length,
        nextFeedContinuationToken: changed.at(-1)?.change ?? since,
        feedChanges: changed.map((feed) => changeBody(call, feed)),
      });
    },
  },
  {
    methods: ["GET"],
    paths: inBothScopes("feedchanges/:feedId"),
    location: locations.feedChanges,
    handle(call) {
      const found = readableFeeds(call).find((feed) => isCalled(feed, call.param("feedId")));
      if (!found) throw failures.feedUnknown(call.param("feedId"));
      return ok(changeBody(call, found));
    },
  },
];

function readableFeeds(call: Call): readonly Feed[] {
  return feedsIn(call.store, call).filter((feed) => hasFeedPermission(call.store, feed, call.caller, "ReadPackages"));
}

function demandDeletedFeedOf(call: Call): Feed {
  const feed = demandDeletedFeed(call.store, call, call.param("feedId"));
  demandFeedPermission(call.store, feed, call.caller, "DeleteFeed");
  return feed;
}

function changeBody(call: Call, feed: Feed): object {
  return {
    changeType: feed.deletedDate === null ? "addOrUpdate" : "delete",
    feed: feedBody(call.store, call.organization, feed),
    feedContinuationToken: feed.change,
    latestPackageContinuationToken: 0,
  };
}
