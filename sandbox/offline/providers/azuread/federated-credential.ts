import type { Properties, ResourceDefinition, ResourceState } from "../definition.ts";
import { checkInputs, requiredText } from "../properties.ts";
import { listOf, textOf } from "./conversions.ts";
import { deleteAndWait } from "./directory-steps.ts";
import { type Graph, type GraphObject, untilSteady } from "./graph.ts";
import { applicationId, isApplicationId, parseApplicationId, parseCredentialId } from "./ids.ts";
import { length } from "./rules.ts";

/** `azuread_application_federated_identity_credential`: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application_federated_identity_credential */
export function federatedCredential(graph: Graph): ResourceDefinition {
  const pathOf = (application: string) => `/v1.0/applications/${application}/federatedIdentityCredentials`;

  async function read(id: string): Promise<ResourceState | undefined> {
    const { application, part } = parseCredentialId(id, "federatedIdentityCredential");
    const credential = await graph.find(
      `retrieving federated identity credential ${id}`,
      `${pathOf(application)}/${part}`,
    );
    return credential && { id, outputs: credentialState(application, credential) };
  }

  return {
    token: "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential",
    inputs: ["applicationId", "audiences", "description", "displayName", "issuer", "subject"],
    requiredInputs: ["applicationId", "audiences", "displayName", "issuer", "subject"],
    replaceOn: ["applicationId", "displayName"],
    secrets: [],
    check: (inputs) =>
      checkInputs(inputs, {
        applicationId: isApplicationId,
        audiences: (value) =>
          listOf(value).length === 1 ? undefined : "expected audiences to have exactly one element",
        displayName: length(1, 120),
      }),
    async create(inputs) {
      const application = parseApplicationId(requiredText(inputs, "applicationId"));
      await graph.send(`retrieving ${applicationId(application)}`, {
        method: "GET",
        path: `/v1.0/applications/${application}`,
      });
      const created = await graph.send(`adding federated identity credential for ${applicationId(application)}`, {
        method: "POST",
        path: pathOf(application),
        json: credentialBody(inputs),
      });
      const id = `${application}/federatedIdentityCredential/${created.id}`;
      await untilSteady(`federated identity credential ${id}`, graph, async () => (await read(id)) !== undefined);
      return (await read(id)) ?? { id, outputs: credentialState(application, created) };
    },
    read: (id) => read(id),
    async update(id, inputs, outputs) {
      const { application, part } = parseCredentialId(id, "federatedIdentityCredential");
      await graph.send(`updating federated identity credential ${id}`, {
        method: "PATCH",
        path: `${pathOf(application)}/${part}`,
        json: { id: part, ...credentialBody(inputs) },
      });
      return (await read(id)) ?? { id, outputs: { ...outputs, ...inputs } };
    },
    delete(id) {
      const { application, part } = parseCredentialId(id, "federatedIdentityCredential");
      return deleteAndWait(graph, `federated identity credential ${id}`, `${pathOf(application)}/${part}`);
    },
  };
}

function credentialBody(inputs: Properties): GraphObject {
  return {
    name: inputs.displayName,
    issuer: inputs.issuer,
    subject: inputs.subject,
    audiences: inputs.audiences,
    description: inputs.description ?? "",
  };
}

function credentialState(application: string, credential: GraphObject): Properties {
  return {
    applicationId: applicationId(application),
    audiences: listOf(credential.audiences),
    credentialId: credential.id,
    description: textOf(credential.description),
    displayName: credential.name,
    issuer: credential.issuer,
    subject: textOf(credential.subject),
  };
}
