import * as pulumi from "@pulumi/pulumi";
import { hasType, type ResourceShape, resourceProperties, withVersion } from "./utilities.ts";

const shape: ResourceShape = { inputs: ["group", "members", "mode"], required: ["group", "members"], outputs: [] };

/** Members of one group. The service cannot tell one such resource from another: it cannot be imported. */
export class GroupMembership extends pulumi.CustomResource {
  /** The type's token. */
  static readonly __pulumiType = "azuredevops:index/groupMembership:GroupMembership";

  declare readonly group: pulumi.Output<string>;
  declare readonly members: pulumi.Output<string[]>;
  declare readonly mode: pulumi.Output<string | undefined>;

  constructor(name: string, args: GroupMembershipArgs, opts?: pulumi.CustomResourceOptions) {
    super(GroupMembership.__pulumiType, name, resourceProperties(shape, args, opts), withVersion(opts));
  }

  /** A membership that exists already, read by its id. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: GroupMembershipState,
    opts?: pulumi.CustomResourceOptions,
  ): GroupMembership {
    return new GroupMembership(name, state as GroupMembershipArgs, { ...opts, id });
  }

  /** Whether the object is a group membership, even one of another copy of this package. */
  static override isInstance(obj: unknown): obj is GroupMembership {
    return hasType(obj, GroupMembership.__pulumiType);
  }
}

/** What is known of a membership that is looked up. */
export interface GroupMembershipState {
  group?: pulumi.Input<string | undefined>;
  members?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  mode?: pulumi.Input<string | undefined>;
}

/** What a new membership is made of. Another group replaces it. */
export interface GroupMembershipArgs {
  /** The group's subject descriptor, `vssgp.…` */
  group: pulumi.Input<string>;
  /** The members' subject descriptors. */
  members: pulumi.Input<pulumi.Input<string>[]>;
  /** `add` leaves the group's other members alone; `overwrite` removes them. Default: `add`. */
  mode?: pulumi.Input<string | undefined>;
}
