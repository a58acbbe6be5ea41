import { type Application, directory, type FederatedCredential, type ServicePrincipal } from "../entra/directory.ts";
import type { Store } from "../store.ts";
import type { Caller } from "./caller.ts";
import { refusals } from "./errors.ts";
import { mayRead, mayWrite } from "./permissions.ts";

/** Finds what a request names, for a caller of the same tenant, and checks that the caller may. */
export interface Lookup {
  /**
   * An application by object id, or by `appId=…`.
   * @throws GraphError 403 or 404
   */
  application(key: string, access: "read" | "write"): Application;
  /**
   * A service principal by object id, or by `appId=…`.
   * @throws GraphError 403 or 404
   */
  servicePrincipal(key: string, access: "read" | "write"): ServicePrincipal;
  /**
   * A federated credential of an application by id, by name, or by `name=…`; undefined where there is none.
   */
  credential(application: Application, key: string): FederatedCredential | undefined;
  /** @throws GraphError 403 where the caller may not read */
  checkRead(): void;
  /** @throws GraphError 403 where the caller may not change what has this id */
  checkWrite(id: string): void;
}

export function createLookup(store: Store, caller: Caller): Lookup {
  const { applications, servicePrincipals, federatedCredentials, owners } = directory(store);

  function checkRead(): void {
    if (!mayRead(caller.roles)) throw refusals.denied();
  }
  function checkWrite(id: string): void {
    if (!mayWrite(caller.roles, owners.get(`${id}/${caller.objectId}`) !== undefined)) throw refusals.denied();
  }

  type Addressed = Application | ServicePrincipal;
  function find<T extends Addressed>(
    collection: { where(property: "id" | "appId", value: string): T[] },
    key: string,
    access: "read" | "write",
  ): T {
    checkRead();
    const { property, value } = readKey(key);
    const found = collection
      .where(property, value.toLowerCase())
      .find((each) => each.tenantId === caller.tenantId && each.deletedDateTime === null);
    if (!found) throw refusals.notFound(value);
    if (access === "write") checkWrite(found.id);
    return found;
  }

  return {
    application: (key, access) => find<Application>(applications, key, access),
    servicePrincipal: (key, access) => find<ServicePrincipal>(servicePrincipals, key, access),
    credential(application, key) {
      const wanted = credentialName(key) ?? key;
      return federatedCredentials
        .where("applicationId", application.id)
        .find((each) => each.name === wanted || each.id === key.toLowerCase());
    },
    checkRead,
    checkWrite,
  };
}

/** The name in a key of the form `name=…`; undefined for another form. */
export function credentialName(key: string): string | undefined {
  return /^name=(.*)$/.exec(key)?.[1];
}

function readKey(key: string): { readonly property: "id" | "appId"; readonly value: string } {
  const [, property, value] = /^(\w+)=(.*)$/.exec(key) ?? [];
  if (property === undefined || value === undefined) return { property: "id", value: key };
  if (property !== "appId" && property !== "id") throw refusals.notEmulated(`the alternate key ${property}`);
  return { property, value };
}
