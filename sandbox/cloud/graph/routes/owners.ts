import { directory } from "../../entra/directory.ts";
import { addOwner } from "../../entra/directory-objects.ts";
import type { CloudContext } from "../../service.ts";
import type { Store } from "../../store.ts";
import type { Caller } from "../caller.ts";
import { refusals } from "../errors.ts";
import type { Lookup } from "../lookup.ts";
import { page, type Shape } from "../odata.ts";
import { list, noContent, type Register } from "../register.ts";
import { ownerShape } from "../shapes.ts";

/** Who owns applications and service principals: https://learn.microsoft.com/graph/api/application-list-owners */
export function ownerRoutes(register: Register, { store }: CloudContext): void {
  const { owners } = directory(store);
  const owned = {
    applications: (lookup: Lookup, key: string, access: "read" | "write") => lookup.application(key, access),
    servicePrincipals: (lookup: Lookup, key: string, access: "read" | "write") => lookup.servicePrincipal(key, access),
  };

  for (const [collection, find] of Object.entries(owned)) {
    register("GET", `/${collection}/:id/owners`, ({ lookup, version, url, param }) => {
      const { id } = find(lookup, param("id"), "read");
      const shapes = owners
        .filter(({ ownedId }) => ownedId === id)
        .map(({ ownerId }) => ownerShape(store, ownerId))
        .filter((shape) => shape !== undefined);
      return list(version, "directoryObjects", page(url, shapes, "directoryObject"));
    });

    register("POST", `/${collection}/:id/owners/$ref`, async (request) => {
      const { id } = find(request.lookup, request.param("id"), "write");
      const ownerId = readReference(store, request.caller, (await request.body())["@odata.id"]);
      if (!addOwner(store, id, ownerId)) {
        throw refusals.badRequest(
          "One or more added object references already exist for the following modified properties: 'owners'.",
        );
      }
      return noContent();
    });

    register("DELETE", `/${collection}/:id/owners/:owner/$ref`, ({ lookup, param }) => {
      const { id } = find(lookup, param("id"), "write");
      const ownerId = param("owner").toLowerCase();
      if (!owners.delete(`${id}/${ownerId}`)) throw refusals.notFound(ownerId);
      return noContent();
    });
  }
}

/**
 * The owners that a POST binds at once, by `owners@odata.bind`.
 * @throws GraphError 400 for what is no reference, 404 for an owner that does not exist
 */
export function readOwnerBindings(store: Store, caller: Caller, body: Shape): readonly string[] {
  const bindings = body["owners@odata.bind"] ?? [];
  if (!Array.isArray(bindings)) throw refusals.invalidValue("owners@odata.bind", "DirectoryObject");
  return bindings.map((binding) => readReference(store, caller, binding));
}

const reference =
  /^https:\/\/graph\.microsoft\.com\/(?:v1\.0|beta)\/(?:directoryObjects|servicePrincipals|users)\/([0-9a-f-]{36})$/i;

function readReference(store: Store, caller: Caller, value: unknown): string {
  const id = typeof value === "string" ? reference.exec(value)?.[1]?.toLowerCase() : undefined;
  if (id === undefined) throw refusals.badRequest(`Invalid URL specified in entity reference: '${String(value)}'.`);
  const { servicePrincipals, users } = directory(store);
  const found = servicePrincipals.get(id) ?? users.get(id);
  if (found?.tenantId !== caller.tenantId || !ownerShape(store, id)) throw refusals.notFound(id);
  return id;
}
