import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentProtection } from "../jobs/environment.ts";
import { deploymentPolicyName, environmentName, settingName } from "../names.ts";

/** A variable or secret, and what it holds. */
export interface ActionsSetting {
  /** Plain: it names the resource. */
  readonly name: string;
  /** The environment that it is written at; undefined for the repository. Plain. */
  readonly environment: string | undefined;
  readonly kind: "variable" | "secret";
  readonly value: pulumi.Input<string>;
}

export interface ActionsSettingsArgs {
  /** The repository's name, without its owner: the provider has that. */
  readonly repository: string;
  /** The environments to make and protect, by name. */
  readonly environments: Readonly<Record<string, EnvironmentProtection>>;
  readonly settings: readonly ActionsSetting[];
}

/** What a repository's workflows find at GitHub: environments with their protection, variables and secrets. */
export class ActionsSettings extends pulumi.ComponentResource {
  constructor(name: string, args: ActionsSettingsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("feedpass:index:ActionsSettings", name, {}, opts);

    const environments = new Map(
      Object.entries(args.environments).map(([environment, protection]) => [
        environment,
        createEnvironment(this, environmentName(name, environment), args.repository, environment, protection),
      ]),
    );
    for (const setting of args.settings) {
      const environment = setting.environment === undefined ? undefined : environments.get(setting.environment);
      createSetting(this, settingName(name, setting.name, setting.environment), args.repository, setting, environment);
    }
    this.registerOutputs({});
  }
}

function createEnvironment(
  parent: pulumi.Resource,
  name: string,
  repository: string,
  environment: string,
  { reviewers, deployFrom, ...protection }: EnvironmentProtection,
): github.RepositoryEnvironment {
  const created = new github.RepositoryEnvironment(
    name,
    {
      repository,
      environment,
      canAdminsBypass: protection.adminsMayBypass ?? false,
      preventSelfReview: protection.preventSelfReview ?? false,
      ...(protection.waitMinutes === undefined ? {} : { waitTimer: protection.waitMinutes }),
      ...(reviewers ? { reviewers: [reviewerIds(parent, reviewers)] } : {}),
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
  for (const branchPattern of deployFrom?.branches ?? []) {
    new github.RepositoryEnvironmentDeploymentPolicy(
      deploymentPolicyName(name, "branch", branchPattern),
      { repository, environment: created.environment, branchPattern },
      { parent },
    );
  }
  for (const tagPattern of deployFrom?.tags ?? []) {
    new github.RepositoryEnvironmentDeploymentPolicy(
      deploymentPolicyName(name, "tag", tagPattern),
      { repository, environment: created.environment, tagPattern },
      { parent },
    );
  }
  return created;
}

/** GitHub wants ids where people write names. */
function reviewerIds(
  parent: pulumi.Resource,
  { teams = [], users = [] }: NonNullable<EnvironmentProtection["reviewers"]>,
) {
  return {
    teams: teams.map((slug) => github.getTeamOutput({ slug, summaryOnly: true }, { parent }).id.apply(Number)),
    users: users.map((username) => github.getUserOutput({ username }, { parent }).id.apply(Number)),
  };
}

/** @param environment the managed environment to write at; a name alone where the environment is somebody else's */
function createSetting(
  parent: pulumi.Resource,
  name: string,
  repository: string,
  { kind, name: key, value, environment: place }: ActionsSetting,
  environment: github.RepositoryEnvironment | undefined,
): void {
  const options = { parent };
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
