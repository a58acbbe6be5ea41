import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import type { FeedLocation, FeedRole, Licence } from "../feed.ts";
import { feedName, projectMembershipName } from "../names.ts";

/** The project of a project-scoped feed, and its group of readers. */
export interface FeedProject {
  readonly projectId: pulumi.Input<string>;
  /** The descriptor of the project's Readers group, e.g. `vssgp.…`. */
  readonly readersGroup: pulumi.Input<string>;
}

/** A feed, and what the principal may do there. */
export interface FeedRoleArgs {
  /** Plain: it names resources. */
  readonly location: FeedLocation;
  readonly feedId: pulumi.Input<string>;
  /** Plain. Only `reader` for a view, which takes no role on the feed: whoever is in the organization may read it. */
  readonly role: FeedRole;
  /**
   * Given for a project-scoped feed, whose members must also have access to the project. Plain in being there or not.
   * https://learn.microsoft.com/azure/devops/artifacts/feeds/feed-permissions
   */
  readonly project?: FeedProject | undefined;
}

export interface FeedMembershipArgs {
  /** The object id of the service principal, not of its application. */
  readonly servicePrincipalObjectId: pulumi.Input<string>;
  /** All of one organization. Plain in their number and order. */
  readonly feeds: readonly FeedRoleArgs[];
  /** Default: `stakeholder`, which is free. */
  readonly licence?: Licence | undefined;
  /** What must be there before the principal has a role. Default: nothing. */
  readonly after?: pulumi.Input<pulumi.Resource[]> | undefined;
  /** Whether the principal may be removed from the organization. Plain. Default: false. */
  readonly removable?: boolean;
}

/** A service principal's place in an Azure DevOps organization, and its roles on feeds. */
export class FeedMembership extends pulumi.ComponentResource {
  /** How the organization knows the principal, e.g. `aadsp.…`. */
  readonly descriptor: pulumi.Output<string>;
  /** The roles, and what they are worth nothing without. Who is told of the principal can wait for them. */
  readonly access: readonly pulumi.Resource[];

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
    const { descriptor } = entitlement;
    // An identity had one feed once, and what it had there had its name.
    const memberships = [...projectsOf(args.feeds)].map(
      ([project, { readersGroup }]) =>
        new azuredevops.GroupMembership(
          projectMembershipName(name, project),
          { group: readersGroup, members: [descriptor], mode: "add" },
          { parent: this, aliases: [{ name }] },
        ),
    );
    const roles = args.feeds
      .filter(({ location }) => location.view === undefined)
      .map(
        ({ location, feedId, role, project }, index) =>
          new azuredevops.FeedPermission(
            feedName(name, location),
            { feedId, identityDescriptor: descriptor, role, ...(project ? { projectId: project.projectId } : {}) },
            // A feed takes one entry for an identity: the old one must go before a new one can be made.
            {
              ...{ parent: this, deleteBeforeReplace: true, dependsOn: args.after ?? [] },
              aliases: index === 0 ? [{ name }] : [],
            },
          ),
      );

    this.descriptor = descriptor;
    this.access = [entitlement, ...memberships, ...roles];
    this.registerOutputs({ descriptor: this.descriptor });
  }
}

/** Each project once. Azure DevOps takes names that differ by case alone for one. */
function projectsOf(feeds: readonly FeedRoleArgs[]): Map<string, FeedProject> {
  return new Map(
    feeds.flatMap(({ location, project }) =>
      project === undefined || location.project === undefined ? [] : [[location.project.toLowerCase(), project]],
    ),
  );
}
