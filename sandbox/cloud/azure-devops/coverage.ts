import { documented, type Evidence, readInClient } from "../evidence.ts";
import type { CoveredRoute } from "../service.ts";

const readOn = "2026-11-24";
const page = (name: string) => documented(`https://learn.microsoft.com/rest/api/azure/devops/${name}`, readOn);
/** Answers that Microsoft publishes beside its specifications. */
const example = (name: string) =>
  documented(`https://github.com/MicrosoftDocs/vsts-rest-api-specs/tree/master/specification/${name}`, readOn);
const client = (file: string) => readInClient(`https://github.com/microsoft/${file}`, readOn);
const goClient = client("azure-devops-go-api/blob/dev/azuredevops/v7/client.go");

type Routes = Readonly<Record<string, Evidence>>;

/** One row for each route: `METHOD path`, under the organization or, where it is in both scopes, under a project too. */
function rows(host: string, testedBy: string, routes: Routes): readonly CoveredRoute[] {
  return Object.entries(routes).map(([route, evidence]) => {
    const [method = "", path = ""] = route.split(" ");
    return {
      host,
      method,
      path: `/:organization${path}`,
      ...evidence,
      testedBy: `test/sandbox/azure-devops-${testedBy}.test.ts`,
    };
  });
}

/** The same rows without and with a project in the path. */
const inBothScopes = (routes: Routes): Routes =>
  Object.fromEntries(
    Object.entries(routes).flatMap(([route, evidence]) => [
      [route, evidence],
      [route.replace(" ", " /:project"), evidence],
    ]),
  );

const discovery = {
  "OPTIONS /_apis": goClient,
  "OPTIONS /_apis/:area": client("azure-devops-node-api/blob/master/api/VsoClient.ts"),
  "GET /_apis/resourceareas": goClient,
  "GET /_apis/resourceareas/:areaId": documented(
    "https://learn.microsoft.com/azure/devops/extend/develop/work-with-urls",
    readOn,
  ),
  "GET /_apis/connectiondata": client("azure-devops-node-api/blob/master/api/WebApi.ts"),
};

const projects = {
  "GET /_apis/projects": page("core/projects/list"),
  "POST /_apis/projects": page("core/projects/create"),
  "GET /_apis/projects/:projectId": page("core/projects/get"),
  "GET /_apis/operations/:operationId": page("operations/operations/get"),
  "GET /_apis/process/processes": page("core/processes/list"),
  "GET /_apis/process/processes/:processId": page("core/processes/get"),
};

const feeds = inBothScopes({
  "GET /_apis/packaging/feeds": page("artifacts/feed-management/get-feeds"),
  "POST /_apis/packaging/feeds": page("artifacts/feed-management/create-feed"),
  "GET /_apis/packaging/feeds/:feedId": page("artifacts/feed-management/get-feed"),
  "PATCH /_apis/packaging/feeds/:feedId": page("artifacts/feed-management/update-feed"),
  "DELETE /_apis/packaging/feeds/:feedId": page("artifacts/feed-management/delete-feed"),
  "GET /_apis/packaging/feedrecyclebin": page("artifacts/feed-recycle-bin/list"),
  "PATCH /_apis/packaging/feedrecyclebin/:feedId": page("artifacts/feed-recycle-bin/restore-deleted-feed"),
  "DELETE /_apis/packaging/feedrecyclebin/:feedId": page("artifacts/feed-recycle-bin/permanent-delete-feed"),
  "GET /_apis/packaging/feedchanges": page("artifacts/change-tracking/get-feed-changes"),
  "GET /_apis/packaging/feedchanges/:feedId": page("artifacts/change-tracking/get-feed-change"),
});

