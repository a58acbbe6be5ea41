import { z } from "zod";

/** Where the feeds of an organization are asked for, or those of one project: without an api-version. */
export function feedsAddress(organization: string, project?: string): string {
  const scope = [organization, ...(project === undefined ? [] : [project])].map(encodeURIComponent).join("/");
  return `https://feeds.dev.azure.com/${scope}/_apis/packaging/feeds`;
}

/** A feed as the service shows it: https://learn.microsoft.com/rest/api/azure/devops/artifacts/feed-management/get-feed */
export const feedAnswer = z.object({
  name: z.string(),
  project: z.object({ name: z.string() }).nullish(),
  upstreamEnabled: z.boolean().nullish(),
  upstreamSources: z.array(z.unknown()).nullish(),
});

type Upstreams = Pick<z.infer<typeof feedAnswer>, "upstreamEnabled" | "upstreamSources">;

/** Upstream sources that were deleted are not in the answer; all of them can be switched off at once. */
export function servesUpstreams({ upstreamEnabled, upstreamSources }: Upstreams): boolean {
  return upstreamEnabled !== false && (upstreamSources ?? []).length > 0;
}
