import { type Application, directory } from "../../entra/directory.ts";
import { addOwner, addServicePrincipal, servicePrincipalDefaults, timestamp } from "../../entra/directory-objects.ts";
import type { CloudContext } from "../../service.ts";
import type { Caller } from "../caller.ts";
import { GraphError, refusals } from "../errors.ts";
import { namesWanted, page, refuseOtherOptions, select } from "../odata.ts";
import { mayCreate, mayWriteAll } from "../permissions.ts";
import { changeProperties, type WritableProperties } from "../properties.ts";
import { entity, list, noContent, type Register } from "../register.ts";
import { servicePrincipalShape } from "../shapes.ts";
import { readOwnerBindings } from "./owners.ts";

const writable: WritableProperties = {
  type: "ServicePrincipal",
  defaults: { ...servicePrincipalDefaults, accountEnabled: true },
  readOnly: new Set([
    "id",
    "appDescription",
    "appDisplayName",
    "appId",
    "applicationTemplateId",
    "appOwnerOrganizationId",
    "createdDateTime",
    "deletedDateTime",
    "disabledByMicrosoftStatus",
    "displayName",
    "oauth2PermissionScopes",
    "passwordCredentials",
    "resourceSpecificApplicationPermissions",
    "servicePrincipalType",
    "signInAudience",
  ]),
};

/** Service principals. */
export function servicePrincipalRoutes(register: Register, context: CloudContext): void {
  const { store } = context;
  const { applications, owners, servicePrincipals } = directory(store);

  register("GET", "/servicePrincipals", ({ caller, lookup, version, url }) => {
    lookup.checkRead();
    const isWanted = namesWanted(url);
    const found = servicePrincipals.filter(
      (each) => each.tenantId === caller.tenantId && each.deletedDateTime === null && isWanted(each),
    );
    const shapes = found.map((each) => servicePrincipalShape(store, each, version));
    return list(version, "servicePrincipals", page(url, shapes, "servicePrincipal"));
  });

  register("POST", "/servicePrincipals", async (request) => {
    const { caller, version } = request;
    if (!mayCreate(caller.roles)) throw refusals.denied();
    const { appId, ...body } = await request.body();
    const bound = readOwnerBindings(store, caller, body);
    const application = backingApplication(caller, String(appId ?? "").toLowerCase());
    const taken = servicePrincipals
      .where("appId", application.appId)
      .find((each) => each.tenantId === caller.tenantId && each.deletedDateTime === null);
    if (taken) {
      throw refusals.conflict(
        `The service principal cannot be created, updated, or restored because the service principal name ${application.appId} is already in use.`,
      );
    }
    const before = { ...servicePrincipalDefaults, accountEnabled: true };
    const { accountEnabled, ...properties } = changeProperties(writable, before, body);
    const servicePrincipal = addServicePrincipal(store, {
      tenantId: caller.tenantId,
      application,
      now: context.now(),
      accountEnabled: accountEnabled === true,
      properties,
    });
    for (const owner of [caller.objectId, ...bound]) addOwner(store, servicePrincipal.id, owner);
    return entity(version, "servicePrincipals/$entity", servicePrincipalShape(store, servicePrincipal, version), 201);
  });

  register("GET", "/servicePrincipals/:id", ({ lookup, version, url, param }) => {
    refuseOtherOptions(url, ["$select"]);
    const shape = servicePrincipalShape(store, lookup.servicePrincipal(param("id"), "read"), version);
    const selected = select(shape, url.searchParams.get("$select") ?? undefined, "servicePrincipal");
    return entity(version, "servicePrincipals/$entity", selected);
  });

  register("PATCH", "/servicePrincipals/:id", async (request) => {
    const servicePrincipal = request.lookup.servicePrincipal(request.param("id"), "write");
    const { id, ...body } = await request.body();
    if (id !== undefined && id !== servicePrincipal.id) throw refusals.readOnlyProperty("id");
    const before = { ...servicePrincipal.properties, accountEnabled: servicePrincipal.accountEnabled };
    const { accountEnabled, ...properties } = changeProperties(writable, before, body);
    servicePrincipals.update(servicePrincipal.id, { accountEnabled: accountEnabled === true, properties });
    return noContent();
  });

  register("DELETE", "/servicePrincipals/:id", ({ lookup, param }) => {
    const { id } = lookup.servicePrincipal(param("id"), "write");
    servicePrincipals.update(id, { deletedDateTime: timestamp(context.now()) });
    return noContent();
  });

  /** The application that a new service principal stands for, if the caller may make one of it. */
  function backingApplication(caller: Caller, appId: string): Application {
    const application = applications.where("appId", appId).find((each) => each.deletedDateTime === null);
    const local = application?.tenantId === caller.tenantId;
    if (!application || (!local && application.properties.signInAudience === "AzureADMyOrg")) {
      throw new GraphError(
        400,
        "NoBackingApplicationObject",
        `The appId '${appId}' of the service principal does not reference a valid application object.`,
      );
    }
    if (mayWriteAll(caller.roles)) return application;
    if (!local) throw refusals.backingApplication();
    if (!owners.get(`${application.id}/${caller.objectId}`)) throw refusals.denied();
    return application;
  }
}
