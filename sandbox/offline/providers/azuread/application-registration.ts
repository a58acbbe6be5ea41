import { isEmpty } from "../compare.ts";
import type { Properties, ResourceDefinition, ResourceState } from "../definition.ts";
import { checkInputs, oneOf } from "../properties.ts";
import { claimsList, claimsText, objectOf, orNull, textOf } from "./conversions.ts";
import { deleteApplication, findNewApplication } from "./directory-steps.ts";
import type { Graph, GraphObject } from "./graph.ts";
import { applicationId, parseApplicationId } from "./ids.ts";
import { httpUrl, notEmpty, signInAudiences } from "./rules.ts";

const urls = ["homepageUrl", "logoutUrl", "marketingUrl", "privacyStatementUrl", "supportUrl", "termsOfServiceUrl"];

/** `azuread_application_registration`: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application_registration */
export function applicationRegistration(graph: Graph): ResourceDefinition {
  async function read(id: string): Promise<ResourceState | undefined> {
    const path = `/v1.0${applicationId(parseApplicationId(id))}`;
    const application = await graph.find(`retrieving ${id}`, path);
    return application && { id, outputs: registrationState(application) };
  }

  return {
    token: "azuread:index/applicationRegistration:ApplicationRegistration",
    inputs: [
      ...["description", "displayName", "groupMembershipClaims", "homepageUrl", "implicitAccessTokenIssuanceEnabled"],
      ...["implicitIdTokenIssuanceEnabled", "logoutUrl", "marketingUrl", "notes", "privacyStatementUrl"],
      ...["requestedAccessTokenVersion", "serviceManagementReference", "signInAudience", "supportUrl"],
      "termsOfServiceUrl",
    ],
    requiredInputs: ["displayName"],
    replaceOn: [],
    secrets: [],
    sets: ["groupMembershipClaims"],
    defaults: { requestedAccessTokenVersion: 2, signInAudience: "AzureADMyOrg" },
    check: (inputs) =>
      checkInputs(inputs, {
        displayName: notEmpty,
        signInAudience: oneOf(signInAudiences),
        ...Object.fromEntries(urls.map((name) => [name, httpUrl])),
      }),
    async create(inputs) {
      const created = await graph.send("creating application", {
        method: "POST",
        path: "/v1.0/applications",
        json: registrationBody(inputs),
      });
      const id = applicationId(created.id);
      return { id, outputs: registrationState(await findNewApplication(graph, created)) };
    },
    read: (id) => read(id),
    async update(id, inputs, outputs) {
      const changed = changedMembers(registrationBody(outputs), registrationBody(inputs));
      await graph.send(`updating ${id}`, { method: "PATCH", path: `/v1.0${id}`, json: changed });
      const state = await read(id);
      return state ?? { id, outputs: { ...outputs, ...inputs } };
    },
    delete: (id) => deleteApplication(graph, parseApplicationId(id)),
  };
}

function registrationBody(inputs: Properties): GraphObject {
  return {
    displayName: inputs.displayName,
    description: orNull(inputs.description),
    groupMembershipClaims: claimsText(inputs.groupMembershipClaims),
    notes: orNull(inputs.notes),
    serviceManagementReference: orNull(inputs.serviceManagementReference),
    signInAudience: inputs.signInAudience,
    api: { requestedAccessTokenVersion: inputs.requestedAccessTokenVersion },
    info: {
      marketingUrl: orNull(inputs.marketingUrl),
      privacyStatementUrl: orNull(inputs.privacyStatementUrl),
      supportUrl: orNull(inputs.supportUrl),
      termsOfServiceUrl: orNull(inputs.termsOfServiceUrl),
    },
    web: {
      homePageUrl: orNull(inputs.homepageUrl),
      logoutUrl: orNull(inputs.logoutUrl),
      implicitGrantSettings: {
        enableAccessTokenIssuance: inputs.implicitAccessTokenIssuanceEnabled ?? false,
        enableIdTokenIssuance: inputs.implicitIdTokenIssuanceEnabled ?? false,
      },
    },
  };
}

function registrationState(application: GraphObject): Properties {
  const [api, info, web] = [objectOf(application.api), objectOf(application.info), objectOf(application.web)];
  const grant = objectOf(web.implicitGrantSettings);
  return {
    clientId: textOf(application.appId),
    description: textOf(application.description),
    disabledByMicrosoft: textOf(application.disabledByMicrosoftStatus),
    displayName: textOf(application.displayName),
    groupMembershipClaims: claimsList(application.groupMembershipClaims),
    homepageUrl: textOf(web.homePageUrl),
    implicitAccessTokenIssuanceEnabled: grant.enableAccessTokenIssuance ?? false,
    implicitIdTokenIssuanceEnabled: grant.enableIdTokenIssuance ?? false,
    logoutUrl: textOf(web.logoutUrl),
    marketingUrl: textOf(info.marketingUrl),
    notes: textOf(application.notes),
    objectId: application.id,
    privacyStatementUrl: textOf(info.privacyStatementUrl),
    publisherDomain: textOf(application.publisherDomain),
    requestedAccessTokenVersion: api.requestedAccessTokenVersion ?? 0,
    serviceManagementReference: textOf(application.serviceManagementReference),
    signInAudience: textOf(application.signInAudience),
    supportUrl: textOf(info.supportUrl),
    termsOfServiceUrl: textOf(info.termsOfServiceUrl),
  };
}

/** The members of `wanted` that differ, to their depth: what the official provider sends to update. */
function changedMembers(actual: GraphObject, wanted: GraphObject): GraphObject {
  const changes = Object.entries(wanted).flatMap(([name, value]): [string, unknown][] => {
    const old = actual[name];
    if (typeof value === "object" && value !== null && typeof old === "object" && old !== null) {
      const inner = changedMembers(old as GraphObject, value as GraphObject);
      return Object.keys(inner).length > 0 ? [[name, inner]] : [];
    }
    return old === value || (isEmpty(old) && isEmpty(value)) ? [] : [[name, value]];
  });
  return Object.fromEntries(changes);
}
