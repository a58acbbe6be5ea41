import { listOf, textOf } from "./conversions.ts";
import { type Graph, graphUrl } from "./graph.ts";

/** How many owners a POST may carry, the caller among them. The rest is added one by one. */
const ownersOfPost = 20;

/** The reference that stands for a directory object in a body. */
export const reference = (objectId: string): string => `${graphUrl}/v1.0/directoryObjects/${objectId}`;

/** The owners to create an object with: the caller first, who is taken away afterwards where he is not wanted. */
export function initialOwners(graph: Graph, wanted: unknown) {
  const others = listOf<string>(wanted).filter((owner) => !isSame(owner, graph.callerId));
  return {
    bound: [graph.callerId, ...others.slice(0, ownersOfPost - 1)].map(reference),
    further: others.slice(ownersOfPost - 1),
    removesCaller: !listOf<string>(wanted).some((owner) => isSame(owner, graph.callerId)),
  };
}

/** The object ids of the owners of the object at the address. */
export async function listOwners(graph: Graph, id: string): Promise<readonly string[]> {
  const owners = await graph.list(`retrieving the owners of ${id}`, `/v1.0${id}/owners`);
  return owners.map((owner) => textOf(owner.id));
}

export async function addOwner(graph: Graph, id: string, owner: string): Promise<void> {
  const json = { "@odata.id": reference(owner) };
  await graph.send(`adding owner ${owner} to ${id}`, { method: "POST", path: `/v1.0${id}/owners/$ref`, json });
}

export async function removeOwner(graph: Graph, id: string, owner: string): Promise<void> {
  const path = `/v1.0${id}/owners/${owner}/$ref`;
  await graph.send(`removing owner ${owner} from ${id}`, { method: "DELETE", path });
}

/** Makes the owners of an object those that are wanted, no more and no less. */
export async function setOwners(graph: Graph, id: string, wanted: unknown): Promise<void> {
  const existing = await listOwners(graph, id);
  const desired = listOf<string>(wanted);
  for (const owner of desired) {
    if (!existing.some((held) => isSame(held, owner))) await addOwner(graph, id, owner);
  }
  for (const owner of existing) {
    if (!desired.some((held) => isSame(held, owner))) await removeOwner(graph, id, owner);
  }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
