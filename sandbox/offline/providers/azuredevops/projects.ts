import { ProviderError } from "../definition.ts";
import { uuid } from "../properties.ts";
import { type Connection, messageOf } from "./connection.ts";
import { locations } from "./locations.ts";

/** A project as the service describes it. */
export interface Project {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly visibility: string;
  readonly capabilities?: {
    readonly processTemplate?: { readonly templateTypeId?: string };
    readonly versioncontrol?: { readonly sourceControlType?: string };
  };
}

/** @param nameOrId the project's name or its UUID */
export function readProject(connection: Connection, nameOrId: string): Promise<Project> {
  return connection.get<Project>({
    location: locations.projects,
    route: { projectId: nameOrId },
    query: { includeCapabilities: "true", includeHistory: "false" },
  });
}

/**
 * The UUID of a project that is named by its name or its UUID.
 * @throws ProviderError where no project has that name
 */
export async function readProjectId(connection: Connection, nameOrId: string): Promise<string> {
  if (uuid(nameOrId, "projectId") === undefined) return nameOrId;
  try {
    return (await readProject(connection, nameOrId)).id;
  } catch (error) {
    const what = `Failed to get the project with specified projectNameOrID: ${nameOrId}`;
    throw new ProviderError(`${what} , ${messageOf(error)}`);
  }
}
