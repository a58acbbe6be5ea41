import { type ConfiguredProvider, type Properties, ProviderError } from "../definition.ts";
import { requiredText, text, withoutAbsent } from "../properties.ts";
import { type Connection, isNotFound, messageOf } from "./connection.ts";
import type { Feed } from "./feed.ts";
import { findGroup } from "./groups.ts";
import { locations } from "./locations.ts";
import { readProject } from "./projects.ts";

/**
 * The provider's functions. Their results hold the arguments, as the official ones do.
 * https://github.com/microsoft/terraform-provider-azuredevops/tree/v1.15.1/azuredevops/internal/service
 */
export function createFunctions(connection: Connection): ConfiguredProvider["functions"] {
  const readStorageKey = (descriptor: string) =>
    connection.get<{ readonly value: string }>({
      location: locations.storageKeys,
      route: { subjectDescriptor: descriptor },
    });
  const readDescriptor = (storageKey: string) =>
    connection.get<{ readonly value: string }>({ location: locations.descriptors, route: { storageKey } });

  return {
    /** A feed that does not exist gives nothing, not an error. */
    async "azuredevops:index/getFeed:getFeed"(args) {
      const feedId = text(args, "feedId") ?? text(args, "name");
      if (!feedId) throw new ProviderError("one of `feed_id,name` must be specified");
      if (text(args, "feedId") && text(args, "name")) throw new ProviderError("feed_id conflicts with name");
      try {
        const route = { project: text(args, "projectId"), feedId };
        const feed = await connection.get<Feed>({ location: locations.feeds, route });
        const projectId = feed.project?.id ?? args.projectId;
        return withoutAbsent({ id: feed.id, feedId: feed.id, name: feed.name, projectId });
      } catch (error) {
        if (isNotFound(error)) return {};
        throw new ProviderError(`reading feed during read: ${messageOf(error)}`);
      }
    },

    async "azuredevops:index/getProject:getProject"(args) {
      const [name, id] = [text(args, "name"), text(args, "projectId")];
      const identifier = id ?? name;
      if (!identifier) throw new ProviderError("one of `name,project_id` must be specified");
      if (id && name) throw new ProviderError("project_id conflicts with name");
      const project = await readProject(connection, identifier).catch((error) => {
        const which = `${name ?? ""} or ID ${id ?? ""}`;
        if (isNotFound(error)) throw new ProviderError(`Project with name ${which} does not exist `);
        throw new ProviderError(`Error looking up project with Name ${which}, ${messageOf(error)} `);
      });
      const processTemplateId = project.capabilities?.processTemplate?.templateTypeId ?? "";
      const route = { processId: processTemplateId };
      const process = await connection.get<{ readonly name: string }>({ location: locations.processes, route });
      return {
        id: project.id,
        projectId: project.id,
        name: project.name,
        description: project.description ?? "",
        visibility: project.visibility,
        versionControl: project.capabilities?.versioncontrol?.sourceControlType ?? "",
        processTemplateId,
        workItemTemplate: process.name,
        features: {},
      };
    },

    async "azuredevops:index/getGroup:getGroup"(args) {
      const [name, projectId] = [requiredText(args, "name"), text(args, "projectId")];
      const group = await findGroup(connection, name, projectId);
      const { value: groupId } = await readStorageKey(group.descriptor);
      const { descriptor, origin, originId } = group;
      return withoutAbsent({ id: descriptor, name, projectId, descriptor, origin, originId, groupId });
    },

    async "azuredevops:index/getServicePrincipal:getServicePrincipal"(args) {
      const wanted = requiredText(args, "displayName");
      const found = await connection
        .list<{ readonly providerDisplayName: string; readonly subjectDescriptor: string }>({
          location: locations.identities,
          query: { searchFilter: "General", filterValue: wanted },
        })
        .catch((error) => {
          throw new ProviderError(`Finding service principal with filter General. Error: ${messageOf(error)}`);
        });
      if (found.length === 0) {
        throw new ProviderError("Finding service principal with filter General. Error: <nil>");
      }
      const match = found.find((one) => one.providerDisplayName.toLowerCase().includes(wanted.toLowerCase()));
      if (!match) throw new ProviderError(`Could not find service principal with name: ${wanted}`);
      const route = { servicePrincipalDescriptor: match.subjectDescriptor };
      const principal = await connection.get<Properties>({ location: locations.servicePrincipals, route }).catch(() => {
        throw new ProviderError(`Finding service principal with Descriptor ${match.subjectDescriptor}`);
      });
      const { descriptor, displayName, origin, originId } = principal;
      return withoutAbsent({ id: descriptor, descriptor, displayName, origin, originId });
    },

    async "azuredevops:index/getStorageKey:getStorageKey"(args) {
      const descriptor = requiredText(args, "descriptor");
      const { value } = await readStorageKey(descriptor).catch((error) => {
        if (isNotFound(error)) throw new ProviderError(`The specified descriptor ${descriptor} does not exist.`);
        throw new ProviderError(`Reading descriptor: ${descriptor}. Error: ${messageOf(error)}`);
      });
      return { id: value, descriptor, storageKey: value };
    },

    async "azuredevops:index/getDescriptor:getDescriptor"(args) {
      const storageKey = requiredText(args, "storageKey");
      const { value } = await readDescriptor(storageKey).catch((error) => {
        if (isNotFound(error)) throw new ProviderError(` The specified storage key ${storageKey} does not exist.`);
        throw new ProviderError(`Reading storage key: ${storageKey}. Error: ${messageOf(error)}`);
      });
      return { id: storageKey, storageKey, descriptor: value };
    },
  };
}
