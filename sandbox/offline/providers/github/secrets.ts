import { type Properties, ProviderError, type ResourceDefinition } from "../definition.ts";
import { checkInputs, escapePath, type InputProblem, requiredText, text, withoutAbsent } from "../properties.ts";
import type { GitHubClient } from "./client.ts";
import { buildId, escapeIdPart, parseId, unescapeIdPart } from "./ids.ts";
import { settingName } from "./names.ts";
import { importRepositoryId, readRepositoryId, replacesForRepository, repositoryPath } from "./repositories.ts";
import { sealSecret } from "./sealed-box.ts";
import { goTimestamp } from "./timestamps.ts";

interface Secret {
  readonly created_at: string;
  readonly updated_at: string;
}

/** Where a kind of secret is kept. */
interface Place {
  readonly token: string;
  /** Inputs beyond those of every secret. */
  readonly inputs: readonly string[];
  readonly replaceOn: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** The path under which the secrets are. `properties` has the repository's number. */
  path(properties: Properties): string;
  /** What names one secret, to make its id of. */
  idParts(properties: Properties): readonly string[];
  /** The properties that an imported id tells. */
  imported(id: string): Properties;
}

/** Where a secret's value may come from. GitHub never gives it back. */
const valueInputs = ["value", "valueEncrypted", "encryptedValue", "plaintextValue"];

/**
 * Secrets of Actions, of one environment, and of Dependabot: the same life in three places.
 * https://github.com/integrations/terraform-provider-github/blob/v6.13.0/github/resource_github_actions_secret.go
 */
export function secretResources(client: GitHubClient): readonly ResourceDefinition[] {
  const ofRepository = (service: "actions" | "dependabot") => ({
    replaceOn: ["secretName"],
    deleteBeforeReplace: false,
    path: (properties: Properties) =>
      `${repositoryPath(client, requiredText(properties, "repository"))}/${service}/secrets`,
    idParts: (properties: Properties) => [
      requiredText(properties, "repository"),
      requiredText(properties, "secretName"),
    ],
    imported(id: string) {
      const [repository, secretName] = parseId(id, 2);
      return { repository, secretName };
    },
  });
  return [
    secretResource(client, {
      ...ofRepository("actions"),
      token: "github:index/actionsSecret:ActionsSecret",
      inputs: ["destroyOnDrift"],
    }),
    secretResource(client, {
      ...ofRepository("dependabot"),
      token: "github:index/dependabotSecret:DependabotSecret",
      inputs: [],
    }),
    secretResource(client, {
      token: "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
      inputs: ["environment"],
      replaceOn: ["environment", "secretName"],
      deleteBeforeReplace: true,
      path: (properties) =>
        `/repositories/${properties.repositoryId}/environments/${escapePath(requiredText(properties, "environment"))}/secrets`,
      idParts: (properties) => [
        requiredText(properties, "repository"),
        escapeIdPart(requiredText(properties, "environment")),
        requiredText(properties, "secretName"),
      ],
      imported(id) {
        const [repository, environment = "", secretName] = parseId(id, 3);
        return { repository, environment: unescapeIdPart(environment), secretName };
      },
    }),
  ];
}

