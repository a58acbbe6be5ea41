import type { RestEndpointMethodTypes } from "@octokit/rest";
import { fullName } from "../accounts.ts";
import type { GitHubData } from "../data.ts";
import type { DeploymentPolicy, Environment, Repository, Reviewer } from "../entities.ts";
import { nodeId } from "../identifiers.ts";
import { accountView, teamView } from "./accounts.ts";
import { repositoryUrl } from "./repositories.ts";

type EnvironmentView = RestEndpointMethodTypes["repos"]["getEnvironment"]["response"]["data"] & {
  /** Sent by the service, missing in its description. */
  readonly can_admins_bypass: boolean;
};
type PolicyView = RestEndpointMethodTypes["repos"]["getDeploymentBranchPolicy"]["response"]["data"];

export function environmentView(data: GitHubData, repository: Repository, environment: Environment): EnvironmentView {
  const name = encodeURIComponent(environment.name);
  return {
    id: Number(environment.id),
    node_id: environmentNodeId(environment),
    name: environment.name,
    url: `${repositoryUrl(data, repository)}/environments/${name}`,
    html_url: `https://${data.site.host}/${fullName(data, repository)}/deployments/activity_log?environments_filter=${name}`,
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    can_admins_bypass: environment.canAdminsBypass,
    protection_rules: protectionRules(data, environment),
    deployment_branch_policy:
      environment.deployFrom === "all"
        ? null
        : {
            protected_branches: environment.deployFrom === "protected",
            custom_branch_policies: environment.deployFrom === "custom",
          },
  };
}

/** As in the claim `environment_node_id`. */
export function environmentNodeId(environment: Environment): string {
  return nodeId("EN", environment.repositoryId, environment.id);
}

function protectionRules(data: GitHubData, environment: Environment) {
  const { ruleIds, repositoryId } = environment;
  const rule = <T extends string>(id: string, type: T) => ({
    id: Number(id),
    node_id: nodeId("GA", repositoryId, id),
    type,
  });
  return [
    ...(environment.waitTimer > 0
      ? [{ ...rule(ruleIds.waitTimer, "wait_timer"), wait_timer: environment.waitTimer }]
      : []),
    ...(environment.reviewers.length > 0
      ? [
          {
            ...rule(ruleIds.reviewers, "required_reviewers"),
            prevent_self_review: environment.preventSelfReview,
            reviewers: environment.reviewers.flatMap((reviewer) => reviewerView(data, reviewer)),
          },
        ]
      : []),
    ...(environment.deployFrom === "all" ? [] : [rule(ruleIds.branchPolicy, "branch_policy")]),
  ];
}

type ReviewerView = { type: "User"; reviewer: ReturnType<typeof accountView> } | TeamReviewerView;
type TeamReviewerView = { type: "Team"; reviewer: ReturnType<typeof teamView> };

function reviewerView(data: GitHubData, { type, id }: Reviewer): ReviewerView[] {
  if (type === "Team") {
    const team = data.teams.get(id);
    return team ? [{ type, reviewer: teamView(data, team) }] : [];
  }
  const user = data.users.get(id);
  return user ? [{ type, reviewer: accountView(data.site, user, "User") }] : [];
}

export function policyView(environment: Environment, policy: DeploymentPolicy): PolicyView {
  return {
    id: Number(policy.id),
    node_id: nodeId("GBP", environment.repositoryId, policy.id),
    name: policy.name,
    type: policy.type,
  };
}
