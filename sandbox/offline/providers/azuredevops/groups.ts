import { ProviderError } from "../definition.ts";
import { type Connection, isNotFound, messageOf } from "./connection.ts";
import { locations } from "./locations.ts";

/** A group as the service describes it. */
export interface Group {
  readonly descriptor: string;
  readonly displayName: string;
  readonly domain?: string;
  readonly origin: string;
  readonly originId: string;
}

/** What the domain of a group of the organization, or of one of a project, starts with. */
const organizationDomains = ["vstfs:///framework/identitydomain", "vstfs:///framework/generic"];
const projectDomains = ["vstfs:///classification/teamproject/"];

/**
 * The group of that name, upper and lower case alike, among the project's or the organization's own.
 * @throws ProviderError where there is none
 */
export async function findGroup(connection: Connection, name: string, projectId: string | undefined): Promise<Group> {
  const scope = projectId === undefined ? undefined : await projectDescriptor(connection, projectId);
  const domains = scope === undefined ? organizationDomains : projectDomains;
  const groups = await readGroups(connection, scope).catch((error) => {
    const where = projectId === undefined ? "" : ` for project with ID ${projectId}`;
    throw new ProviderError(`Error finding groups${where}. Error: ${messageOf(error)}`);
  });
  const found = groups.find(
    ({ domain, displayName }) =>
      domains.some((start) => domain?.toLowerCase().startsWith(start)) &&
      displayName.toLowerCase() === name.toLowerCase(),
  );
  if (found) return found;
  throw new ProviderError(
    projectId === undefined
      ? `Could not find group with name ${name}`
      : `Could not find Group with Name: ${name} in project with ID: ${projectId}`,
  );
}

async function projectDescriptor(connection: Connection, projectId: string): Promise<string> {
  const location = locations.descriptors;
  try {
    return (await connection.get<{ readonly value: string }>({ location, route: { storageKey: projectId } })).value;
  } catch (error) {
    if (isNotFound(error)) {
      throw new ProviderError(`Project with ID: ${projectId} was not found. Error: ${messageOf(error)}`);
    }
    throw new ProviderError(`Finding descriptor for project with ID: ${projectId}. Error: ${messageOf(error)}`);
  }
}

async function readGroups(connection: Connection, scopeDescriptor: string | undefined): Promise<readonly Group[]> {
  const groups: Group[] = [];
  let continuationToken: string | undefined;
  do {
    const { body, headers } = await connection.send({
      method: "GET",
      location: locations.groups,
      query: { scopeDescriptor, continuationToken },
    });
    groups.push(...(body as { readonly value: readonly Group[] }).value);
    continuationToken = headers.get("X-MS-ContinuationToken") || undefined;
  } while (continuationToken);
  return groups;
}
