import { z } from "zod";
import { normalizedName, normalizedVersion, shortestVersion } from "../../python-packages/names.ts";
import { type Call, type Endpoint, ok } from "../endpoint.ts";
import type { Feed } from "../entities.ts";
import { demandFeedPermission, type FeedPermission } from "../feed-roles.ts";
import { demandView } from "../feed-views.ts";
import { demandFeed } from "../feeds.ts";
import type { ApiLocation } from "../versions.ts";
import { packageData } from "./entities.ts";
import { packageFailures } from "./failures.ts";
import { filesOf } from "./feed-packages.ts";

const paths = (rest: string): readonly string[] => [
  `/:organization/_apis/packaging/feeds/:feedId/pypi/packages/:packageName/${rest}`,
  `/:organization/:project/_apis/packaging/feeds/:feedId/pypi/packages/:packageName/${rest}`,
];

const location = (id: string, resourceName: string, rest: string): ApiLocation => ({
  id,
  area: "pypi",
  resourceName,
  routeTemplate: `{project}/_apis/packaging/feeds/{feedId}/{area}/packages/{packageName}/${rest}`,
  resourceVersion: 1,
  minVersion: "1.0",
  maxVersion: "7.2",
  releasedVersion: "0.0",
});

const upstreaming = location("21b8c9a7-7080-45be-a5ba-e50bb4c18130", "Upstreaming", "{resource}");
const versions = location("d146ac7e-9e3f-4448-b956-f9bb3bdf9b2e", "Versions", "{resource}/{packageVersion}");

const behavior = z.object({
  versionsFromExternalUpstreams: z.string().transform((text, refusal) => {
    const known = ["auto", "allowExternalVersions"].find((value) => value.toLowerCase() === text.toLowerCase());
    if (!known) refusal.addIssue({ code: "custom", message: "expected auto or allowExternalVersions" });
    return known ?? "auto";
  }),
});

const promotion = z.object({
  views: z.object({ op: z.literal("add"), path: z.literal("/views/-"), value: z.string() }),
});

/** Python packages in the REST API (https://learn.microsoft.com/rest/api/azure/devops/artifactspackagetypes/python). */
export const packageManagementEndpoints: readonly Endpoint[] = [
  {
    methods: ["GET"],
    paths: paths("upstreaming"),
    location: upstreaming,
    handle(call) {
      const feed = demandFeedOf(call, "ReadPackages");
      return ok({ versionsFromExternalUpstreams: behaviorOf(call, feed) });
    },
  },
  {
    methods: ["PATCH"],
    paths: paths("upstreaming"),
    location: upstreaming,
    async handle(call) {
      const feed = demandFeedOf(call, "AdministerFeed");
      const { versionsFromExternalUpstreams } = await call.body(behavior);
      const { allowedExternalVersions } = packageData(call.store);
      const id = behaviorId(call, feed);
      allowedExternalVersions.delete(id);
      if (versionsFromExternalUpstreams !== "auto") allowedExternalVersions.insert({ id, feedId: feed.id });
      return { status: 200 };
    },
  },
  {
    // Promotes a version to a view.
    methods: ["PATCH"],
    paths: paths("versions/:packageVersion"),
    location: versions,
    async handle(call) {
      const feed = demandFeedOf(call, "UpdatePackage");
      const { value } = (await call.body(promotion)).views;
      const view = demandView(call.store, feed, value);
      const version = shortestVersion(normalizedVersion(call.param("packageVersion")) ?? "");
      const files = filesOf(call.store, feed.id, projectOf(call)).filter(
        (file) => shortestVersion(file.version) === version,
      );
      if (files.length === 0) throw packageFailures.packageUnknown(feed.name, call.param("packageName"));
      for (const { id, views } of files) {
        packageData(call.store).files.update(id, { views: [...new Set([...views, view.id])] });
      }
      return { status: 200 };
    },
  },
];

function demandFeedOf(call: Call, permission: FeedPermission): Feed {
  const feed = demandFeed(call.store, call, call.param("feedId"));
  demandFeedPermission(call.store, feed, call.caller, permission);
  return feed;
}

const projectOf = (call: Call): string => normalizedName(call.param("packageName"));

const behaviorId = (call: Call, feed: Feed): string => `${feed.id}/${projectOf(call)}`;

const behaviorOf = (call: Call, feed: Feed): string =>
  packageData(call.store).allowedExternalVersions.get(behaviorId(call, feed)) ? "allowExternalVersions" : "auto";
