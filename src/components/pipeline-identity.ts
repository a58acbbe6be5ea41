import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import type { SignIn } from "../jobs/reach.ts";
import { applicationDisplayName, applicationNotes, credentialName, passwordDisplayName, trustName } from "../names.ts";
import type { Repository } from "../repository.ts";
import { federate, type FederatedTrust, type FederationOptions } from "../jobs/credentials.ts";
import { type RepositorySubjects, subjectsOf } from "../jobs/repository-subjects.ts";
import { describeTrust, federationAudience, githubIssuer, type TrustEntry } from "../jobs/trust.ts";

/** How subjects are made and compared, where it is not GitHub's default. Every value is plain. */
export interface SubjectArgs extends FederationOptions {
  /** The claims that subjects are made of. Default: `repo`, `context`. */
  readonly template?: readonly string[] | undefined;
  /** What every token of the repository says of it. Patterns need `repository_id`. Default: what the prefix tells. */
  readonly claims?: RepositorySubjects["claims"] | undefined;
}

export interface PipelineIdentityArgs {
  /** Whose workflows sign in. Plain: it names the application. */
  readonly repository: Repository;
  /** The identity's name within the repository, e.g. `publisher`. Plain: it names the application. */
  readonly identity: string;
  /** How the subjects of this repository begin, as GitHub says. Plain: it decides what is trusted. */
  readonly subjectPrefix: string;
  /** Default: as github.com makes subjects when nobody changed it. */
  readonly subjects?: SubjectArgs | undefined;
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
  /** What must be there before anybody can sign in. Default: nothing. */
  readonly after?: pulumi.Input<pulumi.Resource[]> | undefined;
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
  /** The subjects that may sign in, or the expressions that their tokens must meet; empty for `secret`. */
  readonly subjects: pulumi.Output<string[]>;
  /** The client secret, encrypted in the state; undefined for `oidc`. */
  readonly clientSecret: pulumi.Output<string> | undefined;
  /** The credentials, and the password. Who is told of the identity can wait for them. */
  readonly credentials: readonly pulumi.Resource[];

  constructor(name: string, args: PipelineIdentityArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("feedpass:index:PipelineIdentity", name, {}, opts);
    const protect = !args.removable;

    const application = new azuread.ApplicationRegistration(
      name,
      {
        displayName: applicationDisplayName(args.repository, args.identity),
        notes: applicationNotes,
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
    this.subjects = pulumi.all(credentials.map(({ comparesWith }) => comparesWith));
    this.clientSecret = password?.value;
    this.credentials = [...credentials.map(({ made }) => made), ...(password === undefined ? [] : [password])];
    this.registerOutputs({
      clientId: this.clientId,
      applicationObjectId: this.applicationObjectId,
      servicePrincipalObjectId: this.servicePrincipalObjectId,
      subjects: this.subjects,
    });
  }
}

interface Credential {
  readonly made: pulumi.Resource;
  /** The subject, or the expression. */
  readonly comparesWith: pulumi.Output<string>;
}

/** The federated identity credentials of each trust entry. */
function createCredentials(
  parent: pulumi.Resource,
  name: string,
  args: PipelineIdentityArgs,
  application: azuread.ApplicationRegistration,
): Credential[] {
  const { subjectPrefix, subjects = {}, trust } = args;
  const { template, claims, ...options } = subjects;
  const made = subjectsOf(subjectPrefix, { ...(template ? { template } : {}), ...(claims ? { claims } : {}) });
  return trust.flatMap((entry) => {
    const trusts = federate(made, entry, options);
    if ("reason" in trusts) throw new pulumi.RunError(`${name}: trust: ${describeTrust(entry)}: ${trusts.reason}`);
    return trusts.map((one) => createCredential(parent, name, entry, one, args, application));
  });
}

function createCredential(
  parent: pulumi.Resource,
  name: string,
  entry: TrustEntry,
  { form, by, value }: FederatedTrust,
  { subjects, after = [] }: PipelineIdentityArgs,
  application: azuread.ApplicationRegistration,
): Credential {
  const logicalName = trustName(name, entry, form);
  const issuer = subjects?.issuer ?? githubIssuer;
  // Entra refuses a second credential with the same issuer and subject, so the old one must go first.
  const options = { parent, deleteBeforeReplace: true, dependsOn: after };
  const common = { applicationId: application.id, displayName: credentialName(entry, { form, by }), issuer };
  if (by === "expression") {
    const made = new azuread.ApplicationFlexibleFederatedIdentityCredential(
      logicalName,
      { ...common, claimsMatchingExpression: value, audience: federationAudience },
      options,
    );
    return { made, comparesWith: made.claimsMatchingExpression };
  }
  const made = new azuread.ApplicationFederatedIdentityCredential(
    logicalName,
    { ...common, subject: value, audiences: [federationAudience] },
    options,
  );
  return { made, comparesWith: made.subject };
}

function createPassword(
  parent: pulumi.Resource,
  name: string,
  { signIn, secretExpires, after = [] }: PipelineIdentityArgs,
  application: azuread.ApplicationRegistration,
): azuread.ApplicationPassword {
  if (secretExpires === undefined) {
    throw new pulumi.RunError(
      `${name}: secretExpires: missing, expected a day; signIn ${signIn} makes a client secret`,
    );
  }
  return new azuread.ApplicationPassword(
    `${name}/secret`,
    {
      applicationId: application.id,
      displayName: passwordDisplayName,
      endDate: `${secretExpires.slice(0, 10)}T00:00:00Z`,
    },
    { parent, dependsOn: after },
  );
}
