import { Hono } from "hono";
import type { CloudContext, CloudService } from "../service.ts";
import { createApi } from "./api.ts";
import { coverage, tenantHosts } from "./coverage.ts";
import { tenants } from "./data.ts";
import { troubleResponse } from "./errors.ts";
import { issuerApp, runServiceApp } from "./oidc/hosts.ts";
import { enterpriseRoutes } from "./routes/enterprises.ts";
import { environmentRoutes } from "./routes/environments.ts";
import { issueCommentRoutes } from "./routes/issue-comments.ts";
import { issueRoutes } from "./routes/issues.ts";
import { oidcCustomizationRoutes } from "./routes/oidc-customization.ts";
import { organizationRoutes } from "./routes/organizations.ts";
import { repositoryRoutes } from "./routes/repositories.ts";
import { secretRoutes } from "./routes/secrets.ts";
import { userRoutes } from "./routes/users.ts";
import { variableRoutes } from "./routes/variables.ts";
import { gitHubDotCom, type Site, tenantSite } from "./site.ts";

/** GitHub: the REST API, the issuer of ID tokens, and the place where jobs ask for them. All of it once for each site. */
export function github(context: CloudContext): CloudService {
  const sites = new Map<string, Readonly<Record<string, Hono>>>();
  const tenantApps = (subdomain: string) => {
    const apps = sites.get(subdomain) ?? appsOf(context, tenantSite(subdomain));
    sites.set(subdomain, apps);
    return apps;
  };
  return {
    name: "github",
    hosts: appsOf(context, gitHubDotCom),
    customerHosts: {
      coverage: tenantHosts,
      apps: () =>
        Object.assign(
          {},
          ...tenants(context.store)
            .all()
            .map(({ id }) => tenantApps(id)),
        ),
    },
    coverage,
    errorResponse: troubleResponse,
  };
}

function appsOf(context: CloudContext, site: Site): Readonly<Record<string, Hono>> {
  const api = createApi(context, site);
  userRoutes(api);
  organizationRoutes(api);
  enterpriseRoutes(api);
  repositoryRoutes(api);
  environmentRoutes(api);
  secretRoutes(api);
  variableRoutes(api);
  issueRoutes(api);
  issueCommentRoutes(api);
  oidcCustomizationRoutes(api);
  return {
    [site.apiHost]: new Hono().route("/", api),
    [site.issuerHost]: issuerApp(context, site),
    [site.runServiceHost]: runServiceApp(context, site),
  };
}
