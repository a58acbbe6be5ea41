/** A part of Azure DevOps that has an address of its own, and the ids that clients know it by. */
const areaIds = {
  core: "79134c72-4a58-4b42-976c-04e7115f32bf",
  build: "965220d5-5bb9-42cf-8d67-9b146df2a5a4",
  extensionManagement: "6c2b0933-3600-42ae-bf8b-93d4f7e83594",
  dashboard: "31c84e0a-3ece-48fd-a29d-100849af99ba",
  serviceEndpoint: "1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7",
  taskAgent: "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd",
  git: "4e080c62-fa21-4fbc-8fef-2a10a2b38049",
  graph: "bb1e7ec9-e901-4b68-999a-de7012b920f8",
  memberEntitlement: "68ddce18-2501-45f1-a17b-7931a9922690",
  policy: "fb13a388-40dd-4a04-b530-013a739c72ef",
  release: "efc2f575-36ef-48e9-b672-0c6fb4a48ac5",
  identity: "8a3d49b8-91f0-46ef-b33d-dda338c25db3",
  wiki: "bf7d82a0-8aa5-4613-94ef-6172a5ea01f3",
  feed: "7ab4e64e-c4d8-4f50-ae73-5ef2e21642a5",
  workItemTracking: "5264459e-e5e0-4bd8-b118-0985e68a4ec5",
  pipelinesChecks: "4a933897-0488-45af-bd82-6fd3ad33f46a",
  pipelinePermissions: "a81a0441-de52-4000-aa15-ff0e07bfbbaa",
} as const;

/**
 * The areas that the official provider asks for when it starts, in its order: one per client that it makes, whatever
 * the program uses.
 * https://github.com/microsoft/terraform-provider-azuredevops/blob/v1.15.1/azuredevops/internal/client/client.go
 */
export const areasOfClients: readonly string[] = [
  areaIds.core,
  areaIds.build,
  areaIds.extensionManagement,
  areaIds.dashboard,
  areaIds.dashboard,
  areaIds.serviceEndpoint,
  areaIds.taskAgent,
  areaIds.git,
  areaIds.graph,
  areaIds.memberEntitlement,
  areaIds.policy,
  areaIds.release,
  areaIds.identity,
  areaIds.wiki,
  areaIds.feed,
  areaIds.workItemTracking,
  areaIds.workItemTracking,
  areaIds.pipelinesChecks,
  areaIds.pipelinePermissions,
  areaIds.pipelinesChecks,
];

/** Where a kind of thing is: the area that has it, the id of its route there, and the API version that is asked for. */
export interface Location {
  readonly area: string;
  readonly id: string;
  /** e.g. `7.1`; every version asked for is a preview. */
  readonly version: string;
  readonly revision: number;
}

function location(area: keyof typeof areaIds, id: string, revision = 1): Location {
  return { area: areaIds[area], id, version: "7.1", revision };
}

/** The list of areas itself: asked of the organization's own address. */
export const resourceAreas: Location = {
  area: "",
  id: "e81700f7-3be2-46de-8624-2eb35882fcaa",
  version: "5.1",
  revision: 1,
};

/**
 * What the provider's resources and functions call.
 * https://github.com/microsoft/azure-devops-go-api/tree/dev/azuredevops/v7
 */
export const locations = {
  feeds: location("feed", "c65009a7-474a-4ad1-8b42-7d852107ef8c"),
  feedPermissions: location("feed", "be8c1476-86a7-44ed-b19d-aec0e9275cd8"),
  feedRecycleBin: location("feed", "0cee643d-beb9-41f8-9368-3ada763a8344"),
  storageKeys: location("graph", "eb85f8cc-f0f6-4264-a5b1-ffe2e4d4801f"),
  descriptors: location("graph", "048aee0a-7072-4cde-ab73-7af77b1e0b4e"),
  groups: location("graph", "ebbe6af8-0b91-4c13-8cf1-777c14858188"),
  servicePrincipals: location("graph", "e1dbb0ae-49cb-4532-95a1-86cd89cfcab4"),
  membership: location("graph", "3fd2e6ca-fb30-443a-b579-95b19ed0934c"),
  memberships: location("graph", "e34b6394-6b30-4435-94a9-409a5eef3e31"),
  identities: location("identity", "28010c54-d0c0-4c89-a5b0-1c9e188b9fb7"),
  servicePrincipalEntitlements: location("memberEntitlement", "f03dbf50-80f8-41b7-8ca2-65b6a178caba"),
  servicePrincipalEntitlement: location("memberEntitlement", "1d491a66-190b-43ae-86b8-9c2688c55186"),
  projects: location("core", "603fe2ac-9723-48b9-88ad-09305aa6c6e1", 4),
  processes: location("core", "93878975-88c5-4e6a-8abb-7ddd77a8a7d8"),
} as const satisfies Record<string, Location>;
