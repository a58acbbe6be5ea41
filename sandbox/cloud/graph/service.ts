import { Hono } from "hono";
import type { CloudContext, CloudService } from "../service.ts";
import { graphCoverage } from "./coverage.ts";
import { GraphError, graphErrorResponse } from "./errors.ts";
import { pathWithKeys } from "./odata.ts";
import { createRegister } from "./register.ts";
import { applicationRoutes } from "./routes/applications.ts";
import { deletedItemRoutes } from "./routes/deleted-items.ts";
import { federatedCredentialRoutes } from "./routes/federated-credentials.ts";
import { ownerRoutes } from "./routes/owners.ts";
import { servicePrincipalRoutes } from "./routes/service-principals.ts";

/** Microsoft Graph, as far as applications and service principals go. v1.0 and beta show one directory. */
export function graph(context: CloudContext): CloudService {
  const app = new Hono({ getPath: pathWithKeys });
  app.onError((error, c) => {
    if (!(error instanceof GraphError)) throw error;
    return graphErrorResponse(error, context.now(), c.req.header("client-request-id"));
  });
  const register = createRegister(app, context);
  applicationRoutes(register, context);
  federatedCredentialRoutes(register, context);
  servicePrincipalRoutes(register, context);
  ownerRoutes(register, context);
  deletedItemRoutes(register, context);
  return {
    name: "graph",
    hosts: { "graph.microsoft.com": app },
    coverage: graphCoverage,
    errorResponse: (status, code, message) => graphErrorResponse(new GraphError(status, code, message), context.now()),
  };
}
