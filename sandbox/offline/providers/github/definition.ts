import { type ProviderDefinition, ProviderError, type ProviderHost } from "../definition.ts";
import { requestAppToken } from "./app-token.ts";
import { createGitHubClient, type GitHubClient, isStatus } from "./client.ts";
import { deploymentPolicyResource } from "./deployment-policy.ts";
import { environmentResource } from "./environment.ts";
import { createFunctions } from "./functions.ts";
import { secretResources } from "./secrets.ts";
import { readSettings, type Settings } from "./settings.ts";
import { subjectTemplateResource } from "./subject-template.ts";
import { variableResources } from "./variables.ts";

/** The stand-in for the official GitHub provider 6.15.0 (Terraform provider 6.13.0). */
export const github: ProviderDefinition = {
  name: "github",
  version: "6.15.0",
  async configure(config, host) {
    const client = await connect(readSettings(config, host), host);
    return {
      resources: [
        environmentResource(client),
        deploymentPolicyResource(client),
        ...variableResources(client),
        ...secretResources(client),
        subjectTemplateResource(client),
      ],
      functions: createFunctions(client),
    };
  },
};

/** Signs in, finds out who the owner is where nobody said, and whether it is an organization. */
async function connect(settings: Settings, host: ProviderHost): Promise<GitHubClient> {
  const { root, retry, app } = settings;
  const token = app ? await requestAppToken(host, root, app) : settings.token;
  const options = { root, token, retry };
  const owner =
    settings.owner ?? (token ? await ownerOfToken(createGitHubClient(host, { ...options, owner: "" })) : "");
  const client = createGitHubClient(host, { ...options, owner });
  if (owner) await checkOrganization(client);
  return client;
}

async function ownerOfToken(client: GitHubClient): Promise<string> {
  try {
    return (await client.get<{ readonly login: string }>("/user")).login;
  } catch (error) {
    throw new ProviderError(`owner cannot be found by token: ${error instanceof Error ? error.message : error}`);
  }
}

/** An owner that is no organization is a user; any other answer is a failure. */
async function checkOrganization(client: GitHubClient): Promise<void> {
  try {
    await client.send("GET", `/orgs/${client.owner}`);
  } catch (error) {
    if (isStatus(error, 404)) return;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProviderError(`failed to lookup organization "${client.owner}": ${reason}`);
  }
}
