import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import type { Entity, Store } from "../store.ts";

/** The key pair that signs access tokens. Its id is the `kid`. All tenants share it, as the real tenants share theirs. */
export interface SigningKey extends Entity {
  readonly privateKey: JWK;
  readonly publicKey: JWK;
}

const beingMade = new WeakMap<Store, Promise<SigningKey>>();

/** The signing key of this store; made when it is asked for first, and kept in the store, so that tokens outlive a restart. */
export async function signingKey(store: Store): Promise<SigningKey> {
  const keys = store.collection<SigningKey>("entra.signingKeys");
  const [existing] = keys.all();
  if (existing) return existing;
  const pending = beingMade.get(store) ?? generate().finally(() => beingMade.delete(store));
  beingMade.set(store, pending);
  const made = await pending;
  // Others waited for the same key, and a state may have been restored meanwhile.
  return keys.all()[0] ?? keys.insert(made);
}

async function generate(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const jwk = await exportJWK(publicKey);
  return { id: await calculateJwkThumbprint(jwk), privateKey: await exportJWK(privateKey), publicKey: jwk };
}
