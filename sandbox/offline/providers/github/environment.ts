import { ImportError, IncompleteError, type Properties, type ResourceDefinition } from "../definition.ts";
import { escapePath, requiredText, text, withoutAbsent } from "../properties.ts";
import { type GitHubClient, isStatus } from "./client.ts";
import { buildId, escapeIdPart, parseId, unescapeIdPart } from "./ids.ts";
import { importRepositoryId, readRepositoryId, replacesForRepository, repositoryPath } from "./repositories.ts";

/** An environment as GitHub describes it: https://docs.github.com/rest/deployments/environments */
interface Environment {
  readonly can_admins_bypass?: boolean;
  readonly deployment_branch_policy: {
    readonly protected_branches: boolean;
    readonly custom_branch_policies: boolean;
  } | null;
  readonly protection_rules?: readonly ProtectionRule[];
}

interface ProtectionRule {
  readonly type: string;
  readonly wait_timer?: number;
  readonly prevent_self_review?: boolean;
  readonly reviewers?: readonly { readonly type: string; readonly reviewer: { readonly id: number } }[];
}

interface Reviewers {
  readonly teams?: readonly number[];
  readonly users?: readonly number[];
}

/** GitHub's limits: https://docs.github.com/actions/reference/workflows-and-actions/deployments-and-environments */
const mostReviewers = 6;
const longestWait = 43_200;

/** The path of an environment. */
export function environmentPath(client: GitHubClient, properties: Properties): string {
  const repository = repositoryPath(client, requiredText(properties, "repository"));
  return `${repository}/environments/${escapePath(requiredText(properties, "environment"))}`;
}

/**
 * `github:index/repositoryEnvironment:RepositoryEnvironment`, of the id `REPOSITORY:ENVIRONMENT`.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/resource_github_repository_environment.go
 */
export function environmentResource(client: GitHubClient): ResourceDefinition {
  const idOf = (properties: Properties) =>
    buildId(requiredText(properties, "repository"), escapeIdPart(requiredText(properties, "environment")));

  async function write(inputs: Properties): Promise<void> {
    const body = bodyOf(inputs);
    try {
      await client.send("PUT", environmentPath(client, inputs), body);
    } catch (error) {
      // Plans without protection rules refuse the very names of the fields, so they are left out where they say nothing.
      const plain = !body.reviewers?.length && !body.wait_timer;
      if (!plain || !isStatus(error, 422)) throw error;
      const { deployment_branch_policy } = body;
      await client.send("PUT", environmentPath(client, inputs), { deployment_branch_policy });
    }
  }

  return {
    token: "github:index/repositoryEnvironment:RepositoryEnvironment",
    inputs: [
      "canAdminsBypass",
      "deploymentBranchPolicy",
      "environment",
      "preventSelfReview",
      "repository",
      "reviewers",
      "waitTimer",
    ],
    requiredInputs: ["environment", "repository"],
    replaceOn: ["environment"],
    secrets: [],
    sets: ["teams", "users"],
    defaults: { canAdminsBypass: true, preventSelfReview: false },
    alsoReplaceOn: replacesForRepository(client),

    check(inputs) {
      const { teams = [], users = [] } = reviewersOf(inputs) ?? {};
      const wait = Number(inputs.waitTimer ?? 0);
      return [
        ...(wait < 0 || wait > longestWait
          ? [
              {
                property: "waitTimer",
                reason: `expected waitTimer to be in the range (0 - ${longestWait}), got ${wait}`,
              },
            ]
          : []),
        ...(teams.length + users.length > mostReviewers
          ? [
              {
                property: "reviewers",
                reason: `a maximum of ${mostReviewers} reviewers (users and teams combined) can be set for an environment`,
              },
            ]
          : []),
      ];
    },

    async create(inputs) {
      await write(inputs);
      const id = idOf(inputs);
      const repositoryId = await readRepositoryId(client, inputs).catch((error: Error) => {
        throw new IncompleteError(error.message, { id, outputs: inputs });
      });
      return { id, outputs: { ...inputs, repositoryId } };
    },

    async read(id, outputs) {
      const known = text(outputs, "environment") ? outputs : await imported(client, id);
      const found = await client.find<Environment>(environmentPath(client, known));
      return found && { id, outputs: stateOf(found, known) };
    },

    async update(_id, inputs, outputs) {
      await write(inputs);
      return { id: idOf(inputs), outputs: { ...inputs, repositoryId: outputs.repositoryId } };
    },

    async delete(_id, outputs) {
      await client.send("DELETE", environmentPath(client, outputs)).catch((error) => {
        if (!isStatus(error, 404)) throw error;
      });
    },
  };
}

async function imported(client: GitHubClient, id: string): Promise<Properties> {
  if (!id.includes(":")) {
    throw new ImportError(`invalid id (${id}), expected format <repository>:<environment>`);
  }
  const [repository, environment = ""] = parseId(id, 2);
  const named = { repository, environment: unescapeIdPart(environment) };
  return { ...named, repositoryId: await importRepositoryId(client, named) };
}

function bodyOf(inputs: Properties) {
  const reviewers = reviewersOf(inputs);
  const policy = inputs.deploymentBranchPolicy as Properties | undefined;
  return {
    // Zero alone clears it: https://github.com/google/go-github/blob/v88.0.0/github/repos_environments.go
    wait_timer: Number(inputs.waitTimer ?? 0),
    reviewers: reviewers
      ? [
          ...(reviewers.teams ?? []).map((id) => ({ type: "Team", id })),
          ...(reviewers.users ?? []).map((id) => ({ type: "User", id })),
        ]
      : null,
    can_admins_bypass: inputs.canAdminsBypass ?? true,
    deployment_branch_policy: policy
      ? {
          protected_branches: policy.protectedBranches === true,
          custom_branch_policies: policy.customBranchPolicies === true,
        }
      : null,
    prevent_self_review: inputs.preventSelfReview ?? false,
  };
}

/**
 * The state after a read. As in the official provider, reviewers that are taken away behind its back stay in the state:
 * a rule that is not there is not looked at.
 */
function stateOf(found: Environment, known: Properties): Properties {
  const rules = found.protection_rules ?? [];
  const wait = rules.find((rule) => rule.type === "wait_timer");
  const required = rules.find((rule) => rule.type === "required_reviewers");
  const policy = found.deployment_branch_policy;
  return withoutAbsent({
    ...known,
    canAdminsBypass: found.can_admins_bypass,
    waitTimer: wait?.wait_timer,
    deploymentBranchPolicy: policy && {
      protectedBranches: policy.protected_branches,
      customBranchPolicies: policy.custom_branch_policies,
    },
    ...(required && {
      reviewers: [{ teams: reviewerIds(required, "Team"), users: reviewerIds(required, "User") }],
      preventSelfReview: required.prevent_self_review,
    }),
  });
}

function reviewerIds(rule: ProtectionRule, type: "Team" | "User"): readonly number[] {
  return (rule.reviewers ?? []).filter((one) => one.type === type).map((one) => one.reviewer.id);
}

/** The one block of reviewers that an environment may have. */
function reviewersOf(inputs: Properties): Reviewers | undefined {
  const first: unknown = Array.isArray(inputs.reviewers) ? inputs.reviewers[0] : undefined;
  return typeof first === "object" && first !== null ? first : undefined;
}
