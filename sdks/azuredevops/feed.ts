import * as pulumi from "@pulumi/pulumi";
import type * as inputs from "./types/input.ts";
import type * as outputs from "./types/output.ts";
import { hasType, type ResourceShape, resourceProperties, withVersion } from "./utilities.ts";

const shape: ResourceShape = { inputs: ["features", "name", "projectId"], required: [], outputs: [] };

/**
 * A feed of Azure Artifacts, of the whole organization or of one project.
 * Imported by `FEED_ID` or `PROJECT_ID/FEED_ID`.
 */
export class Feed extends pulumi.CustomResource {
  /** The type's token. */
  static readonly __pulumiType = "azuredevops:index/feed:Feed";

  declare readonly features: pulumi.Output<outputs.FeedFeature[] | undefined>;
  /** The feed's name; one is made up where none is given. */
  declare readonly name: pulumi.Output<string>;
  /** The project that the feed belongs to; undefined for a feed of the organization. */
  declare readonly projectId: pulumi.Output<string | undefined>;

  constructor(name: string, args?: FeedArgs, opts?: pulumi.CustomResourceOptions) {
    super(Feed.__pulumiType, name, resourceProperties(shape, args, opts), withVersion(opts));
  }

  /** A feed that exists already, read by its id. */
  static get(name: string, id: pulumi.Input<pulumi.ID>, state?: FeedState, opts?: pulumi.CustomResourceOptions): Feed {
    return new Feed(name, state, { ...opts, id });
  }

  /** Whether the object is a feed, even one of another copy of this package. */
  static override isInstance(obj: unknown): obj is Feed {
    return hasType(obj, Feed.__pulumiType);
  }
}

/** What is known of a feed that is looked up. */
export interface FeedState {
  features?: pulumi.Input<pulumi.Input<inputs.FeedFeature>[] | undefined>;
  name?: pulumi.Input<string | undefined>;
  projectId?: pulumi.Input<string | undefined>;
}

/** What a new feed is made of. */
export interface FeedArgs {
  features?: pulumi.Input<pulumi.Input<inputs.FeedFeature>[] | undefined>;
  /** Default: a name that the provider makes up. Another name replaces the feed. */
  name?: pulumi.Input<string | undefined>;
  /** Default: the feed belongs to the organization. Another project replaces the feed. */
  projectId?: pulumi.Input<string | undefined>;
}
