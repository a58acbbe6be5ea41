/** What somebody may do with a repository, from least to most. */
export const roles = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

/**
 * What tokens can be granted that are not classic. The names are those that GitHub reports in
 * `X-Accepted-GitHub-Permissions`; `members` and `organization_administration` concern organizations,
 * `enterprise_administration` enterprises, the others repositories
 * (https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens).
 */
export type Permission =
  | "actions"
  | "actions_variables"
  | "administration"
  | "contents"
  | "dependabot_secrets"
  | "enterprise_administration"
  | "environments"
  | "issues"
  | "members"
  | "metadata"
  | "organization_administration"
  | "pull_requests"
  | "secrets";
export type Access = "read" | "write";
export type Permissions = Readonly<Partial<Record<Permission, Access>>>;

/** A personal account. The id is GitHub's number as text. */
export interface User {
  readonly id: string;
  readonly login: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly createdAt: string;
}

/** What organizations can belong to. */
export interface Enterprise {
  readonly id: string;
  /** Its name in URLs, in the `enterprise` claim, and in an issuer of its own. */
  readonly slug: string;
  readonly ownerIds: readonly string[];
  /** Whether ID tokens of its repositories have the slug in their issuer. */
  readonly includesSlugInIssuer: boolean;
  readonly createdAt: string;
}

interface OrganizationMember {
  readonly userId: string;
  readonly role: "admin" | "member";
}

/** The subject template of an organization; repositories use it that set `use_default: false` and list no keys. */
export interface OrganizationSubject {
  readonly includeClaimKeys: readonly string[];
  /** Opts every repository of the organization in to immutable subjects. */
  readonly useImmutableSubject: boolean;
}

export interface Organization {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** Decides which environment protection rules private repositories may have. */
  readonly plan: "free" | "team" | "enterprise";
  /** What every member may do with every repository. */
  readonly basePermission: "none" | "read" | "write" | "admin";
  readonly members: readonly OrganizationMember[];
  readonly subject: OrganizationSubject;
  readonly enterpriseId: string | null;
  readonly createdAt: string;
}

export interface Team {
  readonly id: string;
  readonly organizationId: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly privacy: "closed" | "secret";
  readonly parentId: string | null;
  readonly memberIds: readonly string[];
  readonly repositories: readonly { readonly repositoryId: string; readonly role: Role }[];
  readonly createdAt: string;
}

/** How the subject of a repository's ID tokens is made. */
export interface RepositorySubject {
  /** What the repository emits when nobody opted in: set at its birth, and by a rename. */
  readonly defaultForm: "names" | "immutable";
  /** The flag `use_immutable_subject`. It may be false while the form is immutable. */
  readonly optedIn: boolean;
  readonly useDefault: boolean;
  /** The repository's own template; null takes the organization's. Ignored while `useDefault`. */
  readonly includeClaimKeys: readonly string[] | null;
}

