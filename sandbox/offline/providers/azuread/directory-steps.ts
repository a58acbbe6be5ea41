import { pause } from "../../http.ts";
import { ProviderError } from "../definition.ts";
import { type Graph, type GraphObject, untilSteady } from "./graph.ts";

/**
 * Reads an application that was just made. The directory may take a while to show it.
 * @throws ProviderError where it does not show
 */
export function findNewApplication(graph: Graph, created: GraphObject): Promise<GraphObject> {
  return findNew(graph, () => graph.find("retrieving the new application", `/v1.0/applications/${created.id}`));
}

/** Reads what was just made, asking again while the directory does not show it. */
export async function findNew(
  { cancelled }: Pick<Graph, "cancelled">,
  find: () => Promise<GraphObject | undefined>,
): Promise<GraphObject> {
  for (const milliseconds of [250, 500, 1000, 2000, 4000, 8000, 0]) {
    const found = await find();
    if (found) return found;
    await pause(milliseconds, cancelled);
  }
  throw new ProviderError("the directory does not show what was just created");
}

/** Deletes an application, and waits until the directory no longer shows it. */
export async function deleteApplication(graph: Graph, objectId: string): Promise<void> {
  const path = `/v1.0/applications/${objectId}`;
  await deleteAndWait(graph, `/applications/${objectId}`, path);
}

/** Deletes an object at its address, and waits until the directory no longer shows it. */
export async function deleteAndWait(graph: Graph, name: string, path: string): Promise<void> {
  await graph.send(`deleting ${name}`, { method: "DELETE", path });
  await untilSteady(
    `the deletion of ${name}`,
    graph,
    async () => (await graph.find(`retrieving ${name}`, path)) === undefined,
  );
}
