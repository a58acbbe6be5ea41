import { z } from "zod";
import { type Call, collection, created, type Endpoint, noContent, ok } from "../endpoint.ts";
import { azureDevOpsData, type Feed } from "../entities.ts";
import { failures } from "../errors.ts";
import { feedBody } from "../feed-body.ts";
import { demandFeedPermission, type FeedPermission, hasFeedPermission } from "../feed-roles.ts";
import { demandReading, splitFeedAndView } from "../feed-views.ts";
import { changeFeed, createFeed, demandFeed } from "../feeds.ts";
import { locations } from "../locations.ts";
import { canReadProject } from "../memberships.ts";

/** The paths of a packaging resource in both scopes. */
export const inBothScopes = (resource: string): readonly string[] => [
  `/:organization/_apis/packaging/${resource}`,
  `/:organization/:project/_apis/packaging/${resource}`,
];

/** The feed that the URL names, if the caller may do this with it. */
export function demandFeedOf(call: Call, permission: FeedPermission): Feed {
  const feed = demandFeed(call.store, call, call.param("feedId"));
  demandFeedPermission(call.store, feed, call.caller, permission);
  return feed;
}

const upstreamSource = z.object({
  id: z.string().optional(),
  name: z.string(),
  protocol: z.string(),
  location: z.string(),
  displayLocation: z.string().optional(),
  upstreamSourceType: z.string().default("public"),
});

const feedSettings = z.object({
  name: z.string().optional(),
  description: z.string().max(255).nullish(),
  upstreamEnabled: z.boolean().nullish(),
  upstreamSources: z.array(upstreamSource).nullish(),
  hideDeletedPackageVersions: z.boolean().nullish(),
  badgesEnabled: z.boolean().nullish(),
});

/** https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management */
export const feedEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: inBothScopes("feeds"),
    location: locations.feeds,
    handle(call) {
      const feeds = listedFeeds(call).filter((feed) =>
        hasFeedPermission(call.store, feed, call.caller, "ReadPackages"),
      );
      return collection(feeds.map((feed) => feedBody(call.store, call.organization, feed)));
    },
  },
  {
    methods: ["POST"],
    paths: inBothScopes("feeds"),
    location: locations.feeds,
    async handle(call) {
      // Every member may create feeds, unless an administrator restricted it.
      const { name, ...settings } = await call.body(feedSettings);
      if (name === undefined) throw failures.badRequest("Value cannot be null.\r\nParameter name: feed.Name");
      const feed = createFeed(call.store, call, crypto.randomUUID(), { name, ...given(settings) }, call.caller);
      return created(feedBody(call.store, call.organization, feed));
    },
  },
  {
    methods: ["GET"],
    paths: inBothScopes("feeds/:feedId"),
    location: locations.feeds,
    // Also `feed@view`: the answer's qualified name and id say how the feed was accessed.
    handle(call) {
      const [feedName, viewName] = splitFeedAndView(call.param("feedId"));
      const feed = demandFeed(call.store, call, feedName);
      const view = demandReading(call.store, feed, call.caller, viewName);
      return ok(feedBody(call.store, call.organization, feed, view));
    },
  },
  {
    methods: ["PATCH"],
    paths: inBothScopes("feeds/:feedId"),
    location: locations.feeds,
    async handle(call) {
      const { name, ...settings } = await call.body(feedSettings);
      const feed = demandFeedOf(call, "EditFeed");
      const changes = { ...(name !== undefined && { name }), ...given(settings) };
      return ok(feedBody(call.store, call.organization, changeFeed(call.store, call, feed, changes)));
    },
  },
  {
    methods: ["DELETE"],
    paths: inBothScopes("feeds/:feedId"),
    location: locations.feeds,
    handle(call) {
      changeFeed(call.store, call, demandFeedOf(call, "DeleteFeed"), { deletedDate: call.now });
      return noContent;
    },
  },
];

/** Without a project: the feeds of the organization and of all projects that the caller sees. */
function listedFeeds({ store, organization, project, caller }: Call): readonly Feed[] {
  const { feeds, projects } = azureDevOpsData(store);
  const visible = (projectId: string): boolean => {
    const owner = projects.get(projectId);
    return owner !== undefined && canReadProject(store, owner, caller);
  };
  return feeds
    .filter((feed) => feed.organizationId === organization.id && feed.deletedDate === null)
    .filter((feed) => (project ? feed.projectId === project.id : feed.projectId === null || visible(feed.projectId)))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The settings that a request really gives; null is "as it is", except for the description. */
function given(settings: Omit<z.infer<typeof feedSettings>, "name">) {
  const { description, upstreamEnabled, upstreamSources, hideDeletedPackageVersions, badgesEnabled } = settings;
  return {
    ...(description !== undefined && { description }),
    ...(typeof upstreamEnabled === "boolean" && { upstreamEnabled }),
    ...(upstreamSources && { upstreamSources: upstreamSources.map(completeSource) }),
    ...(typeof hideDeletedPackageVersions === "boolean" && { hideDeletedPackageVersions }),
    ...(typeof badgesEnabled === "boolean" && { badgesEnabled }),
  };
}

const completeSource = ({ id, displayLocation, ...source }: z.infer<typeof upstreamSource>) => ({
  id: id ?? crypto.randomUUID(),
  displayLocation: displayLocation ?? source.location,
  status: "ok",
  ...source,
});
