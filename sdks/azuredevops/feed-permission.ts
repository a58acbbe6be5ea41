import * as pulumi from "@pulumi/pulumi";
import { hasType, type ResourceShape, resourceProperties, withVersion } from "./utilities.ts";

const shape: ResourceShape = {
  inputs: ["displayName", "feedId", "identityDescriptor", "projectId", "role"],
  required: ["feedId", "identityDescriptor", "role"],
  outputs: ["identityId"],
};

/**
 * One identity's role on one feed.
 * Imported by `FEED_ID/IDENTITY_DESCRIPTOR` or `PROJECT_ID/FEED_ID/IDENTITY_DESCRIPTOR`.
 */
export class FeedPermission extends pulumi.CustomResource {
  /** The type's token. */
  static readonly __pulumiType = "azuredevops:index/feedPermission:FeedPermission";

  declare readonly displayName: pulumi.Output<string | undefined>;
  declare readonly feedId: pulumi.Output<string>;
  declare readonly identityDescriptor: pulumi.Output<string>;
  /** The identity's id in the organization. */
  declare readonly identityId: pulumi.Output<string>;
  declare readonly projectId: pulumi.Output<string | undefined>;
  declare readonly role: pulumi.Output<string>;

  constructor(name: string, args: FeedPermissionArgs, opts?: pulumi.CustomResourceOptions) {
    super(FeedPermission.__pulumiType, name, resourceProperties(shape, args, opts), withVersion(opts));
  }

  /** A permission that exists already, read by its id. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: FeedPermissionState,
    opts?: pulumi.CustomResourceOptions,
  ): FeedPermission {
    return new FeedPermission(name, state as FeedPermissionArgs, { ...opts, id });
  }

  /** Whether the object is a feed permission, even one of another copy of this package. */
  static override isInstance(obj: unknown): obj is FeedPermission {
    return hasType(obj, FeedPermission.__pulumiType);
  }
}

/** What is known of a permission that is looked up. */
export interface FeedPermissionState {
  displayName?: pulumi.Input<string | undefined>;
  feedId?: pulumi.Input<string | undefined>;
  identityDescriptor?: pulumi.Input<string | undefined>;
  identityId?: pulumi.Input<string | undefined>;
  projectId?: pulumi.Input<string | undefined>;
  role?: pulumi.Input<string | undefined>;
}

/** What a new permission is made of. All but the role and the display name replace it when they change. */
export interface FeedPermissionArgs {
  displayName?: pulumi.Input<string | undefined>;
  feedId: pulumi.Input<string>;
  /** The identity's subject descriptor, e.g. `aadsp.…` */
  identityDescriptor: pulumi.Input<string>;
  /** The feed's project; left out for a feed of the organization. */
  projectId?: pulumi.Input<string | undefined>;
  /** `reader`, `collaborator`, `contributor` or `administrator` */
  role: pulumi.Input<string>;
}