export interface Repository {
  readonly id: string;
  readonly owner: { readonly type: "User" | "Organization"; readonly id: string };
  readonly name: string;
  readonly description: string | null;
  readonly visibility: "public" | "private" | "internal";
  readonly archived: boolean;
  readonly defaultBranch: string;
  /** Earlier `owner/name`, in lower case. They redirect until another repository takes the name. */
  readonly formerNames: readonly string[];
  readonly collaborators: readonly { readonly userId: string; readonly role: Role }[];
  readonly subject: RepositorySubject;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A branch or a tag. */
export interface GitRef {
  readonly id: string;
  readonly repositoryId: string;
  readonly kind: "branch" | "tag";
  readonly name: string;
  /** The commit, 40 hexadecimal digits. */
  readonly sha: string;
}

/** A file of a repository, at whatever branch or tag. What is in it is nobody's business here. */
export interface RepositoryFile {
  readonly id: string;
  readonly repositoryId: string;
  readonly path: string;
}

/** A branch protection rule. Every branch that matches the pattern is protected. */
export interface BranchProtection {
  readonly id: string;
  readonly repositoryId: string;
  readonly pattern: string;
}

export interface Reviewer {
  readonly type: "User" | "Team";
  readonly id: string;
}

export interface Environment {
  readonly id: string;
  readonly repositoryId: string;
  readonly name: string;
  /** Minutes. */
  readonly waitTimer: number;
  readonly reviewers: readonly Reviewer[];
  readonly preventSelfReview: boolean;
  readonly canAdminsBypass: boolean;
  /** Which refs may deploy: all, only protected branches, or those that a deployment policy names. */
  readonly deployFrom: "all" | "protected" | "custom";
  /** The ids of the protection rules, which stay while the rule does. */
  readonly ruleIds: Readonly<Record<"waitTimer" | "reviewers" | "branchPolicy", string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A name pattern of refs that may deploy to an environment. */
export interface DeploymentPolicy {
  readonly id: string;
  readonly environmentId: string;
  readonly name: string;
  readonly type: "branch" | "tag";
}

/** Who wrote something: a person, or an app by its bot. */
export interface Author {
  readonly type: "User" | "Bot";
  readonly id: string;
  readonly login: string;
}

/** An issue, or what a pull request has in common with one. */
export interface Issue {
  readonly id: string;
  readonly repositoryId: string;
  /** Counted from 1 in each repository, issues and pull requests together. */
  readonly number: number;
  readonly isPullRequest: boolean;
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
  readonly stateReason: "completed" | "reopened" | "not_planned" | null;
  /** Names of the repository's labels. */
  readonly labels: readonly string[];
  readonly author: Author;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
}

export interface IssueComment {
  readonly id: string;
  readonly issueId: string;
  readonly repositoryId: string;
  readonly body: string;
  readonly author: Author;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A label of a repository. */
export interface Label {
  readonly id: string;
  readonly repositoryId: string;
  /** Counts in any case. */
  readonly name: string;
  /** Six hexadecimal digits. */
  readonly color: string;
}

/** The key pair to which the secrets of one place are sealed. Base64. The id is the place's scope. */
export interface SecretKey {
  readonly id: string;
  readonly keyId: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A secret as it was received: still sealed. The id is `SCOPE/NAME`. */
export interface Secret {
  readonly id: string;
  readonly scope: string;
  readonly name: string;
  /** A sealed box, base64. */
  readonly sealed: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The id is `SCOPE/NAME`. */
export interface Variable {
  readonly id: string;
  readonly scope: string;
  readonly name: string;
  readonly value: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

interface TokenBase {
  /** The SHA-256 of the token, in hexadecimal. The token itself is not kept. */
  readonly id: string;
  readonly expiresAt: string | null;
}

/** A personal access token (classic): reaches all that its user does, within its scopes. */
interface ClassicToken extends TokenBase {
  readonly kind: "classic";
  readonly userId: string;
  readonly scopes: readonly string[];
}

/** A fine-grained personal access token: one resource owner, some or all of its repositories. */
interface FineGrainedToken extends TokenBase {
  readonly kind: "fine-grained";
  readonly userId: string;
  /** The account whose repositories the token can reach beyond public reading. */
  readonly resourceOwnerId: string;
  readonly permissions: Permissions;
  readonly repositoryIds: "all" | readonly string[];
}

/** The token of a GitHub App's installation on an account or an enterprise. */
export interface InstallationToken extends TokenBase {
  readonly kind: "installation";
  /** Of a user, an organization or an enterprise. */
  readonly accountId: string;
  readonly permissions: Permissions;
  readonly repositoryIds: "all" | readonly string[];
}

/**
 * The token of a person who uses a GitHub App: reaches what both may, on every account that has the app installed
 * (https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-with-a-github-app-on-behalf-of-a-user).
 */
interface AppUserToken extends TokenBase {
  readonly kind: "app-user";
  readonly userId: string;
  /** All their repositories. */
  readonly accountIds: readonly string[];
  readonly permissions: Permissions;
}

/** A token whose permissions are named one by one. */
export type GrantedToken = FineGrainedToken | InstallationToken | AppUserToken;
export type Token = ClassicToken | GrantedToken;

/** A key that signs ID tokens, as JSON Web Keys. The id is the `kid`. */
export interface SigningKey {
  readonly id: string;
  readonly publicKey: Readonly<Record<string, string>>;
  readonly privateKey: Readonly<Record<string, string>>;
}
