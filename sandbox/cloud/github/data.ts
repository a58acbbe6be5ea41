import type { Collection, Entity, Store } from "../store.ts";
import type {
  BranchProtection,
  DeploymentPolicy,
  Enterprise,
  Environment,
  GitRef,
  Issue,
  IssueComment,
  Label,
  Organization,
  Repository,
  RepositoryFile,
  Secret,
  SecretKey,
  SigningKey,
  Team,
  Token,
  User,
  Variable,
} from "./entities.ts";
import type { Job } from "./oidc/job.ts";
import { gitHubDotCom, type Site } from "./site.ts";

/** What one site of GitHub knows: its collections in the store. */
export interface GitHubData {
  readonly site: Site;
  readonly users: Collection<User>;
  readonly enterprises: Collection<Enterprise>;
  readonly organizations: Collection<Organization>;
  readonly teams: Collection<Team>;
  readonly repositories: Collection<Repository>;
  readonly refs: Collection<GitRef>;
  readonly files: Collection<RepositoryFile>;
  readonly protections: Collection<BranchProtection>;
  readonly environments: Collection<Environment>;
  readonly policies: Collection<DeploymentPolicy>;
  readonly secretKeys: Collection<SecretKey>;
  readonly secrets: Collection<Secret>;
  readonly variables: Collection<Variable>;
  readonly tokens: Collection<Token>;
  readonly issues: Collection<Issue>;
  readonly issueComments: Collection<IssueComment>;
  readonly labels: Collection<Label>;
  readonly signingKeys: Collection<SigningKey>;
  readonly jobs: Collection<Job>;
}

/** @param site default: github.com */
export function gitHubData(store: Store, site = gitHubDotCom): GitHubData {
  const name = site.subdomain === undefined ? "github" : site.host;
  return {
    site,
    users: store.collection(`${name}.users`),
    enterprises: store.collection(`${name}.enterprises`),
    organizations: store.collection(`${name}.organizations`),
    teams: store.collection(`${name}.teams`),
    repositories: store.collection(`${name}.repositories`),
    refs: store.collection(`${name}.refs`),
    files: store.collection(`${name}.files`),
    protections: store.collection(`${name}.protections`),
    environments: store.collection(`${name}.environments`),
    policies: store.collection(`${name}.deployment-policies`),
    secretKeys: store.collection(`${name}.secret-keys`),
    secrets: store.collection(`${name}.secrets`),
    variables: store.collection(`${name}.variables`),
    tokens: store.collection(`${name}.tokens`),
    issues: store.collection(`${name}.issues`),
    issueComments: store.collection(`${name}.issue-comments`),
    labels: store.collection(`${name}.labels`),
    signingKeys: store.collection(`${name}.signing-keys`),
    jobs: store.collection(`${name}.jobs`),
  };
}

/** An enterprise with a site of its own. The id is the subdomain. */
type Tenant = Entity;

/** The subdomains of ghe.com that enterprises have. */
export function tenants(store: Store): Collection<Tenant> {
  return store.collection("github.tenants");
}
