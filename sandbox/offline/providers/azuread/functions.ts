import { createHash } from "node:crypto";
import type { EntraCredentials } from "../../entra-token.ts";
import { type ConfiguredProvider, type Properties, ProviderError } from "../definition.ts";
import { text, texts } from "../properties.ts";
import { applicationState } from "./application-state.ts";
import { objectOf, textOf } from "./conversions.ts";
import type { Graph, GraphObject } from "./graph.ts";
import { applicationId, servicePrincipalId } from "./ids.ts";
import { listOwners } from "./owners.ts";
import { servicePrincipalState, servicePrincipalSummary } from "./service-principal-state.ts";

const summaryFields = [
  ...["accountEnabled", "appId", "appOwnerOrganizationId", "appRoleAssignmentRequired", "displayName", "id"],
  ...["preferredSingleSignOnMode", "servicePrincipalNames", "servicePrincipalType", "signInAudience", "tags"],
].join(",");

/** The data sources: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs */
export function createFunctions(graph: Graph, credentials: EntraCredentials): ConfiguredProvider["functions"] {
  return {
    async "azuread:index/getClientConfig:getClientConfig"() {
      const { tenantId, clientId } = credentials;
      const objectId = graph.callerId;
      return { id: `${tenantId}-${clientId}-${objectId}`, clientId, objectId, tenantId };
    },

    async "azuread:index/getServicePrincipal:getServicePrincipal"(args) {
      const found = await findServicePrincipal(graph, args);
      const id = servicePrincipalId(found.id);
      const { samlSingleSignOn, ...state } = servicePrincipalState(found, await samlMetadataUrl(graph, id));
      return { ...state, id, samlSingleSignOns: [samlSingleSignOn] };
    },

    async "azuread:index/getServicePrincipals:getServicePrincipals"(args) {
      const found = await findServicePrincipals(graph, args);
      const servicePrincipals = [];
      for (const principal of found) {
        const url = await samlMetadataUrl(graph, servicePrincipalId(principal.id)).catch(() => "");
        servicePrincipals.push(servicePrincipalSummary(principal, url));
      }
      const objectIds = found.map(({ id }) => textOf(id));
      const hash = createHash("sha1").update(objectIds.join("/")).digest("base64url");
      return {
        ...args,
        id: `serviceprincipals#${hash}`,
        clientIds: found.map(({ appId }) => textOf(appId)),
        displayNames: found.map(({ displayName }) => textOf(displayName)),
        objectIds,
        servicePrincipals,
      };
    },

    async "azuread:index/getApplication:getApplication"(args) {
      const found = await findApplication(graph, args);
      const id = applicationId(found.id);
      const beta = await graph.send(`retrieving additional properties for ${id}`, {
        method: "GET",
        path: `/beta${id}`,
        query: { $select: "oauth2RequirePostResponse" },
      });
      const extras = { postResponseRequired: beta.oauth2RequirePostResponse, owners: await listOwners(graph, id) };
      const { api, optionalClaims, publicClient, singlePageApplication, web, ...state } = applicationState(
        found,
        extras,
      );
      const { implicitGrant, ...webState } = objectOf(web);
      return {
        ...state,
        id,
        ...(args.identifierUri !== undefined && { identifierUri: args.identifierUri }),
        apis: [api],
        optionalClaims: [optionalClaims],
        publicClients: [publicClient],
        singlePageApplications: [singlePageApplication],
        webs: [{ ...webState, implicitGrants: [implicitGrant] }],
      };
    },
  };
}

async function samlMetadataUrl(graph: Graph, id: string): Promise<unknown> {
  const request = { method: "GET", path: `/beta${id}`, query: { $select: "samlMetadataUrl" } } as const;
  return (await graph.send(`retrieving ${id} (beta API)`, request)).samlMetadataUrl;
}

async function findServicePrincipal(graph: Graph, args: Properties): Promise<GraphObject> {
  const objectId = text(args, "objectId");
  if (objectId) {
    const found = await graph.find(`retrieving ${objectId}`, `/v1.0${servicePrincipalId(objectId)}`);
    if (!found) throw new ProviderError(`service principal with object ID "${objectId}" was not found`);
    return found;
  }
  return theOnly(graph, "service principal", "/v1.0/servicePrincipals", [
    ["displayName", text(args, "displayName")],
    ["appId", text(args, "clientId")],
  ]);
}

async function findServicePrincipals(graph: Graph, args: Properties): Promise<readonly GraphObject[]> {
  const path = "/v1.0/servicePrincipals";
  const $select = summaryFields;
  if (args.returnAll === true) {
    const all = await graph.list("retrieving service principals", path, { $select });
    if (all.length === 0) throw new ProviderError("no service principals found");
    return all;
  }
  const filters = [
    ...texts(args, "clientIds").map((value) => ({ name: "application ID", value, property: "appId" })),
    ...texts(args, "displayNames").map((value) => ({ name: "display name", value, property: "displayName" })),
  ];
  const found: GraphObject[] = [];
  for (const { name, value, property } of filters) {
    const $filter = equals(property, value);
    const matches = await graph.list(`finding service principals with ${name} "${value}"`, path, { $filter, $select });
    if (matches.length > 1) throw new ProviderError(`more than one service principal has the ${name} "${value}"`);
    if (matches.length === 0 && args.ignoreMissing !== true) {
      throw new ProviderError(`no service principal has the ${name} "${value}"`);
    }
    found.push(...matches);
  }
  for (const objectId of texts(args, "objectIds")) {
    const match = await graph.find(`retrieving ${objectId}`, `/v1.0${servicePrincipalId(objectId)}`, { $select });
    if (!match && args.ignoreMissing !== true) {
      throw new ProviderError(`no service principal has the object ID "${objectId}"`);
    }
    if (match) found.push(match);
  }
  return found;
}

async function findApplication(graph: Graph, args: Properties): Promise<GraphObject> {
  const objectId = text(args, "objectId");
  if (objectId) {
    const found = await graph.find(`retrieving ${objectId}`, `/v1.0${applicationId(objectId)}`);
    if (!found) throw new ProviderError(`application with object ID "${objectId}" was not found`);
    return found;
  }
  return theOnly(graph, "application", "/v1.0/applications", [
    ["appId", text(args, "clientId")],
    ["displayName", text(args, "displayName")],
    ["identifierUris", text(args, "identifierUri")],
  ]);
}

/** The one object that the first given criterion finds. */
async function theOnly(
  graph: Graph,
  kind: string,
  path: string,
  criteria: readonly (readonly [property: string, value: string | undefined])[],
): Promise<GraphObject> {
  const [property, value] = criteria.find(([, given]) => given !== undefined) ?? [];
  if (property === undefined || value === undefined) {
    throw new ProviderError(`looking for one ${kind}: give its object ID, client ID or display name`);
  }
  const $filter =
    property === "identifierUris" ? `identifierUris/any(uri:uri eq '${quoted(value)}')` : equals(property, value);
  const found = await graph.list(`listing ${kind}s for filter "${$filter}"`, path, { $filter });
  const [first] = found;
  if (!first) throw new ProviderError(`no ${kind} found matching filter: "${$filter}"`);
  if (found.length > 1) throw new ProviderError(`found multiple ${kind}s matching filter: "${$filter}"`);
  return first;
}

function equals(property: string, value: string): string {
  return `${property} eq '${quoted(value)}'`;
}

/** Text in an OData literal. */
function quoted(value: string): string {
  return value.replaceAll("'", "''");
}
