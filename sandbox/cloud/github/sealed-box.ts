import { randomBytes } from "node:crypto";
import sodium from "libsodium-wrappers";
import type { SecretKey } from "./entities.ts";

await sodium.ready;

const { ORIGINAL } = sodium.base64_variants;

/** A new key pair, with a key id as GitHub's: a number of 18 or 19 digits. */
export function createSecretKey(scope: string): SecretKey {
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return {
    id: scope,
    keyId: String(100_000_000_000_000_000n + (randomBytes(8).readBigUInt64BE() % 3_000_000_000_000_000_000n)),
    publicKey: sodium.to_base64(publicKey, ORIGINAL),
    privateKey: sodium.to_base64(privateKey, ORIGINAL),
  };
}

/**
 * What was sealed to the key with libsodium's `crypto_box_seal`
 * (https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api).
 * @param sealed base64
 * @returns undefined where it was sealed to another key, or not at all
 */
export function openSealedBox(sealed: string, key: SecretKey): Uint8Array | undefined {
  try {
    return sodium.crypto_box_seal_open(
      sodium.from_base64(sealed, ORIGINAL),
      sodium.from_base64(key.publicKey, ORIGINAL),
      sodium.from_base64(key.privateKey, ORIGINAL),
    );
  } catch {
    return undefined;
  }
}
