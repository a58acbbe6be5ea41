import type { CoveredRoute } from "../service.ts";

const host = "login.microsoftonline.com";
const testedBy = "test/sandbox/entra.test.ts";

/** Entra's routes. */
export const entraCoverage: readonly CoveredRoute[] = [
  {
    host,
    method: "GET",
    path: "/common/discovery/instance",
    source: "https://github.com/AzureAD/microsoft-authentication-library-for-js/tree/dev/lib/msal-common/src/authority",
    testedBy,
  },
  {
    host,
    method: "GET",
    path: "/:tenant/v2.0/.well-known/openid-configuration",
    source: "https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc",
    testedBy,
  },
  {
    host,
    method: "GET",
    path: "/:tenant/discovery/v2.0/keys",
    source: "https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-signature",
    testedBy,
  },
  {
    host,
    method: "POST",
    path: "/:tenant/oauth2/v2.0/token",
    source: "https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow",
    testedBy,
  },
];
