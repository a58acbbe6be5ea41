import { z } from "zod";
import type { Store } from "../../store.ts";
import { collection, created, type Endpoint, noContent, ok } from "../endpoint.ts";
import { azureDevOpsData, type Feed, type FeedView, feedVisibilities } from "../entities.ts";
import { enumeration } from "../enumeration.ts";
import { failures } from "../errors.ts";
import { viewBody } from "../feed-body.ts";
import { defaultVisibility, demandView, viewsOf } from "../feed-views.ts";
import { isFeedName } from "../feeds.ts";
import { locations } from "../locations.ts";
import { demandFeedOf, inBothScopes } from "./feeds.ts";

const viewSettings = z.object({
  name: z.string().nullish(),
  type: enumeration(["none", "release", "implicit"]).nullish(),
  visibility: enumeration(feedVisibilities).nullish(),
});

/** https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management (the operations on feed views) */
export const feedViewEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: inBothScopes("feeds/:feedId/views"),
    location: locations.feedViews,
    handle(call) {
      const feed = demandFeedOf(call, "ReadPackages");
      return collection(viewsOf(call.store, feed).map((view) => viewBody(call.organization, feed, view)));
    },
  },
  {
    methods: ["POST"],
    paths: inBothScopes("feeds/:feedId/views"),
    location: locations.feedViews,
    async handle(call) {
      const { name, type, visibility } = await call.body(viewSettings);
      const feed = demandFeedOf(call, "EditFeed");
      if (typeof name !== "string") throw failures.badRequest("Value cannot be null.\r\nParameter name: view.Name");
      demandFreeName(call.store, feed, name, undefined);
      // The service alone makes implicit views.
      if (type === "implicit") throw failures.viewTypeFixed(name);
      const view = azureDevOpsData(call.store).feedViews.insert({
        id: crypto.randomUUID(),
        feedId: feed.id,
        name,
        type: "release",
        visibility: visibility ?? defaultVisibility,
      });
      return created(viewBody(call.organization, feed, view));
    },
  },
  {
    methods: ["GET"],
    paths: inBothScopes("feeds/:feedId/views/:viewId"),
    location: locations.feedViews,
    handle(call) {
      const feed = demandFeedOf(call, "ReadPackages");
      return ok(viewBody(call.organization, feed, demandView(call.store, feed, call.param("viewId"))));
    },
  },
  {
    methods: ["PATCH"],
    paths: inBothScopes("feeds/:feedId/views/:viewId"),
    location: locations.feedViews,
    async handle(call) {
      const { name, type, visibility } = await call.body(viewSettings);
      const feed = demandFeedOf(call, "EditFeed");
      const view = demandView(call.store, feed, call.param("viewId"));
      if (type && type !== "none" && type !== view.type) throw failures.viewTypeFixed(view.name);
      if (typeof name === "string" && name !== view.name) {
        demandOwn(view);
        demandFreeName(call.store, feed, name, view);
      }
      const changes = { ...(typeof name === "string" && { name }), ...(visibility && { visibility }) };
      const changed = azureDevOpsData(call.store).feedViews.update(view.id, changes);
      return ok(viewBody(call.organization, feed, changed));
    },
  },
  {
    methods: ["DELETE"],
    paths: inBothScopes("feeds/:feedId/views/:viewId"),
    location: locations.feedViews,
    handle(call) {
      const feed = demandFeedOf(call, "EditFeed");
      const view = demandView(call.store, feed, call.param("viewId"));
      demandOwn(view);
      azureDevOpsData(call.store).feedViews.delete(view.id);
      return noContent;
    },
  },
];

/** All but Local may be renamed and deleted (https://learn.microsoft.com/azure/devops/artifacts/concepts/views). */
function demandOwn({ name, type }: FeedView): void {
  if (type === "implicit") throw failures.viewFixed(name);
}

function demandFreeName(store: Store, feed: Feed, name: string, self: FeedView | undefined): void {
  if (!isFeedName(name)) throw failures.viewNameInvalid(name);
  const taken = viewsOf(store, feed).some(
    (view) => view.id !== self?.id && view.name.toLowerCase() === name.toLowerCase(),
  );
  if (taken) throw failures.viewNameTaken(name);
}
