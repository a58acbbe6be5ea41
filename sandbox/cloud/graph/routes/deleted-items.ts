import { type Application, directory, type ServicePrincipal } from "../../entra/directory.ts";
import type { CloudContext } from "../../service.ts";
import { refusals } from "../errors.ts";
import { page, type Shape } from "../odata.ts";
import { entity, list, noContent, type Register } from "../register.ts";
import { applicationShape, servicePrincipalShape, type Version } from "../shapes.ts";

type Deleted =
  | { readonly kind: "application"; readonly entity: Application }
  | { readonly kind: "servicePrincipal"; readonly entity: ServicePrincipal };

/** The recycle bin: https://learn.microsoft.com/graph/api/resources/directory#deleted-items */
export function deletedItemRoutes(register: Register, { store }: CloudContext): void {
  const { applications, federatedCredentials, owners, servicePrincipals } = directory(store);

  function deleted(tenantId: string): readonly Deleted[] {
    const inBin = (each: Application | ServicePrincipal): boolean =>
      each.tenantId === tenantId && each.deletedDateTime !== null;
    return [
      ...applications.filter(inBin).map((each) => ({ kind: "application", entity: each }) as const),
      ...servicePrincipals.filter(inBin).map((each) => ({ kind: "servicePrincipal", entity: each }) as const),
    ];
  }
  function shapeOf(item: Deleted, version: Version): Shape {
    if (item.kind === "application") return applicationShape(item.entity, version);
    return servicePrincipalShape(store, item.entity, version);
  }

  // One segment names either a type, for a list, or an item.
  register("GET", "/directory/deletedItems/:key", ({ caller, lookup, version, url, param }) => {
    lookup.checkRead();
    const items = deleted(caller.tenantId);
    const kind = /^microsoft\.graph\.(application|servicePrincipal)$/i.exec(param("key"))?.[1];
    if (kind !== undefined) {
      const ofKind = items.filter((item) => item.kind.toLowerCase() === kind.toLowerCase());
      const shapes = ofKind.map((item) => shapeOf(item, version));
      return list(version, `${ofKind[0]?.kind ?? kind}s`, page(url, shapes, kind));
    }
    const found = items.find((item) => item.entity.id === param("key").toLowerCase());
    if (!found) throw refusals.notFound(param("key"));
    const shape = { "@odata.type": `#microsoft.graph.${found.kind}`, ...shapeOf(found, version) };
    return entity(version, "directoryObjects/$entity", shape);
  });

  register("DELETE", "/directory/deletedItems/:key", ({ caller, lookup, param }) => {
    lookup.checkRead();
    const found = deleted(caller.tenantId).find((item) => item.entity.id === param("key").toLowerCase());
    if (!found) throw refusals.notFound(param("key"));
    const { id } = found.entity;
    lookup.checkWrite(id);
    if (found.kind === "application") {
      applications.delete(id);
      federatedCredentials.deleteWhere(({ applicationId }) => applicationId === id);
    } else {
      servicePrincipals.delete(id);
      owners.deleteWhere(({ ownerId }) => ownerId === id);
    }
    owners.deleteWhere(({ ownedId }) => ownedId === id);
    return noContent();
  });
}
