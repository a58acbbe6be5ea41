import * as azuread from "@pulumi/azuread";
import * as azuredevops from "@pulumi/azuredevops";
import * as pulumi from "@pulumi/pulumi";
import { type FeedLocation, feedPath, feedUrls } from "../feed.ts";
import { clientUrls, feedGrants, type FeedRoles } from "../feed-roles.ts";
import type { EnvironmentProtection } from "../jobs/environment.ts";
import { feedName, identityName } from "../names.ts";
import type { Repository } from "../repository.ts";
import { type Identity, planSettings, type Setting } from "../variables.ts";
import { type ActionsSetting, ActionsSettings, type ReviewerIds } from "./actions-settings.ts";
import type { FeedPlace } from "./feed-lookup.ts";
import { FeedMembership, type FeedProject } from "./feed-membership.ts";
import { PipelineIdentity, type SubjectArgs } from "./pipeline-identity.ts";

/** A feed that identities have access to. */
export interface AccessFeed {
  /** Plain: addresses are made of it. */
  readonly location: FeedLocation;
  /** What Azure DevOps says of the feed: `lookUpFeed` asks it. Without a feed id, the feed is made. Plain. */
  readonly place: FeedPlace;
}

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
  /** By names of your own, all of one organization. One that is called `feed` is told to clients first. Plain. */
  readonly feeds: Readonly<Record<string, AccessFeed>>;
  /** By name. Plain: the names become part of resource names. */
  readonly identities: Readonly<Record<string, Identity>>;
  /** The environments to make and protect, by name. Plain. Default: none. */
  readonly environments?: Readonly<Record<string, EnvironmentProtection>>;
  /** Of the environments' reviewers. Plain. Default: those that are missing are looked up by the provider. */
  readonly reviewerIds?: ReviewerIds | undefined;
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

/** What others may know of a feed. The addresses hold no credentials. */
export interface FeedOutputs {
  /** `contoso/data/python`. */
  readonly path: string;
  readonly feedId: string;
  /** For `pip`. */
  readonly indexUrl: string;
  /** For `twine`. */
  readonly uploadUrl: string;
}

/**
 * All the access that one repository's workflows have to feeds: identities with their roles, and what the workflows read
 * to sign in. Whoever waits for an approval must find it standing: environments and their rules come before credentials and
 * roles, and what workflows read comes last; taken away it is the other way round. Takes the providers `azuread`, `azuredevops` (of the feeds' organization) and
 * `github` (of the repository's owner).
 *
 * @example
 * const location = { organization: "contoso", project: "data", name: "python" };
 * const place = await lookUpFeed(location, false, { provider: azuredevops });
 * new RepositoryAccess("access", {
 *   repository: { owner: "contoso", name: "widgets" },
 *   subjectPrefix: "repo:contoso/widgets",
 *   tenantId: "11111111-2222-3333-4444-555555555555",
 *   feeds: { python: { location, place } },
 *   identities: { reader: { roles: { python: "reader" }, trust: [{ branch: "main" }], signIn: "oidc" } },
 * }, { providers: { azuread, azuredevops, github } });
 */
export class RepositoryAccess extends pulumi.ComponentResource {
  /** By the identity's name. */
  readonly identities: pulumi.Output<Record<string, IdentityOutputs>>;
  /** By the name that it was given. */
  readonly feeds: pulumi.Output<Record<string, FeedOutputs>>;
  /** Those that the identities have, encrypted in the state, for whoever has to hide them. None of the outputs. */
  readonly clientSecrets: pulumi.Output<string[]>;

