import { Hono } from "hono";
import type { CloudContext, CloudService } from "../service.ts";
import { entraCoverage } from "./coverage.ts";
import { EntraError, entraErrorResponse } from "./errors.ts";
import { discoveryRoutes } from "./routes/discovery.ts";
import { tokenRoutes } from "./routes/token.ts";

/** Microsoft Entra: who may sign in, with what, and the tokens that say so. */
export function entra(context: CloudContext): CloudService {
  const app = new Hono();
  app.onError((error, c) => {
    if (!(error instanceof EntraError)) throw error;
    return entraErrorResponse(error, context.now(), c.req.header("client-request-id"));
  });
  discoveryRoutes(app, context);
  tokenRoutes(app, context);
  return {
    name: "entra",
    hosts: { "login.microsoftonline.com": app },
    coverage: entraCoverage,
    errorResponse: (status, code, message) =>
      Response.json(
        { error: code, error_description: message, correlation_id: crypto.randomUUID() },
        { status, headers: { "Cache-Control": "no-store, no-cache" } },
      ),
  };
}
