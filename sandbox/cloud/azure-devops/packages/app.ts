import { STATUS_CODES } from "node:http";
import type { Hono } from "hono";
import { documented, type Evidence, observed } from "../../evidence.ts";
import type { CloudContext, CoveredRoute } from "../../service.ts";
import { hostApp } from "../endpoint.ts";
import { errorResponse, type ServiceError } from "../errors.ts";
import { packageManagementEndpoints } from "./management.ts";
import { pythonIndexEndpoints } from "./python-index.ts";

/** The host of a feed's packages. */
export const packagesHost = "pkgs.dev.azure.com";

/** What answers there. */
export const packagesApp = (context: CloudContext): Hono =>
  hostApp(context, [...pythonIndexEndpoints(context), ...packageManagementEndpoints], refusal);

/**
 * A refusal as this host words it: the message is in the status line, too, where pip and twine show it
 * (https://github.com/MicrosoftDocs/azure-devops-docs/issues/6746).
 */
function refusal(error: ServiceError): Response {
  const activityId = crypto.randomUUID();
  const reason = `${STATUS_CODES[error.status]} - ${error.message} (DevOps Activity ID: ${activityId.toUpperCase()})`;
  const { body, status, headers } = errorResponse(error, { ActivityId: activityId });
  // A status line has no room for other characters.
  return new Response(body, { status, statusText: reason.replace(/[^\x20-\x7e]/g, "?"), headers });
}

const readOn = "2026-11-24";
const packaging = documented("https://learn.microsoft.com/azure/devops/artifacts/quickstarts/python-packages", readOn);
const page = (name: string) =>
  documented(`https://learn.microsoft.com/rest/api/azure/devops/artifactspackagetypes/python/${name}`, readOn);

const routes: Readonly<Record<string, Evidence>> = {
  "GET /_packaging/:feed/pypi/simple": packaging,
  "POST /_packaging/:feed/pypi/simple": observed("https://github.com/astral-sh/uv/issues/7860", readOn),
  "GET /_packaging/:feed/pypi/simple/:package": packaging,
  "POST /_packaging/:feed/pypi/simple/:package": observed("https://github.com/astral-sh/uv/issues/7860", readOn),
  "GET /_packaging/:feed/pypi/download/:package/:version/:file": observed(
    "https://github.com/astral-sh/uv/issues/13208",
    readOn,
  ),
  "POST /_packaging/:feed/pypi/upload": packaging,
  "GET /_apis/packaging/feeds/:feedId/pypi/packages/:packageName/upstreaming": page("get-upstreaming-behavior"),
  "PATCH /_apis/packaging/feeds/:feedId/pypi/packages/:packageName/upstreaming": page("set-upstreaming-behavior"),
  "PATCH /_apis/packaging/feeds/:feedId/pypi/packages/:packageName/versions/:packageVersion":
    page("update-package-version"),
};

/** The routes of the host, each without and with a project in the path. */
export const packagesCoverage: readonly CoveredRoute[] = Object.entries(routes).flatMap(([route, evidence]) => {
  const [method = "", path = ""] = route.split(" ");
  return ["/:organization", "/:organization/:project"].map((scope) => ({
    host: packagesHost,
    method,
    path: `${scope}${path}`,
    ...evidence,
    testedBy: "test/sandbox/packages.test.ts",
  }));
});
