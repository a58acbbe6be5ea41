import { decodeJwt } from "jose";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type ActionWorld, createActionWorld, indexUrl, maskedValues, shownLines } from "../../support/feed-action.ts";

let world: ActionWorld;
beforeAll(async () => {
  world = await createActionWorld();
});
beforeEach(() => world.cloud.requests.clear());
afterAll(() => world.close());

/** AZURE_CREDENTIALS as feedpass writes it. */
const credentials = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    clientId: world.clientId,
    clientSecret: world.clientSecret,
    subscriptionId: "",
    tenantId: world.tenantId,
    ...changes,
  });

const withoutIdToken = { permissions: { contents: "read" } } as const;

test("AZURE_CREDENTIALS signs in where a job has no ID token", async () => {
  const { exitCode, output, outputs, variables } = await world
    .startJob(withoutIdToken)
    .run({ credentials: credentials(), "index-url": indexUrl });

  expect(exitCode).toBe(0);
  expect(decodeJwt(outputs.token ?? "").appid).toBe(world.clientId);
  expect(variables.PIP_INDEX_URL).toBe(indexUrl.replace("https://", `https://feedpass:${outputs.token}@`));
  expect(shownLines(output)).toEqual([
    `Signed in with a client secret: ${world.clientId}`,
    `pip and uv install from ${indexUrl}`,
  ]);
  expect(maskedValues(output)).toEqual([world.clientSecret, outputs.token]);
});

test("an identity with both signs in without its secret", async () => {
  const { exitCode, output } = await world.startJob().run({ ...world.inputs, credentials: credentials() });

  expect(exitCode).toBe(0);
  expect(output).toContain("Signed in without a secret");
  expect(output).not.toContain(world.clientSecret);
});

test("a job that is not trusted does not fall back to the secret", async () => {
  const { exitCode, outputs } = await world
    .startJob({ ref: "refs/heads/develop" })
    .run({ ...world.inputs, credentials: credentials() });

  expect(exitCode).toBe(1);
  expect(outputs.token).toBe("");
});

test("a wrong secret is told what that means, in Entra's words too, and not shown", async () => {
  const clientSecret = "not-the-secret";

  const { exitCode, output } = await world
    .startJob(withoutIdToken)
    .run({ credentials: credentials({ clientSecret }), "index-url": indexUrl });

  const shown = shownLines(output);
  expect(exitCode).toBe(1);
  expect(shown[0]).toBe(
    "::error title=Azure Artifacts::Entra refuses the sign-in: the client secret is wrong; a new one is written when the stack is applied",
  );
  expect(shown[1]).toMatch(/^Entra says: AADSTS7000215: Invalid client secret provided\./);
  expect(shown.join("\n")).not.toContain(clientSecret);
});

test.each([
  ["not JSON", "clientSecret=word"],
  ["a list", '["word"]'],
  ["without a secret", '{"clientId": "word", "tenantId": "word"}'],
  ["with a secret that is no text", '{"clientId": "word", "tenantId": "word", "clientSecret": 7}'],
])("credentials that are %s are refused and not shown", async (_, text) => {
  const { exitCode, output } = await world.startJob().run({ credentials: text, "index-url": indexUrl });

  const [headline, ...others] = output.split("\n");
  expect(exitCode).toBe(1);
  expect(headline).toBe(
    "::error title=Azure Artifacts::credentials is not what AZURE_CREDENTIALS holds: JSON with clientId, clientSecret and tenantId",
  );
  expect(others).toHaveLength(1);
  expect(output).not.toContain("word");
  expect(world.cloud.requests.all()).toEqual([]);
});
