import { z } from "zod";

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
