import { HttpError } from "../../http.ts";
import { ProviderError, type ResourceDefinition, type ResourceState } from "../definition.ts";
import { checkInputs, requiredText, uuid } from "../properties.ts";
import { textOf } from "./conversions.ts";
import { type Graph, type GraphObject, isNotFound } from "./graph.ts";
import { applicationId, isApplicationId, parseApplicationId, parseApplicationPartId } from "./ids.ts";
import { reference, removeOwner } from "./owners.ts";

/** `azuread_application_owner`: https://registry.terraform.io/providers/hashicorp/azuread/latest/docs/resources/application_owner */
export function applicationOwner(graph: Graph): ResourceDefinition {
  async function read(id: string): Promise<ResourceState | undefined> {
    const { application, part } = parseApplicationPartId(id, "owners");
    const path = `/v1.0${applicationId(application)}/owners`;
    const owners = await graph.list(`retrieving ${id}`, path, { $filter: `id eq '${part}'` }).catch(noneOfWhatIsGone);
    const found = owners.some((owner) => textOf(owner.id).toLowerCase() === part.toLowerCase());
    return found ? { id, outputs: { applicationId: applicationId(application), ownerObjectId: part } } : undefined;
  }

  return {
    token: "azuread:index/applicationOwner:ApplicationOwner",
    inputs: ["applicationId", "ownerObjectId"],
    requiredInputs: ["applicationId", "ownerObjectId"],
    replaceOn: ["applicationId", "ownerObjectId"],
    secrets: [],
    check: (inputs) => checkInputs(inputs, { applicationId: isApplicationId, ownerObjectId: uuid }),
    async create(inputs) {
      const application = applicationId(parseApplicationId(requiredText(inputs, "applicationId")));
      const owner = requiredText(inputs, "ownerObjectId");
      const id = `${application}/owners/${owner}`;
      if (await read(id)) {
        throw new ProviderError(
          `a resource with the ID "${id}" already exists: to manage it with this program, import it into the state`,
        );
      }
      await graph.send(`adding ${id}`, {
        method: "POST",
        path: `/v1.0${application}/owners/$ref`,
        json: { "@odata.id": reference(owner) },
        retries: isNotFound,
      });
      return (await read(id)) ?? { id, outputs: { applicationId: application, ownerObjectId: owner } };
    },
    read: (id) => read(id),
    delete(id) {
      const { application, part } = parseApplicationPartId(id, "owners");
      return removeOwner(graph, applicationId(application), part);
    },
  };
}

/** An application that is gone has no owners. */
function noneOfWhatIsGone(error: unknown): readonly GraphObject[] {
  if (error instanceof HttpError && error.status === 404) return [];
  throw error;
}
