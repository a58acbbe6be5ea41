import { ImportError, type Properties, ProviderError, type ResourceDefinition } from "../definition.ts";
import { checkInputs, notBlank, oneOf, requiredText, text, uuid, withoutAbsent } from "../properties.ts";
import { type Connection, messageOf } from "./connection.ts";
import { locations } from "./locations.ts";

interface Entitlement {
  readonly id: string;
  readonly accessLevel: { readonly accountLicenseType: string; readonly licensingSource: string };
  readonly servicePrincipal: {
    readonly origin: string;
    readonly originId?: string;
    readonly displayName: string;
    readonly descriptor: string;
    readonly isDeletedInOrigin?: boolean;
  };
}

interface OperationResult {
  readonly isSuccess: boolean;
  readonly errors?: readonly { readonly key: unknown; readonly value: unknown }[];
}

/** Licences that the service takes for the same one: Basic, by its several names. */
const basicLicences = ["earlyadopter", "express", "basic"];

/** The licences' names in the service's spelling, by their lower-case form. */
const licences: Readonly<Record<string, string>> = {
  advanced: "advanced",
  earlyadopter: "earlyAdopter",
  express: "express",
  basic: "express",
  none: "none",
  professional: "professional",
  stakeholder: "stakeholder",
};

/**
 * `azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement`. Its id is the service principal's in the
 * organization.
 * https://github.com/microsoft/terraform-provider-azuredevops/blob/v1.15.1/azuredevops/internal/service/memberentitlementmanagement/resource_service_principal_entitlement.go
 */
export function servicePrincipalEntitlementResource(connection: Connection): ResourceDefinition {
  const route = (id: string) => ({ servicePrincipalId: id });

  async function read(id: string, known: Properties): Promise<Properties | undefined> {
    // The official provider takes any failed read of an entitlement in its state for a deletion.
    const found = await connection
      .get<Entitlement>({ location: locations.servicePrincipalEntitlement, route: route(id) })
      .catch(() => undefined);
    if (!found || found.servicePrincipal.isDeletedInOrigin) return undefined;
    const { servicePrincipal, accessLevel } = found;
    return withoutAbsent({
      origin: spelledAsBefore(servicePrincipal.origin, known.origin),
      originId: servicePrincipal.originId ?? known.originId,
      displayName: servicePrincipal.displayName,
      descriptor: servicePrincipal.descriptor,
      accountLicenseType: sameLicence(accessLevel.accountLicenseType, known.accountLicenseType)
        ? known.accountLicenseType
        : accessLevel.accountLicenseType,
      licensingSource: spelledAsBefore(accessLevel.licensingSource, known.licensingSource),
    });
  }

  async function writtenState(id: string, inputs: Properties) {
    const outputs = await read(id, inputs);
    if (!outputs) throw new ProviderError(`the entitlement ${id} cannot be read right after it was written`);
    return { id, outputs };
  }

  return {
    token: "azuredevops:index/servicePrincipalEntitlement:ServicePrincipalEntitlement",
    inputs: ["accountLicenseType", "licensingSource", "origin", "originId"],
    requiredInputs: ["originId"],
    replaceOn: ["origin", "originId"],
    secrets: [],
    computed: ["origin"],
    defaults: { accountLicenseType: "express", licensingSource: "account" },

    check: (inputs) =>
      checkInputs(inputs, {
        originId: notBlank,
        origin: notBlank,
        accountLicenseType: oneOf(Object.keys(licences), { ignoreCase: true }),
        licensingSource: oneOf(["none", "account", "msdn", "profile", "auto", "trial"], { ignoreCase: true }),
      }),

    async create(inputs) {
      const { body } = await connection
        .send({
          method: "POST",
          location: locations.servicePrincipalEntitlements,
          body: {
            accessLevel: { accountLicenseType: inputs.accountLicenseType, licensingSource: inputs.licensingSource },
            servicePrincipal: {
              origin: text(inputs, "origin") ?? "",
              originId: requiredText(inputs, "originId"),
              displayName: "",
              descriptor: "",
              subjectKind: "servicePrincipal",
            },
          },
        })
        .catch((error) => {
          throw new ProviderError(`Creating service principal entitlement: ${messageOf(error)}`);
        });
      const answer = body as {
        readonly isSuccess: boolean;
        readonly servicePrincipalEntitlement?: Entitlement;
        readonly operationResult?: OperationResult;
      };
      if (!answer.isSuccess || !answer.servicePrincipalEntitlement) {
        const reason = reasonsIn(answer.operationResult ? [answer.operationResult] : []);
        throw new ProviderError(
          `Creating service principal entitlement: Adding service principal entitlement: ${reason}`,
        );
      }
      return writtenState(answer.servicePrincipalEntitlement.id, inputs);
    },

    async read(id, outputs) {
      if (text(outputs, "originId") === undefined) await checkImport(connection, id);
      const state = await read(id, outputs);
      return state && { id, outputs: state };
    },

    async update(id, inputs) {
      const value = {
        accountLicenseType: licences[String(inputs.accountLicenseType).toLowerCase()],
        licensingSource: inputs.licensingSource,
      };
      const { body } = await connection
        .send({
          method: "PATCH",
          location: locations.servicePrincipalEntitlement,
          route: route(id),
          mediaType: "application/json-patch+json",
          body: [{ op: "replace", path: "/accessLevel", value }],
        })
        .catch((error) => {
          throw new ProviderError(`Updating service principal entitlement: ${messageOf(error)}`);
        });
      const answer = body as {
        readonly isSuccess?: boolean;
        readonly operationResults?: readonly OperationResult[];
      };
      if (answer.isSuccess === false) {
        throw new ProviderError(`Updating service principal entitlement: ${reasonsIn(answer.operationResults ?? [])}`);
      }
      return writtenState(id, inputs);
    },

    async delete(id) {
      await connection
        .send({ method: "DELETE", location: locations.servicePrincipalEntitlement, route: route(id) })
        .catch((error) => {
          throw new ProviderError(`Deleting service principal entitlement: ${messageOf(error)}`);
        });
    },
  };
}

/** An import reads once more, and fails where there is nothing to import. */
async function checkImport(connection: Connection, id: string): Promise<void> {
  if (uuid(id, "id") !== undefined) throw new ImportError(`Only UUID values can used for import [${id}]`);
  await connection
    .get({ location: locations.servicePrincipalEntitlement, route: { servicePrincipalId: id } })
    .catch((error) => {
      throw new ImportError(`Getting the service principal entitlement with supplied id ${id}: ${messageOf(error)}`);
    });
}

function reasonsIn(results: readonly OperationResult[]): string {
  const errors = results
    .filter((result) => !result.isSuccess)
    .flatMap((result) => result.errors ?? [{ key: "0000", value: "Unknown API error" }]);
  return errors.map(({ key, value }) => `(${key}) ${value}`).join("\n") || "Unknown API error";
}

function spelledAsBefore(now: string, before: unknown): string {
  return typeof before === "string" && before.toLowerCase() === now.toLowerCase() ? before : now;
}

function sameLicence(now: string, before: unknown): boolean {
  const [one, other] = [now.toLowerCase(), String(before).toLowerCase()];
  return one === other || (basicLicences.includes(one) && basicLicences.includes(other));
}
