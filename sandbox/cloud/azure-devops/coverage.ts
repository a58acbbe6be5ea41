import type { CoveredRoute } from "../service.ts";

const rest = "https://learn.microsoft.com/rest/api/azure/devops";
const goClient = "https://github.com/microsoft/azure-devops-go-api/blob/dev/azuredevops/v7/client.go";
const examples = "https://github.com/MicrosoftDocs/vsts-rest-api-specs/tree/master/specification";

/** One row for each route: `METHOD path`, under the organization or, where it is in both scopes, under a project too. */
function rows(host: string, testedBy: string, routes: Readonly<Record<string, string>>): readonly CoveredRoute[] {
  return Object.entries(routes).map(([route, source]) => {
    const [method = "", path = ""] = route.split(" ");
    return {
      host,
      method,
      path: `/:organization${path}`,
      source,
      testedBy: `test/sandbox/azure-devops-${testedBy}.test.ts`,
    };
  });
}

/** The same rows without and with a project in the path. */
const inBothScopes = (routes: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(routes).flatMap(([route, source]) => [
      [route, source],
      [route.replace(" ", " /:project"), source],
    ]),
  );

const discovery = {
  "OPTIONS /_apis": goClient,
  "OPTIONS /_apis/:area": "https://github.com/microsoft/azure-devops-node-api/blob/master/api/VsoClient.ts",
  "GET /_apis/resourceareas": goClient,
  "GET /_apis/resourceareas/:areaId": "https://learn.microsoft.com/azure/devops/extend/develop/work-with-urls",
  "GET /_apis/connectiondata": "https://github.com/microsoft/azure-devops-node-api/blob/master/api/WebApi.ts",
};

const projects = {
  "GET /_apis/projects": `${rest}/core/projects/list`,
  "POST /_apis/projects": `${rest}/core/projects/create`,
  "GET /_apis/projects/:projectId": `${rest}/core/projects/get`,
  "GET /_apis/operations/:operationId": `${rest}/operations/operations/get`,
  "GET /_apis/process/processes": `${rest}/core/processes/list`,
  "GET /_apis/process/processes/:processId": `${rest}/core/processes/get`,
};

const feeds = inBothScopes({
  "GET /_apis/packaging/feeds": `${rest}/artifacts/feed-management/get-feeds`,
  "POST /_apis/packaging/feeds": `${rest}/artifacts/feed-management/create-feed`,
  "GET /_apis/packaging/feeds/:feedId": `${rest}/artifacts/feed-management/get-feed`,
  "PATCH /_apis/packaging/feeds/:feedId": `${rest}/artifacts/feed-management/update-feed`,
  "DELETE /_apis/packaging/feeds/:feedId": `${rest}/artifacts/feed-management/delete-feed`,
  "GET /_apis/packaging/feedrecyclebin": `${rest}/artifacts/feed-recycle-bin/list`,
  "PATCH /_apis/packaging/feedrecyclebin/:feedId": `${rest}/artifacts/feed-recycle-bin/restore-deleted-feed`,
  "DELETE /_apis/packaging/feedrecyclebin/:feedId": `${rest}/artifacts/feed-recycle-bin/permanent-delete-feed`,
  "GET /_apis/packaging/feedchanges": `${rest}/artifacts/change-tracking/get-feed-changes`,
  "GET /_apis/packaging/feedchanges/:feedId": `${rest}/artifacts/change-tracking/get-feed-change`,
});

const feedViews = inBothScopes({
  "GET /_apis/packaging/feeds/:feedId/views": `${rest}/artifacts/feed-management/get-feed-views`,
  "POST /_apis/packaging/feeds/:feedId/views": `${rest}/artifacts/feed-management/create-feed-view`,
  "GET /_apis/packaging/feeds/:feedId/views/:viewId": `${rest}/artifacts/feed-management/get-feed-view`,
  "PATCH /_apis/packaging/feeds/:feedId/views/:viewId": `${rest}/artifacts/feed-management/update-feed-view`,
  "DELETE /_apis/packaging/feeds/:feedId/views/:viewId": `${rest}/artifacts/feed-management/delete-feed-view`,
});

const feedPermissions = inBothScopes({
  "GET /_apis/packaging/feeds/:feedId/permissions": `${rest}/artifacts/feed-management/get-feed-permissions`,
  "PATCH /_apis/packaging/feeds/:feedId/permissions": `${rest}/artifacts/feed-management/set-feed-permissions`,
});

const graph = {
  "GET /_apis/graph/groups": `${examples}/graph/7.1/httpExamples/Groups`,
  "GET /_apis/graph/groups/:groupDescriptor": `${examples}/graph/7.1/httpExamples/Groups`,
  "GET /_apis/graph/serviceprincipals": `${examples}/graph/7.1/httpExamples/ServicePrincipals`,
  "GET /_apis/graph/serviceprincipals/:servicePrincipalDescriptor": `${examples}/graph/7.1/httpExamples/ServicePrincipals`,
  "GET /_apis/graph/users": `${examples}/graph/7.1/httpExamples/Users`,
  "GET /_apis/graph/users/:userDescriptor": `${examples}/graph/7.1/httpExamples/Users`,
  "GET /_apis/graph/descriptors/:storageKey": `${examples}/graph/7.1/httpExamples/Descriptors`,
  "GET /_apis/graph/storagekeys/:subjectDescriptor": `${examples}/graph/7.1/httpExamples/StorageKeys`,
  "GET /_apis/identities": `${examples}/ims/7.1/httpExamples/Identities`,
  "GET /_apis/identities/:identityId":
    "https://github.com/microsoft/azure-devops-go-api/blob/dev/azuredevops/v7/identity/client.go",
};

const onePath = "/_apis/graph/memberships/:subjectDescriptor/:containerDescriptor";
const memberships = {
  "GET /_apis/graph/memberships/:subjectDescriptor": `${rest}/graph/memberships/list`,
  [`GET ${onePath}`]: `${examples}/graph/7.1/httpExamples/Memberships`,
  [`HEAD ${onePath}`]: `${examples}/graph/7.1/httpExamples/Memberships`,
  [`PUT ${onePath}`]: `${examples}/graph/7.1/httpExamples/Memberships`,
  [`DELETE ${onePath}`]: `${examples}/graph/7.1/httpExamples/Memberships`,
};

const entitlementExamples = `${examples}/memberEntitlementManagement/7.1/httpExamples/ServicePrincipalEntitlements`;
const entitlements = {
  "POST /_apis/serviceprincipalentitlements": entitlementExamples,
  "GET /_apis/serviceprincipalentitlements/:servicePrincipalId": entitlementExamples,
  "PATCH /_apis/serviceprincipalentitlements/:servicePrincipalId": entitlementExamples,
  "DELETE /_apis/serviceprincipalentitlements/:servicePrincipalId": `${rest}/memberentitlementmanagement/service-principal-entitlements/delete`,
  "GET /_apis/memberentitlements": `${rest}/memberentitlementmanagement/member-entitlements/search-member-entitlements`,
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
