import {
  ImportError,
  IncompleteError,
  ProviderError,
  type ResourceDefinition,
  type ResourceState,
} from "../definition.ts";
import { checkInputs, notBlank, requiredText, text, uuid, withoutAbsent } from "../properties.ts";
import { type Connection, isNotFound, messageOf } from "./connection.ts";
import { locations } from "./locations.ts";
import { readProjectId } from "./projects.ts";

/** A feed as the service describes it. */
export interface Feed {
  readonly id: string;
  readonly name: string;
  readonly project?: { readonly id: string };
}

interface Features {
  readonly permanentDelete?: boolean;
  readonly restore?: boolean;
}

/**
 * `azuredevops:index/feed:Feed`. Its id is the feed's; it is changed and deleted by its name.
 * https://github.com/microsoft/terraform-provider-azuredevops/blob/v1.15.1/azuredevops/internal/service/feed/resource_feed.go
 */
export function feedResource(connection: Connection): ResourceDefinition {
  async function read(id: string, known: { project?: string | undefined; features?: unknown }) {
    try {
      const route = { project: known.project, feedId: id };
      const feed = await connection.get<Feed>({ location: locations.feeds, route });
      const projectId = feed.project?.id ?? known.project;
      return { id, outputs: withoutAbsent({ name: feed.name, projectId, features: known.features }) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      const where = `Projecct ID: ${known.project ?? ""} , Feed ID ${id}`;
      throw new ProviderError(`failed get feed. ${where} : . Error: ${messageOf(error)}`);
    }
  }

  async function existing(id: string, known: Parameters<typeof read>[1]): Promise<ResourceState> {
    const state = await read(id, known);
    if (!state) throw new ProviderError(`the feed ${id} is gone right after it was written`);
    return state;
  }

  return {
    token: "azuredevops:index/feed:Feed",
    inputs: ["features", "name", "projectId"],
    requiredInputs: [],
    replaceOn: ["name", "projectId"],
    secrets: [],

    check(inputs) {
      const restore = featuresOf(inputs.features).restore === true;
      return [
        ...checkInputs(inputs, { name: notBlank, projectId: uuid }),
        ...(restore
          ? [{ property: "features", reason: "the provider loses a feed that it restores: leave restore out" }]
          : []),
      ];
    },

    async create(inputs) {
      const name = text(inputs, "name");
      if (!name) throw new ProviderError("the sandbox makes up no names: give the feed one");
      const project = text(inputs, "projectId");
      const created = await connection
        .send({ method: "POST", location: locations.feeds, route: { project }, body: { name } })
        .catch((error) => {
          throw new ProviderError(`creating new feed. Name: ${name}, Error: ${messageOf(error)}`);
        });
      const { id } = created.body as Feed;
      return existing(id, { project, features: inputs.features }).catch((error) => {
        throw new IncompleteError(messageOf(error), { id, outputs: inputs });
      });
    },

    async read(id, outputs) {
      const imported = /^(?<project>[^/]+)\/(?<feed>.+)$/.exec(id)?.groups;
      if (!imported?.project || !imported.feed) {
        return read(id, { project: text(outputs, "projectId"), features: outputs.features });
      }
      const project = await readProjectId(connection, imported.project).catch((error) => {
        throw new ImportError(messageOf(error));
      });
      return read(imported.feed, { project });
    },

    async update(id, inputs) {
      const project = text(inputs, "projectId");
      const route = { project, feedId: requiredText(inputs, "name") };
      await connection.send({ method: "PATCH", location: locations.feeds, route, body: {} });
      return existing(id, { project, features: inputs.features });
    },

    async delete(_id, outputs) {
      const route = { project: text(outputs, "projectId"), feedId: requiredText(outputs, "name") };
      await connection.send({ method: "DELETE", location: locations.feeds, route });
      if (featuresOf(outputs.features).permanentDelete === true) {
        await connection.send({ method: "DELETE", location: locations.feedRecycleBin, route });
      }
    },
  };
}

/** The first of the feature blocks: the service knows one only. */
function featuresOf(value: unknown): Features {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof first === "object" && first !== null ? first : {};
}
