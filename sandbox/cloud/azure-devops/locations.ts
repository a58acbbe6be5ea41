import type { ApiLocation } from "./versions.ts";

const latest = "7.2";
const released = "7.1";
const previewOnly = "0.0";

function location(
  id: string,
  area: string,
  resourceName: string,
  routeTemplate: string,
  { resourceVersion = 1, releasedVersion = released } = {},
): ApiLocation {
  return {
    id,
    area,
    resourceName,
    routeTemplate,
    resourceVersion,
    minVersion: "1.0",
    maxVersion: latest,
    releasedVersion,
  };
}

/**
 * The resources by the ids that clients look them up with
 * (https://github.com/microsoft/azure-devops-go-api/tree/dev/azuredevops/v7,
 * https://github.com/MicrosoftDocs/vsts-rest-api-specs/tree/master/specification).
 */
export const locations = {
  resourceAreas: location(
    "e81700f7-3be2-46de-8624-2eb35882fcaa",
    "Location",
    "ResourceAreas",
    "_apis/{resource}/{areaId}",
    { releasedVersion: previewOnly },
  ),
  connectionData: location("00d9565f-ed9c-4a06-9a50-00e7896ccab4", "Location", "ConnectionData", "_apis/{resource}", {
    releasedVersion: previewOnly,
  }),
  projects: location("603fe2ac-9723-48b9-88ad-09305aa6c6e1", "core", "projects", "_apis/{resource}/{*projectId}", {
    resourceVersion: 4,
  }),
  processes: location(
    "93878975-88c5-4e6a-8abb-7ddd77a8a7d8",
    "core",
    "processes",
    "_apis/process/{resource}/{processId}",
  ),
  operations: location(
    "9a1b74b4-2ca8-4a9f-8470-c2f2e6fdc949",
    "operations",
    "operations",
    "_apis/{resource}/{operationId}",
  ),
  feeds: location(
    "c65009a7-474a-4ad1-8b42-7d852107ef8c",
    "Packaging",
    "Feeds",
    "{project}/_apis/{area}/{resource}/{feedId}",
  ),
  feedPermissions: location(
    "be8c1476-86a7-44ed-b19d-aec0e9275cd8",
    "Packaging",
    "Permissions",
    "{project}/_apis/{area}/Feeds/{feedId}/{resource}",
  ),
  feedViews: location(
    "42a8502a-6785-41bc-8c16-89477d930877",
    "Packaging",
    "Views",
    "{project}/_apis/{area}/Feeds/{feedId}/{resource}/{viewId}",
  ),
  feedChanges: location(
    "29ba2dad-389a-4661-b5d3-de76397ca05b",
    "Packaging",
    "FeedChanges",
    "{project}/_apis/{area}/{resource}/{feedId}",
  ),
  feedRecycleBin: location(
    "0cee643d-beb9-41f8-9368-3ada763a8344",
    "Packaging",
    "FeedRecycleBin",
    "{project}/_apis/{area}/{resource}/{feedId}",
  ),
  storageKeys: graph("eb85f8cc-f0f6-4264-a5b1-ffe2e4d4801f", "StorageKeys", "subjectDescriptor"),
  descriptors: graph("048aee0a-7072-4cde-ab73-7af77b1e0b4e", "Descriptors", "storageKey"),
  groups: graph("ebbe6af8-0b91-4c13-8cf1-777c14858188", "Groups", "groupDescriptor"),
  servicePrincipals: graph("e1dbb0ae-49cb-4532-95a1-86cd89cfcab4", "ServicePrincipals", "servicePrincipalDescriptor"),
  users: graph("005e26ec-6b77-4e4f-a986-b3827bf241f5", "Users", "userDescriptor"),
  membership: location(
    "3fd2e6ca-fb30-443a-b579-95b19ed0934c",
    "Graph",
    "Memberships",
    "_apis/{area}/{resource}/{subjectDescriptor}/{containerDescriptor}",
    { releasedVersion: previewOnly },
  ),
  memberships: graph("e34b6394-6b30-4435-94a9-409a5eef3e31", "Memberships", "subjectDescriptor"),
  identities: location("28010c54-d0c0-4c89-a5b0-1c9e188b9fb7", "IMS", "Identities", "_apis/{resource}/{identityId}"),
  newServicePrincipalEntitlements: location(
    "f03dbf50-80f8-41b7-8ca2-65b6a178caba",
    "MemberEntitlementManagement",
    "ServicePrincipalEntitlements",
    "_apis/{resource}",
  ),
  servicePrincipalEntitlements: location(
    "1d491a66-190b-43ae-86b8-9c2688c55186",
    "MemberEntitlementManagement",
    "ServicePrincipalEntitlements",
    "_apis/{resource}/{servicePrincipalId}",
  ),
  memberEntitlements: location(
    "1e8cabfb-1fda-461e-860f-eeeae54d06bb",
    "MemberEntitlementManagement",
    "MemberEntitlements",
    "_apis/{resource}",
    { resourceVersion: 2 },
  ),
} as const;

/** The graph is under preview as a whole. */
function graph(id: string, resourceName: string, parameter: string): ApiLocation {
  return location(id, "Graph", resourceName, `_apis/{area}/{resource}/{${parameter}}`, {
    releasedVersion: previewOnly,
  });
}

/** An area of resources, and the host that has it. */
export interface ResourceArea {
  readonly id: string;
  readonly name: string;
  readonly host: string;
}

const area = (id: string, name: string, host = "dev.azure.com"): ResourceArea => ({ id, name, host });

/**
 * Where each area is (https://learn.microsoft.com/azure/devops/extend/develop/work-with-urls). A client that finds any
 * area here wants to find every one that it knows, so areas are listed that the sandbox does not serve.
 */
export const resourceAreas: readonly ResourceArea[] = [
  area("965220d5-5bb9-42cf-8d67-9b146df2a5a4", "build"),
  area("79134c72-4a58-4b42-976c-04e7115f32bf", "core"),
  area("31c84e0a-3ece-48fd-a29d-100849af99ba", "dashboard"),
  area("6c2b0933-3600-42ae-bf8b-93d4f7e83594", "ExtensionManagement", "extmgmt.dev.azure.com"),
  area("7ab4e64e-c4d8-4f50-ae73-5ef2e21642a5", "packaging", "feeds.dev.azure.com"),
  area("4e080c62-fa21-4fbc-8fef-2a10a2b38049", "git"),
  area("bb1e7ec9-e901-4b68-999a-de7012b920f8", "graph", "vssps.dev.azure.com"),
  area("8a3d49b8-91f0-46ef-b33d-dda338c25db3", "IMS", "vssps.dev.azure.com"),
  area("68ddce18-2501-45f1-a17b-7931a9922690", "MemberEntitlementManagement", "vsaex.dev.azure.com"),
  area("a81a0441-de52-4000-aa15-ff0e07bfbbaa", "pipelinePermissions"),
  area("4a933897-0488-45af-bd82-6fd3ad33f46a", "PipelinesChecks"),
  area("fb13a388-40dd-4a04-b530-013a739c72ef", "policy"),
  area("efc2f575-36ef-48e9-b672-0c6fb4a48ac5", "Release", "vsrm.dev.azure.com"),
  area("1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7", "serviceendpoint"),
  area("a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd", "distributedtask"),
  area("bf7d82a0-8aa5-4613-94ef-6172a5ea01f3", "wiki"),
  area("5264459e-e5e0-4bd8-b118-0985e68a4ec5", "wit"),
  area("1d4f49f9-02b9-4e26-b826-2cdb6195f2a9", "work"),
];
