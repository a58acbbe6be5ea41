import { type Properties, ProviderError, type ResourceDefinition } from "../definition.ts";
import { requiredText, texts, withoutAbsent } from "../properties.ts";
import type { GitHubClient } from "./client.ts";
import { repositoryPath } from "./repositories.ts";

interface Template {
  readonly use_default: boolean;
  readonly include_claim_keys?: readonly string[];
}

/**
 * `github:index/actionsRepositoryOidcSubjectClaimCustomizationTemplate:…`: what the subject of a repository's tokens is
 * made of. Its id is the repository's name; deleting it makes the default come back.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/resource_github_actions_repository_oidc_subject_claim_customization_template.go
 */
export function subjectTemplateResource(client: GitHubClient): ResourceDefinition {
  const pathOf = (repository: string) => `${repositoryPath(client, repository)}/actions/oidc/customization/sub`;

  async function read(repository: string) {
    const template = await client.find<Template>(pathOf(repository));
    if (!template) return undefined;
    const includeClaimKeys = template.include_claim_keys?.length ? template.include_claim_keys : undefined;
    const outputs = withoutAbsent({ repository, useDefault: template.use_default, includeClaimKeys });
    return { id: repository, outputs };
  }

  async function write(inputs: Properties) {
    const repository = requiredText(inputs, "repository");
    const keys = texts(inputs, "includeClaimKeys");
    if (inputs.useDefault === true && keys.length > 0) {
      throw new ProviderError("include_claim_keys cannot be set when use_default is true");
    }
    const body = { use_default: inputs.useDefault, ...(keys.length > 0 && { include_claim_keys: keys }) };
    await client.send("PUT", pathOf(repository), body);
    const state = await read(repository);
    if (!state) throw new ProviderError(`the subject template of ${repository} is gone right after it was written`);
    return state;
  }

  return {
    token:
      "github:index/actionsRepositoryOidcSubjectClaimCustomizationTemplate:ActionsRepositoryOidcSubjectClaimCustomizationTemplate",
    inputs: ["includeClaimKeys", "repository", "useDefault"],
    requiredInputs: ["repository", "useDefault"],
    replaceOn: [],
    secrets: [],

    check: ({ repository }) =>
      typeof repository === "string" && (repository.length < 1 || repository.length > 100)
        ? [{ property: "repository", reason: "expected length of repository to be in the range (1 - 100)" }]
        : [],

    create: write,
    read: (id) => read(id),
    update: (_id, inputs) => write(inputs),

    async delete(_id, outputs) {
      await client.send("PUT", pathOf(requiredText(outputs, "repository")), { use_default: true });
    },
  };
}