const feedViews = inBothScopes({
  "GET /_apis/packaging/feeds/:feedId/views": page("artifacts/feed-management/get-feed-views"),
  "POST /_apis/packaging/feeds/:feedId/views": page("artifacts/feed-management/create-feed-view"),
  "GET /_apis/packaging/feeds/:feedId/views/:viewId": page("artifacts/feed-management/get-feed-view"),
  "PATCH /_apis/packaging/feeds/:feedId/views/:viewId": page("artifacts/feed-management/update-feed-view"),
  "DELETE /_apis/packaging/feeds/:feedId/views/:viewId": page("artifacts/feed-management/delete-feed-view"),
});

const feedPermissions = inBothScopes({
  "GET /_apis/packaging/feeds/:feedId/permissions": page("artifacts/feed-management/get-feed-permissions"),
  "PATCH /_apis/packaging/feeds/:feedId/permissions": page("artifacts/feed-management/set-feed-permissions"),
});

const graph = {
  "GET /_apis/graph/groups": example("graph/7.1/httpExamples/Groups"),
  "GET /_apis/graph/groups/:groupDescriptor": example("graph/7.1/httpExamples/Groups"),
  "GET /_apis/graph/serviceprincipals": example("graph/7.1/httpExamples/ServicePrincipals"),
  "GET /_apis/graph/serviceprincipals/:servicePrincipalDescriptor": example("graph/7.1/httpExamples/ServicePrincipals"),
  "GET /_apis/graph/users": example("graph/7.1/httpExamples/Users"),
  "GET /_apis/graph/users/:userDescriptor": example("graph/7.1/httpExamples/Users"),
  "GET /_apis/graph/descriptors/:storageKey": example("graph/7.1/httpExamples/Descriptors"),
  "GET /_apis/graph/storagekeys/:subjectDescriptor": example("graph/7.1/httpExamples/StorageKeys"),
  "GET /_apis/identities": example("ims/7.1/httpExamples/Identities"),
  "GET /_apis/identities/:identityId": client("azure-devops-go-api/blob/dev/azuredevops/v7/identity/client.go"),
};

const onePath = "/_apis/graph/memberships/:subjectDescriptor/:containerDescriptor";
const memberships = {
  "GET /_apis/graph/memberships/:subjectDescriptor": page("graph/memberships/list"),
  [`GET ${onePath}`]: example("graph/7.1/httpExamples/Memberships"),
  [`HEAD ${onePath}`]: example("graph/7.1/httpExamples/Memberships"),
  [`PUT ${onePath}`]: example("graph/7.1/httpExamples/Memberships"),
  [`DELETE ${onePath}`]: example("graph/7.1/httpExamples/Memberships"),
};

const entitlementExamples = example("memberEntitlementManagement/7.1/httpExamples/ServicePrincipalEntitlements");
const entitlements = {
  "POST /_apis/serviceprincipalentitlements": entitlementExamples,
  "GET /_apis/serviceprincipalentitlements/:servicePrincipalId": entitlementExamples,
  "PATCH /_apis/serviceprincipalentitlements/:servicePrincipalId": entitlementExamples,
  "DELETE /_apis/serviceprincipalentitlements/:servicePrincipalId": page(
    "memberentitlementmanagement/service-principal-entitlements/delete",
  ),
  "GET /_apis/memberentitlements": page("memberentitlementmanagement/member-entitlements/search-member-entitlements"),
};

const hosts = ["dev.azure.com", "feeds.dev.azure.com", "vssps.dev.azure.com", "vsaex.dev.azure.com"];

/** Azure DevOps' routes. */
export const coverage: readonly CoveredRoute[] = [
  ...hosts.flatMap((host) => rows(host, "discovery", discovery)),
  ...rows("dev.azure.com", "projects", projects),
  ...rows("feeds.dev.azure.com", "feeds", feeds),
  ...rows("feeds.dev.azure.com", "feed-views", feedViews),
  ...rows("feeds.dev.azure.com", "feed-permissions", feedPermissions),
  ...rows("vssps.dev.azure.com", "graph", graph),
  ...rows("vssps.dev.azure.com", "memberships", memberships),
  ...rows("vsaex.dev.azure.com", "entitlements", entitlements),
];
