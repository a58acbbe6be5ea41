import { randomUUID } from "node:crypto";
import type { HttpResponse } from "../../http.ts";
import { compare } from "../compare.ts";
import {
  IncompleteError,
  type Properties,
  ProviderError,
  type ResourceDefinition,
  type ResourceState,
} from "../definition.ts";
import { checkInputs, requiredText, uuid } from "../properties.ts";
import { wantedTags } from "./application-body.ts";
import { listOf, objectOf, orNull } from "./conversions.ts";
import { deleteAndWait } from "./directory-steps.ts";
import { type Graph, type GraphObject, graphMessage } from "./graph.ts";
import { parseServicePrincipalId, servicePrincipalId } from "./ids.ts";
import { addOwner, initialOwners, listOwners, removeOwner, setOwners } from "./owners.ts";
import { httpUrl, length } from "./rules.ts";
import { servicePrincipalState } from "./service-principal-state.ts";

const sets = ["alternativeNames", "notificationEmailAddresses", "owners", "tags"];

/** `azuread_service_principal`: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/service_principal */
export function servicePrincipal(graph: Graph): ResourceDefinition {
  async function read(id: string, kept: Properties): Promise<ResourceState | undefined> {
    const found = await graph.find(`retrieving ${id}`, `/v1.0${servicePrincipalId(parseServicePrincipalId(id))}`);
    if (!found) return undefined;
    const beta = await graph.send(`retrieving ${id} (beta API)`, {
      method: "GET",
      path: `/beta${id}`,
      query: { $select: "samlMetadataUrl" },
    });
    const state = servicePrincipalState(found, beta.samlMetadataUrl);
    const owners = await listOwners(graph, id);
    return {
      id,
      outputs: { ...state, owners, ...(kept.useExisting !== undefined && { useExisting: kept.useExisting }) },
    };
  }

  async function complete(id: string, inputs: Properties, removesCaller: boolean, furtherOwners: readonly string[]) {
    await graph.send(`patching ${id} after creating`, {
      method: "PATCH",
      path: `/v1.0${id}`,
      json: { description: orNull(inputs.description) },
      retries: ({ status }) => status === 404,
    });
    for (const owner of furtherOwners) await addOwner(graph, id, owner);
    if (removesCaller) await removeOwner(graph, id, graph.callerId);
  }

  async function update(id: string, inputs: Properties, outputs: Properties): Promise<ResourceState> {
    const json = { ...principalBody(inputs, outputs), description: orNull(inputs.description) };
    await graph.send(`updating ${id}`, { method: "PATCH", path: `/v1.0${id}`, json });
    const comparison = { sets: new Set(sets), computed: new Set<string>() };
    const ownersChanged = compare(outputs.owners, inputs.owners, "owners", comparison).length > 0;
    if (ownersChanged) await setOwners(graph, id, inputs.owners);
    return foundAfterwards(id, await read(id, inputs));
  }

  return {
    token: "azuread:index/servicePrincipal:ServicePrincipal",
    inputs: [
      ...["accountEnabled", "alternativeNames", "appRoleAssignmentRequired", "clientId", "description", "featureTags"],
      ...["features", "loginUrl", "notes", "notificationEmailAddresses", "owners", "preferredSingleSignOnMode"],
      ...["samlSingleSignOn", "tags", "useExisting"],
    ],
    requiredInputs: ["clientId"],
    replaceOn: ["clientId"],
    secrets: [],
    computed: ["featureTags", "features", "tags"],
    sets,
    defaults: { accountEnabled: true },
    check: (inputs) =>
      checkInputs(inputs, {
        clientId: uuid,
        description: length(0, 1024),
        loginUrl: httpUrl,
        notes: length(0, 1024),
        owners: (value, property) =>
          listOf(value)
            .map((owner) => uuid(owner, property))
            .find(Boolean),
      }),
    async create(inputs) {
      const clientId = requiredText(inputs, "clientId");
      const $filter = `appId eq '${clientId}'`;
      const [existing] = await graph.list("listing existing service principals", "/v1.0/servicePrincipals", {
        $filter,
      });
      if (existing) {
        const id = servicePrincipalId(existing.id);
        if (inputs.useExisting === true) return update(id, inputs, {});
        throw new ProviderError(
          `a resource with the ID "${id}" already exists: to manage it with this program, import it into the state`,
        );
      }
      const { bound, further, removesCaller } = initialOwners(graph, inputs.owners);
      const created = await graph.send("creating service principal", {
        method: "POST",
        path: "/v1.0/servicePrincipals",
        json: {
          ...principalBody(inputs, {}),
          appId: clientId,
          description: `TERRAFORM_UPDATE_${randomUUID()}`,
          "owners@odata.bind": bound,
        },
        retries: applicationNotReplicated,
      });
      const id = servicePrincipalId(created.id);
      try {
        await complete(id, inputs, removesCaller, further);
      } catch (error) {
        const outputs = { ...servicePrincipalState(created, ""), owners: [graph.callerId] };
        throw new IncompleteError(error instanceof Error ? error.message : String(error), { id, outputs });
      }
      return foundAfterwards(id, await read(id, inputs));
    },
    read,
    update,
    async delete(id, outputs) {
      if (outputs.useExisting !== true) return deleteAndWait(graph, id, `/v1.0${id}`);
      // It was there before: the official provider tries, and is content with what comes.
      await graph.send(`deleting ${id}`, { method: "DELETE", path: `/v1.0${id}` }).catch(() => undefined);
    },
  };
}

/** A new application may take a while until a service principal can refer to it. */
function applicationNotReplicated(response: HttpResponse): boolean {
  const message = graphMessage(response);
  return (
    (response.status === 400 &&
      /The appId '.+' of the service principal does not reference a valid application object/.test(message)) ||
    (response.status === 403 &&
      message.includes("the backing application of the service principal being created must in the local tenant"))
  );
}

function principalBody(inputs: Properties, outputs: Properties): GraphObject {
  return {
    accountEnabled: inputs.accountEnabled,
    alternativeNames: listOf(inputs.alternativeNames),
    appRoleAssignmentRequired: inputs.appRoleAssignmentRequired ?? false,
    loginUrl: orNull(inputs.loginUrl),
    notes: orNull(inputs.notes),
    notificationEmailAddresses: listOf(inputs.notificationEmailAddresses),
    preferredSingleSignOnMode: orNull(inputs.preferredSingleSignOnMode),
    samlSingleSignOnSettings: objectOf(inputs.samlSingleSignOn),
    tags: wantedTags(inputs, outputs),
  };
}

function foundAfterwards(id: string, state: ResourceState | undefined): ResourceState {
  if (!state) throw new ProviderError(`retrieving ${id}: it is gone right after the change`);
  return state;
}
