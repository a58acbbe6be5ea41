import { generateKeyPairSync, randomUUID } from "node:crypto";
import type { GitHubData } from "../data.ts";
import type { SigningKey } from "../entities.ts";

/** The key that signs ID tokens: the newest. Made when it is asked for first. */
export function signingKeyOf(data: GitHubData): SigningKey {
  return data.signingKeys.all().at(-1) ?? data.signingKeys.insert(createSigningKey());
}

/** The key set that the issuer publishes. Only public halves. */
export function keySetOf(data: GitHubData): { readonly keys: readonly SigningKey["publicKey"][] } {
  signingKeyOf(data);
  return { keys: data.signingKeys.all().map((key) => key.publicKey) };
}

/** A new RSA key of 2,048 bits for RS256. */
export function createSigningKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const id = randomUUID();
  const published = { kid: id, alg: "RS256", use: "sig" };
  return {
    id,
    publicKey: { ...publicKey.export({ format: "jwk" }), ...published } as Record<string, string>,
    privateKey: { ...privateKey.export({ format: "jwk" }), ...published } as Record<string, string>,
  };
}