  constructor(name: string, args: RepositoryAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("feedpass:index:RepositoryAccess", name, {}, opts);
    const removable = args.removable ?? false;

    const feeds = Object.fromEntries(
      Object.entries(args.feeds).map(([feed, { location, place }]) => {
        const feedId = pulumi.output(place.feedId ?? createFeed(this, name, location, place.project, removable));
        return [feed, { location, feedId, project: place.project }] as const;
      }),
    );
    // Every environment with its rules, known when this constructor is through.
    const protection: Promise<pulumi.Resource[]> = Promise.resolve().then(() => [...settings.protection]);
    const owner = azuread.getClientConfigOutput({ parent: this }).objectId;
    const identities = new Map(
      Object.entries(args.identities).map(([identity, { roles, licence, ...rest }]) => {
        const child = identityName(name, identity);
        const { repository, subjectPrefix, subjects } = args;
        const created = new PipelineIdentity(
          child,
          { repository, identity, subjectPrefix, subjects, owner, removable, after: protection, ...rest },
          { parent: this },
        );
        const { servicePrincipalObjectId } = created;
        const granted = feedGrants(feeds, roles).map(({ feed, role }) => ({ ...feed, role }));
        const { access } = new FeedMembership(
          child,
          { servicePrincipalObjectId, feeds: granted, licence, removable, after: protection },
          { parent: this },
        );
        return [identity, { created, access: [...created.credentials, ...access] }];
      }),
    );
    const plan = planSettings(args.identities, args.subscriptionId !== undefined);
    const settings: ActionsSettings = new ActionsSettings(
      name,
      {
        repository: args.repository.name,
        environments: args.environments ?? {},
        reviewerIds: args.reviewerIds,
        settings: plan.map((setting) => fillIn(setting, identities, args)),
      },
      { parent: this },
    );

    this.identities = pulumi.output(
      Object.fromEntries([...identities].map(([identity, { created }]) => [identity, identityOutputs(created)])),
    );
    this.feeds = pulumi.output(
      Object.fromEntries(
        Object.entries(feeds).map(([feed, { location, feedId }]) => {
          const { index, upload } = feedUrls(location);
          return [feed, { path: feedPath(location), feedId, indexUrl: index, uploadUrl: upload }];
        }),
      ),
    );
    this.clientSecrets = pulumi.all([...identities.values()].flatMap(({ created }) => created.clientSecret ?? []));
    this.registerOutputs({ identities: this.identities, feeds: this.feeds });
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
    feedName(name, feed),
    { name: feed.name, ...(project ? { projectId: project.projectId } : {}) },
    { parent, protect: !removable, aliases: [{ name: `${name}/feed` }] },
  );
  return created.id;
}

interface CreatedIdentity {
  readonly created: PipelineIdentity;
  /** All that makes it worth telling of. */
  readonly access: readonly pulumi.Resource[];
}

/** Gives a planned setting its value. */
function fillIn(
  setting: Setting,
  identities: ReadonlyMap<string, CreatedIdentity>,
  { tenantId, subscriptionId = "", feeds, identities: all }: RepositoryAccessArgs,
): ActionsSetting {
  const { name, environment, kind, content, identity } = setting;
  const found = identities.get(identity);
  if (found === undefined) throw new Error(`no identity ${identity}`);
  const { clientId, clientSecret = "" } = found.created;
  const urls = addressesOf(feeds, all[identity]?.roles ?? {});
  const value = (): pulumi.Input<string> => {
    switch (content) {
      case "clientId":
        return clientId;
      case "tenantId":
        return tenantId;
      case "subscriptionId":
        return subscriptionId;
      case "indexUrl":
        return urls.index;
      case "extraIndexUrl":
        return urls.extraIndexes.join(" ");
      case "uploadUrl":
        return urls.upload;
      case "credentials":
        // Exactly what azure/login reads from its `creds`: https://github.com/Azure/login#creds
        return pulumi.jsonStringify({ clientId, clientSecret, subscriptionId, tenantId });
    }
  };
  return { name, environment, kind, value: value(), after: found.access };
}

function addressesOf(feeds: RepositoryAccessArgs["feeds"], roles: FeedRoles) {
  const locations = Object.entries(feeds).map(([name, { location }]) => [name, location] as const);
  return clientUrls(Object.fromEntries(locations), roles);
}

function identityOutputs(created: PipelineIdentity): pulumi.Output<IdentityOutputs> {
  const { clientId, applicationObjectId, servicePrincipalObjectId, subjects } = created;
  return pulumi.output({ clientId, applicationObjectId, servicePrincipalObjectId, subjects });
}
