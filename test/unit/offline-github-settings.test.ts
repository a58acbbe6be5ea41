import { beforeAll, beforeEach, expect, test } from "vitest";
import { gitHubData } from "../../sandbox/cloud/github/data.ts";
import { readSecretsIn } from "../../sandbox/cloud/github/secrets.ts";
import { client, seal, widgets } from "../support/github.ts";
import {
  dependabotSecretType,
  environmentSecretType,
  environmentType,
  environmentVariableType,
  outcomeOf,
  secretType,
  type SignedInToGitHub,
  signInToGitHub,
  variableType,
  widgetsById,
  widgetsPath,
} from "../support/github-provider.ts";
import { create, definitionOf, refusalOf, requestsOf, requestsTo, update } from "../support/offline-provider.ts";

const environment = "release: eu/1";
const escaped = "release:%20eu%2F1";
const hour = 60 * 60 * 1000;

let world: SignedInToGitHub;

beforeAll(async () => {
  world = await signInToGitHub();
});

beforeEach(async () => {
  world.reset();
  await create(definitionOf(world.provider, environmentType), { repository: "widgets", environment });
});

const secretPlaces = [
  {
    type: secretType,
    inputs: {},
    id: "widgets:TOKEN",
    path: `${widgetsPath}/actions/secrets`,
    scope: () => "repository 4001 actions",
  },
  {
    type: dependabotSecretType,
    inputs: {},
    id: "widgets:TOKEN",
    path: `${widgetsPath}/dependabot/secrets`,
    scope: () => "repository 4001 dependabot",
  },
  {
    type: environmentSecretType,
    inputs: { environment },
    id: "widgets:release?? eu/1:TOKEN",
    path: `${widgetsById}/environments/${escaped}/secrets`,
    scope: () => `environment ${gitHubData(world.cloud.store).environments.all()[0]?.id}`,
  },
];

test.each(secretPlaces)("$type: the value is sealed to the place's key, and kept in the state", async (place) => {
  const definition = definitionOf(world.provider, place.type);
  const inputs = { repository: "widgets", secretName: "TOKEN", value: "first", ...place.inputs };
  const times = { createdAt: "2026-11-23 12:00:00 +0000 UTC", updatedAt: "2026-11-23 12:00:00 +0000 UTC" };

  const [created, made] = await outcomeOf(world, () => create(definition, inputs));
  const stored = readSecretsIn(gitHubData(world.cloud.store), place.scope());
  world.clock.now += hour;
  const [changed, kept] = await outcomeOf(world, () => update(definition, made, { ...inputs, value: "second" }));
  const changedStore = readSecretsIn(gitHubData(world.cloud.store), place.scope());
  const removed = await requestsOf(world.cloud, () => definition.delete(kept.id, kept.outputs));

  expect(made).toEqual({
    id: place.id,
    outputs: {
      ...inputs,
      ...times,
      remoteUpdatedAt: times.updatedAt,
      repositoryId: 4001,
      keyId: expect.stringMatching(/^\d+$/),
    },
  });
  expect(stored).toEqual({ TOKEN: "first" });
  expect(created).toEqual([
    `GET ${widgetsPath}`,
    `GET ${place.path}/public-key`,
    `PUT ${place.path}/TOKEN`,
    `GET ${place.path}/TOKEN`,
  ]);
  const later = "2026-11-23 13:00:00 +0000 UTC";
  expect(kept.outputs).toEqual({ ...made.outputs, value: "second", updatedAt: later, remoteUpdatedAt: later });
  expect(changedStore).toEqual({ TOKEN: "second" });
  expect(changed).toEqual([`GET ${place.path}/public-key`, `PUT ${place.path}/TOKEN`, `GET ${place.path}/TOKEN`]);
  expect(removed).toEqual([`DELETE ${place.path}/TOKEN`]);
  expect(await definition.read(kept.id, kept.outputs)).toBe(undefined);
});

test.each(secretPlaces)("$type: nothing that is sent or logged holds the value", async (place) => {
  const definition = definitionOf(world.provider, place.type);

  await create(definition, { repository: "widgets", secretName: "TOKEN", value: "hush-hush", ...place.inputs });

  expect(JSON.stringify([world.host.sent, world.cloud.requests.all()])).not.toContain("hush-hush");
});

test.each(secretPlaces)("$type: an import knows all but the value", async (place) => {
  const definition = definitionOf(world.provider, place.type);
  const inputs = { repository: "widgets", secretName: "TOKEN", value: "first", ...place.inputs };
  const made = await create(definition, inputs);

  const [calls, imported] = await outcomeOf(world, () => definition.read(made.id, {}));

  const { value: _, keyId: __, ...known } = made.outputs;
  expect(imported).toEqual({ id: made.id, outputs: known });
  expect(calls).toEqual([`GET ${widgetsPath}`, `GET ${place.path}/TOKEN`]);
});

