import { z } from "zod";
import { type Call, collection, type Endpoint, noContent, ok, parsed } from "../endpoint.ts";
import { accountLicenceTypes, azureDevOpsData, type Entitlement, licensingSources, type Subject } from "../entities.ts";
import { entitlementBody, licenceIds, servicePrincipalEntitlementBody } from "../entitlement-body.ts";
import { enumeration } from "../enumeration.ts";
import { failures } from "../errors.ts";
import { graphSubject } from "../graph-bodies.ts";
import { storageKeyOf } from "../identifiers.ts";
import { locations } from "../locations.ts";
import { isCollectionAdministrator } from "../memberships.ts";
import { entitle, hasBasicLicence, removeSubject } from "../provision.ts";

const accessLevel = z.object({
  accountLicenseType: enumeration(accountLicenceTypes).default("express"),
  licensingSource: enumeration(licensingSources).default("account"),
});

const newEntitlement = z.object({
  accessLevel,
  servicePrincipal: z.object({ originId: z.string().nullish() }),
  projectEntitlements: z.array(z.unknown()).nullish(),
});

const changes = z.array(z.object({ op: z.string(), path: z.string(), value: z.unknown().optional() }));

/** A problem that the service reports in the body of a 200, by its number. */
interface OperationProblem {
  readonly key: number;
  readonly value: string;
}

/**
 * Which service principals are members of the organization, with which licence. Only Project Collection Administrators
 * may change it. https://learn.microsoft.com/rest/api/azure/devops/memberentitlementmanagement/service-principal-entitlements
 */
export const entitlementEndpoints: readonly Endpoint[] = [
  {
    methods: ["POST"],
    paths: ["/:organization/_apis/serviceprincipalentitlements"],
    location: locations.newServicePrincipalEntitlements,
    async handle(call) {
      const wanted = await call.body(newEntitlement);
      if (wanted.projectEntitlements?.length) throw failures.notEmulated("projectEntitlements of a new entitlement");
      const added = add(call, wanted.servicePrincipal.originId ?? "", wanted.accessLevel);
      if ("key" in added) {
        return ok({
          isSuccess: false,
          servicePrincipalEntitlement: null,
          operationResult: { isSuccess: false, servicePrincipalId: null, errors: [added], result: null },
        });
      }
      const body = bodyOf(call, added);
      return ok({
        isSuccess: true,
        servicePrincipalEntitlement: body,
        operationResult: { isSuccess: true, servicePrincipalId: added.id, errors: [], result: body },
      });
    },
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/serviceprincipalentitlements/:servicePrincipalId"],
    location: locations.servicePrincipalEntitlements,
    handle: (call) => ok(bodyOf(call, demandEntitlement(call))),
  },
  {
    methods: ["PATCH"],
    paths: ["/:organization/_apis/serviceprincipalentitlements/:servicePrincipalId"],
    location: locations.servicePrincipalEntitlements,
    async handle(call) {
      const operations = await call.body(changes);
      const id = demandEntitlement(call).id;
      const results = operations.map(({ op, path, value }) => {
        if (path !== "/accessLevel" || op !== "replace") throw failures.notEmulated(`${op} ${path} of an entitlement`);
        const problem = changeLicence(call, id, parsed(accessLevel, value));
        return {
          servicePrincipalId: id,
          isSuccess: problem === undefined,
          errors: problem ? [problem] : [],
          result: null,
        };
      });
      return ok({
        isSuccess: results.every(({ isSuccess }) => isSuccess),
        operationResults: results,
        servicePrincipalEntitlement: bodyOf(call, demandEntitlement(call)),
      });
    },
  },
  {
    methods: ["DELETE"],
    paths: ["/:organization/_apis/serviceprincipalentitlements/:servicePrincipalId"],
    location: locations.servicePrincipalEntitlements,
    handle(call) {
      const { id } = demandEntitlement(call);
      if (!isCollectionAdministrator(call.store, call.caller)) {
        throw failures.accessDenied(call.caller.displayName, "Users", "Delete Users");
      }
      removeSubject(call.store, id);
      return noContent;
    },
  },
  {
    methods: ["GET"],
    paths: ["/:organization/_apis/memberentitlements"],
    location: locations.memberEntitlements,
    handle(call) {
      const matches = filterOf(call.query("$filter") ?? "");
      const { entitlements, subjects } = azureDevOpsData(call.store);
      const found = entitlements
        .filter(({ organizationId }) => organizationId === call.organization.id)
        .flatMap((entitlement) => {
          const subject = subjects.get(entitlement.id);
          return subject && matches(subject, entitlement) ? [{ subject, entitlement }] : [];
        });
      return collection(
        found.map(({ subject, entitlement }) => ({
          member: graphSubject(call.store, call.organization, subject),
          ...entitlementBody(call.store, subject, entitlement),
        })),
      );
    },
  },
];

