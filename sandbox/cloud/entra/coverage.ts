import { documented, readInClient } from "../evidence.ts";
import type { CoveredRoute } from "../service.ts";

const readOn = "2026-11-23";
const host = "login.microsoftonline.com";
const testedBy = "test/sandbox/entra.test.ts";

/** Entra's routes. */
export const entraCoverage: readonly CoveredRoute[] = [
  {
    host,
    method: "GET",
    path: "/common/discovery/instance",
    ...readInClient(
      "https://github.com/AzureAD/microsoft-authentication-library-for-js/tree/dev/lib/msal-common/src/authority",
      readOn,
    ),
    testedBy,
  },
  {
    host,
    method: "GET",
    path: "/:tenant/v2.0/.well-known/openid-configuration",
    ...documented("https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc", readOn),
    testedBy,
  },
  {
    host,
    method: "GET",
    path: "/:tenant/discovery/v2.0/keys",
    ...documented("https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signature", readOn),
    testedBy,
  },
  {
    host,
    method: "POST",
    path: "/:tenant/oauth2/v2.0/token",
    ...documented("https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow", readOn),
    testedBy,
  },
];
