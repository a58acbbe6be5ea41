import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { FeedRole, Licence } from "../feed.ts";

/** The project of a project-scoped feed, and its group of readers. */
export interface FeedProject {
  readonly projectId: pulumi.Input<string>;
  /** The descriptor of the project's Readers group, e.g. `vssgp.…`. */
  readonly readersGroup: pulumi.Input<string>;
}

export interface FeedMembershipArgs {
  /** The object id of the service principal, not of its application. */
  readonly servicePrincipalObjectId: pulumi.Input<string>;
  readonly feedId: pulumi.Input<string>;
  /** What the principal may do on the feed. Plain. */
  readonly role: FeedRole;
  /**
   * Given for a project-scoped feed, whose members must also have access to the project. Plain in being there or not.
   * https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions
   */
  readonly project?: FeedProject | undefined;
  /** Default: `stakeholder`, which is free. */
  readonly licence?: Licence | undefined;
  /** Whether the principal may be removed from the organization. Plain. Default: false. */
  readonly removable?: boolean;
}

/** A service principal's place in an Azure DevOps organization, and its role on one feed. */
export class FeedMembership extends pulumi.ComponentResource {
  /** How the organization knows the principal, e.g. `aadsp.…`. */
  readonly descriptor: pulumi.Output<string>;

  constructor(name: string, args: FeedMembershipArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("feedpass:index:FeedMembership", name, {}, opts);

    const entitlement = new azuredevops.ServicePrincipalEntitlement(
      name,
      {
        originId: args.servicePrincipalObjectId,
        origin: "aad",
        // Feeds need no paid licence: https://learn.microsoft.com/azure/devops/organizations/security/stakeholder-access
        accountLicenseType: args.licence ?? "stakeholder",
        licensingSource: "account",
      },
      { parent: this, protect: !args.removable },
    );
    if (args.project) {
      new azuredevops.GroupMembership(
        name,
        { group: args.project.readersGroup, members: [entitlement.descriptor], mode: "add" },
        { parent: this },
      );
    }
    new azuredevops.FeedPermission(
      name,
      {
        feedId: args.feedId,
        identityDescriptor: entitlement.descriptor,
        role: args.role,
        ...(args.project ? { projectId: args.project.projectId } : {}),
      },
      // A feed takes one entry for an identity: the old one must go before a new one can be made.
      { parent: this, deleteBeforeReplace: true },
    );

    this.descriptor = entitlement.descriptor;
    this.registerOutputs({ descriptor: this.descriptor });
  }
}
