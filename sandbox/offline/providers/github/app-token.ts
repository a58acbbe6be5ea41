import { createPrivateKey } from "node:crypto";
import { SignJWT } from "jose";
import { HttpError, sendRequest } from "../../http.ts";
import { ProviderError, type ProviderHost } from "../definition.ts";
import type { AppCredentials } from "./settings.ts";

/**
 * A token of an App's installation: what the provider then signs in with.
 * https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-an-installation-access-token-for-a-github-app
 */
export async function requestAppToken(host: ProviderHost, root: string, app: AppCredentials): Promise<string> {
  const seconds = Math.floor(Date.now() / 1000);
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    // A minute back, since clocks differ: GitHub refuses what is issued in its future.
    .setIssuedAt(seconds - 60)
    .setExpirationTime(seconds + 300)
    .setIssuer(app.id)
    .sign(readPrivateKey(app.privateKey));
  const response = await sendRequest(host, {
    method: "POST",
    url: `${root}/app/installations/${app.installationId}/access_tokens`,
    headers: { Accept: "application/vnd.github.v3+json", Authorization: `Bearer ${assertion}` },
  });
  const body = response.body as { readonly token?: string } | undefined;
  if (response.status !== 201 || !body?.token) {
    throw new HttpError(`failed to create OAuth token from GitHub App: status ${response.status}`, response);
  }
  return body.token;
}

function readPrivateKey(pem: string) {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new ProviderError("failed to create OAuth token from GitHub App: no decodeable PEM data found");
  }
}
