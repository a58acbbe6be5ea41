import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentProtection } from "../jobs/environment.ts";
import { deploymentPolicyName, environmentName, settingName } from "../names.ts";
import { byName } from "../table.ts";

/** A variable or secret, and what it holds. */
export interface ActionsSetting {
  /** Plain: it names the resource. */
  readonly name: string;
  /** The environment that it is written at; undefined for the repository. Plain. */
  readonly environment: string | undefined;
  readonly kind: "variable" | "secret";
  readonly value: pulumi.Input<string>;
  /** What must be there before anybody is told of it. Default: nothing. */
  readonly after?: readonly pulumi.Resource[];
}

/** GitHub's ids of reviewers, by the names that a file has for them. Plain. */
export interface ReviewerIds {
  /** By slug. */
  readonly teams: Readonly<Record<string, number>>;
  /** By login. */
  readonly users: Readonly<Record<string, number>>;
}

export interface ActionsSettingsArgs {
  /** The repository's name, without its owner: the provider has that. */
  readonly repository: string;
  /** The environments to make and protect, by name. */
  readonly environments: Readonly<Record<string, EnvironmentProtection>>;
  /** Of the environments' reviewers. Plain. Default: those that are missing are looked up by the provider. */
  readonly reviewerIds?: ReviewerIds | undefined;
  readonly settings: readonly ActionsSetting[];
}

/** What a repository's workflows find at GitHub: environments with their protection, variables and secrets. */
export class ActionsSettings extends pulumi.ComponentResource {
  /** The environments with all their rules. What may be used from there can wait for them. */
  readonly protection: readonly pulumi.Resource[];

  constructor(name: string, args: ActionsSettingsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("feedpass:index:ActionsSettings", name, {}, opts);

    const environments = new Map(
      Object.entries(args.environments).map(([environment, protection]) => [
        environment,
        createEnvironment(this, environmentName(name, environment), environment, protection, args),
      ]),
    );
    for (const setting of args.settings) {
      const environment = setting.environment === undefined ? undefined : environments.get(setting.environment)?.made;
      createSetting(this, settingName(name, setting.name, setting.environment), args.repository, setting, environment);
    }

    this.protection = [...environments.values()].flatMap(({ made, policies }) => [made, ...policies]);
    this.registerOutputs({});
  }
}

interface ProtectedEnvironment {
  readonly made: github.RepositoryEnvironment;
  readonly policies: readonly github.RepositoryEnvironmentDeploymentPolicy[];
}

function createEnvironment(
  parent: pulumi.Resource,
  name: string,
  environment: string,
  { reviewers, deployFrom, ...protection }: EnvironmentProtection,
  { repository, reviewerIds }: ActionsSettingsArgs,
): ProtectedEnvironment {
  const made = new github.RepositoryEnvironment(
    name,
    {
      repository,
      environment,
      canAdminsBypass: protection.adminsMayBypass ?? false,
      preventSelfReview: protection.preventSelfReview ?? false,
      ...(protection.waitMinutes === undefined ? {} : { waitTimer: protection.waitMinutes }),
      ...(reviewers ? { reviewers: [idsOf(parent, reviewers, reviewerIds)] } : {}),
      ...(deployFrom
        ? {
            deploymentBranchPolicy: {
              protectedBranches: deployFrom.protectedBranches ?? false,
              customBranchPolicies: !deployFrom.protectedBranches,
            },
          }
        : {}),
    },
    { parent },
  );
  const branches = deployFrom?.branches ?? [];
  const tags = deployFrom?.tags ?? [];
  const createPolicy = (kind: "branch" | "tag", pattern: string) =>
    new github.RepositoryEnvironmentDeploymentPolicy(
      deploymentPolicyName(name, kind, pattern),
      {
        repository,
        environment: made.environment,
        ...(kind === "branch" ? { branchPattern: pattern } : { tagPattern: pattern }),
      },
      { parent },
    );
  return {
    made,
    policies: [
      ...branches.map((pattern) => createPolicy("branch", pattern)),
      ...tags.map((pattern) => createPolicy("tag", pattern)),
    ],
  };
}

/** GitHub wants ids where people write names. */
function idsOf(
  parent: pulumi.Resource,
  { teams = [], users = [] }: NonNullable<EnvironmentProtection["reviewers"]>,
  known: ReviewerIds = { teams: {}, users: {} },
) {
  const lookUpTeam = (slug: string) => github.getTeamOutput({ slug, summaryOnly: true }, { parent }).id.apply(Number);
  const lookUpUser = (username: string) => github.getUserOutput({ username }, { parent }).id.apply(Number);
  return {
    teams: teams.map((slug) => byName(known.teams, slug) ?? lookUpTeam(slug)),
    users: users.map((login) => byName(known.users, login) ?? lookUpUser(login)),
  };
}

/** @param environment the managed environment to write at; a name alone where the environment is somebody else's */
function createSetting(
  parent: pulumi.Resource,
  name: string,
  repository: string,
  { kind, name: key, value, environment: place, after = [] }: ActionsSetting,
  environment: github.RepositoryEnvironment | undefined,
): void {
  const options = { parent, dependsOn: [...after] };
  if (place === undefined) {
    if (kind === "variable") new github.ActionsVariable(name, { repository, variableName: key, value }, options);
    else new github.ActionsSecret(name, { repository, secretName: key, value: pulumi.secret(value) }, options);
    return;
  }
  const at = environment?.environment ?? place;
  if (kind === "variable") {
    new github.ActionsEnvironmentVariable(name, { repository, environment: at, variableName: key, value }, options);
  } else {
    new github.ActionsEnvironmentSecret(
      name,
      { repository, environment: at, secretName: key, value: pulumi.secret(value) },
      options,
    );
  }
}
