import type { Organization, Permissions, Role, Team } from "./entities.ts";

/** What a site of GitHub starts with. Ids that are left out are made of the names, so they are the same every time. */
export interface GitHubSeed {
  readonly users?: readonly UserSeed[];
  readonly enterprises?: readonly EnterpriseSeed[];
  readonly organizations?: readonly OrganizationSeed[];
  readonly repositories?: readonly RepositorySeed[];
  readonly tokens?: readonly TokenSeed[];
}

export interface UserSeed {
  readonly login: string;
  readonly id?: number;
  readonly name?: string;
  readonly email?: string;
}

export interface EnterpriseSeed {
  readonly slug: string;
  readonly id?: number;
  /** Logins of users. */
  readonly owners?: readonly string[];
  /** Whether ID tokens have the slug in their issuer. Default: false. */
  readonly includesSlugInIssuer?: boolean;
}

export interface OrganizationSeed {
  readonly login: string;
  readonly id?: number;
  readonly name?: string;
  /** Default: `enterprise`, with which private repositories have every protection rule. */
  readonly plan?: Organization["plan"];
  /** What members may do with every repository. Default: `read`. */
  readonly basePermission?: Organization["basePermission"];
  /** Logins of users. */
  readonly owners?: readonly string[];
  readonly members?: readonly string[];
  readonly teams?: readonly TeamSeed[];
  /** The slug of the enterprise that it belongs to. Default: none on github.com, the site's own on ghe.com. */
  readonly enterprise?: string;
}

export interface TeamSeed {
  readonly name: string;
  /** Default: the name in lower case, with hyphens. */
  readonly slug?: string;
  readonly id?: number;
  readonly description?: string;
  /** Default: `closed`, which all members of the organization see. */
  readonly privacy?: Team["privacy"];
  /** The slug of a team that comes before this one. */
  readonly parent?: string;
  /** Logins of users. They become members of the organization too. */
  readonly members?: readonly string[];
  /** Names of the organization's repositories. Only a team with a role here can review deployments there. */
  readonly repositories?: Readonly<Record<string, Role>>;
}

export interface RepositorySeed {
  readonly owner: string;
  readonly name: string;
  readonly id?: number;
  /** Default: false. */
  readonly private?: boolean;
  readonly description?: string;
  readonly archived?: boolean;
  /** Default: `main`. */
  readonly defaultBranch?: string;
  /** Beside the default branch. */
  readonly branches?: readonly string[];
  readonly tags?: readonly string[];
  /** Paths of files that it has at every branch and tag. Default: none. */
  readonly files?: readonly string[];
  /** Patterns of branch protection rules, e.g. `main` or `release/*`. Default: none. */
  readonly protectedBranches?: readonly string[];
  /** Titles of open pull requests, numbered from 1. Default: none. */
  readonly pullRequests?: readonly string[];
  /** By login of a user. */
  readonly collaborators?: Readonly<Record<string, Role>>;
  /** RFC 3339. Default: 2024-01-01, before immutable subjects. */
  readonly createdAt?: string;
  /** Default: what a repository of its age has. */
  readonly subjectForm?: "names" | "immutable";
  /** A subject template of its own: its keys, or none to use the organization's. Default: GitHub's. */
  readonly template?: { readonly includeClaimKeys?: readonly string[] };
}

/** A token in plain text. Only its hash is kept. */
export type TokenSeed = {
  readonly token: string;
  /** RFC 3339. Default: never. */
  readonly expiresAt?: string;
} & (
  | { readonly kind: "classic"; readonly user: string; readonly scopes: readonly string[] }
  | ({ readonly kind: "fine-grained"; readonly user: string; readonly resourceOwner: string } & Grants)
  | ({ readonly kind: "installation"; readonly account: string } & Grants)
  | {
      readonly kind: "app-user";
      readonly user: string;
      readonly accounts: readonly string[];
      readonly permissions: Permissions;
    }
  | { readonly kind: "installation"; readonly enterprise: string; readonly permissions: Permissions }
);

interface Grants {
  readonly permissions: Permissions;
  /** Names of the account's repositories. Default: `all`. */
  readonly repositories?: "all" | readonly string[];
}

/** The ids of what was seeded, by login, `organization/team-slug` and `owner/name`. */
export interface GitHubIds {
  readonly users: Readonly<Record<string, number>>;
  readonly organizations: Readonly<Record<string, number>>;
  readonly teams: Readonly<Record<string, number>>;
  readonly repositories: Readonly<Record<string, number>>;
}
