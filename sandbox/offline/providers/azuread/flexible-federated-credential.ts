import type { Properties, ResourceDefinition, ResourceState } from "../definition.ts";
import { checkInputs, requiredText } from "../properties.ts";
import { listOf, objectOf, textOf } from "./conversions.ts";
import { deleteAndWait, findNew } from "./directory-steps.ts";
import type { Graph, GraphObject } from "./graph.ts";
import { applicationId, isApplicationId, parseApplicationId, parseApplicationPartId } from "./ids.ts";
import { length, notEmpty } from "./rules.ts";

/** `azuread_application_flexible_federated_identity_credential`: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application_flexible_federated_identity_credential */
export function flexibleFederatedCredential(graph: Graph): ResourceDefinition {
  // An id of this resource is the credential's address below the version.
  const find = (id: string) => graph.find(`retrieving ${id}`, `/beta${id}`);

  async function read(id: string): Promise<ResourceState | undefined> {
    const { application } = parseApplicationPartId(id, "federatedIdentityCredentials");
    const credential = await find(id);
    return credential && { id, outputs: credentialState(application, credential) };
  }

  return {
    token:
      "azuread:index/applicationFlexibleFederatedIdentityCredential:ApplicationFlexibleFederatedIdentityCredential",
    inputs: ["applicationId", "audience", "claimsMatchingExpression", "description", "displayName", "issuer"],
    requiredInputs: ["applicationId", "audience", "claimsMatchingExpression", "displayName", "issuer"],
    replaceOn: ["applicationId", "displayName"],
    secrets: [],
    check: (inputs) =>
      checkInputs(inputs, {
        applicationId: isApplicationId,
        audience: notEmpty,
        claimsMatchingExpression: notEmpty,
        displayName: length(1, 120),
      }),
    async create(inputs) {
      const application = parseApplicationId(requiredText(inputs, "applicationId"));
      const name = applicationId(application);
      await graph.send(`retrieving ${name}`, { method: "GET", path: `/beta${name}` });
      const created = await graph.send(`adding flexible federated identity credential for ${name}`, {
        method: "POST",
        path: `/beta${name}/federatedIdentityCredentials`,
        json: credentialBody(inputs),
      });
      const id = `${name}/federatedIdentityCredentials/${created.id}`;
      await findNew(graph, () => find(id));
      return (await read(id)) ?? { id, outputs: credentialState(application, created) };
    },
    read: (id) => read(id),
    async update(id, inputs, outputs) {
      const { part } = parseApplicationPartId(id, "federatedIdentityCredentials");
      const json = { id: part, ...credentialBody(inputs) };
      await graph.send(`updating ${id}`, { method: "PATCH", path: `/beta${id}`, json });
      return (await read(id)) ?? { id, outputs: { ...outputs, ...inputs } };
    },
    delete: (id) => deleteAndWait(graph, id, `/beta${id}`),
  };
}

function credentialBody(inputs: Properties): GraphObject {
  return {
    name: inputs.displayName,
    issuer: inputs.issuer,
    audiences: [inputs.audience],
    claimsMatchingExpression: { value: inputs.claimsMatchingExpression, languageVersion: 1 },
    description: inputs.description ?? "",
  };
}

function credentialState(application: string, credential: GraphObject): Properties {
  return {
    applicationId: applicationId(application),
    audience: textOf(listOf(credential.audiences)[0]),
    claimsMatchingExpression: textOf(objectOf(credential.claimsMatchingExpression).value),
    credentialId: credential.id,
    description: textOf(credential.description),
    displayName: credential.name,
    issuer: credential.issuer,
  };
}