test("a secret that somebody else wrote is drift, which an update mends", async () => {
  const definition = definitionOf(world.provider, secretType);
  const inputs = { repository: "widgets", secretName: "TOKEN", value: "ours" };
  const made = await create(definition, inputs);
  const octokit = client(world, "ada-classic");
  world.clock.now += hour;
  const { data: key } = await octokit.actions.getRepoPublicKey(widgets);
  await octokit.actions.createOrUpdateRepoSecret({ ...widgets, secret_name: "TOKEN", ...(await seal("theirs", key)) });

  const refreshed = await definition.read(made.id, made.outputs);
  const mended = await update(definition, refreshed ?? made, inputs);

  expect(definition.detectDrift?.(made.outputs)).toEqual([]);
  expect(refreshed?.outputs).toEqual({ ...made.outputs, remoteUpdatedAt: "2026-11-23 13:00:00 +0000 UTC" });
  expect(definition.detectDrift?.(refreshed?.outputs ?? {})).toEqual(["remoteUpdatedAt"]);
  expect(definition.detectDrift?.(mended.outputs)).toEqual([]);
  expect(readSecretsIn(gitHubData(world.cloud.store), "repository 4001 actions")).toEqual({ TOKEN: "ours" });
});

test("a value that is encrypted already goes as it is, with its own key", async () => {
  const definition = definitionOf(world.provider, secretType);
  const { data: key } = await client(world, "ada-classic").actions.getRepoPublicKey(widgets);
  const sealed = await seal("sealed elsewhere", key);
  const inputs = {
    repository: "widgets",
    secretName: "TOKEN",
    valueEncrypted: sealed.encrypted_value,
    keyId: sealed.key_id,
  };

  const [calls, made] = await outcomeOf(world, () => create(definition, inputs));

  expect(calls).toEqual([
    `GET ${widgetsPath}`,
    `PUT ${widgetsPath}/actions/secrets/TOKEN`,
    `GET ${widgetsPath}/actions/secrets/TOKEN`,
  ]);
  expect(made.outputs).toMatchObject(inputs);
  expect(readSecretsIn(gitHubData(world.cloud.store), "repository 4001 actions")).toEqual({
    TOKEN: "sealed elsewhere",
  });
});

test("a secret that shows up late is looked for again, and one that does not has no times yet", async () => {
  const definition = definitionOf(world.provider, secretType);
  const path = /\/actions\/secrets\/(LATE|NEVER)$/;
  const inputs = { repository: "widgets", value: "x" };

  world.cloud.faults.add({ effect: { kind: "status", status: 404 }, method: "GET", path, times: 2 });
  const [calls, late] = await outcomeOf(world, () => create(definition, { ...inputs, secretName: "LATE" }));
  world.cloud.faults.add({ effect: { kind: "status", status: 404 }, method: "GET", path, times: 5 });
  const never = await create(definition, { ...inputs, secretName: "NEVER" });
  const found = await definition.read(never.id, never.outputs);

  expect(calls.filter((request) => request.endsWith("LATE"))).toHaveLength(4);
  expect(late.outputs.createdAt).toBe("2026-11-23 12:00:00 +0000 UTC");
  expect(never.outputs).not.toHaveProperty("createdAt");
  expect(found?.outputs.updatedAt).toBe("2026-11-23 12:00:00 +0000 UTC");
  expect(definition.detectDrift?.(found?.outputs ?? {})).toEqual([]);
});

const variablePlaces = [
  {
    type: variableType,
    inputs: {},
    id: "widgets:CLIENT_ID",
    path: `${widgetsPath}/actions/variables`,
  },
  {
    type: environmentVariableType,
    inputs: { environment },
    id: "widgets:release?? eu/1:CLIENT_ID",
    path: `${widgetsPath}/environments/${escaped}/variables`,
  },
];

test.each(variablePlaces)("$type: a variable is made, read, changed, imported and deleted", async (place) => {
  const definition = definitionOf(world.provider, place.type);
  const inputs = { repository: "widgets", variableName: "CLIENT_ID", value: "one", ...place.inputs };

  const [created, made] = await outcomeOf(world, () => create(definition, inputs));
  world.clock.now += hour;
  const [changed, kept] = await outcomeOf(world, () => update(definition, made, { ...inputs, value: "two" }));
  const [read, refreshed] = await outcomeOf(world, () => definition.read(kept.id, kept.outputs));
  const [imports, imported] = await outcomeOf(world, () => definition.read(kept.id, {}));
  const removed = await requestsOf(world.cloud, () => definition.delete(kept.id, kept.outputs));

  const createdAt = "2026-11-23 12:00:00 +0000 UTC";
  const updatedAt = "2026-11-23 13:00:00 +0000 UTC";
  expect(made).toEqual({ id: place.id, outputs: { ...inputs, repositoryId: 4001, createdAt, updatedAt: createdAt } });
  expect(created).toEqual([`POST ${place.path}`, `GET ${widgetsPath}`, `GET ${place.path}/CLIENT_ID`]);
  expect(kept).toEqual({ id: place.id, outputs: { ...made.outputs, value: "two", updatedAt } });
  expect(changed).toEqual([`PATCH ${place.path}/CLIENT_ID`, `GET ${place.path}/CLIENT_ID`]);
  expect(refreshed).toEqual(kept);
  expect(read).toEqual([`GET ${place.path}/CLIENT_ID`]);
  expect(imported).toEqual(kept);
  expect(imports).toEqual([`GET ${widgetsPath}`, `GET ${place.path}/CLIENT_ID`]);
  expect(removed).toEqual([`DELETE ${place.path}/CLIENT_ID`]);
  expect(await definition.read(kept.id, kept.outputs)).toBe(undefined);
});

