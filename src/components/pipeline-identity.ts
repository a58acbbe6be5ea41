import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { applicationDisplayName, credentialName, trustName } from "../names.ts";
import type { Repository } from "../repository.ts";
import { federationAudience, githubIssuer, subjectOf, type TrustEntry } from "../trust.ts";
import type { SignIn } from "../variables.ts";

export interface PipelineIdentityArgs {
  /** Whose workflows sign in. Plain: it names the application. */
  readonly repository: Repository;
  /** The identity's name within the repository, e.g. `publisher`. Plain: it names the application. */
  readonly identity: string;
  /** How the subjects of this repository begin, as GitHub says. Plain: it decides what is trusted. */
  readonly subjectPrefix: string;
  /** Who may sign in. Plain: each entry makes a credential. */
  readonly trust: readonly TrustEntry[];
  /** `oidc` makes federated credentials, `secret` a client secret, `both` both. */
  readonly signIn: SignIn;
  /** When the client secret ends, e.g. `2027-06-30`. Only for `secret` and `both`, and then required. */
  readonly secretExpires?: string | undefined;
  /**
   * The object id of whoever owns the service principal from its creation: the caller. An owner needs no more than
   * `Application.ReadWrite.OwnedBy`. https://learn.microsoft.com/graph/permissions-reference
   */
  readonly owner: pulumi.Input<string>;
  /** Whether the application and the service principal may be deleted. Plain. Default: false. */
  readonly removable?: boolean;
}

/** What a repository's jobs sign in as: an application, its service principal, and what proves who they are. */
export class PipelineIdentity extends pulumi.ComponentResource {
  /** The application's client id: no secret. */
  readonly clientId: pulumi.Output<string>;
  readonly applicationObjectId: pulumi.Output<string>;
  /** The service principal's object id: what Azure DevOps knows the identity by. */
  readonly servicePrincipalObjectId: pulumi.Output<string>;
  /** The subjects that may sign in; empty for `secret`. */
  readonly subjects: pulumi.Output<string[]>;
  /** The client secret, encrypted in the state; undefined for `oidc`. */
  readonly clientSecret: pulumi.Output<string> | undefined;

  constructor(name: string, args: PipelineIdentityArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("feedpass:index:PipelineIdentity", name, {}, opts);
    const protect = !args.removable;

    const application = new azuread.ApplicationRegistration(
      name,
      {
        displayName: applicationDisplayName(args.repository, args.identity),
        notes: "Managed by feedpass: what is changed by hand is changed back.",
        signInAudience: "AzureADMyOrg",
      },
      { parent: this, protect },
    );
    const servicePrincipal = new azuread.ServicePrincipal(
      name,
      { clientId: application.clientId, owners: [args.owner] },
      // Whoever previews later, perhaps as a reader, is not whoever created: the first owner stays.
      { parent: this, protect, ignoreChanges: ["owners"] },
    );
    const credentials = args.signIn === "secret" ? [] : createCredentials(this, name, args, application);
    const password = args.signIn === "oidc" ? undefined : createPassword(this, name, args, application);

    this.clientId = application.clientId;
    this.applicationObjectId = application.objectId;
    this.servicePrincipalObjectId = servicePrincipal.objectId;
    this.subjects = pulumi.all(credentials.map((credential) => credential.subject));
    this.clientSecret = password?.value;
    this.registerOutputs({
      clientId: this.clientId,
      applicationObjectId: this.applicationObjectId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      subjects: this.subjects,
    });
  }
}

/** A federated identity credential for each trust entry. */
function createCredentials(
  parent: pulumi.Resource,
  name: string,
  { subjectPrefix, trust }: PipelineIdentityArgs,
  application: azuread.ApplicationRegistration,
): azuread.ApplicationFederatedIdentityCredential[] {
  return trust.map(
    (entry) =>
      new azuread.ApplicationFederatedIdentityCredential(
        trustName(name, entry),
        {
          applicationId: application.id,
          displayName: credentialName(entry),
          issuer: githubIssuer,
          subject: subjectOf(subjectPrefix, entry),
          audiences: [federationAudience],
        },
        // Entra refuses a second credential with the same issuer and subject, so the old one must go first.
        { parent, deleteBeforeReplace: true },
      ),
  );
}

function createPassword(
  parent: pulumi.Resource,
  name: string,
  { signIn, secretExpires }: PipelineIdentityArgs,
  application: azuread.ApplicationRegistration,
): azuread.ApplicationPassword {
  if (secretExpires === undefined) {
    throw new pulumi.RunError(
      `${name}: secretExpires: missing, expected a day; signIn ${signIn} makes a client secret`,
    );
  }
  return new azuread.ApplicationPassword(
    `${name}/secret`,
    { applicationId: application.id, displayName: "feedpass", endDate: `${secretExpires.slice(0, 10)}T00:00:00Z` },
    { parent },
  );
}
