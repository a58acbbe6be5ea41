import { Hono } from "hono";
import type { CloudContext, CloudService } from "../service.ts";
import { createApi } from "./api.ts";
import { coverage } from "./coverage.ts";
import { troubleResponse } from "./errors.ts";
import { issuerApp, runServiceApp } from "./oidc/hosts.ts";
import { runServiceHost } from "./oidc/request-url.ts";
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

/** GitHub: the REST API, the issuer of ID tokens, and the place where jobs ask for them. */
export function github(context: CloudContext): CloudService {
  const api = createApi(context);
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
    name: "github",
    hosts: {
      "api.github.com": new Hono().route("/", api),
      "token.actions.githubusercontent.com": issuerApp(context),
      [runServiceHost]: runServiceApp(context),
    },
    coverage,
    errorResponse: troubleResponse,
  };
}
