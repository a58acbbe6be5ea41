import * as pulumi from "@pulumi/pulumi";
import { withVersion } from "./utilities.ts";

const token = "azuredevops:index/getFeed:getFeed";

/** A feed that exists, by its name or its id. A missing one gives an empty result, not an error. */
export function getFeed(args: GetFeedArgs = {}, opts?: pulumi.InvokeOptions): Promise<GetFeedResult> {
  const { feedId, name, projectId } = args;
  return pulumi.runtime.invoke(token, { feedId, name, projectId }, withVersion(opts));
}

/** As `getFeed`, of values that are not known yet. */
export function getFeedOutput(
  args: GetFeedOutputArgs = {},
  opts?: pulumi.InvokeOutputOptions,
): pulumi.Output<GetFeedResult> {
  const { feedId, name, projectId } = args;
  return pulumi.runtime.invokeOutput(token, { feedId, name, projectId }, withVersion(opts));
}

/** Which feed: `feedId` or `name`. */
export interface GetFeedArgs {
  feedId?: string;
  name?: string;
  /** The feed's project; left out for a feed of the organization. */
  projectId?: string;
}

/** Which feed: `feedId` or `name`. */
export interface GetFeedOutputArgs {
  feedId?: pulumi.Input<string | undefined>;
  name?: pulumi.Input<string | undefined>;
  projectId?: pulumi.Input<string | undefined>;
}

/** The feed that was found; empty where there is none. */
export interface GetFeedResult {
  readonly feedId?: string;
  readonly id: string;
  readonly name?: string;
  readonly projectId?: string;
}
