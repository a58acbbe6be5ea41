import type { ConfiguredProvider } from "../../sandbox/offline/providers/definition.ts";
import { github } from "../../sandbox/offline/providers/github/definition.ts";
import { createWorld, type World } from "./github.ts";
import { hostOf, type RecordingHost, requestsOf } from "./offline-provider.ts";

export const environmentType = "github:index/repositoryEnvironment:RepositoryEnvironment";
export const policyType = "github:index/repositoryEnvironmentDeploymentPolicy:RepositoryEnvironmentDeploymentPolicy";
export const variableType = "github:index/actionsVariable:ActionsVariable";
export const environmentVariableType = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable";
export const secretType = "github:index/actionsSecret:ActionsSecret";
export const environmentSecretType = "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret";
export const dependabotSecretType = "github:index/dependabotSecret:DependabotSecret";
export const templateType =
  "github:index/actionsRepositoryOidcSubjectClaimCustomizationTemplate:ActionsRepositoryOidcSubjectClaimCustomizationTemplate";

/** The path of the repository that the tests use, and the other one, by which environment secrets go. */
export const widgetsPath = "api.github.com/repos/contoso/widgets";
export const widgetsById = "api.github.com/repositories/4001";

/** The GitHub provider's stand-in, signed in as the organization's owner. */
export interface SignedInToGitHub extends World {
  readonly host: RecordingHost;
  readonly provider: ConfiguredProvider;
}

/** @param world where; default: a new one */
export async function signInToGitHub(world: World = createWorld()): Promise<SignedInToGitHub> {
  const host = hostOf(world.cloud, { GITHUB_TOKEN: "ada-classic" });
  return { ...world, host, provider: await github.configure({ owner: "contoso", retryDelayMs: "0" }, host) };
}

/** The requests of an action, and what it gave. */
export async function outcomeOf<T>(
  { cloud }: World,
  action: () => Promise<T>,
): Promise<readonly [calls: readonly string[], outcome: T]> {
  const outcomes: T[] = [];
  const calls = await requestsOf(cloud, async () => outcomes.push(await action()));
  return [calls, outcomes[0] as T];
}
