import {
  ImportError,
  IncompleteError,
  type Properties,
  ProviderError,
  type ResourceDefinition,
} from "../definition.ts";
import { checkInputs, notBlank, requiredText, text, withoutAbsent } from "../properties.ts";
import type { GitHubClient } from "./client.ts";
import { environmentPath } from "./environment.ts";
import { buildId, escapeIdPart, parseId, unescapeIdPart } from "./ids.ts";
import { importRepositoryId, readRepositoryId, replacesForRepository } from "./repositories.ts";

/** https://docs.github.com/rest/deployments/branch-policies */
interface Policy {
  readonly id: number;
  readonly name: string;
  readonly type?: "branch" | "tag";
}

/**
 * `github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy`, of the id
 * `REPOSITORY:ENVIRONMENT:POLICY`.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/resource_github_repository_environment_deployment_policy.go
 */
export function deploymentPolicyResource(client: GitHubClient): ResourceDefinition {
  const pathOf = (properties: Properties) => `${environmentPath(client, properties)}/deployment-branch-policies`;
  const idOf = (properties: Properties, policy: unknown) =>
    buildId(
      requiredText(properties, "repository"),
      escapeIdPart(requiredText(properties, "environment")),
      String(policy),
    );
  const otherRepository = replacesForRepository(client);

  return {
    token: "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy",
    inputs: ["branchPattern", "environment", "repository", "tagPattern"],
    requiredInputs: ["environment", "repository"],
    replaceOn: ["environment"],
    secrets: [],

    /** A policy for branches cannot become one for tags. */
    async alsoReplaceOn(inputs, outputs) {
      const changesKind = inputs.branchPattern !== outputs.branchPattern && inputs.tagPattern !== outputs.tagPattern;
      return [...(changesKind ? ["branchPattern", "tagPattern"] : []), ...(await otherRepository(inputs, outputs))];
    },

    check: (inputs) => [
      ...checkInputs(inputs, { branchPattern: notBlank, tagPattern: notBlank }),
      ...(inputs.branchPattern !== undefined && inputs.tagPattern !== undefined
        ? [
            {
              property: "branchPattern",
              reason: '"branchPattern": only one of `branchPattern,tagPattern` can be specified',
            },
          ]
        : []),
    ],

    async create(inputs) {
      const body = { name: patternOf(inputs), type: text(inputs, "branchPattern") ? "branch" : "tag" };
      const policy = (await client.send("POST", pathOf(inputs), body)).body as Policy;
      const id = idOf(inputs, policy.id);
      const repositoryId = await readRepositoryId(client, inputs).catch((error: Error) => {
        throw new IncompleteError(error.message, { id, outputs: { ...inputs, policyId: policy.id } });
      });
      return { id, outputs: { ...inputs, policyId: policy.id, repositoryId } };
    },

    async read(id, outputs) {
      const known = text(outputs, "environment") ? outputs : await imported(client, id);
      const policy = await client.find<Policy>(`${pathOf(known)}/${known.policyId}`);
      if (!policy) return undefined;
      const pattern = policy.type === "branch" ? { branchPattern: policy.name } : { tagPattern: policy.name };
      return { id, outputs: { ...known, ...pattern } };
    },

    async update(_id, inputs, outputs) {
      const { policyId, repositoryId } = outputs;
      await client.send("PUT", `${pathOf(inputs)}/${policyId}`, { name: patternOf(inputs) });
      return { id: idOf(inputs, policyId), outputs: withoutAbsent({ ...inputs, policyId, repositoryId }) };
    },

    async delete(_id, outputs) {
      await client.send("DELETE", `${pathOf(outputs)}/${outputs.policyId}`);
    },
  };
}

function patternOf(inputs: Properties): string {
  const pattern = text(inputs, "branchPattern") ?? text(inputs, "tagPattern");
  if (pattern === undefined) {
    throw new ProviderError('"branchPattern": one of `branchPattern,tagPattern` must be specified');
  }
  return pattern;
}

async function imported(client: GitHubClient, id: string): Promise<Properties> {
  const [repository, environment = "", policy = ""] = parseId(id, 3);
  if (!/^\d+$/.test(policy)) throw new ImportError(`invalid policy ID: ${policy}`);
  const named = { repository, environment: unescapeIdPart(environment) };
  return { ...named, repositoryId: await importRepositoryId(client, named), policyId: Number(policy) };
}
