import * as pulumi from "@pulumi/pulumi";
import { hasType, type ResourceShape, resourceProperties, withVersion } from "./utilities.ts";

const shape: ResourceShape = {
  inputs: ["accountLicenseType", "licensingSource", "origin", "originId"],
  required: ["originId"],
  outputs: ["descriptor", "displayName"],
};

/**
 * An Entra service principal as a user of the organization, with its licence.
 * Imported by the service principal's id in the organization.
 */
export class ServicePrincipalEntitlement extends pulumi.CustomResource {
  /** The type's token. */
  static readonly __pulumiType = "azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement";

  declare readonly accountLicenseType: pulumi.Output<string | undefined>;
  /** The subject descriptor, which roles and memberships are given to. */
  declare readonly descriptor: pulumi.Output<string>;
  declare readonly displayName: pulumi.Output<string>;
  declare readonly licensingSource: pulumi.Output<string | undefined>;
  declare readonly origin: pulumi.Output<string>;
  declare readonly originId: pulumi.Output<string>;

  constructor(name: string, args: ServicePrincipalEntitlementArgs, opts?: pulumi.CustomResourceOptions) {
    super(ServicePrincipalEntitlement.__pulumiType, name, resourceProperties(shape, args, opts), withVersion(opts));
  }

  /** An entitlement that exists already, read by its id. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: ServicePrincipalEntitlementState,
    opts?: pulumi.CustomResourceOptions,
  ): ServicePrincipalEntitlement {
    return new ServicePrincipalEntitlement(name, state as ServicePrincipalEntitlementArgs, { ...opts, id });
  }

  /** Whether the object is an entitlement, even one of another copy of this package. */
  static override isInstance(obj: unknown): obj is ServicePrincipalEntitlement {
    return hasType(obj, ServicePrincipalEntitlement.__pulumiType);
  }
}

/** What is known of an entitlement that is looked up. */
export interface ServicePrincipalEntitlementState {
  accountLicenseType?: pulumi.Input<string | undefined>;
  descriptor?: pulumi.Input<string | undefined>;
  displayName?: pulumi.Input<string | undefined>;
  licensingSource?: pulumi.Input<string | undefined>;
  origin?: pulumi.Input<string | undefined>;
  originId?: pulumi.Input<string | undefined>;
}

/** What a new entitlement is made of. Another origin or origin id replaces it. */
export interface ServicePrincipalEntitlementArgs {
  /** `stakeholder`, `express` (Basic), `advanced`, `earlyAdopter`, `professional` or `none`. Default: `express`. */
  accountLicenseType?: pulumi.Input<string | undefined>;
  /** Default: `account`. */
  licensingSource?: pulumi.Input<string | undefined>;
  /** Default: `aad`. */
  origin?: pulumi.Input<string | undefined>;
  /** The service principal's object id in Entra, not the application's. */
  originId: pulumi.Input<string>;
}