/** Adds the service principal; one that is a member keeps its id and gets the licence that is asked for now. */
function add(call: Call, originId: string, licence: z.infer<typeof accessLevel>): Entitlement | OperationProblem {
  const { store, organization, caller, now } = call;
  if (!isCollectionAdministrator(store, caller)) return lacksAddUsers(caller);
  if (originId === "") {
    // https://github.com/microsoft/terraform-provider-azuredevops/issues/1384
    const value =
      "The Id, OriginId, or User.PrincipalName must be set. The Principal Name is usually an email address.";
    return { key: 5000, value };
  }
  const id = storageKeyOf(organization.id, originId);
  if (licence.accountLicenseType === "express" && !hasBasicLicence(store, organization, id)) return lacksLicence(id);
  const added = entitle(store, organization, originId, { ...licence, dateCreated: now });
  // What a directory that has no such service principal, or not yet, leads to; an application's object id is none.
  return added ?? { key: 5000, value: `VS403283: Could not add user '${originId}' at this time.` };
}

function changeLicence(call: Call, id: string, licence: z.infer<typeof accessLevel>): OperationProblem | undefined {
  const { store, organization, caller } = call;
  if (!isCollectionAdministrator(store, caller)) return lacksAddUsers(caller);
  if (licence.accountLicenseType === "express" && !hasBasicLicence(store, organization, id)) return lacksLicence(id);
  azureDevOpsData(store).entitlements.update(id, licence);
  return undefined;
}

/** https://github.com/microsoft/terraform-provider-azuredevops/issues/86 */
const lacksAddUsers = (caller: Subject): OperationProblem => ({
  key: 5032,
  value: failures.accessDenied(caller.displayName, "Users", "Add Users").message,
});

/** https://github.com/microsoft/terraform-provider-azuredevops/issues/1036 */
const lacksLicence = (id: string): OperationProblem => ({
  key: 5005,
  value: `Failed to assign license ${licenceIds.express} to identity with id ${id}.`,
});

function demandEntitlement({ store, organization, param }: Call): Entitlement {
  const id = param("servicePrincipalId").toLowerCase();
  const { entitlements, subjects } = azureDevOpsData(store);
  const found = entitlements.get(id);
  const isHere = found?.organizationId === organization.id && subjects.get(id)?.kind === "servicePrincipal";
  if (!isHere) throw failures.identityIdUnknown(id);
  return found;
}

function bodyOf({ store, organization }: Call, entitlement: Entitlement): object {
  const subject = azureDevOpsData(store).subjects.get(entitlement.id);
  if (!subject) throw failures.identityIdUnknown(entitlement.id);
  return servicePrincipalEntitlementBody(store, organization, subject, entitlement);
}

/**
 * `name eq '…'` (part of the name is enough) and `licenseId eq '…'`, joined by `and`.
 * https://learn.microsoft.com/rest/api/azure/devops/memberentitlementmanagement/user-entitlements/search-user-entitlements
 */
function filterOf(text: string): (subject: Subject, entitlement: Entitlement) => boolean {
  const clauses = text.trim() === "" ? [] : text.split(/\s+and\s+/i);
  const tests = clauses.map((clause) => {
    const [, name, value] = /^(name|licenseId) eq '([^']*)'$/i.exec(clause.trim()) ?? [];
    if (!name || value === undefined) throw failures.badRequest(`The filter '${clause}' is not supported.`);
    const wanted = value.toLowerCase();
    return name.toLowerCase() === "name"
      ? (subject: Subject) => subject.displayName.toLowerCase().includes(wanted)
      : (_: Subject, { accountLicenseType }: Entitlement) => licenceIds[accountLicenseType].toLowerCase() === wanted;
  });
  return (subject, entitlement) => tests.every((test) => test(subject, entitlement));
}
