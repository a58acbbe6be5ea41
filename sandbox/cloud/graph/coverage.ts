import type { CoveredRoute } from "../service.ts";
import { type Method, versionPattern } from "./register.ts";

const docs = "https://learn.microsoft.com/graph/api";
const applicationTests = "test/sandbox/graph.test.ts";
const credentialTests = "test/sandbox/graph-federated-credentials.test.ts";
const ownerTests = "test/sandbox/graph-service-principals.test.ts";

const row = (method: Method, path: string, page: string, testedBy: string): CoveredRoute => ({
  host: "graph.microsoft.com",
  method,
  path: `${versionPattern}${path}`,
  source: `${docs}/${page}`,
  testedBy,
});

const credentials = "/applications/:id/federatedIdentityCredentials";

/** Microsoft Graph's routes. Each is there for v1.0 and for beta. */
export const graphCoverage: readonly CoveredRoute[] = [
  row("GET", "/applications", "application-list", applicationTests),
  row("POST", "/applications", "application-post-applications", applicationTests),
  row("GET", "/applications/:id", "application-get", applicationTests),
  row("PATCH", "/applications/:id", "application-update", applicationTests),
  row("DELETE", "/applications/:id", "application-delete", applicationTests),
  row("POST", "/applications/:id/addPassword", "application-addpassword", applicationTests),
  row("POST", "/applications/:id/removePassword", "application-removepassword", applicationTests),
  row("GET", "/directory/deletedItems/:key", "directory-deleteditems-list", applicationTests),
  row("DELETE", "/directory/deletedItems/:key", "directory-deleteditems-delete", applicationTests),
  row("GET", credentials, "application-list-federatedidentitycredentials", credentialTests),
  row("POST", credentials, "application-post-federatedidentitycredentials", credentialTests),
  row("GET", `${credentials}/:credential`, "federatedidentitycredential-get", credentialTests),
  row("PATCH", `${credentials}/:credential`, "federatedidentitycredential-upsert", credentialTests),
  row("DELETE", `${credentials}/:credential`, "federatedidentitycredential-delete", credentialTests),
  row("GET", "/servicePrincipals", "serviceprincipal-list", ownerTests),
  row("POST", "/servicePrincipals", "serviceprincipal-post-serviceprincipals", ownerTests),
  row("GET", "/servicePrincipals/:id", "serviceprincipal-get", ownerTests),
  row("PATCH", "/servicePrincipals/:id", "serviceprincipal-update", ownerTests),
  row("DELETE", "/servicePrincipals/:id", "serviceprincipal-delete", ownerTests),
  row("GET", "/applications/:id/owners", "application-list-owners", ownerTests),
  row("POST", "/applications/:id/owners/$ref", "application-post-owners", ownerTests),
  row("DELETE", "/applications/:id/owners/:owner/$ref", "application-delete-owners", ownerTests),
  row("GET", "/servicePrincipals/:id/owners", "serviceprincipal-list-owners", ownerTests),
  row("POST", "/servicePrincipals/:id/owners/$ref", "serviceprincipal-post-owners", ownerTests),
  row("DELETE", "/servicePrincipals/:id/owners/:owner/$ref", "serviceprincipal-delete-owners", ownerTests),
];
