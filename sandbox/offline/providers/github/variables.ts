import { IncompleteError, type Properties, type ResourceDefinition } from "../definition.ts";
import { checkInputs, escapePath, requiredText, text, withoutAbsent } from "../properties.ts";
import type { GitHubClient } from "./client.ts";
import { buildId, escapeIdPart, parseId, unescapeIdPart } from "./ids.ts";
import { settingName } from "./names.ts";
import { importRepositoryId, readRepositoryId, replacesForRepository, repositoryPath } from "./repositories.ts";
import { goTimestamp } from "./timestamps.ts";

interface Variable {
  readonly value: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Where a kind of variable is kept. */
interface Place {
  readonly token: string;
  /** What names a variable beside its repository. */
  readonly replaceOn: readonly string[];
  /** The path under which the variables are. */
  path(properties: Properties): string;
  /** What names one variable, to make its id of. */
  idParts(properties: Properties): readonly string[];
  /** The properties that an imported id tells. */
  imported(id: string): Properties;
}

/**
 * Variables of a repository and of one of its environments: the same life in two places.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/resource_github_actions_variable.go
 */
export function variableResources(client: GitHubClient): readonly ResourceDefinition[] {
  const repository = (properties: Properties) => repositoryPath(client, requiredText(properties, "repository"));
  return [
    variableResource(client, {
      token: "github:index/actionsVariable:ActionsVariable",
      replaceOn: ["variableName"],
      path: (properties) => `${repository(properties)}/actions/variables`,
      idParts: (properties) => [requiredText(properties, "repository"), requiredText(properties, "variableName")],
      imported(id) {
        const [name, variableName] = parseId(id, 2);
        return { repository: name, variableName };
      },
    }),
    variableResource(client, {
      token: "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
      replaceOn: ["environment", "variableName"],
      path: (properties) =>
        `${repository(properties)}/environments/${escapePath(requiredText(properties, "environment"))}/variables`,
      idParts: (properties) => [
        requiredText(properties, "repository"),
        escapeIdPart(requiredText(properties, "environment")),
        requiredText(properties, "variableName"),
      ],
      imported(id) {
        const [name, environment = "", variableName] = parseId(id, 3);
        return { repository: name, environment: unescapeIdPart(environment), variableName };
      },
    }),
  ];
}

function variableResource(client: GitHubClient, place: Place): ResourceDefinition {
  const pathOf = (properties: Properties) => `${place.path(properties)}/${requiredText(properties, "variableName")}`;
  const idOf = (properties: Properties) => buildId(...place.idParts(properties));
  const bodyOf = (inputs: Properties) => ({ name: requiredText(inputs, "variableName"), value: inputs.value });

  return {
    token: place.token,
    inputs: [...place.replaceOn, "repository", "value"],
    requiredInputs: [...place.replaceOn, "repository", "value"],
    replaceOn: place.replaceOn,
    secrets: [],
    alsoReplaceOn: replacesForRepository(client),

    check: (inputs) => checkInputs(inputs, { variableName: settingName }),

    async create(inputs) {
      await client.send("POST", place.path(inputs), bodyOf(inputs));
      const id = idOf(inputs);
      const repositoryId = await readRepositoryId(client, inputs).catch((error: Error) => {
        throw new IncompleteError(error.message, { id, outputs: inputs });
      });
      const variable = await client.findNew<Variable>(pathOf(inputs));
      return { id, outputs: { ...inputs, repositoryId, ...timesOf(variable) } };
    },

    async read(id, outputs) {
      const isImport = text(outputs, "variableName") === undefined;
      const known = isImport ? place.imported(id) : outputs;
      const repositoryId = isImport ? await importRepositoryId(client, known) : outputs.repositoryId;
      const variable = await client.find<Variable>(pathOf(known));
      if (!variable) return undefined;
      return {
        id: isImport ? idOf(known) : id,
        outputs: { ...known, repositoryId, value: variable.value, ...timesOf(variable) },
      };
    },

    async update(_id, inputs, outputs) {
      await client.send("PATCH", pathOf(inputs), bodyOf(inputs));
      const variable = await client.find<Variable>(pathOf(inputs)).catch(() => undefined);
      const { repositoryId, createdAt } = outputs;
      return {
        id: idOf(inputs),
        outputs: { ...inputs, ...withoutAbsent({ repositoryId, createdAt }), ...timesOf(variable) },
      };
    },

    async delete(_id, outputs) {
      await client.send("DELETE", pathOf(outputs));
    },
  };
}

function timesOf(variable: Variable | undefined): Properties {
  if (!variable) return {};
  return { createdAt: goTimestamp(variable.created_at), updatedAt: goTimestamp(variable.updated_at) };
}
