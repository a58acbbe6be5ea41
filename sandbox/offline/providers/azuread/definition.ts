import { createEntraToken, readEntraCredentials } from "../../entra-token.ts";
import { type ProviderDefinition, ProviderError } from "../definition.ts";
import { application } from "./application.ts";
import { applicationOwner } from "./application-owner.ts";
import { applicationPassword } from "./application-password.ts";
import { applicationRegistration } from "./application-registration.ts";
import { federatedCredential } from "./federated-credential.ts";
import { flexibleFederatedCredential } from "./flexible-federated-credential.ts";
import { createFunctions } from "./functions.ts";
import { createGraph, graphRetries } from "./graph.ts";
import { servicePrincipal } from "./service-principal.ts";

/** The stand-in for the official azuread provider 6.9.1 (Terraform provider 3.8.0). */
export const azuread: ProviderDefinition = {
  name: "azuread",
  version: "6.9.1",
  async configure(config, host) {
    const credentials = await readEntraCredentials(config, host);
    const token = createEntraToken(host, credentials, "https://graph.microsoft.com/.default", { retry: graphRetries });
    const graph = createGraph(host, token, objectIdOf(await token()));
    return {
      resources: [
        application(graph),
        applicationOwner(graph),
        applicationPassword(graph),
        applicationRegistration(graph),
        federatedCredential(graph),
        flexibleFederatedCredential(graph),
        servicePrincipal(graph),
      ],
      functions: createFunctions(graph, credentials),
    };
  },
};

/** The `oid` claim: https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference */
function objectIdOf(token: string): string {
  const [, payload = ""] = token.split(".");
  const { oid } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { readonly oid?: string };
  if (!oid) throw new ProviderError("the access token of Entra names no object: its oid claim is missing");
  return oid;
}