test("a variable that was changed by hand shows its value at the next read", async () => {
  const definition = definitionOf(world.provider, variableType);
  const made = await create(definition, { repository: "widgets", variableName: "CLIENT_ID", value: "one" });
  await client(world, "ada-classic").actions.updateRepoVariable({ ...widgets, name: "CLIENT_ID", value: "by hand" });

  const refreshed = await definition.read(made.id, made.outputs);

  expect(refreshed?.outputs.value).toBe("by hand");
});

test("a variable that exists already is refused with GitHub's words", async () => {
  const definition = definitionOf(world.provider, variableType);
  const inputs = { repository: "widgets", variableName: "CLIENT_ID", value: "one" };
  await create(definition, inputs);

  const refusal = await refusalOf(create(definition, inputs));

  expect(refusal).toBe(
    "POST https://api.github.com/repos/contoso/widgets/actions/variables: 409 Already exists - Variable already exists []",
  );
});

test("a variable that was made, but whose repository could not be read after, keeps its state", async () => {
  const definition = definitionOf(world.provider, variableType);
  const inputs = { repository: "widgets", variableName: "CLIENT_ID", value: "one" };
  world.cloud.faults.add({ effect: { kind: "status", status: 403 }, path: /widgets$/, times: 1 });

  const failure = await create(definition, inputs).catch((error: { state?: unknown }) => error);

  expect(failure).toMatchObject({ state: { id: "widgets:CLIENT_ID", outputs: inputs } });
});

test.each([secretType, variableType, environmentType])(
  "%s: a renamed repository keeps what is in it, another one replaces it",
  async (type) => {
    const { alsoReplaceOn } = definitionOf(world.provider, type);
    const state = { repository: "widgets", repositoryId: 4001 };
    await client(world, "ada-classic").repos.update({ ...widgets, name: "gizmos" });
    world.cloud.requests.clear();

    const answers = [
      await alsoReplaceOn?.({ repository: "widgets" }, state),
      await alsoReplaceOn?.({ repository: "gizmos" }, state),
      await alsoReplaceOn?.({ repository: "open" }, state),
      await alsoReplaceOn?.({ repository: "nothing" }, state),
      await alsoReplaceOn?.({ repository: "gizmos" }, { repository: "widgets" }),
    ];

    expect(answers).toEqual([[], [], ["repository"], ["repository"], ["repository"]]);
    expect(requestsTo(world.cloud)).toEqual([
      "GET api.github.com/repos/contoso/gizmos",
      "GET api.github.com/repos/contoso/open",
      "GET api.github.com/repos/contoso/nothing",
    ]);
  },
);

test.each([
  [secretType, { secretName: "GITHUB_TOKEN" }, ["secretName"]],
  [secretType, { secretName: "1ST" }, ["secretName"]],
  [secretType, { value: "a", plaintextValue: "b" }, ["value", "plaintextValue"]],
  [secretType, { value: "a", keyId: "1" }, ["keyId"]],
  [secretType, { valueEncrypted: "no base 64" }, ["valueEncrypted"]],
  [variableType, { variableName: "github_x" }, ["variableName"]],
  [variableType, { variableName: "with-hyphen" }, ["variableName"]],
  [secretType, { secretName: "_OK1", value: "a" }, []],
])("%s with %o has the problems %o, and none tells a value", (type, inputs, properties) => {
  const problems = definitionOf(world.provider, type).check?.(inputs) ?? [];

  expect(problems.map(({ property }) => property)).toEqual(properties);
});

test("a secret without any value is refused before anything is sent", async () => {
  world.cloud.requests.clear();

  const refusal = await refusalOf(
    create(definitionOf(world.provider, secretType), { repository: "widgets", secretName: "TOKEN" }),
  );

  expect(refusal).toBe('"value": one of `value,valueEncrypted,encryptedValue,plaintextValue` must be specified');
  expect(requestsTo(world.cloud)).toEqual([]);
});
