import { collection, type Endpoint, ok } from "../endpoint.ts";
import type { Organization } from "../entities.ts";
import { failures } from "../errors.ts";
import { derivedGuid } from "../identifiers.ts";
import { identityBody } from "../identity-body.ts";
import { locations, type ResourceArea, resourceAreas } from "../locations.ts";
import type { ApiLocation } from "../versions.ts";

/**
 * What every host tells of itself and of the others. `OPTIONS _apis` lists exactly what the host serves.
 * https://learn.microsoft.com/azure/devops/extend/develop/work-with-urls
 */
export function discoveryEndpoints(served: readonly Endpoint[]): readonly Endpoint[] {
  const here = new Set<ApiLocation>([locations.resourceAreas, locations.connectionData]);
  for (const { location } of served) if (location) here.add(location);

  return [
    { methods: ["OPTIONS"], paths: ["/:organization/_apis"], handle: () => collection([...here]) },
    {
      methods: ["OPTIONS"],
      paths: ["/:organization/_apis/:area"],
      handle(call) {
        const area = call.param("area").toLowerCase();
        return collection([...here].filter((location) => location.area.toLowerCase() === area));
      },
    },
    {
      methods: ["GET"],
      paths: ["/:organization/_apis/resourceareas"],
      location: locations.resourceAreas,
      handle: ({ organization }) => collection(resourceAreas.map((area) => areaBody(organization, area))),
    },
    {
      methods: ["GET"],
      paths: ["/:organization/_apis/resourceareas/:areaId"],
      location: locations.resourceAreas,
      handle(call) {
        const found = resourceAreas.find(({ id }) => id === call.param("areaId").toLowerCase());
        if (!found) throw failures.areaUnknown(call.param("areaId"));
        return ok(areaBody(call.organization, found));
      },
    },
    {
      methods: ["GET"],
      paths: ["/:organization/_apis/connectiondata"],
      location: locations.connectionData,
      handle({ store, organization, caller }) {
        const user = identityBody(store, organization, caller);
        return ok({
          authenticatedUser: user,
          authorizedUser: user,
          instanceId: organization.id,
          deploymentId: derivedGuid(4, "deployment"),
          deploymentType: "hosted",
          locationServiceData: {
            serviceOwner: "00025394-6065-48ca-87d9-7f5672854ef7",
            defaultAccessMappingMoniker: "PublicAccessMapping",
            lastChangeId: 1,
            lastChangeId64: 1,
          },
        });
      },
    },
  ];
}

const areaBody = (organization: Organization, { id, name, host }: ResourceArea): object => ({
  id,
  name,
  locationUrl: `https://${host}/${organization.name}/`,
});
