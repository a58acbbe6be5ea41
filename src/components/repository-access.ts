import * as azuread from "@pulumi/azuread";
import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import { type FeedLocation, feedUrls } from "../feed.ts";
import { identityName } from "../names.ts";
import type { Repository } from "../repository.ts";
import { type Identity, planSettings, type Setting } from "../variables.ts";
import { type ActionsSetting, ActionsSettings, type EnvironmentProtection } from "./actions-settings.ts";
import type { FeedPlace } from "./feed-lookup.ts";
import { FeedMembership, type FeedProject } from "./feed-membership.ts";
import { PipelineIdentity, type SubjectArgs } from "./pipeline-identity.ts";

export interface RepositoryAccessArgs {
  /** Plain: it names applications. */
  readonly repository: Repository;
  /** How the subjects of this repository begin, as GitHub says, e.g. `repo:contoso/widgets`. Plain. */
  readonly subjectPrefix: string;
  /** Default: as github.com makes subjects when nobody changed it. */
  readonly subjects?: SubjectArgs | undefined;
  readonly tenantId: pulumi.Input<string>;
  /** Told to workflows where it is given. Plain in being there or not. */
  readonly subscriptionId?: pulumi.Input<string> | undefined;
  /** Plain: addresses are made of it. */
  readonly feed: FeedLocation;
  /** What Azure DevOps says of the feed: `lookUpFeed` asks it. Without a feed id, the feed is made. Plain. */
  readonly place: FeedPlace;
  /** By name. Plain: the names become part of resource names. */
  readonly identities: Readonly<Record<string, Identity>>;
  /** The environments to make and protect, by name. Plain. Default: none. */
  readonly environments?: Readonly<Record<string, EnvironmentProtection>>;
  /** Lifts the protection of what cannot be made again with the same id. Plain. Default: false. */
  readonly removable?: boolean;
}

/** What others may know of an identity. Nothing in it is a secret. */
export interface IdentityOutputs {
  readonly clientId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  readonly subjects: string[];
}

/**
 * All the access that one repository's workflows have to one feed: an identity each with its role on the feed, and
 * what the workflows read to sign in. Takes the providers `azuread`, `azuredevops` (of the feed's organization) and
 * `github` (of the repository's owner).
 *
 * @example
 * const feed = { organization: "contoso", project: "data", name: "python" };
 * const place = await lookUpFeed(feed, false, { provider: azuredevops });
 * new RepositoryAccess("access", {
 *   repository: { owner: "contoso", name: "widgets" },
 *   subjectPrefix: "repo:contoso/widgets",
 *   tenantId: "11111111-2222-3333-4444-555555555555",
 *   feed,
 *   place,
 *   identities: { reader: { role: "reader", trust: [{ branch: "main" }], signIn: "oidc" } },
 * }, { providers: { azuread, azuredevops, github } });
 */
export class RepositoryAccess extends pulumi.ComponentResource {
  /** By the identity's name. */
  readonly identities: pulumi.Output<Record<string, IdentityOutputs>>;
  readonly feedId: pulumi.Output<string>;
  /** For `pip`, without credentials. */
  readonly indexUrl: string;
  /** For `twine`, without credentials. */
  readonly uploadUrl: string;

  constructor(name: string, args: RepositoryAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("feedpass:index:RepositoryAccess", name, {}, opts);
    const urls = feedUrls(args.feed);
    const removable = args.removable ?? false;

    const { project } = args.place;
    const feedId = pulumi.output(args.place.feedId ?? createFeed(this, name, args.feed, project, removable));
    const owner = azuread.getClientConfigOutput({ parent: this }).objectId;
    const identities = new Map(
      Object.entries(args.identities).map(([identity, { role, licence, ...rest }]) => {
        const child = identityName(name, identity);
        const { repository, subjectPrefix, subjects } = args;
        const created = new PipelineIdentity(
          child,
          { repository, identity, subjectPrefix, subjects, owner, removable, ...rest },
          { parent: this },
        );
        const { servicePrincipalObjectId } = created;
        new FeedMembership(
          child,
          { servicePrincipalObjectId, feedId, role, project, licence, removable },
          { parent: this },
        );
        return [identity, created];
      }),
    );
    const plan = planSettings(args.identities, args.subscriptionId !== undefined);
    new ActionsSettings(
      name,
      {
        repository: args.repository.name,
        environments: args.environments ?? {},
        settings: plan.map((setting) => fillIn(setting, identities, args)),
      },
      { parent: this },
    );

    this.identities = pulumi.output(
      Object.fromEntries([...identities].map(([identity, created]) => [identity, identityOutputs(created)])),
    );
    this.feedId = feedId;
    this.indexUrl = urls.index;
    this.uploadUrl = urls.upload;
    this.registerOutputs({
      identities: this.identities,
      feedId: this.feedId,
      indexUrl: this.indexUrl,
      uploadUrl: this.uploadUrl,
    });
  }
}

function createFeed(
  parent: pulumi.Resource,
  name: string,
  feed: FeedLocation,
  project: FeedProject | undefined,
  removable: boolean,
): pulumi.Output<string> {
  const created = new azuredevops.Feed(
    `${name}/feed`,
    { name: feed.name, ...(project ? { projectId: project.projectId } : {}) },
    { parent, protect: !removable },
  );
  return created.id;
}

/** Gives a planned setting its value. */
function fillIn(
  setting: Setting,
  identities: ReadonlyMap<string, PipelineIdentity>,
  { tenantId, subscriptionId = "", feed }: RepositoryAccessArgs,
): ActionsSetting {
  const { name, environment, kind, content, identity } = setting;
  const created = identities.get(identity);
  if (created === undefined) throw new Error(`no identity ${identity}`);
  const { clientId, clientSecret = "" } = created;
  const value = (): pulumi.Input<string> => {
    switch (content) {
      case "clientId":
        return clientId;
      case "tenantId":
        return tenantId;
      case "subscriptionId":
        return subscriptionId;
      case "indexUrl":
        return feedUrls(feed).index;
      case "uploadUrl":
        return feedUrls(feed).upload;
      case "credentials":
        // Exactly what azure/login reads from its `creds`: https://github.com/Azure/login#creds
        return pulumi.jsonStringify({ clientId, clientSecret, subscriptionId, tenantId });
    }
  };
  return { name, environment, kind, value: value() };
}

function identityOutputs(created: PipelineIdentity): pulumi.Output<IdentityOutputs> {
  const { clientId, applicationObjectId, servicePrincipalObjectId, subjects } = created;
  return pulumi.output({ clientId, applicationObjectId, servicePrincipalObjectId, subjects });
}
