import { documented } from "../evidence.ts";
import type { CoveredRoute } from "../service.ts";
import { type Method, versionPattern } from "./register.ts";

const docs = "https://learn.microsoft.com/graph/api";
const applicationTests = "test/sandbox/graph.test.ts";
const passwordTests = "test/sandbox/graph-passwords.test.ts";
const credentialTests = "test/sandbox/graph-federated-credentials.test.ts";
const principalTests = "test/sandbox/graph-service-principals.test.ts";

const row = (method: Method, path: string, page: string, testedBy: string): CoveredRoute => ({
  host: "graph.microsoft.com",
  method,
  path: `${versionPattern}${path}`,
  ...documented(`${docs}/${page}`, "2026-11-24"),
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
  row("POST", "/applications/:id/addPassword", "application-addpassword", passwordTests),
  row("POST", "/applications/:id/removePassword", "application-removepassword", passwordTests),
  row("GET", "/directory/deletedItems/:key", "directory-deleteditems-list", applicationTests),
  row("DELETE", "/directory/deletedItems/:key", "directory-deleteditems-delete", applicationTests),
  row("GET", credentials, "application-list-federatedidentitycredentials", credentialTests),
  row("POST", credentials, "application-post-federatedidentitycredentials", credentialTests),
  row("GET", `${credentials}/:credential`, "federatedidentitycredential-get", credentialTests),
  row("PATCH", `${credentials}/:credential`, "federatedidentitycredential-upsert", credentialTests),
  row("DELETE", `${credentials}/:credential`, "federatedidentitycredential-delete", credentialTests),
  row("GET", "/servicePrincipals", "serviceprincipal-list", principalTests),
  row("POST", "/servicePrincipals", "serviceprincipal-post-serviceprincipals", principalTests),
  row("GET", "/servicePrincipals/:id", "serviceprincipal-get", principalTests),
  row("PATCH", "/servicePrincipals/:id", "serviceprincipal-update", principalTests),
  row("DELETE", "/servicePrincipals/:id", "serviceprincipal-delete", principalTests),
  row("GET", "/applications/:id/owners", "application-list-owners", principalTests),
  row("POST", "/applications/:id/owners/$ref", "application-post-owners", principalTests),
  row("DELETE", "/applications/:id/owners/:owner/$ref", "application-delete-owners", principalTests),
  row("GET", "/servicePrincipals/:id/owners", "serviceprincipal-list-owners", principalTests),
  row("POST", "/servicePrincipals/:id/owners/$ref", "serviceprincipal-post-owners", principalTests),
  row("DELETE", "/servicePrincipals/:id/owners/:owner/$ref", "serviceprincipal-delete-owners", principalTests),
];
