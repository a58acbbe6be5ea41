import type { Collection, Store } from "../store.ts";
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
  Secret,
  SecretKey,
  SigningKey,
  Team,
  Token,
  User,
  Variable,
} from "./entities.ts";
import type { Job } from "./oidc/job.ts";

/** GitHub's collections in the store. */
export interface GitHubData {
  readonly users: Collection<User>;
  readonly enterprises: Collection<Enterprise>;
  readonly organizations: Collection<Organization>;
  readonly teams: Collection<Team>;
  readonly repositories: Collection<Repository>;
  readonly refs: Collection<GitRef>;
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

export function gitHubData(store: Store): GitHubData {
  return {
    users: store.collection("github.users"),
    enterprises: store.collection("github.enterprises"),
    organizations: store.collection("github.organizations"),
    teams: store.collection("github.teams"),
    repositories: store.collection("github.repositories"),
    refs: store.collection("github.refs"),
    protections: store.collection("github.protections"),
    environments: store.collection("github.environments"),
    policies: store.collection("github.deployment-policies"),
    secretKeys: store.collection("github.secret-keys"),
    secrets: store.collection("github.secrets"),
    variables: store.collection("github.variables"),
    tokens: store.collection("github.tokens"),
    issues: store.collection("github.issues"),
    issueComments: store.collection("github.issue-comments"),
    labels: store.collection("github.labels"),
    signingKeys: store.collection("github.signing-keys"),
    jobs: store.collection("github.jobs"),
  };
}
