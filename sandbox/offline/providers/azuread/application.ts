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
import { checkInputs, oneOf, requiredText, uuid } from "../properties.ts";
import { apiBody, applicationBody, applicationUpdate, appRolesBody, scopesBody } from "./application-body.ts";
import { applicationState } from "./application-state.ts";
import { listOf, objectOf, textOf } from "./conversions.ts";
import { deleteApplication } from "./directory-steps.ts";
import { type Graph, type GraphObject, graphMessage } from "./graph.ts";
import { applicationId, parseApplicationId } from "./ids.ts";
import { addOwner, initialOwners, listOwners, removeOwner, setOwners } from "./owners.ts";
import { notEmpty, notOffline, signInAudiences } from "./rules.ts";

const sets = ["allowedMemberTypes", "appRoles", "groupMembershipClaims", "identifierUris", "knownClientApplications"];
const furtherSets = ["oauth2PermissionScopes", "owners", "redirectUris", "requiredResourceAccesses", "tags"];

/** `azuread_application`: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application */
export function application(graph: Graph): ResourceDefinition {
  async function read(id: string, outputs: Properties): Promise<ResourceState | undefined> {
    const found = await graph.find(`retrieving ${id}`, `/v1.0${applicationId(parseApplicationId(id))}`);
    if (!found) return undefined;
    const beta = await graph.send(`retrieving additional properties for ${id}`, {
      method: "GET",
      path: `/beta${id}`,
      query: { $select: "oauth2RequirePostResponse" },
    });
    const owners = await listOwners(graph, id);
    const state = applicationState(found, { postResponseRequired: beta.oauth2RequirePostResponse, owners });
    return { id, outputs: { ...state, preventDuplicateNames: outputs.preventDuplicateNames ?? false } };
  }

  async function patch(
    purpose: string,
    id: string,
    json: GraphObject,
    version: "v1.0" | "beta" = "v1.0",
  ): Promise<void> {
    await graph.send(purpose, { method: "PATCH", path: `/${version}${id}`, json, retries: isNotYetConsistent });
  }

  async function refuseDuplicate(displayName: string, ownId?: string): Promise<void> {
    const $filter = `displayName eq '${displayName.replaceAll("'", "''")}'`;
    const found = await graph.list("checking for existing applications", "/v1.0/applications", { $filter });
    const other = found.find((one) => one.displayName === displayName && applicationId(one.id) !== ownId);
    if (!other) return;
    throw new ProviderError(
      `an existing application with the name "${displayName}" (ID: ${other.id}) was found and preventDuplicateNames is set`,
    );
  }

  /** The steps after the POST: the object is there, whatever becomes of them. */
  async function complete(id: string, inputs: Properties, removesCaller: boolean, furtherOwners: readonly string[]) {
    for (const displayName of [`TERRAFORM_UPDATE_${randomUUID()}`, inputs.displayName]) {
      await patch(`patching ${id} after creating`, id, { displayName });
    }
    if (inputs.oauth2PostResponseRequired !== undefined) {
      const json = { oauth2RequirePostResponse: inputs.oauth2PostResponseRequired };
      await patch(`setting oauth2PostResponseRequired of ${id}`, id, json, "beta");
    }
    if (objectOf(inputs.api).mappedClaimsEnabled === true) {
      await patch(`setting api.mappedClaimsEnabled of ${id}`, id, { api: apiBody(inputs.api) });
    }
    for (const owner of furtherOwners) await addOwner(graph, id, owner);
    if (removesCaller) await removeOwner(graph, id, graph.callerId);
  }

  return {
    token: "azuread:index/application:Application",
    inputs: [
      ...["api", "appRoles", "description", "deviceOnlyAuthEnabled", "displayName", "fallbackPublicClientEnabled"],
      ...["featureTags", "groupMembershipClaims", "identifierUris", "logoImage", "marketingUrl", "notes"],
      ...["oauth2PostResponseRequired", "optionalClaims", "owners", "password", "preventDuplicateNames"],
      ...["privacyStatementUrl", "publicClient", "requiredResourceAccesses", "serviceManagementReference"],
      ...["signInAudience", "singlePageApplication", "supportUrl", "tags", "templateId", "termsOfServiceUrl", "web"],
    ],
    requiredInputs: ["displayName"],
    replaceOn: ["templateId"],
    secrets: [],
    computed: ["featureTags", "requestedAccessTokenVersion", "tags", "templateId"],
    sets: [...sets, ...furtherSets],
    defaults: { signInAudience: "AzureADMyOrg" },
    check: (inputs) => [
      ...checkInputs(inputs, {
        displayName: notEmpty,
        logoImage: notOffline("set it with the official provider"),
        notes: notEmpty,
        owners: (value, property) =>
          listOf(value)
            .map((owner) => uuid(owner, property))
            .find(Boolean),
        password: notOffline("use the resource azuread.ApplicationPassword"),
        signInAudience: oneOf(signInAudiences),
        templateId: notOffline("instantiate it with the official provider"),
      }),
      ...(inputs.tags !== undefined && inputs.featureTags !== undefined
        ? [{ property: "tags", reason: '"tags": conflicts with featureTags' }]
        : []),
    ],
    async create(inputs) {
      if (inputs.preventDuplicateNames === true) await refuseDuplicate(requiredText(inputs, "displayName"));
      const { bound, further, removesCaller } = initialOwners(graph, inputs.owners);
      const { api, ...body } = applicationBody(inputs);
      // A caller that holds Application.ReadWrite.OwnedBy may not set it on creation.
      const { acceptMappedClaims, ...initialApi } = objectOf(api);
      const json = { ...body, api: acceptMappedClaims === true ? initialApi : api, "owners@odata.bind": bound };
      const created = await graph.send("creating application", { method: "POST", path: "/v1.0/applications", json });
      const id = applicationId(created.id);
      try {
        await complete(id, inputs, removesCaller, further);
      } catch (error) {
        const outputs = applicationState(created, { postResponseRequired: false, owners: [graph.callerId] });
        throw new IncompleteError(error instanceof Error ? error.message : String(error), { id, outputs });
      }
      return foundAfterwards(id, await read(id, inputs));
    },
    read,
    async update(id, inputs, outputs) {
      if (inputs.preventDuplicateNames === true) await refuseDuplicate(requiredText(inputs, "displayName"), id);
      const comparison = {
        sets: new Set([...sets, ...furtherSets]),
        computed: new Set(["requestedAccessTokenVersion"]),
      };
      const changed = (name: string) => compare(outputs[name], inputs[name], name, comparison).length > 0;
      if (changed("appRoles")) await disableChanged(id, "appRoles", appRolesBody(inputs.appRoles));
      if (changed("api")) await disableChanged(id, "scopes", scopesBody(objectOf(inputs.api).oauth2PermissionScopes));
      await patch(`updating ${id}`, id, applicationUpdate(inputs, outputs, changed));
      if (changed("oauth2PostResponseRequired")) {
        const json = { oauth2RequirePostResponse: inputs.oauth2PostResponseRequired ?? false };
        await patch(`setting oauth2PostResponseRequired of ${id}`, id, json, "beta");
      }
      if (changed("owners")) await setOwners(graph, id, inputs.owners);
      return foundAfterwards(id, await read(id, inputs));
    },
    delete: (id) => deleteApplication(graph, parseApplicationId(id)),
  };

  /** Only a disabled role or permission may be changed or removed: so disable those that will be, first. */
  async function disableChanged(
    id: string,
    part: "appRoles" | "scopes",
    wanted: readonly GraphObject[],
  ): Promise<void> {
    const found = await graph.send(`retrieving ${id}`, { method: "GET", path: `/v1.0${id}` });
    const existing = listOf<GraphObject>(
      part === "appRoles" ? found.appRoles : objectOf(found.api).oauth2PermissionScopes,
    );
    const comparison = { sets: new Set(sets), computed: new Set(["origin"]) };
    const goes = (item: GraphObject) => {
      const target = wanted.find((one) => textOf(one.id) === textOf(item.id));
      return !target || compare(item, target, part, comparison).length > 0;
    };
    if (!existing.some((item) => item.isEnabled === true && goes(item))) return;
    const disabled = existing.map((item) => (goes(item) ? { ...item, isEnabled: false } : item));
    const json = part === "appRoles" ? { appRoles: disabled } : { api: { oauth2PermissionScopes: disabled } };
    await patch(`disabling what changes of ${id}`, id, json);
    await graph.send(`retrieving ${id}`, { method: "GET", path: `/v1.0${id}` });
  }
}

/** What the directory answers while its replicas differ. */
function isNotYetConsistent(response: HttpResponse): boolean {
  const mustBeDisabled = "Permission (scope or role) cannot be deleted or updated unless disabled first";
  return (
    response.status === 404 ||
    response.status === 409 ||
    (response.status === 400 && graphMessage(response).includes(mustBeDisabled))
  );
}

function foundAfterwards(id: string, state: ResourceState | undefined): ResourceState {
  if (!state) throw new ProviderError(`retrieving ${id}: it is gone right after the change`);
  return state;
}
