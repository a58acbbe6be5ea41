import sodium from "libsodium-wrappers";

/**
 * Encrypts a secret for GitHub: a sealed box that only the holder of the private key can open.
 * https://docs.github.com/rest/guides/encrypting-secrets-for-the-rest-api
 * @param publicKey Base64
 * @returns Base64
 */
export async function sealSecret(secret: string, publicKey: string): Promise<string> {
  await sodium.ready;
  return Buffer.from(sodium.crypto_box_seal(Buffer.from(secret, "utf8"), Buffer.from(publicKey, "base64"))).toString(
    "base64",
  );
}