function secretResource(client: GitHubClient, place: Place): ResourceDefinition {
  const pathOf = (properties: Properties) => `${place.path(properties)}/${requiredText(properties, "secretName")}`;
  const idOf = (properties: Properties) => buildId(...place.idParts(properties));

  /** Writes the value; returns the number of the key that it is encrypted with. */
  async function write(properties: Properties): Promise<string> {
    const [keyId, encrypted] = [text(properties, "keyId"), encryptedValueOf(properties)];
    const sealed = keyId && encrypted ? { keyId, encrypted } : await seal(properties, encrypted);
    await client.send("PUT", pathOf(properties), { key_id: sealed.keyId, encrypted_value: sealed.encrypted });
    return sealed.keyId;
  }

  async function seal(properties: Properties, encrypted: string | undefined) {
    const publicKey = await client.get<{ readonly key_id: string; readonly key: string }>(
      `${place.path(properties)}/public-key`,
    );
    const plain = text(properties, "value") ?? text(properties, "plaintextValue") ?? "";
    return { keyId: publicKey.key_id, encrypted: encrypted ?? (await sealSecret(plain, publicKey.key)) };
  }

  return {
    token: place.token,
    inputs: [...place.inputs, ...valueInputs, "keyId", "repository", "secretName"],
    requiredInputs: place.replaceOn.concat("repository"),
    replaceOn: place.replaceOn,
    secrets: valueInputs,
    computed: ["keyId"],
    deleteBeforeReplace: place.deleteBeforeReplace,
    alsoReplaceOn: replacesForRepository(client),

    check: (inputs) => [...checkInputs(inputs, { secretName: settingName }), ...valueProblems(inputs)],

    /** Somebody else wrote the secret: GitHub's time of the last write is not the one of ours. */
    detectDrift: ({ updatedAt, remoteUpdatedAt }) =>
      updatedAt !== undefined && remoteUpdatedAt !== undefined && updatedAt !== remoteUpdatedAt
        ? ["remoteUpdatedAt"]
        : [],

    async create(inputs) {
      if (!valueInputs.some((name) => inputs[name] !== undefined)) {
        throw new ProviderError(`"value": one of \`${valueInputs.join(",")}\` must be specified`);
      }
      const properties = { ...inputs, repositoryId: await readRepositoryId(client, inputs) };
      const keyId = await write(properties);
      const secret = await client.findNew<Secret>(pathOf(properties));
      return { id: idOf(inputs), outputs: { ...properties, keyId, ...timesOf(secret) } };
    },

    async read(id, outputs) {
      const known = text(outputs, "secretName") ? outputs : await importProperties(client, place.imported(id));
      const secret = await client.find<Secret>(pathOf(known));
      if (!secret) return undefined;
      // The time of our own last write stays: the difference to GitHub's is what shows a change by somebody else.
      return { id: idOf(known), outputs: { ...timesOf(secret), ...known, ...remoteTime(secret) } };
    },

    async update(_id, inputs, outputs) {
      const { repositoryId, createdAt } = outputs;
      const properties = withoutAbsent({ ...inputs, repositoryId, keyId: inputs.keyId ?? outputs.keyId });
      const keyId = await write(properties);
      const secret = await client.find<Secret>(pathOf(properties)).catch(() => undefined);
      return {
        id: idOf(inputs),
        outputs: { ...withoutAbsent({ ...inputs, repositoryId, createdAt, keyId }), ...timesOf(secret) },
      };
    },

    async delete(_id, outputs) {
      await client.send("DELETE", pathOf(outputs));
    },
  };
}

async function importProperties(client: GitHubClient, properties: Properties): Promise<Properties> {
  return { ...properties, repositoryId: await importRepositoryId(client, properties) };
}

function encryptedValueOf(properties: Properties): string | undefined {
  return text(properties, "valueEncrypted") ?? text(properties, "encryptedValue");
}

function timesOf(secret: Secret | undefined): Properties {
  if (!secret) return {};
  return {
    createdAt: goTimestamp(secret.created_at),
    updatedAt: goTimestamp(secret.updated_at),
    ...remoteTime(secret),
  };
}

function remoteTime(secret: Secret): Properties {
  return { remoteUpdatedAt: goTimestamp(secret.updated_at) };
}

function valueProblems(inputs: Properties): readonly InputProblem[] {
  const given = valueInputs.filter((name) => inputs[name] !== undefined);
  const problems: InputProblem[] = [];
  if (given.length > 1) {
    const reason = `only one of \`${valueInputs.join(",")}\` can be specified, but \`${given.join(",")}\` were specified`;
    problems.push(...given.map((property) => ({ property, reason: `"${property}": ${reason}` })));
  }
  if (inputs.keyId !== undefined && (inputs.value !== undefined || inputs.plaintextValue !== undefined)) {
    problems.push({ property: "keyId", reason: '"keyId": goes with valueEncrypted only' });
  }
  for (const property of ["valueEncrypted", "encryptedValue"]) {
    if (inputs[property] !== undefined && !/^[A-Za-z0-9+/]*={0,2}$/.test(String(inputs[property]))) {
      problems.push({ property, reason: `expected "${property}" to be a base64 string` });
    }
  }
  return problems;
}
