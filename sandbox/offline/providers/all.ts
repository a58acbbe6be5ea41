import { azuread } from "./azuread/definition.ts";
import { azuredevops } from "./azuredevops/definition.ts";
import type { ProviderDefinition } from "./definition.ts";
import { github } from "./github/definition.ts";

/** The stand-ins for the providers that feedpass uses. */
export const offlineProviders: readonly ProviderDefinition[] = [azuread, azuredevops, github];
