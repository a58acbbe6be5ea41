import * as azuread from "@pulumi/azuread";
import * as azuredevops from "@pulumi/azuredevops";
import * as github from "@pulumi/github";
import type * as pulumi from "@pulumi/pulumi";
import { organizationUrl } from "../src/feed.ts";
import { apiAddress } from "./github/address.ts";

/** Whose things the providers work on: what the stack's file says, not what the machine happens to have set. */
export interface ProviderScope {
  /** The GitHub owner of the repository. */
  readonly owner: string;
  /** Who signs the tokens of its jobs, where the file says it: it tells which GitHub is meant. */
  readonly issuer?: string | undefined;
  /** The Azure DevOps organization of the feed. */
  readonly organization: string;
  readonly tenantId: string;
}

/** By the name of their package, as a component takes them. */
export type Providers = Record<"azuread" | "azuredevops" | "github", pulumi.ProviderResource>;

/**
 * The provider that is asked for feeds. How it signs in is its own to read from the environment (docs/operations.md), so
 * no credential passes through the program or its state.
 */
export function createAzureDevOpsProvider({ organization, tenantId }: ProviderScope): azuredevops.Provider {
  return new azuredevops.Provider("azuredevops", { orgServiceUrl: organizationUrl(organization), tenantId });
}

/** All three, for when there is something to make. They sign in likewise. */
export function createProviders(scope: ProviderScope, azuredevops = createAzureDevOpsProvider(scope)): Providers {
  const { owner, issuer, tenantId } = scope;
  const baseUrl = apiAddress(issuer);
  return {
    azuread: new azuread.Provider("azuread", { tenantId }),
    azuredevops,
    github: new github.Provider(
      "github",
      { owner, ...(baseUrl === undefined ? {} : { baseUrl }) },
      { transformations: [withoutToken] },
    ),
  };
}

/**
 * The SDK copies GITHUB_TOKEN from the environment into the provider's inputs, where it would stand in clear in the
 * state, and would be a change whenever the token is another one. The plugin reads the variable itself.
 */
const withoutToken: pulumi.ResourceTransformation = ({ props, opts }) => {
  const { token, ...rest } = props;
  return { props: rest, opts };
};
